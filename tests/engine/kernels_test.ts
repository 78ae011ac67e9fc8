import { assert, assertEquals, assertNotStrictEquals } from "@std/assert";
import { type Build, detectBuild, loadKernels } from "../../src/engine/kernels.ts";

Deno.test("detectBuild() picks a build with threads, and relaxed SIMD where V8 has it", () => {
  assertEquals(detectBuild(), "relaxed");
});

Deno.test("loadKernels() initialises each build, with shared memory but in single", async () => {
  for (const build of ["strict", "relaxed", "single"] satisfies Build[]) {
    const { kernels, memory, joining } = await loadKernels(build);
    assertEquals(memory.buffer instanceof SharedArrayBuffer, build !== "single", build);
    assertEquals([...kernels.permutation(4, 1, 0, 0)].sort(), [0, 1, 2, 3]);
    assert(joining.script.includes(`/${build}/rootstock_kernels.js`), joining.script);
  }
});

Deno.test("loadKernels() gives every engine a memory of its own", async () => {
  const [a, b] = [await loadKernels("strict"), await loadKernels("strict")];
  assertNotStrictEquals(a.memory, b.memory);
  assertNotStrictEquals(a.kernels, b.kernels);
});
