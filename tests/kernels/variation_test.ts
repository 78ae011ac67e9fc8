import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  type Augmentation,
  type BatchSource,
  type Build,
  BUILDS,
  Engine,
  type Mixing,
  ProgramBuilder,
} from "../../src/engine/mod.ts";
import fixture from "../reference/fixtures/variation.json" with { type: "json" };

type Case = typeof fixture.cases[number];

/** What a network for images of the case's size reads of them. */
function read(engine: Engine, one: Case, more: Partial<BatchSource> = {}, inputs = one.channels): Float32Array {
  const { height, width, channels, pixels, augmentation } = one;
  const { means, deviations, seed, epoch, count } = fixture;
  const builder = new ProgramBuilder({ height, width, channels: inputs });
  const stem = { out: 8, kernel: 1, stride: 1, padding: 0, relu: false, weight: "stem" };
  builder.classifier(builder.globalAveragePool([builder.convolution(builder.image, stem)]), {
    weight: "w",
    bias: "b",
    classes: 2,
  });
  const network = engine.compile(builder.build(0), { batch: count });
  const images = engine.loadImages(Uint8Array.from(pixels), { count, height, width, channels });
  try {
    return network.assemble({
      images,
      indices: Uint32Array.from({ length: count }, (_, i) => i),
      mean: means.slice(0, channels),
      std: deviations.slice(0, channels),
      augment: augmentation as Augmentation,
      seed,
      epoch,
      ...more,
    });
  } finally {
    images.free();
    network.free();
  }
}

Deno.test("images are varied as torchvision does, with the engine's own choices", async () => {
  const engine = await Engine.start({ build: "strict", threads: 1 });
  assertEquals(fixture.cases.length, 7);
  for (const one of fixture.cases) {
    const found = read(engine, one);
    assertEquals(found.length, one.read.length);
    // Values of 0 to 1 after a few roundings, over a deviation of at least 0.125; the fixture is rounded to seven digits.
    one.read.forEach((value, i) =>
      assertAlmostEquals(found[i]!, value, 8 * 2 ** -22 + 1e-7, `${one.name}, number ${i}`)
    );
  }
  engine.close();
});

Deno.test("images are mixed in pairs as the reference does", async () => {
  const engine = await Engine.start({ build: "strict", threads: 1 });
  for (const { name, mixup, cutmix, read: expected } of fixture.mixtures) {
    const found = read(engine, fixture.cases.at(-1)!, { mixing: { mixup, cutmix } });
    expected.forEach((value, i) => assertAlmostEquals(found[i]!, value, 8 * 2 ** -22 + 1e-7, `${name}, number ${i}`));
  }
  engine.close();
});

Deno.test("images are the same bits in every build", async () => {
  const bits: Float32Array[][] = [];
  for (const build of BUILDS as readonly Build[]) {
    const engine = await Engine.start({ build, threads: 1 });
    bits.push(fixture.cases.map((one) => read(engine, one, { mixing: { mixup: 0.7, cutmix: 0.7 } })));
    engine.close();
  }
  assert(bits.length > 1);
  for (const other of bits.slice(1)) assertEquals(other, bits[0]);
});

Deno.test("a varied grey image enters a colour network by replication, a colour one a grey network as luma", async () => {
  const engine = await Engine.start({ build: "strict", threads: 1 });
  const grey = fixture.cases[4]!;
  const [one, three] = [read(engine, grey), read(engine, grey, {}, 3)];
  assertEquals(three, Float32Array.from(three, (_, i) => one[Math.floor(i / 3)]!));
  const plain = { mean: [0, 0, 0], std: [1, 1, 1] };
  const [colour, luma] = [read(engine, fixture.cases[1]!, plain), read(engine, fixture.cases[1]!, plain, 1)];
  luma.forEach((value, i) => {
    const [red, green, blue] = colour.subarray(3 * i, 3 * i + 3);
    assertAlmostEquals(value, 0.299 * red! + 0.587 * green! + 0.114 * blue!, 1e-6);
  });
  engine.close();
});

Deno.test("a run refuses changes that are out of range", async () => {
  const engine = await Engine.start({ build: "strict", threads: 1 });
  const none = { cropPadding: 0, flip: false, cutout: 0 };
  const run = (augment: Augmentation, mixing?: Mixing) => () => read(engine, fixture.cases[0]!, { augment, mixing });
  for (const cropScale of [0, -1, 1.5, NaN]) {
    assertThrows(run({ ...none, cropScale }), Error, "the least share of a crop");
  }
  for (const contrast of [-0.1, 1.01, NaN, Infinity]) {
    const jitter = { brightness: 0, contrast, saturation: 0 };
    assertThrows(run({ ...none, jitter }), Error, "expected 0 to 1 each");
  }
  assertThrows(run({ ...none, cropPadding: 1, cropScale: 0.5 }), Error, "found padded and resized crops");
  engine.close();
});
