import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { COMPARE_DEFAULTS, type CompareOptions } from "../../src/compare/options.ts";
import { type Arm, planArms } from "../../src/compare/plan_arms.ts";
import { card } from "./_card.ts";

const OPTIONS: CompareOptions = { ...COMPARE_DEFAULTS, targets: ["t"] };
const namesOf = (arms: readonly Arm[]) => arms.map(({ name }) => name);

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
  assertEquals(arms.map(({ source }) => source), ["auto", "single"]);
  const { arms: rest, leftOut } = planArms(options, cards.slice(1));
  assertEquals([namesOf(rest), leftOut.map(({ arm }) => arm)], [["traditional"], ["traditional-single"]]);
});

Deno.test("planArms() has frozen features for those who ask for them, and refuses a file that no arm reads", () => {
  const options = { ...OPTIONS, arms: ["traditional", "features"], features: { file: "x.onnx" } };
  assertEquals(namesOf(planArms(options, [card("one", { hasNetwork: true })]).arms), ["traditional", "features"]);
  assertEquals(namesOf(planArms(options, []).arms), ["features"]);
  for (const arms of [undefined, ["scratch"]]) {
    assertThrows(() => planArms({ ...options, arms }, [card("one")]), RangeError, "expected features among the arms");
  }
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
  assertThrows(() => planArms({ ...OPTIONS, arms: ["scrach"] }, cards), RangeError, "(did you mean scratch?)");
  assertThrows(() => planArms({ ...OPTIONS, sources: ["mnay"] }, cards), RangeError, "(did you mean many?)");
});
