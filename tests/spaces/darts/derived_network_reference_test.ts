import { assert, assertEquals, assertLess } from "@std/assert";
import { Engine } from "../../../src/engine/mod.ts";
import { buildDerivedNetwork } from "../../../src/spaces/mod.ts";
import { checkGenotype, type DartsGenotype } from "../../../src/spaces/darts/genotype.ts";
import { readFixture, relativeError } from "../../kernels/_fixtures.ts";
import { fillNetwork, loadReferenceImages, referenceBatch, type ReferenceCase, sample, spaceOf } from "./_reference.ts";

const BOUND = 1e-3;

interface Case extends ReferenceCase {
  auxiliaryWeight: number;
  genotype: DartsGenotype;
  parameters: string[];
  sgd: {
    steps: number;
    learningRate: number;
    momentum: number;
    weightDecay: number;
    clip: number;
    losses: number[];
    gradientNorms: number[];
  };
}

const { description, arrays } = await readFixture<{ cases: Case[] }>("derived");
assert(description.cases.length >= 2);

for (const fixture of description.cases) {
  Deno.test(`buildDerivedNetwork() agrees with PyTorch on ${fixture.name}`, async () => {
    const engine = await Engine.start({ build: "strict", threads: 2 });
    const { name, seed, batch, auxiliaryWeight } = fixture;
    const expected = (key: string) => arrays.get(`${name}/${key}`)!.data;
    const space = spaceOf(fixture);
    const program = buildDerivedNetwork({ space, genotype: checkGenotype(fixture.genotype), auxiliaryWeight });
    const network = engine.compile(program, { batch });
    assertEquals(network.parameters.map((parameter) => parameter.name).sort(), fixture.parameters.toSorted());
    fillNetwork(network, seed);
    const data = loadReferenceImages(engine, space, arrays, { images: `${name}/image`, labels: `${name}/labels` });
    const { steps, losses, gradientNorms, ...settings } = fixture.sgd;
    for (let step = 0; step < steps; step++) {
      const source = referenceBatch(data, fixture, step);
      const { loss } = network.backward(source, { weightGradients: true });
      assertLess(relativeError([loss], [losses[step]!]), BOUND, `loss of step ${step}`);
      if (step === 0) {
        assertLess(relativeError(network.logits(), expected("logits")), BOUND, "logits");
        const floor = 1e-3 * gradientNorms[0]!;
        for (const parameter of network.parameters) {
          const wanted = expected(`gradient/${parameter.name}`);
          const gradient = network.read(parameter.name, "gradient");
          const found = wanted.length === gradient.length ? gradient : sample(gradient, 0, wanted.length);
          assertLess(relativeError(found, wanted, floor), BOUND, parameter.name);
        }
        network.forward(source, { training: false });
        assertLess(relativeError(network.logits(), expected("evaluation_logits")), BOUND, "evaluation logits");
      }
      const { gradientNorm } = network.sgdStep(settings);
      assertLess(relativeError([gradientNorm], [gradientNorms[step]!]), BOUND, `norm of step ${step}`);
    }
    for (const parameter of network.parameters) {
      const found = sample(network.read(parameter.name), 16, 16);
      assertLess(relativeError(found, expected(`final/${parameter.name}`)), BOUND, parameter.name);
    }
    engine.close();
  });
}
