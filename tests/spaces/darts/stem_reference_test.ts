import { assert, assertEquals, assertLess } from "@std/assert";
import { Engine, type Network } from "../../../src/engine/mod.ts";
import { buildDerivedNetwork, buildSupernet } from "../../../src/spaces/mod.ts";
import { createDarts } from "../../../src/search/mod.ts";
import { checkGenotype } from "../../../src/spaces/darts/genotype.ts";
import type { DartsSpace } from "../../../src/spaces/darts/space.ts";
import { readFixture, relativeError } from "../../kernels/_fixtures.ts";
import {
  fillNetwork,
  hashedAlpha,
  loadReferenceImages,
  referenceBatch,
  type ReferenceCase,
  sample,
  spaceOf,
} from "./_reference.ts";

const BOUND = 1e-3;

interface Case extends ReferenceCase {
  /** Of a final network; supernets have alphas instead. */
  genotype?: unknown;
  auxiliaryWeight?: number;
  alphaBound: number;
  largestGradient: number;
  /** Most elements that the file holds of a tensor; of smaller ones it holds all. */
  samples: { gradients: number; final: number };
  sgd: {
    steps: number;
    learningRate: number;
    momentum: number;
    weightDecay: number;
    clip: number;
    losses: number[];
    gradientNorms: number[];
  };
  /** Names in order, as the arrays of gradients and weights hold them. */
  parameters: string;
}

const { description, arrays } = await readFixture<{ cases: Case[] }>("stems");
const stems = (isSupernet: boolean) =>
  description.cases.filter(({ genotype }) => (genotype === undefined) === isSupernet).map((fixture) =>
    spaceOf(fixture).stem
  );
assertEquals([stems(true), stems(false)], [["stride2", "stride4", "imagenet"], ["stride2", "stride4", "imagenet"]]);

for (const fixture of description.cases) {
  Deno.test(`networks with the stem ${spaceOf(fixture).stem} agree with PyTorch on ${fixture.name}`, async () => {
    const engine = await Engine.start({ build: "strict", threads: 2 });
    const { name, seed, batch, genotype, auxiliaryWeight, samples } = fixture;
    const expected = (key: string) => arrays.get(`${name}/${key}`)!.data;
    const space = spaceOf(fixture);
    const program = genotype === undefined
      ? buildSupernet(space)
      : buildDerivedNetwork({ space, genotype: checkGenotype(genotype) as never, auxiliaryWeight });
    const network = engine.compile(program, { batch });
    const names = network.parameters.map((parameter) => parameter.name).sort();
    assertEquals(names.join(" "), fixture.parameters);
    fillNetwork(network, seed);
    const draw = genotype === undefined ? mixAlpha(network, space, fixture) : undefined;
    const data = loadReferenceImages(engine, space, arrays, { images: `${name}/image`, labels: `${name}/labels` });
    const source = referenceBatch(data, fixture);
    const { steps, losses, gradientNorms, ...settings } = fixture.sgd;
    for (let step = 0; step < steps; step++) {
      const { loss } = network.backward(source, { weightGradients: true });
      assertLess(relativeError([loss], [losses[step]!]), BOUND, `loss of step ${step}`);
      if (step === 0) {
        assertLess(relativeError(network.logits(), expected("logits")), BOUND, "logits");
        const norms = compareParts(network, fixture, { key: "gradients", of: "gradient", most: samples.gradients });
        assertLess(relativeError(norms, expected("gradient_norms"), fixture.largestGradient), BOUND, "gradient norms");
        if (draw) assertLess(relativeError(draw.gradient(network.mixingGradient()), expected("alpha_gradient")), BOUND);
        network.forward(source, { training: false });
        assertLess(relativeError(network.logits(), expected("evaluation_logits")), BOUND, "evaluation logits");
      }
      const { gradientNorm } = network.sgdStep(settings);
      assertLess(relativeError([gradientNorm], [gradientNorms[step]!]), BOUND, `norm of step ${step}`);
    }
    compareParts(network, fixture, { key: "final", of: "value", most: samples.final });
    const buffers = [...arrays.keys()].filter((key) => key.startsWith(`${name}/buffer/`));
    assert(buffers.length >= 2);
    for (const key of buffers) {
      const buffer = key.slice(`${name}/buffer/`.length);
      assertLess(relativeError(network.read(buffer), arrays.get(key)!.data), BOUND, buffer);
    }
    engine.close();
  });
}

function mixAlpha(network: Network, space: DartsSpace, { seed, alphaBound }: Case) {
  const circumstances = { purpose: "weights", seed: 0, epoch: 0, step: 0 } as const;
  const draw = createDarts(space).mix(hashedAlpha(space, seed, alphaBound), circumstances);
  network.setMixing(draw.weights);
  return draw;
}

/** Compares every tensor, or its samples, with its part of an array; returns the norms of the whole tensors. */
function compareParts(
  network: Network,
  { name, parameters, largestGradient }: Case,
  { key, of, most }: { key: string; of: "value" | "gradient"; most: number },
): number[] {
  const joined = Float32Array.from(arrays.get(`${name}/${key}`)!.data);
  let at = 0;
  const norms = parameters.split(" ").map((parameter) => {
    const whole = network.read(parameter, of);
    const found = sample(whole, most, most);
    const wanted = joined.subarray(at, at += found.length);
    // What all but vanishes is measured against a thousandth of the network's largest gradient.
    const floor = of === "gradient" ? 1e-3 * largestGradient : 0;
    assertLess(relativeError(found, wanted, floor), BOUND, `${key} of ${parameter}`);
    return Math.sqrt(whole.reduce((sum, value) => sum + value * value, 0));
  });
  assertEquals(at, joined.length);
  return norms;
}
