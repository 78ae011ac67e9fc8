import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { evaluate } from "../../src/pipelines/mod.ts";
import { choicesOf } from "../../src/spaces/mod.ts";
import type { SessionOptions } from "../../src/stages/mod.ts";
import { Interrupted, openRun, RunError } from "../../src/run/mod.ts";
import { writeDigits } from "./_digits.ts";
import { timeless } from "./_runs.ts";
import { inTwoZoo, runDerivation, runTraditional } from "./_zoo.ts";

/** Asks to stop at one of the steps. */
function stopAt(step: number): Pick<SessionOptions, "interrupt" | "onEvent"> {
  let steps = 0;
  return {
    onEvent: ({ type }) => void (steps += Number(type === "step")),
    interrupt: {
      get requested() {
        return steps === step;
      },
    },
  };
}

async function networkOf(run: string) {
  return await (await openRun(run)).tensors("network.safetensors");
}

Deno.test("traditional() finetunes an entry's network, all of it or its head, and goes on after an interruption to the same bits", () =>
  inTwoZoo(async ({ folder, zoo, data: target }) => {
    await assertRejects(
      () => runTraditional(`${folder}/none`, { target, source: { zoo } }),
      RunError,
      "and a trained network",
    );
    const given = () => runTraditional(`${folder}/given`, { target, source: { name: "digits", zoo } });
    await assertRejects(given, RunError, "zoo derive digits");
    const derived = await runDerivation(`${folder}/derived`, {
      entry: { name: "digits", zoo },
      data: `${folder}/few-digits`,
    });

    const full = await runTraditional(`${folder}/full`, {
      target,
      source: { zoo },
      finetuning: { validations: 3 },
    });
    assertEquals([full.source, full.sourceChoice, full.headOnly], ["digits", "auto", false]);
    assertEquals([full.curve.map(({ epoch }) => epoch), full.trainCurve?.length, full.epochs], [
      [0.5, 0.75, 1, 1.5, 2],
      1,
      3,
    ]);
    assertEquals(full.genotype, derived.genotype);
    assert(full.curve.every(({ validAccuracy }) => validAccuracy !== undefined));
    const { testAccuracy, testLoss } = await evaluate({ from: `${folder}/full`, batch: 16, build: "strict" });
    assertEquals([testAccuracy, testLoss], [full.testAccuracy, full.testLoss]);

    const head = await runTraditional(`${folder}/head`, {
      target,
      source: { zoo },
      finetuning: { headOnly: true, validations: 3 },
    });
    const [source, ofFull, ofHead] = await Promise.all(
      [`${folder}/derived`, `${folder}/full`, `${folder}/head`].map(networkOf),
    );
    for (const [name, { data }] of source!) {
      if (/running_|num_batches/.test(name)) continue;
      // Only the classifier learns; the other weights are those of the source, bit for bit.
      if (name.startsWith("classifier.")) assertNotEquals(ofHead!.get(name)!.data, data, name);
      else assertEquals(ofHead!.get(name)!.data, data, name);
    }
    assertNotEquals(ofFull!.get("stem.0.weight")!.data, source!.get("stem.0.weight")!.data);

    // Four steps an epoch on half of 120 images, then eight on all: once in either stage.
    for (const { step, headOnly } of [{ step: 3, headOnly: false }, { step: 11, headOnly: true }]) {
      const out = `${folder}/stopped-${step}`;
      const options = { target, source: { zoo }, finetuning: { headOnly, validations: 3 } };
      await assertRejects(() => runTraditional(out, options, stopAt(step)), Interrupted);
      const resumed = await runTraditional(out, options, { resume: true, threads: 2 });
      assertEquals(
        timeless({ ...resumed, sourceSeconds: 0 }),
        timeless({ ...(headOnly ? head : full), sourceSeconds: 0 }),
      );
      assertEquals(await networkOf(out), headOnly ? ofHead : ofFull);
    }
  }));

Deno.test("traditional() takes a grey network to colour images of other sizes and classes", () =>
  inTwoZoo(async ({ folder, zoo }) => {
    await runDerivation(`${folder}/derived`, {
      entry: { name: "clothes", zoo },
      data: `${folder}/few-clothes`,
    });
    const target = `${folder}/hands`;
    await writeDigits(target, { from: "sign-language-digits", name: "hands" });
    const result = await runTraditional(`${folder}/hands-run`, {
      target,
      source: { name: "clothes", zoo },
      finetuning: { epochs: 1 },
    });
    const { space } = result as unknown as { space: { inputChannels: number } };
    assertEquals(space.inputChannels, 3);

    // Another stem starts anew; a head that learns alone keeps reading features of the network's own.
    for (const headOnly of [false, true]) {
      const strided = await runTraditional(`${folder}/strided-${headOnly}`, {
        target,
        source: { name: "clothes", zoo },
        sizes: { stem: "stride4" },
        finetuning: { epochs: 1, headOnly },
      });
      assertEquals(choicesOf(strided.space as { name: string }), { stem: headOnly ? "cifar" : "stride4" });
      const anew = ["stem.0.weight", "stem.1.weight", "stem.1.bias", "stem.3.weight", "stem.4.weight", "stem.4.bias"];
      assertEquals(strided.anew, headOnly ? undefined : anew);
    }
  }));
