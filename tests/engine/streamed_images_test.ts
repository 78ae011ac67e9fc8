import { assertEquals, assertThrows } from "@std/assert";
import type { Engine, ImageStore } from "../../src/engine/mod.ts";
import { tinyProgram, withEngine } from "./_tiny.ts";

const SHAPE = { count: 40, height: 5, width: 5, channels: 1 };
const JITTER = { brightness: 0.4, contrast: 0.4, saturation: 0 };
const PIXELS = Uint8Array.from({ length: 40 * 25 }, (_, i) => Math.imul(i, 2_654_435_761) >>> 24);

/** The same images, kept elsewhere; counts how many are read at a time. */
function stream(engine: Engine, reads: number[] = []) {
  return engine.streamImages(SHAPE, (indices) => {
    reads.push(indices.length);
    return Uint8Array.from([...indices].flatMap((index) => [...PIXELS.subarray(25 * index, 25 * index + 25)]));
  });
}

/** Everything that four steps leave behind; batches of changing sizes, random changes, images in pairs, soft labels, classes with weights. */
function trainOn(engine: Engine, images: ImageStore) {
  const network = engine.compile(tinyProgram(), { batch: 7 });
  network.initialise(3);
  network.setMixing(Float32Array.of(0.5, -0.25));
  const padded = { cropPadding: 2, flip: true, cutout: 2 };
  const resized = { ...padded, cropPadding: 0, cropScale: 0.5, jitter: JITTER };
  const left = [4, 7, 3, 7].map((count, step) => {
    const [augment, mixing] = step % 2 === 0 ? [padded] : [resized, { mixup: 1, cutmix: 1 }];
    const indices = engine.permutation(40, 1, step).slice(0, count);
    const labels = indices.map((i) => i % 3);
    const classWeights = Float32Array.of(0.5, 1.5, 1);
    const normalised = { images, indices, mean: [0.5], std: [0.25], augment };
    const source = { ...normalised, labels, classWeights, mixing, labelSmoothing: 0.1, seed: 9, epoch: step };
    const result = network.backward(source, { weightGradients: true });
    network.sgdStep({ learningRate: 0.05, momentum: 0.9, weightDecay: 3e-4, clip: 5 });
    return [result, network.mixingGradient(), network.logits(), network.imageOutcomes()];
  });
  const values = network.parameters.map(({ name }) => [network.read(name), network.read(name, "momentum")]);
  const statistics = network.buffers.map(({ name }) => network.read(name));
  network.free();
  return [left, values, statistics];
}

Deno.test("streamed images train a network to the same bits as resident ones, for any number of threads", async () => {
  for (const threads of [1, 2]) {
    await withEngine((engine) => {
      const reads: number[] = [];
      const resident = trainOn(engine, engine.loadImages(PIXELS, SHAPE));
      assertEquals(trainOn(engine, stream(engine, reads)), resident);
      assertEquals(reads, [4, 7, 3, 7], "a batch at a time, nothing else");
    }, threads);
  }
});

Deno.test("random changes follow an image's number in its store, not its place in the batch", () =>
  withEngine((engine) => {
    const network = engine.compile(tinyProgram(), { batch: 2 });
    network.initialise(3);
    const images = stream(engine);
    const logits = (indices: number[]) => {
      const augment = { cropPadding: 2, flip: true, cutout: 2 };
      const source = {
        images,
        indices: Uint32Array.from(indices),
        mean: [0.5],
        std: [0.25],
        augment,
        seed: 9,
        epoch: 0,
      };
      network.forward(source, { training: false });
      return network.logits();
    };
    assertEquals([...logits([11, 30]).slice(3)], [...logits([30]).slice(0, 3)]);
  }));

Deno.test("StreamedImages.statistics() are those of resident images, whatever pieces they are read in", () =>
  withEngine((engine) => {
    const colour = { count: 9, height: 300, width: 310, channels: 3 };
    const size = 300 * 310 * 3;
    const pixels = Uint8Array.from({ length: 9 * size }, (_, i) => Math.imul(i, 40_503) >>> 8);
    const reads: number[] = [];
    const streamed = engine.streamImages(colour, (indices) => {
      reads.push(indices.length);
      const read = new Uint8Array(indices.length * size);
      indices.forEach((index, i) => read.set(pixels.subarray(index * size, (index + 1) * size), i * size));
      return read;
    });
    const resident = engine.loadImages(pixels, colour);
    const indices = Uint32Array.of(8, 0, 3, 4, 5, 6, 7, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2);
    assertEquals(streamed.statistics(indices), resident.statistics(indices));
    assertEquals(reads, [15, 4]);
  }));

Deno.test("StreamedImages keep one batch in memory, are freed with the others, and refuse strangers", () =>
  withEngine((engine) => {
    const images = stream(engine);
    assertEquals(engine.imageStores().size, 1);
    const { handle, indices, keys } = images.place(Uint32Array.of(39, 2));
    assertEquals([[...indices], [...keys]], [[0, 1], [39, 2]]);
    assertEquals(images.place(Uint32Array.of(1)).handle, handle, "a smaller batch has the same place");
    assertThrows(() => images.place(Uint32Array.of(40)), RangeError, "Cannot read image 40: there are 40");
    images.free();
    assertEquals(engine.imageStores().size, 0);
  }));
