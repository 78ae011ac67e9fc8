import { assertEquals, assertThrows } from "@std/assert";
import { Engine } from "../../../src/engine/mod.ts";
import { CostCounter } from "../../../src/network/mod.ts";
import { buildSupernet } from "../../../src/spaces/mod.ts";
import { makeDartsSpace, STEMS } from "../../../src/spaces/darts/space.ts";
import { lowerStem, stemWeight } from "../../../src/spaces/darts/stem.ts";

/** Tensors of a stem, and what the first cell reads of an image. */
function lowered(stem: typeof STEMS[number], [height, width]: [number, number]) {
  const space = makeDartsSpace({ channels: 6, stem, height, width });
  const counter = new CostCounter({ height, width, channels: 3 });
  const { inputs, isHalving } = lowerStem(counter, space);
  const { tensors, norms } = counter.cost();
  assertEquals(tensors[0]!.name, stemWeight(space));
  const weights = tensors.filter(({ shape }) => shape.length > 1).map(({ name, shape }) =>
    `${name} ${shape.join("x")}`
  );
  return { weights, norms, sizes: inputs.map(({ height, width, channels }) => [height, width, channels]), isHalving };
}

Deno.test("lowerStem() has the tensors of the reference and halves as often as its name says, upwards", () => {
  assertEquals(lowered("cifar", [13, 20]), {
    weights: ["stem.0.weight 18x3x3x3"],
    norms: ["stem.1"],
    sizes: [[13, 20, 18], [13, 20, 18]],
    isHalving: false,
  });
  assertEquals(lowered("stride2", [13, 20]), { ...lowered("cifar", [13, 20]), sizes: [[7, 10, 18], [7, 10, 18]] });
  assertEquals(lowered("stride4", [96, 90]), {
    weights: ["stem.0.weight 9x3x3x3", "stem.3.weight 18x9x3x3"],
    norms: ["stem.1", "stem.4"],
    sizes: [[24, 23, 18], [24, 23, 18]],
    isHalving: false,
  });
  assertEquals(lowered("imagenet", [224, 225]), {
    weights: ["stem0.0.weight 3x3x3x3", "stem0.3.weight 6x3x3x3", "stem1.1.weight 6x6x3x3"],
    norms: ["stem0.1", "stem0.4", "stem1.2"],
    sizes: [[56, 57, 6], [28, 29, 6]],
    isHalving: true,
  });
});

Deno.test("networks of every stem learn from one channel on, the ImageNet one from two", async () => {
  const engine = await Engine.start({ build: "strict", threads: 1 });
  const size = { height: 17, width: 24, channels: 1 } as const;
  const pixels = Uint8Array.from({ length: 3 * 17 * 24 }, (_, i) => Math.imul(i + 1, 2654435761) >>> 24);
  const images = engine.loadImages(pixels, { count: 3, ...size });
  const [indices, labels] = [Uint32Array.of(0, 1, 2), Uint32Array.of(0, 1, 1)];
  const source = { images, indices, labels, mean: [0.5], std: [0.25], seed: 0, epoch: 0 };
  for (const stem of STEMS) {
    const channels = stem === "imagenet" ? 2 : 1;
    const body = { nodes: 1, cells: 3, channels, classes: 2, inputChannels: 1, stem } as const;
    const network = engine.compile(buildSupernet(makeDartsSpace({ ...body, height: 17, width: 24 })), { batch: 3 });
    network.initialise(0);
    network.setMixing(new Float32Array(network.mixingCount).fill(0.125));
    const losses = Array.from({ length: 8 }, () => {
      const { loss } = network.backward(source, { weightGradients: true });
      network.sgdStep({ learningRate: 0.05, momentum: 0.9, weightDecay: 0, clip: 5 });
      return loss;
    });
    assertEquals(losses.at(-1)! < losses[0]!, true, `${stem}: ${losses}`);
    network.free();
  }
  engine.close();
  assertThrows(
    () => makeDartsSpace({ channels: 3, stem: "imagenet" }),
    RangeError,
    "channels is 3, expected an even number with the imagenet stem",
  );
});
