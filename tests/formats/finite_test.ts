import { assertEquals, assertThrows } from "@std/assert";
import { checkFinite, findNotFinite, FormatError } from "../../src/formats/mod.ts";

Deno.test("findNotFinite() finds the first NaN or infinity, whatever its sign and bits", () => {
  const extremes = [0, -0, 1e-45, 3.4028234663852886e38, -3.4028234663852886e38];
  assertEquals(findNotFinite(Float32Array.from(extremes)), -1);
  for (const broken of [NaN, Infinity, -Infinity]) {
    for (const Kind of [Float32Array, Float64Array]) {
      assertEquals(findNotFinite(Kind.from([...extremes, broken, NaN])), extremes.length);
    }
  }
  const signalling = new Float32Array(Uint32Array.of(0x3f800000, 0x7f800001).buffer);
  assertEquals(findNotFinite(signalling), 1);
  assertEquals(findNotFinite(BigInt64Array.of(1n)), -1);
  assertEquals(findNotFinite(new Float32Array()), -1);
});

Deno.test("checkFinite() names file, tensor, place and number", () => {
  const tensors = new Map([
    ["a", { shape: [1], data: Float32Array.of(1) }],
    ["b", { shape: [2], data: Float32Array.of(0, -Infinity) }],
  ]);
  assertThrows(
    () => checkFinite(tensors, { file: "x.safetensors" }),
    FormatError,
    "Cannot read x.safetensors: number 1 of b is -Infinity, expected a finite number",
  );
  tensors.delete("b");
  checkFinite(tensors, { file: "x.safetensors" });
});
