import { assertEquals, assertNotStrictEquals } from "@std/assert";
import { HOST } from "../../src/engine/host.ts";
import { type Build, detectBuild, loadKernels } from "../../src/engine/kernels.ts";

Deno.test("detectBuild() picks a build with threads, and relaxed SIMD where V8 has it", () => {
  assertEquals(detectBuild(HOST), "relaxed");
});

Deno.test("detectBuild() picks the single build where there are no workers", () => {
  assertEquals(detectBuild({}), "single");
});

Deno.test("loadKernels() initialises each build, with shared memory but in single", async () => {
  for (const build of ["strict", "relaxed", "single"] satisfies Build[]) {
    const { kernels, memory } = await loadKernels(HOST, build);
    assertEquals(memory.buffer instanceof SharedArrayBuffer, build !== "single", build);
    assertEquals([...kernels.permutation(4, 1, 0, 0)].sort(), [0, 1, 2, 3]);
  }
});

Deno.test("loadKernels() gives every engine a memory of its own", async () => {
  const [a, b] = [await loadKernels(HOST, "strict"), await loadKernels(HOST, "strict")];
  assertNotStrictEquals(a.memory, b.memory);
  assertNotStrictEquals(a.kernels, b.kernels);
});
