import { assertEquals, assertGreater, assertNotEquals, assertThrows } from "@std/assert";
import { Engine, type Network, type Program } from "../../src/engine/mod.ts";
import { collectState, loadState } from "../../src/network/mod.ts";
import { buildDerivedNetwork, buildSupernet } from "../../src/spaces/mod.ts";
import { randomGenotype } from "../../src/spaces/darts/genotype.ts";
import { type DartsSpace, makeDartsSpace } from "../../src/spaces/darts/space.ts";
import type { NasBench201Space } from "../../src/spaces/nasbench201/space.ts";

/** Odd sizes, channels that fill no block, reductions with and without a remainder. */
const SPACE = makeDartsSpace({ channels: 6, cells: 5, classes: 7, inputChannels: 3, height: 15, width: 18 });
const COUNT = 18;

/** A trained network, and the same compiled for inference, beside images. */
async function pair(program: () => Program, options: { build?: "strict" | "relaxed"; threads: number }) {
  const engine = await Engine.start(options);
  const trained = engine.compile(program(), { batch: COUNT });
  trained.initialise(4);
  const mixing = engine.normals(trained.mixingCount, 5, 0);
  trained.setMixing(mixing);
  const pixels = Uint8Array.from({ length: COUNT * 15 * 18 * 3 }, (_, i) => (i * 2_654_435_761) >>> 24);
  const images = engine.loadImages(pixels, { count: COUNT, height: 15, width: 18, channels: 3 });
  const indices = Uint32Array.from({ length: COUNT }, (_, i) => i);
  const labels = indices.map((i) => i % 7);
  const source = { images, indices, labels, mean: [0.5, 0.4, 0.6], std: [0.2, 0.3, 0.25], seed: 9, epoch: 0 };
  for (let step = 0; step < 3; step++) {
    trained.backward(source, { weightGradients: true });
    trained.sgdStep({ learningRate: 0.05, momentum: 0.9, weightDecay: 3e-4, clip: 5 });
  }
  const inference = engine.compile(program(), { batch: COUNT, isInference: true });
  loadState(inference, collectState(trained));
  inference.setMixing(mixing);
  return { engine, trained, inference, source };
}

function answers(network: Network, source: Parameters<Network["forward"]>[0]) {
  const result = network.forward(source, { training: false });
  return { result, logits: network.logits(), features: network.features() };
}

const PROGRAMS = {
  supernet: () => buildSupernet(SPACE),
  "derived network": () => buildDerivedNetwork({ space: SPACE, genotype: randomGenotype(1) }),
};

for (const [name, program] of Object.entries(PROGRAMS)) {
  for (const build of ["strict", "relaxed"] as const) {
    for (const threads of [1, 3]) {
      Deno.test(`a ${name} compiled for inference gives the bits of the one that trained (${build}, ${threads} threads)`, async () => {
        const { engine, trained, inference, source } = await pair(program, { build, threads });
        for (const count of [COUNT, 5, 1]) {
          const part = {
            ...source,
            indices: source.indices.subarray(0, count),
            labels: source.labels.subarray(0, count),
          };
          assertEquals(answers(inference, part), answers(trained, part));
        }
        assertGreater(trained.activationBytes(), 4 * inference.activationBytes());
        engine.close();
      });
    }
  }
}

/** Networks large enough that threads share an image, with every kind of layer between them; rows that no number of threads divides. */
const SIZES = { classes: 7, inputChannels: 3, height: 35, width: 33 } as const;
const DARTS = makeDartsSpace({ channels: 12, cells: 5, ...SIZES });
const SHARED = {
  "derived network of DARTS": () => buildDerivedNetwork({ space: DARTS, genotype: randomGenotype(2) }),
  "supernet of DARTS on a share of the channels": () => buildSupernet({ ...DARTS, channelShare: 4 } as DartsSpace),
  "supernet of NAS-Bench-201": () =>
    buildSupernet({ name: "nasbench201", channels: 12, cellsPerStage: 1, stem: "cifar", ...SIZES } as NasBench201Space),
};

for (const [name, program] of Object.entries(SHARED)) {
  Deno.test(`one image gives the same bits by a ${name} whether one thread computes it or several share it`, async () => {
    const found: unknown[] = [];
    for (const threads of [1, 2, 3]) {
      const engine = await Engine.start({ build: "strict", threads });
      const network = engine.compile(program(), { batch: 2, isInference: true });
      network.initialise(7);
      network.setMixing(engine.normals(network.mixingCount, 5, 0));
      const pixels = Uint8Array.from({ length: 2 * 35 * 33 * 3 }, (_, i) => (i * 2_654_435_761) >>> 24);
      const images = engine.loadImages(pixels, { count: 2, height: 35, width: 33, channels: 3 });
      const source = { images, mean: [0.5, 0.4, 0.6], std: [0.2, 0.3, 0.25], seed: 9, epoch: 0 };
      const both = answers(network, { ...source, indices: Uint32Array.of(0, 1) }).logits;
      const each = [0, 1].map((image) => answers(network, { ...source, indices: Uint32Array.of(image) }));
      assertEquals(each.flatMap(({ logits }) => [...logits]), [...both]);
      found.push(each);
      engine.close();
    }
    assertEquals(found[1], found[0]);
    assertEquals(found[2], found[0]);
  });
}

Deno.test("a network compiled for inference follows its weights and running statistics", async () => {
  const { engine, trained, inference, source } = await pair(PROGRAMS["derived network"], { threads: 1 });
  const before = answers(inference, source);
  trained.backward(source, { weightGradients: true });
  trained.sgdStep({ learningRate: 0.05, momentum: 0.9, weightDecay: 3e-4, clip: 5 });
  loadState(inference, collectState(trained));
  const after = answers(inference, source);
  assertNotEquals(after, before);
  assertEquals(after, answers(trained, source));
  engine.close();
});

Deno.test("a network compiled for inference refuses to train", async () => {
  const { engine, inference, source } = await pair(PROGRAMS.supernet, { threads: 1 });
  const before = answers(inference, source);
  const message = "Cannot train: the network was compiled for inference";
  assertThrows(() => inference.backward(source, { weightGradients: true }), Error, message);
  assertThrows(() => inference.backward(source, { weightGradients: "head" }), Error, message);
  assertThrows(() => inference.forward(source, { training: true }), Error, message);
  assertEquals(answers(inference, source), before);
  const tooSmall = { batch: COUNT, isInference: true, memoryBytes: 1024 };
  const { message: told } = assertThrows(
    () => engine.compile(PROGRAMS.supernet(), tooSmall),
    Error,
    "Cannot fit the network into 0 MiB: 1 threads need",
  );
  // What it asks for is enough.
  const memoryBytes = Number(/need (\d+) MiB/.exec(told)![1]) * 2 ** 20;
  engine.compile(PROGRAMS.supernet(), { ...tooSmall, memoryBytes }).free();
  engine.close();
});
