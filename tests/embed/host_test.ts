import { assertEquals, assertRejects } from "@std/assert";
import { HOST } from "../../src/engine/mod.ts";
import { sharedEngine } from "../../src/embed/host.ts";

Deno.test("sharedEngine() tries again after a failure, then stays the same", async () => {
  // The shortest module: it exports nothing.
  const wrong = new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0));
  await assertRejects(() => sharedEngine(wrong), Error, "Cannot start the kernels: the module is another program");
  const { module: threaded } = await HOST.load("strict");
  await assertRejects(() => sharedEngine(threaded), Error, "the module is the build for threads");
  const engine = await sharedEngine();
  assertEquals([engine.build, engine.threads], ["single", 1]);
  assertEquals(await sharedEngine(wrong), engine);
});
