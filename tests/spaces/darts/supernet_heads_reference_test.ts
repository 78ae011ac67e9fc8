import { assertEquals, assertLess } from "@std/assert";
import { Engine } from "../../../src/engine/mod.ts";
import { buildSupernet } from "../../../src/spaces/mod.ts";
import { createDarts } from "../../../src/search/mod.ts";
import { readFixture, relativeError } from "../../kernels/_fixtures.ts";
import { fillNetwork, hashedAlpha, loadReferenceImages, type ReferenceCase, spaceOf } from "./_reference.ts";

/** The contract's bound for whole supernets: loss, every weight gradient, every alpha gradient. */
const BOUND = 1e-3;

interface Case extends ReferenceCase {
  heads: number[];
  means: number[][];
  stds: number[][];
  alphaBound: number;
  loss: number;
}

const { description, arrays } = await readFixture<{ cases: Case[] }>("heads");

for (const build of ["strict", "relaxed"] as const) {
  for (const fixture of description.cases) {
    Deno.test(`buildSupernet() with a head a dataset agrees with PyTorch on ${fixture.name} (${build})`, async () => {
      const engine = await Engine.start({ build, threads: 2 });
      const { name, seed, batch, heads, means, stds } = fixture;
      const expected = (key: string) => arrays.get(`${name}/${key}`)!.data;
      const space = spaceOf(fixture);
      const network = engine.compile(buildSupernet(space, heads), { batch });
      fillNetwork(network, seed);
      const alpha = hashedAlpha(space, seed, fixture.alphaBound);
      const draw = createDarts(space).mix(alpha, { purpose: "weights", seed: 0, epoch: 0, step: 0 });
      network.setMixing(draw.weights);
      const keys = { images: `${name}/image`, labels: `${name}/labels` };
      const { images, labels } = loadReferenceImages(engine, space, arrays, keys);
      const indices = Uint32Array.from({ length: batch }, (_, i) => i);
      const parts = {
        of: Uint32Array.from(expected("parts")),
        preparations: heads.map((_, i) => ({ mean: means[i]!, std: stds[i]! })),
      };
      const source = { images, indices, labels, parts, mean: [0, 0, 0], std: [1, 1, 1], seed: 0, epoch: 0 };
      const { loss } = network.backward(source, { weightGradients: true });
      assertLess(relativeError([loss], [fixture.loss]), BOUND, "loss");
      assertLess(relativeError(network.imageOutcomes().losses, expected("losses")), BOUND, "losses");

      const gradients = [...arrays.keys()].filter((key) => key.startsWith(`${name}/gradient/`));
      assertEquals(gradients.length, network.parameters.length + 2);
      const largest = Math.max(...gradients.map((key) => Math.max(...Array.from(arrays.get(key)!.data, Math.abs))));
      for (const parameter of network.parameters) {
        const found = network.read(parameter.name, "gradient");
        const error = relativeError(found, expected(`gradient/${parameter.name}`), 1e-3 * largest);
        assertLess(error, BOUND, parameter.name);
      }
      const wanted = ["alphas_normal", "alphas_reduce"].flatMap((key) => Array.from(expected(`gradient/${key}`)));
      assertLess(relativeError(draw.gradient(network.mixingGradient()), wanted), BOUND, "alpha");
      engine.close();
    });
  }
}
