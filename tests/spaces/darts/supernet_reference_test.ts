import { assert, assertEquals, assertLess } from "@std/assert";
import { Engine } from "../../../src/engine/mod.ts";
import { buildSupernet } from "../../../src/spaces/mod.ts";
import { createDarts } from "../../../src/search/mod.ts";
import { readFixture, relativeError } from "../../kernels/_fixtures.ts";
import {
  fillNetwork,
  hashedAlpha,
  loadReferenceImages,
  referenceBatch,
  type ReferenceCase,
  spaceOf,
} from "./_reference.ts";

/** The contract's bound for whole supernets: loss, every weight gradient, every alpha gradient. */
const BOUND = 1e-3;

interface Case extends ReferenceCase {
  alphaBound: number;
  loss: number;
  evaluationLoss: number;
}

const { description, arrays } = await readFixture<{ cases: Case[] }>("supernets");
assert(description.cases.length >= 3);

for (const build of ["strict", "relaxed"] as const) {
  for (const fixture of description.cases) {
    Deno.test(`buildSupernet() agrees with PyTorch on ${fixture.name} (${build})`, async () => {
      const engine = await Engine.start({ build, threads: 2 });
      const { name, seed, batch } = fixture;
      const expected = (key: string) => arrays.get(`${name}/${key}`)!.data;
      const space = spaceOf(fixture);
      const network = engine.compile(buildSupernet(space), { batch });
      fillNetwork(network, seed);
      const draw = createDarts(space).mix(hashedAlpha(space, seed, fixture.alphaBound), {
        purpose: "weights",
        seed: 0,
        epoch: 0,
        step: 0,
      });
      network.setMixing(draw.weights);
      const data = loadReferenceImages(engine, space, arrays, { images: `${name}/image`, labels: `${name}/labels` });
      const source = referenceBatch(data, fixture);
      const { loss } = network.backward(source, { weightGradients: true });
      assertLess(relativeError([loss], [fixture.loss]), BOUND, "loss");
      assertLess(relativeError(network.logits(), expected("logits")), BOUND, "logits");

      const names = [...arrays.keys()].filter((key) => key.startsWith(`${name}/gradient/`) && !key.includes("alphas_"));
      assertEquals(
        names.map((key) => key.slice(name.length + 10)).sort(),
        network.parameters.map((parameter) => parameter.name).sort(),
      );
      const largest = names.flatMap((key) => Array.from(arrays.get(key)!.data, Math.abs)).reduce((a, b) =>
        Math.max(a, b)
      );
      for (const parameter of network.parameters) {
        const found = network.read(parameter.name, "gradient");
        // Gradients that all but vanish are measured against a thousandth of the largest one of the network.
        const error = relativeError(found, expected(`gradient/${parameter.name}`), 1e-3 * largest);
        assertLess(error, BOUND, parameter.name);
      }
      const alphaGradient = draw.gradient(network.mixingGradient());
      const wanted = [
        ...Array.from(expected("gradient/alphas_normal")),
        ...Array.from(expected("gradient/alphas_reduce")),
      ];
      assertLess(relativeError(alphaGradient, wanted), BOUND, "alpha");

      const evaluation = network.forward(source, { training: false });
      assertLess(relativeError([evaluation.loss], [fixture.evaluationLoss]), BOUND, "evaluation loss");
      assertLess(relativeError(network.logits(), expected("evaluation_logits")), BOUND, "evaluation logits");
      engine.close();
    });
  }
}
