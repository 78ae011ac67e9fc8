import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { makeDartsSpace } from "../../src/spaces/darts/space.ts";
import { type Arm, COMPARE_DEFAULTS, type CompareOptions, planArms, planRun } from "../../src/compare/arms.ts";
import type { Card } from "../../src/zoo/mod.ts";

const file = { sha256: "0".repeat(64), sizeBytes: 1 };

function card(name: string, { sources = 1, hasNetwork = false } = {}): Card {
  const source = { name: "x", classes: ["a", "b"], origin: "", licence: "", fingerprint: "", mean: [0], std: [1] };
  return {
    format: 1,
    name,
    space: makeDartsSpace({ channels: 4, cells: 3 }),
    method: "darts",
    sources: Array.from({ length: sources }, () => source),
    recipe: {},
    metrics: {},
    files: { "supernet.safetensors": file, ...(hasNetwork && { "network.safetensors": file }) },
  };
}

const OPTIONS: CompareOptions = { ...COMPARE_DEFAULTS, targets: ["t"] };
const namesOf = (arms: readonly Arm[]) => arms.map(({ name }) => name);
const place = { target: "t", seed: 3, body: () => card("body") };

Deno.test("planArms() plans every arm that the zoo allows, and says why others are left out", () => {
  const all = planArms(OPTIONS, [
    card("few", { sources: 2 }),
    card("many", { sources: 3 }),
    card("one", { hasNetwork: true }),
  ]);
  const names = ["scratch", "selected", "multi", "random", "traditional", "traditional-head", "random-genotype"];
  assertEquals([namesOf(all.arms), all.leftOut], [names, []]);
  assertEquals(all.arms[2]!.source, "many");

  const few = planArms(OPTIONS, [card("one")]);
  assertEquals(namesOf(few.arms), ["scratch", "selected", "random", "random-genotype"]);
  assertEquals(few.leftOut.map(({ arm }) => arm), ["multi", "traditional", "traditional-head"]);
  assertStringIncludes(few.leftOut[0]!.reason, "several datasets");
  assertStringIncludes(few.leftOut[1]!.reason, "zoo derive");
  const named = planArms({ ...OPTIONS, multi: "absent" }, [card("one")]);
  assertStringIncludes(named.leftOut[0]!.reason, "no entry absent");
});

Deno.test("planArms() has traditional transfer from a single dataset for those who ask for it", () => {
  const options = { ...OPTIONS, arms: ["traditional", "traditional-single"] };
  const cards = [card("one", { hasNetwork: true }), card("many", { sources: 2, hasNetwork: true })];
  const { arms } = planArms(options, cards);
  assertEquals(arms.map((arm) => planRun(arm, place, options).configuration.source), ["auto", "single"]);
  const { arms: rest, leftOut } = planArms(options, cards.slice(1));
  assertEquals([namesOf(rest), leftOut.map(({ arm }) => arm)], [["traditional"], ["traditional-single"]]);
});

Deno.test("planArms() takes a choice of arms and sources, and refuses unknown ones", () => {
  const cards = [card("one"), card("many", { sources: 2 })];
  const chosen = planArms({ ...OPTIONS, arms: ["selected", "scratch"] }, cards);
  assertEquals(namesOf(chosen.arms), ["scratch", "selected"]);
  const sources = planArms({ ...OPTIONS, sources: ["one", "many"], arms: ["from-one", "multi"] }, cards);
  assertEquals(namesOf(sources.arms), ["from-one", "multi"]);
  assertThrows(
    () => planArms({ ...OPTIONS, arms: ["magic"] }, cards),
    RangeError,
    "arm magic: expected some of scratch",
  );
  assertThrows(() => planArms({ ...OPTIONS, sources: ["absent"] }, cards), RangeError, "source absent");
});

Deno.test("planRun() gives every arm the same budget, and scratch its own schedule", () => {
  const options = { ...OPTIONS, epochs: 5, trainEpochs: 3, scratchEpochs: 9, scratchLearningRate: 0.1, alphaEvery: 2 };
  const plan = (kind: Arm["kind"], source?: string) =>
    planRun({ name: "x", kind, ...(source && { source }) }, place, options);
  const transfer = plan("transfer", "auto");
  assertEquals([transfer.command, transfer.budgetEpochs], ["transfer", 5]);
  const { source, epochs, trainEpochs, seed, learningRate, alphaEvery, targets, seeds } = transfer.configuration;
  assertEquals([source, epochs, trainEpochs, seed, learningRate, alphaEvery], ["auto", 5, 3, 3, 0.025, 2]);
  assertEquals([targets, seeds], [undefined, undefined]);

  const scratch = plan("scratch");
  assertEquals([scratch.command, scratch.budgetEpochs], ["transfer", 9]);
  const { prior, head } = scratch.configuration;
  assertEquals([scratch.configuration.source, prior, head, scratch.configuration.epochs], [
    "body",
    "none",
    "refitted",
    9,
  ]);
  assertEquals(scratch.configuration.learningRate, 0.1);

  const withLimit = (kind: Arm["kind"], maxParameters: number | "source") =>
    planRun({ name: "x", kind, source: "auto" }, place, { ...options, maxParameters }).configuration.maxParameters;
  assertEquals([withLimit("transfer", "source"), withLimit("scratch", "source")], ["source", undefined]);
  assertEquals([withLimit("transfer", 7), withLimit("scratch", 7)], [7, 7]);

  const headOnly = plan("traditional-head");
  assertEquals([headOnly.command, headOnly.configuration.headOnly, headOnly.configuration.epochs], [
    "traditional",
    true,
    5,
  ]);
  assertEquals(plan("traditional").configuration.headOnly, false);
  const floor = plan("random-genotype");
  assertEquals([floor.command, floor.budgetEpochs, floor.configuration.trainEpochs], ["train", 0, 8]);
  assertEquals([floor.configuration.channels, floor.configuration.cells], [4, 3]);
});
