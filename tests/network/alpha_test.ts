import { assertEquals, assertThrows } from "@std/assert";
import { joinAlpha, listAlphaTensors, makeSpace, splitAlpha } from "../../src/network/mod.ts";

const TENSORS = listAlphaTensors(makeSpace());

Deno.test("joinAlpha() is the inverse of splitAlpha()", () => {
  const alpha = Float32Array.from({ length: 224 }, (_, i) => i);
  const parts = splitAlpha(alpha, TENSORS);
  assertEquals(parts.get("alphas_normal")!.shape, [14, 8]);
  assertEquals(parts.get("alphas_reduce")!.data[0], 112);
  assertEquals(joinAlpha(parts, TENSORS), alpha);
});

Deno.test("splitAlpha() refuses another number of parameters", () => {
  assertThrows(() => splitAlpha(new Float32Array(223), TENSORS), RangeError, "found 223 numbers, expected 224");
});

Deno.test("joinAlpha() refuses integers", () => {
  const parts = splitAlpha(new Float32Array(224), TENSORS);
  parts.set("alphas_reduce", { shape: [14, 8], data: new BigInt64Array(112) });
  assertThrows(() => joinAlpha(parts, TENSORS), RangeError, "alphas_reduce holds integers of shape [14, 8]");
});
