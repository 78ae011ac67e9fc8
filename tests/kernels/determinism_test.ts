import { assertEquals, assertGreater } from "@std/assert";
import { type Build, Engine } from "../../src/engine/mod.ts";
import { buildSupernet } from "../../src/spaces/mod.ts";
import { makeDartsSpace } from "../../src/spaces/darts/space.ts";

const SPACE = makeDartsSpace({ channels: 8, cells: 3, classes: 10, inputChannels: 3, height: 11, width: 13 });

interface Setting {
  build: Build;
  threads: number;
  isWide?: boolean;
  memoryBytes?: number;
  /** Whether images are resized, recoloured and mixed, and labels smoothed. */
  isVaried?: boolean;
}

const JITTER = { brightness: 0.4, contrast: 0.4, saturation: 0.4 };
const VARIED = {
  augment: { cropPadding: 0, flip: true, cutout: 4, cropScale: 0.3, jitter: JITTER },
  mixing: { mixup: 0.5, cutmix: 1 },
  labelSmoothing: 0.1,
};

/** All bits that three steps leave: losses, mixing gradients, weights, momentum, running statistics. */
async function bitsOf(
  { build, threads, isWide, memoryBytes, isVaried }: Setting,
  batch: number,
): Promise<Uint8Array[]> {
  const engine = await Engine.start({ build, threads });
  const network = engine.compile(buildSupernet(SPACE), { batch, ...(memoryBytes ? { memoryBytes } : {}) });
  if (isWide !== undefined) network.setWide(isWide);
  network.initialise(3);
  network.setMixing(engine.normals(network.mixingCount, 5, 0));
  const pixels = Uint8Array.from({ length: batch * 11 * 13 * 3 }, (_, i) => (i * 2_654_435_761) >>> 24);
  const images = engine.loadImages(pixels, { count: batch, height: 11, width: 13, channels: 3 });
  const indices = Uint32Array.from({ length: batch }, (_, i) => i);
  const labels = indices.map((i) => i % 10);
  const augment = { cropPadding: 2, flip: true, cutout: 4 };
  const numbers: ArrayLike<number>[] = [];
  for (let step = 0; step < 3; step++) {
    const source = {
      images,
      indices,
      labels,
      mean: [0.5, 0.5, 0.5],
      std: [0.2, 0.3, 0.25],
      ...(isVaried ? VARIED : { augment }),
      seed: 9,
      epoch: step,
    };
    numbers.push([network.backward(source, { weightGradients: true, step }).loss]);
    numbers.push(network.mixingGradient());
    numbers.push([network.sgdStep({ learningRate: 0.05, momentum: 0.9, weightDecay: 3e-4, clip: 5 }).gradientNorm]);
  }
  for (const { name } of network.parameters) numbers.push(network.read(name), network.read(name, "momentum"));
  for (const { name } of network.buffers) numbers.push(network.read(name));
  engine.close();
  return numbers.map((list) => new Uint8Array(Float64Array.from(list).buffer));
}

for (const build of ["strict", "relaxed"] as const) {
  for (const batch of [1, 5, 18]) {
    Deno.test(`three steps give the same bits on 1, 2, 3 and 4 threads (${build}, batch ${batch})`, async () => {
      const one = await bitsOf({ build, threads: 1 }, batch);
      assertGreater(one.length, 100);
      for (const threads of [2, 3, 4]) assertEquals(await bitsOf({ build, threads }, batch), one);
    });
  }
}

Deno.test("three steps on varied and mixed images give the same bits on 1 and 3 threads, and in the single build", async () => {
  const one = await bitsOf({ build: "strict", threads: 1, isVaried: true }, 7);
  assertEquals(await bitsOf({ build: "strict", threads: 3, isVaried: true }, 7), one);
  assertEquals(await bitsOf({ build: "single", threads: 1, isVaried: true }, 7), one);
});

Deno.test("three steps give the same bits for both kernel variants of the strict build", async () => {
  const narrow = await bitsOf({ build: "strict", threads: 2, isWide: false }, 6);
  assertEquals(await bitsOf({ build: "strict", threads: 2, isWide: true }, 6), narrow);
});

Deno.test("three steps give the same bits in the single and the strict build", async () => {
  assertEquals(await bitsOf({ build: "single", threads: 1 }, 6), await bitsOf({ build: "strict", threads: 2 }, 6));
});

Deno.test("three steps give the same bits when cells are recomputed to save memory", async () => {
  const engine = await Engine.start({ build: "strict", threads: 1 });
  const full = engine.compile(buildSupernet(SPACE), { batch: 6 }).activationBytes();
  const small = engine.compile(buildSupernet(SPACE), { batch: 6, memoryBytes: 0.6 * full }).activationBytes();
  engine.close();
  assertGreater(full, small);
  const all = await bitsOf({ build: "strict", threads: 2 }, 6);
  assertEquals(await bitsOf({ build: "strict", threads: 2, memoryBytes: 0.6 * full }, 6), all);
});
