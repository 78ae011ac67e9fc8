import { assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { decodeSafetensors } from "../../src/formats/mod.ts";
import { randomGenotype } from "../../src/spaces/darts/genotype.ts";
import { Interrupted } from "../../src/run/mod.ts";
import { inDigits } from "../pipelines/_folder.ts";
import { runSearch, runTraining, timeless, TINY } from "../pipelines/_runs.ts";

Deno.test("runTrainingStage() goes on after an interruption to the same end, with all that is random in it", () =>
  inDigits(async (folder, data) => {
    const options = {
      data,
      architecture: { genotype: JSON.stringify(randomGenotype(1, 2)) },
      sizes: TINY.sizes,
      training: { epochs: 2, dropPath: 0.3, auxiliary: 0.4, cutout: 8 },
    };
    const whole = await runTraining(`${folder}/whole`, options);
    let steps = 0;
    const interrupt = {
      get requested() {
        return steps === 7;
      },
    };
    const out = `${folder}/stopped`;
    const onEvent = ({ type }: { type: string }) => void (steps += Number(type === "step"));
    await assertRejects(() => runTraining(out, options, { interrupt, onEvent }), Interrupted);
    const resumed = await runTraining(out, options, { resume: true, threads: 2 });
    assertEquals(timeless(resumed), timeless(whole));
  }));

Deno.test("runTrainingStage() starts what inherits with a fitted head that is not too steep", () =>
  inDigits(async (folder, data) => {
    const searched = `${folder}/searched`;
    await runSearch(searched, { data });
    const options = {
      data,
      architecture: { from: searched },
      training: { inherit: "weights", learningRate: 1e-9 },
    } as const;
    const out = `${folder}/trained`;
    await runTraining(out, options);
    const { tensors } = decodeSafetensors(await Deno.readFile(`${out}/network.safetensors`), { file: out });
    const { shape, data: weights } = tensors.get("classifier.weight")!;
    const norm = Math.hypot(...weights as Float32Array);
    // As steep as is allowed: fitted to so poor a body it was steeper, and weights rest at such a learning rate.
    assertAlmostEquals(norm, 16 * Math.sqrt(shape[0]! / 3), 1e-3);
  }, { step: 1 }));
