import { assert, assertEquals, assertThrows } from "@std/assert";
import { DataError, encodeIdx, parseIdx, readIdx } from "../../src/data/mod.ts";
import { parseIdxHeader } from "../../src/data/idx.ts";
import { assertDataError, bareHeader, gzip, idx, withFolder, writeFiles } from "./_folder.ts";

const magic3 = [0, 0, 8, 3];

Deno.test("parseIdx() returns shape and values for one to four dimensions", () => {
  for (const shape of [[5], [2, 3], [2, 3, 4], [2, 2, 2, 3], [0], [0, 28, 28], [0, 4294967295, 4294967295]]) {
    const file = shape[0] === 0 ? bareHeader([0, 0, 8, shape.length], ...shape) : idx(...shape);
    const { shape: found, data } = parseIdx(file, "a.idx");
    assertEquals([...found], shape);
    assertEquals(data.length, shape.reduce((a, b) => a * b, 1));
    assertEquals([...data.subarray(0, 3)], [0, 1, 2].slice(0, data.length));
  }
});

Deno.test("encodeIdx() writes big-endian sizes and is undone by parseIdx()", () => {
  const file = encodeIdx({ shape: [1, 300], data: new Uint8Array(300).fill(7) });
  assertEquals([...file.subarray(0, 13)], [0, 0, 8, 2, 0, 0, 0, 1, 0, 0, 1, 44, 7]);
  assertEquals([...parseIdx(file, "a").shape], [1, 300]);
});

Deno.test("parseIdx() refuses a file cut at any byte, or followed by anything", () => {
  const file = idx(3, 4, 5);
  for (let length = 0; length < file.length; length++) {
    const error = assertThrows(() => parseIdx(file.slice(0, length), "cut.idx"), DataError);
    assert(error.message.startsWith(`Cannot read cut.idx: found ${length} bytes`), error.message);
  }
  assertThrows(() => parseIdx(new Uint8Array([...file, 0]), "long.idx"), DataError, "found 77 bytes, expected the 76");
});

Deno.test("parseIdxHeader() refuses wrong magic numbers, types and dimensions", () => {
  const cases: [number[], string][] = [
    [[1, 0, 8, 3], "starts with 01 00 08 03"],
    [[0, 1, 8, 3], "magic number"],
    [[0x89, 0x50, 0x4e, 0x47], "starts with 89 50 4e 47"],
    [[0, 0, 0x0d, 3], "32-bit floats (type 0x0d)"],
    [[0, 0, 0x0b, 3], "16-bit integers"],
    [[0, 0, 7, 3], "type 0x07"],
    [[0, 0, 8, 0], "0 dimensions"],
    [[0, 0, 8, 5], "5 dimensions"],
    [[0, 0, 8, 255], "255 dimensions"],
  ];
  for (const [magic, words] of cases) {
    assertThrows(() => parseIdxHeader(bareHeader(magic, 1, 1, 1, 1), "x"), DataError, words);
  }
});

Deno.test("parseIdxHeader() refuses sizes whose product is too large or would overflow", () => {
  const huge = 0xffff_ffff;
  // 65536 * 65536 * 65536 * 65536 is 0 in 32 and in 64 bits.
  for (const sizes of [[huge, huge, huge, huge], [huge, 1, 1], [65536, 65536, 65536, 65536], [2 ** 30, 1], [2 ** 30]]) {
    const file = bareHeader([0, 0, 8, sizes.length], ...sizes);
    assertThrows(() => parseIdxHeader(file, "x"), DataError, "expected at most 1073741824");
  }
  assertEquals(parseIdxHeader(bareHeader([0, 0, 8, 1], 2 ** 30 - 8), "x").fileBytes, 2 ** 30);
});

Deno.test("readIdx() reads plain and compressed files alike, whatever their name", async () => {
  await withFolder(async (folder) => {
    const file = idx(10, 40, 50);
    await writeFiles(folder, { "plain.idx": file, "packed.idx.gz": gzip(file), "misnamed.idx": gzip(file) });
    for (const name of ["plain.idx", "packed.idx.gz", "misnamed.idx"]) {
      assertEquals(await readIdx(`${folder}/${name}`), parseIdx(file, name));
    }
  });
});

Deno.test("readIdx() refuses files cut at many places, plain and compressed", async () => {
  await withFolder(async (folder) => {
    const file = idx(7, 16, 16);
    const packed = gzip(file);
    let cases = 0;
    for (const [name, bytes] of [["plain.idx", file], ["packed.idx.gz", packed]] as const) {
      for (let length = 0; length < bytes.length; length += 1 + Math.floor(bytes.length / 40)) {
        await writeFiles(folder, { [name]: bytes.slice(0, length) });
        await assertDataError(() => readIdx(`${folder}/${name}`), `${folder}/${name}`);
        cases++;
      }
      await writeFiles(folder, { [name]: bytes.slice(0, -1) });
      await assertDataError(() => readIdx(`${folder}/${name}`), name);
    }
    assert(cases > 60);
  });
});

Deno.test("readIdx() refuses compressed files with a changed byte or something after the end", async () => {
  await withFolder(async (folder) => {
    const path = `${folder}/a.idx.gz`;
    const good = gzip(idx(7, 16, 16));
    // From the compressed data on; the header before it holds a time and a system that do not matter.
    for (let place = 10; place < good.length; place += 7) {
      const bad = good.slice();
      bad[place]! ^= 0x55;
      await Deno.writeFile(path, bad);
      await assertDataError(() => readIdx(path), path);
    }
    await Deno.writeFile(path, new Uint8Array([...good, 1, 2, 3]));
    await assertDataError(() => readIdx(path), "damaged or cut");
    await Deno.writeFile(path, gzip(new Uint8Array([...idx(2, 8, 8), 9])));
    await assertDataError(() => readIdx(path), "more than the 144 bytes");
  });
});

Deno.test("readIdx() stops a compressed bomb at the size that its header announces", async () => {
  await withFolder(async (folder) => {
    const path = `${folder}/bomb.idx.gz`;
    const bytes = new Uint8Array(256 << 20);
    bytes.set(bareHeader(magic3, 2, 8, 8));
    await Deno.writeFile(path, gzip(bytes));
    const before = performance.now();
    await assertDataError(() => readIdx(path), "more than the 144 bytes");
    assert(performance.now() - before < 2000, "it was unpacked in full");
    await Deno.writeFile(path, gzip(bareHeader(magic3, 0xffff, 0xffff, 0xffff)));
    await assertDataError(() => readIdx(path), "65535 x 65535 x 65535");
  });
});

Deno.test("readIdx() names what is wrong with a path", async () => {
  await withFolder(async (folder) => {
    await assertDataError(() => readIdx(`${folder}/absent.idx`), `${folder}/absent.idx`, "no such file");
    await assertDataError(() => readIdx(folder), folder, "a folder");
    await writeFiles(folder, { "empty.idx": new Uint8Array() });
    await assertDataError(() => readIdx(`${folder}/empty.idx`), "found 0 bytes");
  });
});
