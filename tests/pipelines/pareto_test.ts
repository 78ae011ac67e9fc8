import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  evaluate,
  isParetoResult,
  pareto,
  PARETO_DEFAULTS,
  type ParetoOptions,
  predict,
} from "../../src/pipelines/mod.ts";
import { Interrupted, mergeSettings, type SomeSettings } from "../../src/run/mod.ts";
import { costOfDerivedNetwork } from "../../src/spaces/mod.ts";
import { isRunResult, type SessionOptions } from "../../src/stages/mod.ts";
import { inDigits } from "./_folder.ts";
import { runSearch, runTransfer, timeless } from "./_runs.ts";
import { startSession } from "../stages/_session.ts";

type Some = SomeSettings<ParetoOptions> & { target: string };

/** Derives a row of tiny networks. */
async function runPareto(out: string, options: Some, session: Partial<SessionOptions> = {}) {
  const tiny = { search: { epochs: 2, batch: 16 }, training: { epochs: 1, batch: 16 } };
  const base: ParetoOptions = { ...PARETO_DEFAULTS, target: options.target };
  const configuration = mergeSettings(base, { transfer: tiny }, options);
  await using opened = await startSession("pareto", out, { configuration, ...session });
  return await pareto(opened, configuration);
}

/** What is the same on every machine. */
function withoutTimes(value: unknown): unknown {
  return JSON.parse(JSON.stringify(timeless(value), (key, entry) => key === "milliseconds" ? undefined : entry));
}

Deno.test("pareto() derives from a search, trains what is asked for, and ends with the same bits however often it is stopped", () =>
  inDigits(async (folder, data) => {
    const from = `${folder}/found`;
    const found = await runSearch(from, { data });
    const options = { target: data, from, train: ["knee", "1"], candidates: 2 };
    const whole = await runPareto(`${folder}/whole`, options);
    assert(isParetoResult(whole) && isParetoResult(JSON.parse(JSON.stringify(whole))));
    assertEquals([whole.axis, whole.supernet], ["parameters", from]);
    const { points, knee, front } = whole;
    for (const { genotype, budget, parameters, macs, milliseconds } of points) {
      const cost = costOfDerivedNetwork({ space: whole.space, genotype });
      assertEquals([parameters, macs], [cost.parameters, cost.multiplyAdds]);
      assert(parameters <= budget.parameters! && milliseconds > 0);
    }
    assert(front.includes(knee));
    assert(points.every(({ parameters }) => parameters <= found.parameters));
    const trained = points.map(({ folder }, i) => folder === undefined ? [] : [i]).flat();
    assertEquals(trained, [...new Set([0, knee])].sort((a, b) => a - b));
    for (const i of trained) {
      const from = `${folder}/whole/${points[i]!.folder}`;
      const { testAccuracy, testLoss, parameters } = await evaluate({ from, batch: 16, build: "strict", threads: 2 });
      assertEquals([testAccuracy, testLoss, parameters], [
        points[i]!.testAccuracy,
        points[i]!.testLoss,
        points[i]!.parameters,
      ]);
      assert(isRunResult(JSON.parse(await Deno.readTextFile(`${from}/result.json`))));
      assertEquals(
        (await Array.fromAsync(predict({ from, pictures: [], data, top: 2, batch: 32, build: "strict" }))).length,
        40,
      );
    }

    // Stopped again and again: while it evaluates, while it trains.
    const out = `${folder}/stopped`;
    let stops = 0;
    for (let isDone = false; !isDone; stops++) {
      let events = 0;
      const interrupt = {
        get requested() {
          return events > 3;
        },
      };
      const onEvent = () => void events++;
      try {
        assertEquals(
          withoutTimes(await runPareto(out, options, { resume: true, interrupt, onEvent })),
          withoutTimes(whole),
        );
        isDone = true;
      } catch (error) {
        assert(error instanceof Interrupted, `${error}`);
      }
      assert(stops < 60);
    }
    assert(stops > 2, `${stops}`);
    const bits = async (name: string) =>
      await Deno.readFile(`${folder}/${name}/${points[knee]!.folder}/network.safetensors`);
    assertEquals(await bits("stopped"), await bits("whole"));
    assertEquals(await runPareto(out, options, { resume: true }).then(withoutTimes), withoutTimes(whole));
  }));

Deno.test("pareto() trains a network as a transfer does, bit for bit, and does not train again what that has", () =>
  inDigits(async (folder, data) => {
    const source = { name: `${folder}/source` };
    await runSearch(source.name, { data, seed: 7 });
    const from = `${folder}/moved`;
    const moved = await runTransfer(from, { target: data, source });
    const options = { target: data, transfer: { source }, train: ["all"], budgets: { parameters: [1e6] } };
    const [known] = (await runPareto(`${folder}/known`, { ...options, from })).points;
    assertEquals([known!.folder, known!.testAccuracy], [from, moved.testAccuracy]);
    // At its search's end a transfer has no result yet.
    const network = await Deno.readFile(`${from}/network.safetensors`);
    await Deno.remove(`${from}/result.json`);
    const [own] = (await runPareto(`${folder}/own`, { ...options, from })).points;
    assertEquals([own!.folder, own!.genotype], ["networks/1", moved.genotype]);
    assertEquals(await Deno.readFile(`${folder}/own/networks/1/network.safetensors`), network);

    // With a target it is finetuned first, to the same supernet.
    const first = await runPareto(`${folder}/first`, { ...options, also: [`${folder}/own/networks/1`] });
    assertEquals([first.supernet, first.points[0]!.folder], ["transfer", "transfer"]);
    assertEquals(withoutTimes(first.points), withoutTimes([{ ...own!, folder: "transfer" }]));
    const [beside] = first.also;
    assertEquals([beside!.testAccuracy, beside!.parameters, beside!.command], [
      own!.testAccuracy,
      own!.parameters,
      "train",
    ]);
  }));

Deno.test("pareto() refuses what does not fit before it begins", () =>
  inDigits(async (folder, data) => {
    const fails = async (words: string, options: SomeSettings<ParetoOptions>) =>
      void await assertRejects(
        () => runPareto(`${folder}/run`, { ...options, target: data }, { resume: true }),
        Error,
        words,
      );
    await fails("Cannot train best", { train: ["best"] });
    await Deno.remove(`${folder}/run`, { recursive: true });
    await fails("2 of parameters and 3 of", { budgets: { parameters: [1, 2], macs: [1, 2, 3] } });
    await Deno.remove(`${folder}/run`, { recursive: true });
    await fails("absent", { also: [`${folder}/absent`] });
    await Deno.remove(`${folder}/run`, { recursive: true });
    await runSearch(`${folder}/found`, { data });
    await fails("the smallest has", { from: `${folder}/found`, budgets: { parameters: [10] } });
    await Deno.remove(`${folder}/run`, { recursive: true });
  }));
