import { assertEquals, assertRejects } from "@std/assert";
import { sha256 } from "../../src/formats/mod.ts";
import { INPUT_FILES, packFiles, RUN_FILES, unpackFiles } from "../../src/store/packed_files.ts";
import { DamagedObject } from "../../src/store/result_store.ts";
import { packTar, type TarEntry } from "modern-tar";

async function inFolders(test: (from: string, to: string) => Promise<void>) {
  const root = await Deno.makeTempDir();
  try {
    await Deno.mkdir(`${root}/from/arm`, { recursive: true });
    await Deno.mkdir(`${root}/to`);
    await test(`${root}/from`, `${root}/to`);
    // Whatever was unpacked, nothing is beside its folder.
    const names = await Array.fromAsync(Deno.readDir(root), ({ name }) => name);
    assertEquals(names.sort(), ["from", "to"]);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

Deno.test("a run is unpacked as it was packed, with the times of its files", () =>
  inFolders(async (from, to) => {
    await Deno.writeTextFile(`${from}/config.json`, "{}");
    await Deno.utime(`${from}/config.json`, 1_700_000_000, 1_700_000_000);
    await Deno.writeFile(`${from}/arm/network.safetensors`, new Uint8Array(5000).fill(7));
    await Deno.writeTextFile(`${from}/arm/events.jsonl`, "");
    const paths = ["arm/network.safetensors", "arm/events.jsonl", "gone.json", "config.json"];
    const archive = await packFiles(from, paths, RUN_FILES);
    assertEquals(await packFiles(from, paths, RUN_FILES), archive);
    await unpackFiles(archive, to, { holding: RUN_FILES, shown: "t1.tar" });
    assertEquals(await Deno.readTextFile(`${to}/config.json`), "{}");
    assertEquals((await Deno.stat(`${to}/config.json`)).mtime, new Date(1_700_000_000_000));
    assertEquals(await Deno.readFile(`${to}/arm/network.safetensors`), new Uint8Array(5000).fill(7));
    assertEquals(await Deno.readTextFile(`${to}/arm/events.jsonl`), "");
    await assertRejects(() => packFiles(from, ["../secret"], RUN_FILES), Error, "expected another name");
  }));

/** An archive whose list says what it likes. */
async function forge(
  files: readonly { path: string; bytes?: number; sha256?: string }[],
  members: readonly TarEntry[],
): Promise<Uint8Array> {
  const empty = await sha256(new Uint8Array());
  const list = files.map((file) => ({ bytes: 0, sha256: empty, ...file }));
  const contents = JSON.stringify({ format: "rootstock-packed-files-1", files: list });
  return await packTar([{ header: { name: ".contents.json", size: contents.length }, body: contents }, ...members]);
}

const file = (name: string, body = ""): TarEntry => ({ header: { name, size: body.length }, body });

Deno.test("an archive that was changed, cut or made by somebody who means harm writes nothing", () =>
  inFolders(async (from, to) => {
    await Deno.writeTextFile(`${from}/config.json`, "{}");
    const whole = await packFiles(from, ["config.json"], RUN_FILES);
    const damaged = whole.slice();
    damaged[whole.length - 1024 - 512]! ^= 1;
    const link = (type: "symlink" | "link"): TarEntry => ({
      header: { name: "config.json", size: 0, type, linkname: "/etc/passwd" },
    });
    const names = [
      "../config.json",
      "/etc/config.json",
      "arm/../../config.json",
      "./config.json",
      "a//b",
      "a\\..\\b",
      ".lock",
      "C:x",
    ];
    const cases: [string, Uint8Array][] = [
      ["the archive is damaged or cut", whole.subarray(0, whole.length - 1500)],
      ["the archive is damaged or cut", whole.subarray(0, 700)],
      ["config.json is not what its list says", damaged],
      ["it does not list its files first", new Uint8Array(1024)],
      ["it does not list its files first", await packTar([file("config.json", "{}")])],
      ["its list of files is damaged", await packTar([file(".contents.json", "{}")])],
      ["its list of files is damaged", await packTar([file(".contents.json", "[")])],
      ["config.json is not what its list says", await forge([{ path: "config.json" }], [link("symlink")])],
      ["config.json is not what its list says", await forge([{ path: "config.json" }], [link("link")])],
      [
        "config.json is not what its list says",
        await forge([{ path: "config.json", bytes: 9 }], [file("config.json")]),
      ],
      ["config.json is not what its list says", await forge([{ path: "config.json" }], [file("other.json")])],
      ["it has 2 files", await forge([{ path: "config.json" }], [file("config.json"), file("more.json")])],
      ["two files of one name", await forge([{ path: "a" }, { path: "a" }], [file("a"), file("a")])],
      ...await Promise.all(names.map(async (name): Promise<[string, Uint8Array]> => [
        "it names a file that is none of this kind",
        await forge([{ path: name }], [file(name)]),
      ])),
    ];
    for (const [reason, archive] of cases) {
      const error = await assertRejects(
        () => unpackFiles(archive, to, { holding: RUN_FILES, shown: "s3://results/t1.tar" }),
        DamagedObject,
        reason,
      );
      assertEquals(error.message.split("\n").length, 1);
      assertEquals(await Array.fromAsync(Deno.readDir(to)), [], reason);
    }
  }));

Deno.test("a size that no archive has takes no memory", () =>
  inFolders(async (_, to) => {
    const archive = await packTar([file(".contents.json", "{}")]);
    // The header says 8 GiB, and its checksum is right.
    const header = archive.subarray(0, 512);
    header.set(new TextEncoder().encode("77777777777\0"), 124);
    header.fill(32, 148, 156);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.set(new TextEncoder().encode(`${sum.toString(8).padStart(6, "0")}\0 `), 148);
    await assertRejects(
      () => unpackFiles(archive, to, { holding: RUN_FILES, shown: "t1.tar" }),
      DamagedObject,
      "the archive is damaged or cut",
    );
  }));

Deno.test("files of inputs are called as anybody likes, but lead nowhere else", () =>
  inFolders(async (from, to) => {
    const names = ["a b/Zeichnung (1).png", ".hidden", "日本語/…", "x".repeat(200)];
    for (const name of names) {
      await Deno.mkdir(`${from}/${name.split("/").slice(0, -1).join("/")}`, { recursive: true });
      await Deno.writeTextFile(`${from}/${name}`, name);
    }
    await unpackFiles(await packFiles(from, names, INPUT_FILES), to, { holding: INPUT_FILES, shown: "photos.tar" });
    for (const name of names) assertEquals(await Deno.readTextFile(`${to}/${name}`), name);
    for (const name of ["..", "../a", "a/../b", "/a", "a/", "a//b", "./a", "a\\b", "c:a", "a\nb"]) {
      const archive = await forge([{ path: name }], [file(name)]);
      await assertRejects(() => unpackFiles(archive, to, { holding: INPUT_FILES, shown: "x.tar" }), DamagedObject);
    }
    assertEquals((await Array.fromAsync(Deno.readDir(to))).length, names.length);
  }));
