import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { features, FEATURES_DEFAULTS, type FeaturesOptions } from "../../src/pipelines/mod.ts";
import { isFeaturesResult } from "../../src/pipelines/features.ts";
import { Interrupted, mergeSettings, openRun, RunError, type SomeSettings } from "../../src/run/mod.ts";
import { ONNX } from "../features/_onnx.ts";
import { fetchOnnxRuntime } from "../onnx/_onnxruntime.ts";
import { writeDigits } from "./_digits.ts";
import { timeless } from "./_runs.ts";
import { startSession } from "../stages/_session.ts";

await fetchOnnxRuntime();

Deno.test("features() fits heads to frozen features: the seed divides for the validation, the test has all images", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const target = `${folder}/digits`;
    await writeDigits(target, { step: 1 });
    const file = `${folder}/maps.onnx`;
    await Deno.writeFile(file, ONNX.maps.bytes);
    const interrupt = { requested: false };
    await using session = await startSession("compare", `${folder}/out`, { interrupt });
    const run = async (name: string, options: SomeSettings<FeaturesOptions> = {}) => {
      const base: FeaturesOptions = { ...FEATURES_DEFAULTS, target };
      const configuration = mergeSettings(base, { source: { name: "math-symbols" } }, options);
      await using child = await session.child(name, { command: "features", configuration });
      return await features(child, configuration);
    };
    const first = await run("seed-0");
    assertEquals([first.command, first.source, first.epochs, first.curve, first.start.epoch], [
      "features",
      "math-symbols",
      0,
      [],
      0,
    ]);
    assertEquals(first.validAccuracy, first.start.validAccuracy);
    // Ten digits.
    assert(first.testAccuracy > 0.4 && first.validAccuracy > 0.2, JSON.stringify(first));
    const second = await run("seed-1", { seed: 1 });
    assertEquals([second.testAccuracy, second.testLoss], [first.testAccuracy, first.testLoss]);
    assertNotEquals(second.start.validLoss, first.start.validLoss);

    const own = await run("onnx", { extractor: { file } });
    assertEquals([own.source, own.features, own.parameters, own.macs], ["maps.onnx", 4, ONNX.weights + 50, 972 + 40]);
    assert(isFeaturesResult((await openRun(`${folder}/out/onnx`)).result));
    assertEquals(timeless(await run("onnx", { extractor: { file } })), timeless(own));
    // What was remembered gave way to the file's: all over again, to the same bits.
    assertEquals(timeless(await run("again")), timeless(first));

    await assertRejects(() => run("none", { extractor: { file: `${file}.none` } }), RunError, "found no such file");
    interrupt.requested = true;
    await assertRejects(() => run("stopped", { extractor: { file } }), Interrupted);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
