import { assert, assertEquals, assertRejects } from "@std/assert";
import { HOST } from "../../src/engine/host.ts";
import { Engine, type EngineOptions, type Host, type Kernels } from "../../src/engine/mod.ts";
import { ownMode } from "../_launch.ts";
import { HOST as PAGE } from "./_page_host.ts";
import { tinyBatch, tinyProgram } from "./_tiny.ts";

/** Outcome, gradients and build of a training step. */
async function step(options: EngineOptions) {
  const engine = await Engine.start(options);
  try {
    const network = engine.compile(tinyProgram(), { batch: 6 });
    network.initialise(11);
    network.setMixing(Float32Array.of(0.25, 0.75));
    const result = network.backward(tinyBatch(engine), { weightGradients: true });
    const gradients = network.parameters.map(({ name }) => network.read(name, "gradient"));
    return { bits: [result, gradients, network.mixingGradient()], build: engine.build, threads: engine.threads };
  } finally {
    engine.close();
  }
}

Deno.test("HOST tells the launch mode and where workers find each build", () => {
  assertEquals(HOST.mode, ownMode());
  assert(HOST.cores >= 1);
  for (const build of ["strict", "relaxed", "single"] as const) {
    const script = HOST.workers!.scriptOf(build);
    assert(script.endsWith(`/${build}/rootstock_kernels.js`), script);
  }
});

Deno.test("an engine gets the same bits from a page's host, threads included", async () => {
  const [own, page] = [
    await step({ build: "strict", threads: 2 }),
    await step({ build: "strict", threads: 2, host: PAGE }),
  ];
  assertEquals(page, { ...own, build: "strict", threads: 2 });
});

Deno.test("an engine runs on a module that is handed in, without workers and files", async () => {
  const { module } = await HOST.load("single");
  const address = new URL("../../kernels/pkg/single/rootstock_kernels.js?handed", import.meta.url).href;
  const kernels = await import(address) as Kernels;
  const host: Host = { mode: "default", cores: 8, load: () => Promise.resolve({ module, kernels }) };
  const own = await step({ build: "strict", threads: 1 });
  assertEquals(await step({ host, threads: 8 }), { ...own, build: "single", threads: 1 });
});

Deno.test("Engine.start() says what a host could not load", async () => {
  const host: Host = { mode: "default", cores: 1, load: () => Promise.reject(new Error("Cannot fetch the kernels")) };
  await assertRejects(() => Engine.start({ host }), Error, "Cannot fetch the kernels");
});
