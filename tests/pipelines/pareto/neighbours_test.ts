import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { checkNeighbours, openNeighbour } from "../../../src/pipelines/pareto/neighbours.ts";
import type { Task } from "../../../src/tasks/mod.ts";
import { inTrained } from "../_folder.ts";

Deno.test("openNeighbour() opens a finished run, and checkNeighbours() refuses one of other images", () =>
  inTrained(async ({ folder, data, trained, result }) => {
    const found = await openNeighbour(trained);
    assertEquals([found.folder, found.result.testAccuracy], [trained, result.testAccuracy]);
    const { fingerprint, space: { height, width } } = found.model;
    const task = { datasets: [{ fingerprint }], height, width } as unknown as Task;
    checkNeighbours([found], task);
    for (const other of [{ ...task, height: 9 }, { ...task, datasets: [{ fingerprint: "other" }] }]) {
      assertThrows(() => checkNeighbours([found], other as unknown as Task), Error, `of ${data}`);
    }
    await assertRejects(() => openNeighbour(`${folder}/absent`), Error, "absent");
    await Deno.remove(`${trained}/result.json`);
    await assertRejects(() => openNeighbour(trained), Error, "expected a finished run");
  }));
