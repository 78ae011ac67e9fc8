/**
 * A network of a few layers and images for it, for tests of the engine's TypeScript side.
 *
 * @module
 */
import { type BatchSource, type Engine, type Program, ProgramBuilder } from "../../src/engine/mod.ts";

/** Images of the tiny task. */
export const COUNT = 6;
/** Their side in pixels. */
export const SIDE = 5;

/** Convolution, norm, two mixed terms, classifier; two mixing weights. */
export function tinyProgram(): Program {
  const builder = new ProgramBuilder({ height: SIDE, width: SIDE, channels: 1 });
  const stem = builder.convolution(builder.image, {
    out: 5,
    kernel: 3,
    stride: 1,
    padding: 1,
    relu: false,
    weight: "stem.0.weight",
  });
  const x = builder.normalise(stem, { names: ["stem.1"], affine: true });
  const pooled = builder.pool(x, { kind: "max", kernel: 3, stride: 1, padding: 1 });
  const node = builder.combine([{ x, mix: 0 }, { x: pooled, mix: 1 }]);
  const features = builder.globalAveragePool([node]);
  builder.classifier(features, { weight: "classifier.weight", bias: "classifier.bias", classes: 3 });
  return builder.build(2);
}

/** Pixels that differ between images: [COUNT, SIDE, SIDE, 1]. */
export function tinyPixels(): Uint8Array {
  return Uint8Array.from({ length: COUNT * SIDE * SIDE }, (_, i) => (i * 37 + (i >> 3) * 11) % 256);
}

/** All images as one batch. */
export function tinyBatch(engine: Engine): BatchSource {
  const images = engine.loadImages(tinyPixels(), { count: COUNT, height: SIDE, width: SIDE, channels: 1 });
  const indices = Uint32Array.from({ length: COUNT }, (_, i) => i);
  return { images, indices, labels: indices.map((i) => i % 3), mean: [0.5], std: [0.25], seed: 3, epoch: 0 };
}

/** Runs a test with an engine of one or more threads, and closes it. */
export async function withEngine(test: (engine: Engine) => void | Promise<void>, threads = 1): Promise<void> {
  const { Engine } = await import("../../src/engine/mod.ts");
  const engine = await Engine.start({ build: "strict", threads });
  try {
    await test(engine);
  } finally {
    engine.close();
  }
}
