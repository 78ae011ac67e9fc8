import { assert, assertEquals, assertRejects } from "@std/assert";
import { type RunResult, TimeLimitError } from "../../src/stages/mod.ts";
import { writeDigits } from "./_digits.ts";
import { runSearch, runTraining, runTransfer, timeless, TINY } from "./_runs.ts";

const folder = await Deno.makeTempDir();
const data = `${folder}/few-digits`;
await writeDigits(data, { step: 1 });
const { seconds: secondsOfOne } = await runSearch(`${folder}/searched`, { data });

/** A time for several epochs, on whatever machine and beside whatever else it does. */
const budget = { timeLimit: Math.max(3, 6 * secondsOfOne) };

/** More epochs than anybody waits for. */
const ENDLESS = 5000;

/** A machine that is busy with other things is slower within an epoch than it was before it. */
const PATIENCE = 2.5;

function assertCut({ seconds, timeLimit }: RunResult, stages: string[]): void {
  assertEquals(timeLimit!.isCut, true);
  assertEquals(timeLimit!.cuts.map(({ stage }) => stage), stages);
  for (const { planned, epochs } of timeLimit!.cuts) assert(epochs >= 1 && epochs < planned, `${epochs} of ${planned}`);
  assert(seconds < PATIENCE * timeLimit!.seconds, `${seconds} s of ${timeLimit!.seconds} s`);
}

Deno.test("transfer() ends within its time limit with a tested network, search and training cut", async () => {
  const source = { name: `${folder}/searched` };
  const long = { search: { epochs: ENDLESS, patience: 0 }, training: { epochs: ENDLESS } };
  const result = await runTransfer(`${folder}/cut`, { target: data, source, ...long, budget });
  assertCut(result, ["search", "train"]);
  assertEquals(typeof result.testAccuracy, "number");
  assertEquals(result.curve.length + result.trainCurve!.length, result.epochs);
});

Deno.test("a time limit that suffices changes nothing", async () => {
  const source = { name: `${folder}/searched` };
  const free = await runTransfer(`${folder}/free`, { target: data, source });
  const limited = await runTransfer(`${folder}/limited`, { target: data, source, budget: { timeLimit: 3600 } });
  assertEquals(limited.timeLimit, { seconds: 3600, isCut: false, cuts: [] });
  assertEquals(timeless({ ...limited, timeLimit: undefined }), timeless(free));
});

Deno.test("search() and train() end within their time limits", async () => {
  const search = { epochs: ENDLESS };
  assertCut(await runSearch(`${folder}/search`, { data, search, budget }), ["search"]);
  const options = {
    data,
    architecture: { genotype: "random" },
    sizes: TINY.sizes,
    training: { epochs: ENDLESS },
    budget,
  };
  assertCut(await runTraining(`${folder}/train`, options), ["train"]);
});

Deno.test("a time limit that not even an epoch fits into is refused, and what would be enough is named", async () => {
  const budget = { timeLimit: 0.01 };
  await assertRejects(
    () => runSearch(`${folder}/short`, { data, budget }),
    TimeLimitError,
    "expected a time limit of at least",
  );
  const options = { data, architecture: { genotype: "random" }, sizes: TINY.sizes, budget };
  await assertRejects(
    () => runTraining(`${folder}/shorter`, options),
    TimeLimitError,
    "an epoch of the training takes",
  );
});

globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
