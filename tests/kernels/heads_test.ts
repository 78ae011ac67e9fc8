import { assert, assertEquals, assertInstanceOf, assertThrows } from "@std/assert";
import { Engine, type Network, type Program, ProgramBuilder } from "../../src/engine/mod.ts";

const BATCH = 4;
const HOSTILE = [0, 1, 2, 3, 4, 6, 1023, 1024, 1025, 16_384, 65_536, 2 ** 31, 2 ** 32 - 1];

/** A classifier of five classes in groups. */
function program(groups: readonly number[]): Program {
  const builder = new ProgramBuilder({ height: 4, width: 4, channels: 1 });
  const stem = { out: 8, kernel: 3, stride: 1, padding: 1, relu: false, weight: "stem" };
  const features = builder.globalAveragePool([builder.convolution(builder.image, stem)]);
  builder.classifier(features, { weight: "w", bias: "b", classes: 5, groups });
  return builder.build(0);
}

const engine = await Engine.start({ build: "strict", threads: 1 });
const pixels = Uint8Array.from({ length: BATCH * 16 }, (_, i) => i * 37 % 256);
const images = engine.loadImages(pixels, { count: BATCH, height: 4, width: 4, channels: 1 });
const indices = Uint32Array.of(0, 1, 2, 3);

function run(network: Network, labels: number[]) {
  const source = { images, indices, labels: Uint32Array.from(labels), mean: [0.5], std: [0.25], seed: 0, epoch: 0 };
  return network.backward(source, { weightGradients: true });
}

Deno.test("the loss of an image leaves the classes of other datasets alone", () => {
  const network = engine.compile(program([2, 3]), { batch: BATCH });
  network.initialise(1);
  run(network, [0, 1, 1, 0]);
  assert(network.read("b", "gradient").slice(0, 2).every((value) => value !== 0));
  assertEquals(network.read("b", "gradient").slice(2), new Float32Array(3));
  assertEquals(network.read("w", "gradient").slice(16), new Float32Array(24));
  network.free();
});

Deno.test("the answer is the strongest class of the image's own dataset", () => {
  const network = engine.compile(program([2, 3]), { batch: BATCH });
  network.initialise(1);
  network.write("w", new Float32Array(40));
  network.write("b", new Float32Array([1, 2, 9, 8, 7]));
  assertEquals(run(network, [1, 2, 0, 3]).correct, 2);
  assertEquals(network.imageOutcomes().hits, [true, true, false, false]);
  network.free();
});

Deno.test("compile() refuses groups that are not all classes", () => {
  const compile = (groups: number[]) => engine.compile(program(groups), { batch: BATCH });
  assertThrows(() => compile([2, 2]), Error, "classes of its groups together is 4, expected 5");
  assertThrows(() => compile([5, 1]), Error, "classes of its groups together is 6, expected 5");
  assertThrows(() => compile([5, 0]), Error, "classes of a group is 0");
  assertThrows(() => compile([]), Error, "number of groups is 0");
  assertThrows(() => compile(Array(1025).fill(1)), Error, "number of groups is 1025");
});

Deno.test("compile() refuses or runs a program of groups with any word changed, without a trap", () => {
  const original = program([2, 3]);
  original.words.forEach((_, at) => {
    for (const word of HOSTILE) {
      const words = original.words.slice();
      words[at] = word;
      try {
        const network = engine.compile({ ...original, words }, { batch: BATCH, memoryBytes: 2 ** 23 });
        run(network, [0, 4, 2, 1]);
        network.free();
      } catch (error) {
        assertInstanceOf(error, Error, `word ${at} = ${word}`);
        assert(!(error instanceof WebAssembly.RuntimeError), `word ${at} = ${word}: ${(error as Error).message}`);
      }
    }
  });
});
