import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { compare, COMPARE_DEFAULTS, type CompareOptions } from "../../src/compare/mod.ts";
import type { SessionOptions } from "../../src/stages/mod.ts";
import { Interrupted, mergeSettings, openRun, type SomeSettings } from "../../src/run/mod.ts";
import { runTransfer, timeless } from "../pipelines/_runs.ts";
import { inTwoZoo, runDerivation } from "../pipelines/_zoo.ts";
import { startSession } from "../stages/_session.ts";

/** Runs a tiny comparison. */
async function run(
  out: string,
  options: SomeSettings<CompareOptions>,
  session: Partial<SessionOptions> = {},
) {
  const transfer = { search: { epochs: 2, batch: 16, patience: 0 }, training: { epochs: 1, batch: 16 } };
  const base: CompareOptions = { ...COMPARE_DEFAULTS, targets: [] };
  const configuration = mergeSettings(base, { transfer, seeds: [0, 1] }, options);
  await using opened = await startSession("compare", out, { configuration, ...session });
  return await compare(opened, configuration);
}

/** Results without all that depends on the clock. */
function outcomes(value: unknown): unknown {
  const clocks = /[sS]econds|^summary$/;
  return timeless(JSON.parse(JSON.stringify(value, (key, entry) => clocks.test(key) ? undefined : entry)));
}

Deno.test("compare() runs every arm on every target, as the runs that they would be by hand", () =>
  inTwoZoo(async ({ folder, zoo, data }) => {
    await runDerivation(`${folder}/derived`, {
      entry: { name: "digits", zoo },
      data: `${folder}/few-digits`,
    });
    const targets = [data, `${folder}/few-clothes`];
    const told: string[] = [];
    const out = `${folder}/comparison`;
    const seeds = [1];
    const result = await run(out, { targets, zoo, seeds }, {
      onEvent: (event) => {
        if (event.type === "run") told.push(`${event.index}/${event.runs} ${event.secondsLeft === undefined}`);
      },
    });
    const arms = ["scratch", "selected", "random", "traditional", "traditional-head", "random-genotype"];
    assertEquals(result.targets.map(({ name }) => name), targets);
    for (const target of result.targets) assertEquals(target.arms.map(({ arm }) => arm), arms);
    assertEquals(result.leftOut.map(({ arm }) => arm), ["multi"]);
    assertEquals(result.overlaps, [{ target: `${folder}/few-clothes`, entry: "clothes" }]);
    assertEquals([told.length, told[0], told[11]], [12, "1/12 true", "12/12 false"]);
    assertEquals((await (await openRun(out)).events()).length, 12);

    const [scratch, selected, , full, head, floor] = result.targets[0]!.arms;
    assertEquals([scratch!.source, selected!.source, full!.source, floor!.source], [null, "digits", "digits", null]);
    for (const { curve, epochsToReach, bestValidAccuracy, epochs } of scratch!.seeds) {
      assertEquals(curve.find(({ validAccuracy }) => validAccuracy === bestValidAccuracy)!.epoch, epochsToReach["100"]);
      assertEquals(epochs, 3);
    }
    assertEquals(floor!.seeds.map(({ epochs, budgetEpochs }) => [epochs, budgetEpochs]), [[3, 0]]);
    assertEquals(head!.seeds.map(({ curve }) => curve.map(({ epoch }) => epoch)), [[0, 1, 2]]);
    // Seconds begin where the run does: selection and the head's fit are before what the head can do is told.
    const selectedRun = (await openRun(join(out, selected!.seeds[0]!.folder))).result as { sourceSeconds: number };
    assert(selected!.seeds[0]!.curve[0]!.seconds > selectedRun.sourceSeconds);
    assert(result.summary.pairs.some(({ arm, against }) => arm === "selected" && against === "traditional"));

    const byHand = await runTransfer(`${folder}/by-hand`, {
      target: data,
      source: { name: "auto", zoo },
      search: { patience: 0 },
      seed: 1,
    });
    const [compared] = selected!.seeds;
    assertEquals(timeless(compared!.curve), timeless([byHand.start, ...byHand.curve]));
    assertEquals(compared!.testAccuracy, byHand.testAccuracy);

    assertEquals(await run(out, { targets, zoo, seeds }, { resume: true }), result);
  }));

Deno.test("compare() gives random-search and evolution the seconds that the longest search has taken", () =>
  inTwoZoo(async ({ folder, zoo, data }) => {
    const arms = ["scratch", "random-search", "evolution"];
    const out = `${folder}/opponents`;
    const { targets: [target] } = await run(out, { targets: [data], zoo, seeds: [3], arms });
    const [scratch, drawn, bred] = target!.arms.map(({ seeds }) => seeds[0]!);
    const { result, configuration } = await openRun(join(out, drawn!.folder));
    const searchSeconds = scratch!.curve.at(-1)!.seconds;
    assertEquals((configuration as { searchSeconds: number }).searchSeconds, searchSeconds);
    assert((result as { trials: number }).trials >= 1);
    const { budget } = (await openRun(join(out, bred!.folder))).configuration as { budget: { searchSeconds: number } };
    assertEquals([budget.searchSeconds, bred!.source], [searchSeconds, null]);
    assert(bred!.curve.length < 16);
    const fails = run(`${folder}/alone`, { targets: [data], zoo, seeds: [3], arms: ["random-search"] });
    await assertRejects(() => fails, Error, "none has been made, expected scratch or a transfer among --arms");
  }));

Deno.test("compare() sets the distance of named sources beside what they were worth", () =>
  inTwoZoo(async ({ folder, zoo, data }) => {
    const sources = ["digits", "clothes"];
    const arms = ["scratch", "from-digits", "from-clothes"];
    const { distance } = await run(`${folder}/named`, { targets: [data], zoo, seeds: [3], sources, arms });
    const { pairs, overPairs, withinTargets } = distance!;
    assertEquals(pairs.map(({ target, source }) => [target, source]), [[data, "digits"], [data, "clothes"]]);
    assert(pairs[0]!.distance < pairs[1]!.distance);
    assert(Math.abs(overPairs!) === 1 && withinTargets === overPairs);
  }));

Deno.test("compare() interrupted within a run keeps what is finished and goes on to the same end", () =>
  inTwoZoo(async ({ folder, zoo, data }) => {
    const options = { targets: [data], zoo, seeds: [3], arms: ["scratch", "selected", "random-genotype"] };
    const whole = await run(`${folder}/whole`, options);
    const out = `${folder}/stopped`;
    let [runs, steps] = [0, 0];
    const stopping: Partial<SessionOptions> = {
      onEvent: ({ type }) => {
        if (type === "run") [runs, steps] = [runs + 1, 0];
        if (type === "step") steps++;
      },
      interrupt: {
        get requested() {
          return runs === 2 && steps === 6;
        },
      },
    };
    await assertRejects(() => run(out, options, stopping), Interrupted);
    const folderOf = (arm: string) => `${out}/more-digits/${arm}/seed-3`;
    const kept = await Deno.stat(`${folderOf("selected")}/result.json`);
    let stepsAfter = 0;
    const resumed = await run(out, options, {
      resume: true,
      onEvent: ({ type }) => void (stepsAfter += Number(type === "step")),
    });
    assertEquals(outcomes(resumed), outcomes(whole));
    assertEquals((await Deno.stat(`${folderOf("selected")}/result.json`)).mtime, kept.mtime);
    // A search takes 4 steps an epoch, a training 8: of scratch 6 of 8 + 8 are done.
    assertEquals(stepsAfter, 2 + 8 + 3 * 8);
    assertEquals((await (await openRun(out)).events()).map(({ arm }) => arm), [
      "selected",
      "scratch",
      "random-genotype",
    ]);
  }));

Deno.test("compare() says before any run what does not fit, and within one which run it was", () =>
  inTwoZoo(async ({ folder, zoo, data }) => {
    const fails = (name: string, options: SomeSettings<CompareOptions>, words: string) =>
      assertRejects(() => run(`${folder}/${name}`, { targets: [data], zoo, ...options }), Error, words);
    await fails("target", { targets: [data, "no-such-data"] }, "no-such-data");
    assertEquals([...Deno.readDirSync(`${folder}/target`)].some(({ isDirectory }) => isDirectory), false);
    await fails("arm", { arms: ["magic"] }, "Cannot compare arm magic");
    await fails("sizes", { sizesOf: "absent" }, "has no entry absent");
    await fails("nothing", { zoo: `${folder}/no-zoo`, arms: ["multi"] }, "no arm is left");
    await fails("body", { zoo: `${folder}/no-zoo`, arms: ["scratch"] }, "expected one whose sizes to take");
    const diverging = { arms: ["scratch"], scratch: { learningRate: 1e38 }, seeds: [0] };
    await fails("diverging", diverging, `${data}, scratch, seed 0: Cannot go on`);
  }));
