import { assert, assertEquals, assertThrows } from "@std/assert";
import { DataError, encodeIdx } from "../../../src/data/mod.ts";
import { parseIdx, parseIdxHeader } from "../../../src/data/readers/idx_format.ts";
import { bareHeader, idx } from "../_folder.ts";

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
