import { assert, assertEquals } from "@std/assert";
import { labelsOfNpy, parseNpy, textsOfNpy } from "../../../src/data/readers/npy_format.ts";
import { assertDataError } from "../_folder.ts";
import { npy } from "./_npy.ts";

const attempt = (run: () => unknown) => () => Promise.resolve().then(run);
const parse = (bytes: Uint8Array<ArrayBuffer>) => parseNpy(bytes, "a.npy");
const fails = (bytes: Uint8Array<ArrayBuffer>, ...words: string[]) =>
  assertDataError(attempt(() => parse(bytes)), "a.npy", ...words);

Deno.test("parseNpy() reads type, shape and values of every version", () => {
  for (const version of [1, 2, 3]) {
    const { type, shape, data } = parse(npy("|u1", [2, 3], [1, 2, 3, 4, 5, 6], { version }));
    assertEquals([type, shape, [...data]], ["|u1", [2, 3], [1, 2, 3, 4, 5, 6]]);
  }
  assertEquals(parse(npy("|u1", [], [7])).shape, []);
  assertEquals(parse(npy("|u1", [0], [])).data.length, 0);
});

Deno.test("parseNpy() refuses what is no plain array, in words that help", async () => {
  const whole = npy("|u1", [2, 3], [1, 2, 3, 4, 5, 6]);
  await fails(whole.slice(0, -1), "found 5 bytes of values, expected 6 for 2x3 of |u1");
  await fails(new Uint8Array([...whole, 0]), "found 7 bytes");
  await fails(npy("|O", [1], [1]), "pickled");
  await fails(npy("|u1", [2, 2], [1, 2, 3, 4], { order: "True" }), "Fortran");
  await fails(npy("|u1", [1], [1], { version: 4 }), "format version 4");
  await fails(npy("[('a', '|u1')]", [1], [1], { isField: true }), "not understood");
  await fails(npy("<z9", [1], [1]), "type <z9");
  await fails(npy("|u1", [2 ** 40, 2 ** 40], []), "found 0 bytes of values");
  let cases = 0;
  for (let length = 0; length < whole.length; length += 3, cases++) await fails(whole.slice(0, length));
  assert(cases > 20);
});

Deno.test("labelsOfNpy() reads every integer type and byte order", () => {
  for (const size of [1, 2, 4, 8]) {
    for (const [order, kind] of [["<", "i"], ["<", "u"], [">", "i"], [">", "u"]]) {
      const item = (label: number) => {
        const bytes = [label, ...new Array<number>(size - 1).fill(0)];
        return order === "<" ? bytes : bytes.reverse();
      };
      const array = parse(npy(`${order}${kind}${size}`, [3, 1], [5, 0, 255].flatMap(item).map((b) => b)));
      if (kind === "i" && size === 1) continue;
      assertEquals([...labelsOfNpy(array, "a.npy")], [5, 0, 255], array.type);
    }
  }
});

Deno.test("labelsOfNpy() refuses what is no label", async () => {
  const cases: [Uint8Array<ArrayBuffer>, string][] = [
    [npy("|i1", [2], [1, 255]), "label -1 of image 1"],
    [npy("<i2", [1], [0, 1]), "label 256 of image 0"],
    [npy("|u1", [2, 2], [0, 1, 1, 0]), "shape 2x2"],
    [npy("<f4", [1], [0, 0, 0, 0]), "type <f4"],
    [npy("|u1", [], [1]), "shape ()"],
  ];
  for (const [bytes, words] of cases) await assertDataError(attempt(() => labelsOfNpy(parse(bytes), "a.npy")), words);
});

Deno.test("textsOfNpy() reads fixed-width texts", async () => {
  assertEquals(textsOfNpy(parse(npy("<U2", [2], [0xe9, 0, 0, 0, 0, 0, 0, 0, 98, 0, 0, 0, 99, 0, 0, 0])), "a"), [
    "é",
    "bc",
  ]);
  assertEquals(textsOfNpy(parse(npy("|S2", [2], [97, 0, 98, 99])), "a"), ["a", "bc"]);
  await assertDataError(attempt(() => textsOfNpy(parse(npy("<U1", [1], [0, 0, 0x11, 0])), "a")), "no valid text");
  await assertDataError(attempt(() => textsOfNpy(parse(npy("|u1", [1], [0])), "a")), "expected a list of texts");
});
