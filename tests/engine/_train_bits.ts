// A tiny training in a process of its own, launched one way or the other; prints the mode, then a digest of all that it leaves.
import { DARTS_V2 } from "../../bench/genotypes.ts";
import { Engine, type Program } from "../../src/engine/mod.ts";
import { buildDerivedNetwork, buildSupernet } from "../../src/spaces/mod.ts";
import { makeDartsSpace } from "../../src/spaces/darts/space.ts";

const SPACE = makeDartsSpace({ channels: 8, cells: 3, classes: 10, inputChannels: 3, height: 11, width: 13 });
const BATCH = 6;
const STEPS = 3;

const engine = await Engine.start({ build: "strict", threads: 2 });

function train(program: Program): ArrayLike<number>[] {
  const network = engine.compile(program, { batch: BATCH });
  network.initialise(3);
  network.setMixing(engine.normals(network.mixingCount, 5, 0));
  const pixels = Uint8Array.from({ length: BATCH * 11 * 13 * 3 }, (_, i) => Math.imul(i, 2_654_435_761) >>> 24);
  const images = engine.loadImages(pixels, { count: BATCH, height: 11, width: 13, channels: 3 });
  const indices = Uint32Array.from({ length: BATCH }, (_, i) => i);
  const labels = indices.map((i) => i % 10);
  const [mean, std] = [[0.5, 0.5, 0.5], [0.2, 0.3, 0.25]];
  const augment = { cropPadding: 2, flip: true, cutout: 4 };
  const numbers: ArrayLike<number>[] = [];
  for (let step = 0; step < STEPS; step++) {
    const source = { images, indices, labels, mean, std, augment, seed: 9, epoch: step };
    numbers.push([network.backward(source, { weightGradients: true, step, dropPath: 0.2 }).loss]);
    numbers.push(network.mixingGradient());
    network.sgdStep({ learningRate: 0.05, momentum: 0.9, weightDecay: 3e-4, clip: 5 });
  }
  for (const { name } of network.parameters) numbers.push(network.read(name), network.read(name, "momentum"));
  for (const { name } of network.buffers) numbers.push(network.read(name));
  network.forward({ images, indices, mean, std, seed: 0, epoch: 0 }, { training: false });
  numbers.push(network.logits());
  network.free();
  return numbers;
}

const numbers = [
  ...train(buildSupernet(SPACE)),
  ...train(buildDerivedNetwork({ space: SPACE, genotype: DARTS_V2, auxiliaryWeight: 0.4 })),
];
const bytes = numbers.flatMap((list) => [...new Uint8Array(Float64Array.from(list).buffer)]);
const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", Uint8Array.from(bytes)));
console.log(engine.mode, bytes.length, digest.toHex());
engine.close();
