import { assert, assertEquals, assertLess } from "@std/assert";
import { Engine, type Program } from "../../../src/engine/mod.ts";
import { softmaxGroups, softmaxGroupsBackward } from "../../../src/search/methods/softmax.ts";
import { buildDerivedNetwork, buildSupernet, checkGenotype, checkSpace, groupsOf } from "../../../src/spaces/mod.ts";
import { readFixture, relativeError } from "../../kernels/_fixtures.ts";
import {
  fillNetwork,
  hashedValues,
  loadReferenceImages,
  referenceBatch,
  type ReferenceCase,
  sample,
} from "../darts/_reference.ts";

/** The contract's bound for whole networks. */
const BOUND = 1e-3;

interface Case extends ReferenceCase {
  genotype?: { operations: string[] };
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

const { description, arrays } = await readFixture<{ cases: Case[] }>("nasbench201");
assertEquals(description.cases.map(({ genotype }) => genotype === undefined), [true, true, false, false]);

function programOf(fixture: Case): Program {
  const space = checkSpace({ ...fixture, name: "nasbench201" });
  const { genotype } = fixture;
  return genotype
    ? buildDerivedNetwork({ space, genotype: checkGenotype(genotype, "nasbench201") })
    : buildSupernet(space);
}

for (const build of ["strict", "relaxed"] as const) {
  for (const fixture of description.cases) {
    Deno.test(`nasbench201 agrees with PyTorch on ${fixture.name} (${build})`, async () => {
      const engine = await Engine.start({ build, threads: 2 });
      const { name, seed, batch } = fixture;
      const expected = (key: string) => arrays.get(`${name}/${key}`)!.data;
      const keysOf = (kind: string) =>
        [...arrays.keys()].filter((key) => key.startsWith(`${name}/${kind}/`))
          .map((key) => key.slice(name.length + kind.length + 2));
      const space = checkSpace({ ...fixture, name: "nasbench201" });
      const network = engine.compile(programOf(fixture), { batch });
      assertEquals(network.parameters.map((parameter) => parameter.name).sort(), keysOf("final").sort());
      fillNetwork(network, seed);
      const groups = groupsOf(space);
      const weights = softmaxGroups(hashedValues(`${seed}/arch_parameters`, 30, { centre: 0, bound: 1 }), groups);
      if (!fixture.genotype) network.setMixing(weights);
      const data = loadReferenceImages(engine, space, arrays, { images: `${name}/image`, labels: `${name}/labels` });
      const { steps, losses, gradientNorms, ...settings } = fixture.sgd;
      const near = (found: ArrayLike<number>, wanted: ArrayLike<number>, what: string, floor = 0) =>
        assertLess(relativeError(found, wanted, floor), BOUND, what);
      for (let step = 0; step < steps; step++) {
        const source = referenceBatch(data, fixture, step);
        near([network.backward(source, { weightGradients: true }).loss], [losses[step]!], `loss of step ${step}`);
        if (step === 0) {
          near(network.logits(), expected("logits"), "logits");
          const floor = 1e-3 * gradientNorms[0]!;
          for (const parameter of network.parameters) {
            const wanted = expected(`gradient/${parameter.name}`);
            const gradient = network.read(parameter.name, "gradient");
            near(sample(gradient, wanted.length, wanted.length), wanted, parameter.name, floor);
          }
          if (!fixture.genotype) {
            const gradient = softmaxGroupsBackward(weights, network.mixingGradient(), groups);
            near(gradient, expected("gradient/arch_parameters"), "alpha");
          }
          network.forward(source, { training: false });
          near(network.logits(), expected("evaluation_logits"), "evaluation logits");
        }
        near([network.sgdStep(settings).gradientNorm], [gradientNorms[step]!], `norm of step ${step}`);
      }
      for (const key of keysOf("final")) near(sample(network.read(key), 8, 8), expected(`final/${key}`), key);
      const running = keysOf("running");
      assert(running.length > 0);
      for (const key of running) near(sample(network.read(key), 8, 8), expected(`running/${key}`), key, 1e-3);
      engine.close();
    });
  }
}
