import { assert, assertEquals } from "@std/assert";
import { splitTask } from "../../src/batches/mod.ts";
import { evaluateInherited } from "../../src/stages/inherited_accuracy.ts";
import { openTask } from "../../src/tasks/mod.ts";
import { openSupernet } from "../../src/zoo/mod.ts";
import { inDigits } from "../pipelines/_folder.ts";
import { runSearch } from "../pipelines/_runs.ts";
import { startSession } from "./_session.ts";

Deno.test("evaluateInherited() evaluates on the held-out images alone, with weights that matter, the same each time", () =>
  inDigits(async (folder, data) => {
    await runSearch(`${folder}/found`, { data, search: { epochs: 2 } });
    const { supernet } = await openSupernet(`${folder}/found`);
    await using session = await startSession("pareto", `${folder}/run`);
    const task = await openTask(session.engine, [data]);
    const split = splitTask(session.engine, task, { seed: 0 });
    const genotype = supernet.genotype();
    const { space } = supernet;
    const evaluate = (state = supernet.stateFor(genotype, 0), held = split) =>
      evaluateInherited(session, { task, split: held, space, genotype, supernet: state, batch: 16, seed: 0 });
    const first = evaluate();
    assertEquals(first.count, 48);
    assertEquals(evaluate(), first);
    // A head fitted to features of a body that has learnt is far from guessing.
    assert(first.accuracy > 0.3, `${first.accuracy}`);
    const flat = new Map([...supernet.stateFor(genotype, 0)].map(([name, tensor]) => [
      name,
      name.startsWith("stem.0") ? { ...tensor, data: new Float32Array(tensor.data.length).fill(1e-3) } : tensor,
    ]));
    assert(evaluate(flat).loss !== first.loss);
    assertEquals(evaluate(undefined, { ...split, validation: [split.validation[0]!.slice(0, 5)] }).count, 5);
  }));
