import { assert, assertEquals, assertThrows } from "@std/assert";
import { TextReader, Uint8ArrayWriter, ZipWriter } from "@zip.js/zip.js";
import { strToU8, zipSync } from "fflate";
import { DataError } from "../../../src/data/errors.ts";
import { ZipFile } from "../../../src/data/readers/zip_file.ts";
import { assertDataError, withFolder } from "../_folder.ts";
import { zip } from "./_listing.ts";

const text = "a text that is long enough to be packed, long enough, long enough, long enough";

/** Opens an archive of some bytes. */
async function withZip(bytes: Uint8Array, use: (zip: ZipFile, path: string) => unknown): Promise<void> {
  await withFolder(async (folder) => {
    await Deno.writeFile(`${folder}/a.zip`, bytes);
    using zip = await ZipFile.open(`${folder}/a.zip`);
    await use(zip, `${folder}/a.zip`);
  });
}

const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

Deno.test("ZipFile reads stored and deflated members", async () => {
  const bytes = zipSync({
    "s.txt": [strToU8(text), { level: 0 }],
    "d/e.txt": [strToU8(text), { level: 9 }],
    "z": new Uint8Array(),
  });
  await withZip(bytes, (zip) => {
    assertEquals(zip.members.map(({ path, method, bytes }) => [path, method, bytes]), [
      ["s.txt", 0, text.length],
      ["d/e.txt", 8, text.length],
      ["z", 8, 0],
    ]);
    assertEquals(zip.members.map((member) => decode(zip.read(member))), [text, text, ""]);
  });
});

Deno.test("ZipFile reads names in UTF-8, marked or not, and in code page 437", async () => {
  const marked = zip({ "é.txt": text });
  const unmarked = marked.slice();
  // The mark is bit 11 of the flags, in the list and before the member.
  for (const [place, mark] of [[7, 0x08], [find(unmarked, 0x02014b50) + 9, 0x08]] as const) unmarked[place]! &= ~mark;
  // Both names of a member must agree.
  const old = unmarked.slice();
  for (const start of [30, find(old, 0x02014b50) + 46]) old.set([0x82, 0x2d], start);
  for (const [bytes, name] of [[marked, "é.txt"], [unmarked, "é.txt"], [old, "é-.txt"]] as const) {
    await withZip(bytes, (zip) => assertEquals(zip.members[0]!.path, name));
  }
});

Deno.test("ZipFile refuses members that are encrypted, too large, or packed otherwise", async () => {
  const bytes = zip({ "a.txt": text });
  const list = find(bytes, 0x02014b50);
  const changed = (place: number, value: number) => {
    const copy = bytes.slice();
    copy[list + place] = value;
    return copy;
  };
  await withZip(changed(8, bytes[list + 8]! | 1), (zip, path) => {
    assertThrows(() => zip.read(zip.members[0]!), DataError, `${path}/a.txt: it is encrypted`);
  });
  await withZip(changed(10, 14), (zip) => assertThrows(() => zip.read(zip.members[0]!), DataError, "method 14"));
  await withZip(bytes, (zip) => {
    assertThrows(() => zip.read(zip.members[0]!, text.length - 1), DataError, `it has ${text.length} bytes`);
  });
});

Deno.test("ZipFile reads archives of 64 bits and those that were written to a pipe", async () => {
  for (const options of [{ zip64: true }, { dataDescriptor: true }, { zip64: true, dataDescriptor: true }]) {
    const writer = new ZipWriter(new Uint8ArrayWriter(), { useWebWorkers: false, ...options });
    for (const name of ["a.txt", "b.txt"]) await writer.add(name, new TextReader(text));
    await withZip(await writer.close(), (zip) => {
      assertEquals(zip.members.map((member) => decode(zip.read(member))), [text, text], JSON.stringify(options));
    });
  }
});

Deno.test("ZipFile notices that a member has another name than in the list", async () => {
  const bytes = zip({ "cat/1.jpg": text });
  for (const place of [30, find(bytes, 0x02014b50) + 46]) {
    const bad = bytes.slice();
    bad[place] = "b".charCodeAt(0);
    await withZip(bad, (zip) => assertThrows(() => zip.read(zip.members[0]!), DataError, "another name"));
  }
});

Deno.test("ZipFile notices a changed byte of a member", async () => {
  const bytes = zip({ "a.txt": text });
  let cases = 0;
  for (let place = 30 + 5; place < find(bytes, 0x02014b50); place++) {
    const bad = bytes.slice();
    bad[place]! ^= 0x20;
    // Behind the last bit of the packed content there may be some that mean nothing.
    if (place === find(bytes, 0x02014b50) - 1) bad[place]! ^= 0x21;
    await withZip(bad, (zip, path) => {
      const error = assertThrows(() => zip.read(zip.members[0]!), DataError);
      assert(error.message.startsWith(`Cannot read ${path}/a.txt: `), error.message);
    });
    cases++;
  }
  assert(cases > 30);
});

Deno.test("ZipFile says that a name leads out of the archive", async () => {
  for (const name of ["../a.txt", "a/../../b.txt", "/etc/a.txt"]) {
    await assertDataError(() => withZip(zip({ [name]: text }), () => {}), "a.zip", "leads out of it");
  }
});

Deno.test("ZipFile refuses archives cut at any place", async () => {
  const bytes = zip({ "a.txt": text, "b.txt": text });
  await withFolder(async (folder) => {
    const path = `${folder}/a.zip`;
    for (let length = 0; length < bytes.length; length += 3) {
      await Deno.writeFile(path, bytes.subarray(0, length));
      await assertDataError(() => ZipFile.open(path), path, "damaged or cut");
    }
  });
});

Deno.test("ZipFile refuses a list that claims to unpack to gigabytes", async () => {
  const bytes = zip({ "a.txt": text });
  new DataView(bytes.buffer).setUint32(find(bytes, 0x02014b50) + 24, 1 << 30, true);
  await withFolder(async (folder) => {
    await Deno.writeFile(`${folder}/a.zip`, bytes);
    await assertDataError(() => ZipFile.open(`${folder}/a.zip`), "claims to unpack to 1073741824 bytes");
  });
});

Deno.test("ZipFile stops a member that unpacks to more than it says", async () => {
  const bytes = zip({ "a.txt": new Uint8Array(1 << 20) });
  new DataView(bytes.buffer).setUint32(find(bytes, 0x02014b50) + 24, 100, true);
  await withZip(bytes, (zip) => assertThrows(() => zip.read(zip.members[0]!), DataError, "content is damaged"));
});

function find(bytes: Uint8Array, mark: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  for (let place = 0; place + 4 <= bytes.length; place++) if (view.getUint32(place, true) === mark) return place;
  throw new RangeError("no such mark");
}
