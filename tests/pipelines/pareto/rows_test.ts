import { assert, assertEquals, assertThrows } from "@std/assert";
import { deriveRows, joinBudgets } from "../../../src/pipelines/pareto/rows.ts";
import { openTask } from "../../../src/tasks/mod.ts";
import { openSupernet } from "../../../src/zoo/mod.ts";
import { inDigits } from "../_folder.ts";
import { runSearch } from "../_runs.ts";
import { startSession } from "../../stages/_session.ts";

Deno.test("joinBudgets() puts the i-th of each cost together, and one for all", () => {
  assertEquals(joinBudgets({}), []);
  assertEquals(joinBudgets({ macs: [1, 2] }), [{ macs: 1 }, { macs: 2 }]);
  assertEquals(joinBudgets({ parameters: [5, 6], macs: [1], milliseconds: [3, 4] }), [
    { parameters: 5, macs: 1, milliseconds: 3 },
    { parameters: 6, macs: 1, milliseconds: 4 },
  ]);
  assertThrows(() => joinBudgets({ parameters: [5, 6], macs: [1, 2, 3] }), RangeError, "2 of parameters and 3 of");
});

Deno.test("deriveRows() spreads budgets in equal ratios, keeps to limits, and steps down to what is measured", () =>
  inDigits(async (folder, data) => {
    await runSearch(`${folder}/found`, { data });
    const { supernet } = await openSupernet(`${folder}/found`);
    await using session = await startSession("pareto", `${folder}/row`);
    const task = await openTask(session.engine, [data]);
    const derive = (budgets: Parameters<typeof deriveRows>[1]["budgets"], count = 1) =>
      deriveRows(session, { supernet, task, budgets, count });

    const spread = derive([]);
    const sizes = spread.map(({ budget }) => budget.parameters!);
    assert(sizes.length > 4);
    assertEquals(sizes, sizes.toSorted((a, b) => a - b));
    assertEquals(spread.at(-1)!.candidates[0]!.genotype, supernet.genotype());
    assertEquals(spread[0]!.candidates[0]!.parameters, sizes[0]);
    for (const { budget, candidates } of spread) {
      assert(candidates.every(({ parameters, milliseconds }) => parameters <= budget.parameters! && milliseconds > 0));
    }
    const strengths = spread.map(({ candidates }) => candidates[0]!.strength);
    assertEquals(strengths, strengths.toSorted((a, b) => a - b));

    const slowest = Math.max(...spread.flatMap(({ candidates }) => candidates.map(({ milliseconds }) => milliseconds)));
    const [timed] = derive([{ milliseconds: 4 * slowest, macs: 400_000 }], 3);
    assert(timed!.candidates.length > 0 && timed!.candidates.length <= 3);
    for (const { milliseconds, macs } of timed!.candidates) assert(milliseconds <= 4 * slowest && macs <= 400_000);
    assertThrows(() => derive([{ milliseconds: 1e-4 }]), RangeError, "milliseconds");
  }));
