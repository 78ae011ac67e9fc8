import { assert, assertEquals, assertThrows } from "@std/assert";
import { INPUT_KINDS } from "../../../src/export/mod.ts";
import { lowerToOnnx } from "../../../src/export/onnx/lower.ts";
import { writeOnnx } from "../../../src/export/onnx/write.ts";
import type { Model } from "../../../src/zoo/mod.ts";
import { bestOf, engineLogits, largestDifference, noise } from "../_networks.ts";
import { CASES } from "./_cases.ts";
import { openerForTests } from "./_open_onnx.ts";

/** Logits of noise in the engine and in onnxruntime, for a network that reads either kind of input. */
async function compareLogits(model: Model): Promise<void> {
  const { height, width, inputChannels: channels, classes } = model.space;
  const pixels = noise(3 * height * width * channels);
  const expected = await engineLogits(model, pixels);
  // Weights are as large as trained ones; a pixel or a tap that is not where it belongs changes logits by tenths.
  const spread = largestDifference(expected, new Float32Array(expected.length));
  assert(spread > 0.1, `logits are at most ${spread}`);
  const open = await openerForTests();
  for (const input of INPUT_KINDS) {
    await using session = await open(await writeOnnx(model, { input, precision: "f32" }));
    const given = input === "uint8"
      ? { shape: [3, height, width, channels], data: pixels }
      : { shape: [3, channels, height, width], data: planes(pixels, height * width, channels) };
    const { logits } = await session.run(given);
    const difference = largestDifference(logits!, expected);
    assert(
      difference <= 1e-4 * Math.max(1, spread),
      `${input}: logits differ by ${difference}, and are up to ${spread}`,
    );
    assertEquals(bestOf(logits!, classes), bestOf(expected, classes));
  }
}

/** Pixels as `ToTensor` gives them. */
function planes(pixels: Uint8Array, area: number, channels: number): Float32Array {
  return Float32Array.from(pixels, (_, i) => {
    const [image, channel, place] = [Math.floor(i / (area * channels)), Math.floor(i / area) % channels, i % area];
    return pixels[(image * area + place) * channels + channel]! / 255;
  });
}

for (const [name, model] of Object.entries(CASES)) {
  Deno.test(`lowerToOnnx() computes what the engine does: ${name}`, () => compareLogits(model()));
}

Deno.test("lowerToOnnx() computes nothing twice, and says which tensor a network lacks", () => {
  const model = CASES["every operation, even sides"]!();
  const { nodes } = lowerToOnnx(model, "uint8");
  const work = nodes.map(({ type, inputs, attributes }) => JSON.stringify([type, inputs, attributes]));
  assertEquals(new Set(work).size, work.length);
  const state = new Map(model.state);
  state.delete("stem.0.weight");
  assertThrows(() => lowerToOnnx({ ...model, state }, "uint8"), RangeError, "the network has no stem.0.weight");
});
