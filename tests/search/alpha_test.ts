import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { Engine } from "../../src/engine/mod.ts";
import { initialAlpha, joinAlpha, splitAlpha } from "../../src/search/mod.ts";
import { groupsOf } from "../../src/spaces/mod.ts";
import { makeDartsSpace } from "../../src/spaces/darts/space.ts";

const TENSORS = groupsOf(makeDartsSpace()).tensors;

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

Deno.test("initialAlpha() draws small normals that a seed repeats", async () => {
  const engine = await Engine.start({ build: "strict", threads: 1 });
  const alpha = initialAlpha(engine, TENSORS, 1);
  assertEquals(alpha.length, 224);
  assertEquals(initialAlpha(engine, TENSORS, 1), alpha);
  assertNotEquals(initialAlpha(engine, TENSORS, 2), alpha);
  const deviation = Math.sqrt(alpha.reduce((sum, value) => sum + value * value, 0) / 224);
  // The deviation of 224 normals is known to 1 / sqrt(2 · 224), five percent; four of these.
  assert(Math.abs(deviation - 1e-3) < 0.2e-3, `deviation ${deviation}`);
  engine.close();
});
