import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { type Dataset, pixelsInMemory } from "../../src/data/mod.ts";
import { Engine } from "../../src/engine/mod.ts";
import { onnxFeatures } from "../../src/features/onnx_features.ts";
import { RunError } from "../../src/run/mod.ts";
import { fetchOnnxRuntime } from "../onnx/_onnxruntime.ts";
import { ONNX } from "./_onnx.ts";

await fetchOnnxRuntime();

type Images = Parameters<typeof onnxFeatures>[1];

/** A dataset of the images of a fixture: all of them to learn from, the first three for tests. */
function datasetOf(pixels: Uint8Array<ArrayBuffer>, { side = ONNX.side, channels = 3 as 1 | 3 } = {}): Images {
  const size = side * side * channels;
  const part = (count: number): Dataset["train"] => ({
    pixels: pixelsInMemory(pixels.slice(0, count * size)),
    labels: new Uint8Array(count),
    count,
  });
  return { height: side, width: side, channels, train: part(ONNX.images), test: part(3) };
}

async function withModel(bytes: Uint8Array, test: (file: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeFile(`${folder}/model.onnx`, bytes);
    await test(`${folder}/model.onnx`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function assertNear(found: Float32Array, expected: readonly number[]): void {
  assertEquals(found.length, expected.length);
  const scale = Math.max(...expected.map(Math.abs));
  expected.forEach((value, i) => assertAlmostEquals(found[i]!, value, 1e-5 * scale));
}

for (const [name, macs] of [["maps", 972], ["rows", null]] as const) {
  Deno.test(`onnxFeatures() takes ${name} of features as native onnxruntime does, and their averages over space`, () =>
    withModel(ONNX[name].bytes, async (file) => {
      const engine = await Engine.start({ threads: 1 });
      const dataset = datasetOf(ONNX[name].pixels);
      let batches = 0;
      const found = await onnxFeatures(engine, dataset, { file, onBatch: () => void batches++ });
      const { features } = ONNX[name];
      assertNear(found.train, features);
      assertNear(found.test, features.slice(0, 3 * features.length / ONNX.images));
      assertEquals([found.parameters, found.macs], [ONNX.weights, macs]);
      assertEquals(batches, name === "rows" ? 5 : 2);
      engine.close();
    }));
}

Deno.test("onnxFeatures() brings images to the size and the colours that a file asks for", () =>
  withModel(ONNX.rows.bytes, async (file) => {
    const engine = await Engine.start({ threads: 1 });
    const [side, channels] = [2 * ONNX.side, 1] as const;
    // Even grey stays even grey, whatever its size.
    const grey = new Uint8Array(ONNX.images * side * side).fill(100);
    const colour = new Uint8Array(ONNX.images * ONNX.side ** 2 * 3).fill(100);
    const found = await onnxFeatures(engine, datasetOf(grey, { side, channels }), { file });
    assertEquals(found, await onnxFeatures(engine, datasetOf(colour), { file }));
    assert(found.train.some((value) => value > 0));
    engine.close();
  }));

for (const { bytes, message } of ONNX.wrong) {
  Deno.test(`onnxFeatures() refuses a file in one line: ${message}`, () =>
    withModel(bytes, async (file) => {
      const engine = await Engine.start({ threads: 1 });
      const error = await assertRejects(
        () => onnxFeatures(engine, datasetOf(ONNX.maps.pixels), { file }),
        RunError,
        message,
      );
      assert(error.message.includes(file) && !error.message.includes("\n"), error.message);
      engine.close();
    }));
}

Deno.test("onnxFeatures() refuses what is no ONNX file, and what is not there", async () => {
  const engine = await Engine.start({ threads: 1 });
  const take = (file: string) => onnxFeatures(engine, datasetOf(ONNX.maps.pixels), { file });
  await withModel(new TextEncoder().encode("no network"), async (file) => {
    const error = await assertRejects(() => take(file), RunError, "expected an ONNX network");
    assert(!error.message.includes("\n"), error.message);
    await assertRejects(() => take(`${file}.none`), RunError, "found no such file");
  });
  engine.close();
});
