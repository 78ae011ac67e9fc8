import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { decodeSafetensors, encodeSafetensors, FormatError, type TensorLike } from "../../src/formats/mod.ts";

const TENSORS: ReadonlyMap<string, TensorLike> = new Map<string, TensorLike>([
  ["b.bytes", { shape: [3], data: Uint8Array.of(1, 2, 255) }],
  ["b.weight", { shape: [2, 2], data: Float32Array.of(1, -2.5, Number.NaN, Infinity) }],
  ["a.count", { shape: [], data: BigInt64Array.of(-9007199254740993n) }],
  ["a.double", { shape: [1], data: Float64Array.of(Math.PI) }],
  ["a.index", { shape: [2], data: Int32Array.of(-1, 7) }],
  ["a.empty", { shape: [0, 4], data: new Float32Array() }],
  ["__proto__", { shape: [1], data: Float32Array.of(3) }],
]);
const METADATA = { format: "pt", note: "Größe" };
const BYTES = encodeSafetensors(TENSORS, METADATA);

/** A file with a header of one's own and so many bytes of tensors. */
function fileOf(header: string, bodyBytes: number): Uint8Array {
  const text = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + text.length + bodyBytes);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  return bytes;
}

function assertRefused(bytes: Uint8Array, reason: string): void {
  const error = assertThrows(
    () => decodeSafetensors(bytes, { file: "dir/x.safetensors" }),
    FormatError,
    reason,
  ) as Error;
  assert(error.message.startsWith("Cannot read dir/x.safetensors: "), error.message);
  assert(!error.message.includes("\n"), error.message);
}

Deno.test("decodeSafetensors() gives back what encodeSafetensors() wrote", () => {
  const { tensors, metadata } = decodeSafetensors(BYTES, { file: "x" });
  assertEquals(new Map([...tensors].sort()), new Map([...TENSORS].sort()));
  assertEquals(metadata, METADATA);
});

Deno.test("encodeSafetensors() aligns header and tensors and does not depend on order", () => {
  const headerBytes = Number(new DataView(BYTES.buffer).getBigUint64(0, true));
  assertEquals(headerBytes % 8, 0);
  const text = new TextDecoder().decode(BYTES.subarray(8, 8 + headerBytes));
  for (const [name, { data_offsets }] of Object.entries(JSON.parse(text)) as [string, { data_offsets: number[] }][]) {
    const size = TENSORS.get(name)?.data.BYTES_PER_ELEMENT ?? 0;
    if (size > 0) assertEquals(data_offsets[0]! % size, 0, name);
  }
  assertEquals(encodeSafetensors(new Map([...TENSORS].reverse()), METADATA), BYTES);
});

Deno.test("encodeSafetensors() keeps only the viewed part of a buffer", () => {
  const data = Float32Array.of(9, 1, 2, 9).subarray(1, 3);
  const { tensors } = decodeSafetensors(encodeSafetensors(new Map([["x", { shape: [2], data }]])), { file: "x" });
  assertEquals(tensors.get("x")?.data, Float32Array.of(1, 2));
});

Deno.test("encodeSafetensors() refuses a wrong shape and the reserved name", () => {
  const data = new Float32Array(3);
  assertThrows(() => encodeSafetensors(new Map([["x", { shape: [2, 2], data }]])), RangeError, "found 3 numbers");
  assertThrows(() => encodeSafetensors(new Map([["__metadata__", { shape: [3], data }]])), RangeError, "reserves");
});

Deno.test("decodeSafetensors() reads from any position of a buffer", () => {
  for (let shift = 0; shift < 8; shift++) {
    const shifted = new Uint8Array(BYTES.length + shift);
    shifted.set(BYTES, shift);
    const { tensors } = decodeSafetensors(shifted.subarray(shift), { file: "x" });
    assertEquals(tensors.get("a.double")?.data, Float64Array.of(Math.PI));
  }
});

Deno.test("decodeSafetensors() refuses a file cut off at any byte", () => {
  for (let length = 0; length < BYTES.length; length++) assertRefused(BYTES.slice(0, length), "expected");
});

Deno.test("decodeSafetensors() refuses bytes after the last tensor", () => {
  assertRefused(Uint8Array.of(...BYTES, 0), "cut off or damaged");
});

Deno.test("decodeSafetensors() takes or refuses a file with any byte changed, never fails otherwise", () => {
  let refused = 0;
  for (let position = 0; position < BYTES.length; position++) {
    for (const change of [0x01, 0x02, 0x10, 0x80, 0xff]) {
      const damaged = BYTES.slice();
      damaged[position]! ^= change;
      try {
        decodeSafetensors(damaged, { file: "x" });
      } catch (error) {
        if (!(error instanceof FormatError)) throw error;
        refused++;
      }
    }
  }
  assert(refused > BYTES.length, `only ${refused} of ${5 * BYTES.length} files were refused`);
});

Deno.test("decodeSafetensors() refuses every kind of inconsistent header", () => {
  const x = (fields: string) => `{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]${fields}}}`;
  assertEquals(decodeSafetensors(fileOf(x(""), 8), { file: "x" }).tensors.size, 1);
  assertRefused(fileOf("{", 0), "not JSON");
  assertRefused(fileOf("[]", 0), "not JSON");
  assertRefused(fileOf("null", 0), "not JSON");
  assertRefused(fileOf(` ${x("")}`, 8), "not JSON");
  assertRefused(fileOf(`{"a\\nb":1}`, 0), `tensor "a\\nb" is 1`);
  assertRefused(fileOf(`{"x":1}`, 0), "tensor x is 1");
  assertRefused(fileOf(`{"__metadata__":{"epoch":3}}`, 0), "expected a text");
  assertRefused(fileOf(x(`,"dtype":"BF16"`), 8), "expected one of F64, I64, F32, I32, F16, I8, U8");
  assertRefused(fileOf(x(`,"dtype":"constructor"`), 8), "expected one of");
  assertRefused(fileOf(x(`,"shape":[3]`), 8), "tensor x has 8 bytes, expected 12 for F32 [3]");
  assertRefused(fileOf(x(`,"shape":[-2]`), 8), "expected a list of sizes");
  assertRefused(fileOf(x(`,"shape":[9007199254740991,9007199254740991]`), 8), "tensor x has 8 bytes");
  assertRefused(fileOf(x(`,"data_offsets":[8,0]`), 8), "expected start and end");
  assertRefused(fileOf(x(`,"data_offsets":[0]`), 8), "expected start and end");
  assertRefused(fileOf(x(`,"data_offsets":[4,12]`), 12), "starts at byte 4, expected 0");
  assertRefused(fileOf(x(""), 4), "found 4 bytes of tensors, expected 8");
  const pair = (start: number) =>
    `{"x":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"y":{"dtype":"U8","shape":[4],"data_offsets":[${start},${
      start + 4
    }]}}`;
  assertEquals(decodeSafetensors(fileOf(pair(4), 8), { file: "x" }).tensors.size, 2);
  assertRefused(fileOf(pair(2), 6), "starts at byte 2, expected 4");
  assertRefused(fileOf(pair(6), 10), "starts at byte 6, expected 4");
});

Deno.test("decodeSafetensors() refuses a header beyond 16 MiB before reading it", () => {
  const bytes = new Uint8Array(16);
  new DataView(bytes.buffer).setBigUint64(0, 0xffff_ffff_ffff_ffffn, true);
  assertRefused(bytes, "expected at most 16777216");
});

Deno.test("FormatError keeps its name and is one line", () => {
  const error = new FormatError("Cannot read x: found a, expected b");
  assertEquals(error.name, "FormatError");
  assertStringIncludes(String(error), "FormatError: Cannot read x");
});
