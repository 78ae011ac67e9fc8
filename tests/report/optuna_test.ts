import { assertEquals, assertThrows } from "@std/assert";
import { encodeOptuna } from "../../src/report/mod.ts";
import { RunError } from "../../src/run/mod.ts";
import { comparedRun } from "./_compared_runs.ts";

const linesOf = (text: string) => text.trimEnd().split("\n").map((line) => JSON.parse(line));

Deno.test("encodeOptuna() writes a study, a trial a run in order of time, with distributions that hold all values", () => {
  const first = comparedRun("first", { testAccuracy: 0.9 });
  const configuration = { search: { epochs: 9, learningRate: 0.2, head: "refitted" }, arms: ["a", "b"] };
  const second = { ...comparedRun("second"), configuration, startedAt: first.startedAt - 1000 };
  const [study, attribute, ...trials] = linesOf(encodeOptuna([first, second]));
  assertEquals([study.op_code, study.directions, attribute.user_attr], [0, [2], { objective: "testAccuracy" }]);
  const [early, late] = trials;
  assertEquals(trials.map(({ op_code, state, value }) => [op_code, state, value]), [[4, 1, 0.976], [4, 1, 0.9]]);
  assertEquals(late.params, { target: 0, "search.epochs": 2, "search.learningRate": 0.1 });
  assertEquals(early.params, { "search.epochs": 9, "search.learningRate": 0.2, "search.head": 0, arms: 0 });
  assertEquals(JSON.parse(late.distributions["search.epochs"]), {
    name: "IntDistribution",
    attributes: { log: false, step: 1, low: 2, high: 9 },
  });
  assertEquals(JSON.parse(early.distributions["search.learningRate"]).attributes, {
    log: false,
    step: null,
    low: 0.1,
    high: 0.2,
  });
  assertEquals(JSON.parse(early.distributions.arms).attributes, { choices: ["a,b"] });
  assertEquals(late.intermediate_values, { 0: 0.92, 1: 0.96, 2: 0.98 });
  assertEquals(late.datetime_start, "2026-11-29T00:00:00.000Z");
  assertEquals(late.datetime_complete, "2026-11-29T00:01:04.200Z");
  assertEquals([late.user_attrs.folder, late.user_attrs.parameters], ["runs/first", 50_450]);
});

Deno.test("encodeOptuna() never mixes test images with held-out ones", () => {
  const untested = comparedRun("b", { testAccuracy: undefined, validAccuracy: 0.5 });
  const [, attribute, ...trials] = linesOf(encodeOptuna([comparedRun("a"), untested]));
  assertEquals([attribute.user_attr.objective, trials.map(({ value }) => value)], ["validAccuracy", [0.98, 0.5]]);
  const tested = comparedRun("c", { validAccuracy: undefined });
  assertThrows(() => encodeOptuna([tested, untested]), RunError, "runs/c has no accuracy on held-out images");
});
