import { assertEquals, assertThrows } from "@std/assert";
import { checkInfo, parseInfo, readInfo } from "../../src/data/info.ts";
import { DataError } from "../../src/data/mod.ts";
import { assertDataError, withFolder } from "./_folder.ts";

Deno.test("readInfo() is empty when there is no file", async () => {
  await withFolder(async (folder) => assertEquals(await readInfo(`${folder}/info.json`), {}));
});

Deno.test("readInfo() refuses what is no JSON object of readable size", async () => {
  await withFolder(async (folder) => {
    const path = `${folder}/info.json`;
    for (const text of ["", "{", "[]", "null", "3", '{"name": "a"} x']) {
      await Deno.writeTextFile(path, text);
      await assertDataError(() => readInfo(path), path);
    }
    await Deno.writeFile(path, Uint8Array.of(0x7b, 0xff, 0xfe, 0x7d));
    await assertDataError(() => readInfo(path), path);
    await Deno.writeTextFile(path, " ".repeat((1 << 20) + 1));
    await assertDataError(() => readInfo(path), "at most 1048576");
  });
});

const NONE = { cropPadding: 0, flip: true, cutout: 0 };
const JITTER = { brightness: 0, contrast: 0.5, saturation: 1 };

Deno.test("checkInfo() keeps known fields and ignores others", () => {
  const known = {
    name: "shapes",
    classes: ["a", "b"],
    height: 28,
    channels: 1,
    augmentation: { cropPadding: 2, flip: true, cutout: 0 },
  };
  assertEquals(checkInfo({ ...known, split: "official", smoke: 0.5 }, "x"), known);
  for (const augmentation of [{ ...NONE, cropScale: 0.25 }, { ...NONE, cropPadding: 3, jitter: JITTER }]) {
    const more = { ...augmentation, hue: 0.1 };
    assertEquals(checkInfo({ augmentation: more }, "x"), { augmentation });
  }
  assertEquals(
    checkInfo({ augmentation: { ...NONE, jitter: { ...JITTER, hue: 1 } } }, "x").augmentation?.jitter,
    JITTER,
  );
});

Deno.test("checkInfo() names the field that is wrong", () => {
  const cases: Record<string, unknown>[] = [
    { name: 3 },
    { name: "" },
    { name: "two\nlines" },
    { description: "\u001b[2J" },
    { licence: "x".repeat(2001) },
    { height: -1 },
    { width: 1.5 },
    { channels: "1" },
    { train: null },
    { classes: ["only"] },
    { classes: ["a", "a"] },
    { classes: ["a", 2] },
    { classes: Array.from({ length: 257 }, (_, i) => `${i}`) },
    { augmentation: true },
    { augmentation: { cropPadding: 2, flip: true } },
    { augmentation: { cropPadding: -2, flip: true, cutout: 0 } },
    { augmentation: { cropPadding: 2, flip: 1, cutout: 0 } },
    { augmentation: { ...NONE, cropPadding: 2, cropScale: 0.5 } },
    ...[0, -1, 1.5, "0.5", null].map((cropScale) => ({ augmentation: { ...NONE, cropScale } })),
    ...[-0.1, 1.1, "1", null].map((contrast) => ({ augmentation: { ...NONE, jitter: { ...JITTER, contrast } } })),
    { augmentation: { ...NONE, jitter: 0.4 } },
    { augmentation: { ...NONE, jitter: { brightness: 0.4 } } },
  ];
  for (const document of cases) {
    const field = Object.keys(document)[0]!;
    assertThrows(() => checkInfo(document, "info.json"), DataError, `Cannot read info.json: "${field}" is `);
  }
});

Deno.test("parseInfo() reads the bytes of a file, wherever they come from", () => {
  const bytes = (text: string) => new TextEncoder().encode(text);
  assertEquals(parseInfo(bytes('{"name": "x", "other": 1}'), "a.zip/info.json"), { name: "x" });
  assertThrows(() => parseInfo(bytes("{"), "a.zip/info.json"), DataError, "Cannot read a.zip/info.json: ");
  assertThrows(() => parseInfo(Uint8Array.of(0xff), "a.zip/info.json"), DataError, "a.zip/info.json");
});
