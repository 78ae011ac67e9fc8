import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { randomSearch, type RandomSearchOptions, TRANSFER_DEFAULTS } from "../../src/pipelines/mod.ts";
import { Interrupted, mergeSettings, openRun, type SomeSettings } from "../../src/run/mod.ts";
import type { SessionOptions } from "../../src/stages/mod.ts";
import { deriveSeed } from "../../src/network/mod.ts";
import { randomGenotype, type Space } from "../../src/spaces/mod.ts";
import { inFolder } from "../run/_folder.ts";
import { writeDigits } from "./_digits.ts";
import { TINY } from "./_runs.ts";
import { startSession } from "../stages/_session.ts";

const { images, search: { trainPortion, recalibration, validations }, training } = TRANSFER_DEFAULTS;

async function run(
  out: string,
  data: string,
  options: SomeSettings<RandomSearchOptions> = {},
  more: Partial<SessionOptions> = {},
) {
  const base: RandomSearchOptions = {
    target: data,
    images,
    sizes: { space: "darts", ...TINY.sizes },
    search: { epochs: 1, batch: 16, learningRate: 0.1, trainPortion, recalibration, validations },
    searchSeconds: 0,
    training: { ...training, epochs: 1, batch: 16 },
    seed: 5,
  };
  const configuration = mergeSettings(base, options);
  await using session = await startSession("random-search", out, { configuration, ...more });
  return await randomSearch(session, configuration);
}

Deno.test("randomSearch() tries networks until their time is over, and trains the best", () =>
  inFolder(async (folder) => {
    const data = `${folder}/digits`;
    // Trials that take long enough to be timed.
    await writeDigits(data, { step: 1 });
    const one = await run(`${folder}/one`, data);
    assertEquals([one.trials, one.epochs, one.command], [1, 2, "random-search"]);
    assertEquals(one.genotype, randomGenotype(deriveSeed(5, "trial 0"), one.space as Space));
    // Twice and a half of what a trial took is time for two or three more.
    const seconds = 2.5 * (one.searchSeconds as number);
    const several = await run(`${folder}/several`, data, { searchSeconds: seconds });
    assert((several.trials as number) >= 2);
    assertAlmostEquals(several.searchSeconds as number, seconds, seconds);
    const records = await trialsOf(`${folder}/several`);
    assertEquals(records.length, several.trials);
    assertEquals(several.validAccuracy, Math.max(...records));
    const again = await run(`${folder}/several`, data, { searchSeconds: seconds }, { resume: true });
    assertEquals(again, JSON.parse(JSON.stringify(several)));
  }));

Deno.test("randomSearch() interrupted within a trial goes on to the same network", () =>
  inFolder(async (folder) => {
    const data = `${folder}/digits`;
    await writeDigits(data);
    const whole = await run(`${folder}/whole`, data);
    let steps = 0;
    const stopping: Partial<SessionOptions> = {
      onEvent: ({ type }) => void (steps += Number(type === "step")),
      interrupt: {
        get requested() {
          return steps === 2;
        },
      },
    };
    await assertRejects(() => run(`${folder}/stopped`, data, {}, stopping), Interrupted);
    const resumed = await run(`${folder}/stopped`, data, {}, { resume: true });
    const figures = ({ genotype, testAccuracy, testLoss, validAccuracy, trials }: typeof whole) => [
      genotype,
      testAccuracy,
      testLoss,
      validAccuracy,
      trials,
    ];
    assertEquals(figures(resumed), figures(whole));
  }));

/** Validation accuracies of the trials that a run's events tell of. */
async function trialsOf(path: string): Promise<number[]> {
  const events = await (await openRun(path)).events() as { type: string; stage?: string; validAccuracy?: number }[];
  return events.flatMap(({ type, stage, validAccuracy }) =>
    type === "epoch" && stage === "trial" ? validAccuracy! : []
  );
}
