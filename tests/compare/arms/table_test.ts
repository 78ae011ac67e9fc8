import { assertEquals, assertThrows } from "@std/assert";
import { planOf } from "../../../src/compare/arms/arm.ts";
import { listArms, registerArm } from "../../../src/compare/arms/table.ts";
import { COMPARE_DEFAULTS } from "../../../src/compare/options.ts";
import { planArms } from "../../../src/compare/plan_arms.ts";
import { train, TRAIN_DEFAULTS } from "../../../src/pipelines/mod.ts";
import { planned } from "./_planned.ts";

Deno.test("registerArm() adds an arm that is planned after the others, and refuses a name twice or that makes no folder", async () => {
  const before = listArms().length;
  const row = {
    name: "toy",
    summary: "a network of a single cell",
    startsFrom: "nothing",
    whyNot: () => undefined,
    plan: ({ target, seed }) => {
      const options = { ...TRAIN_DEFAULTS, data: target, seed, sizes: { cells: 1 } };
      return planOf("train", train, options, 0);
    },
  } satisfies Parameters<typeof registerArm>[0];
  registerArm(row);
  assertEquals(listArms().slice(before), [row]);
  const { arms } = planArms({ ...COMPARE_DEFAULTS, targets: ["t"], arms: ["toy", "scratch"] }, []);
  assertEquals(arms.map(({ name }) => name), ["scratch", "toy"]);
  const { command, budgetEpochs } = await planned(row);
  assertEquals([command, budgetEpochs], ["train", 0]);
  assertThrows(() => registerArm(row), RangeError, "there is one of that name");
  for (const name of ["Toy", "a/b", "", "-x"]) {
    assertThrows(() => registerArm({ ...row, name }), RangeError, "expected a name of small letters");
  }
});
