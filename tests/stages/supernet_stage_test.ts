import { assertEquals } from "@std/assert";
import { inDigits } from "../pipelines/_folder.ts";
import { runSearch, timeless } from "../pipelines/_runs.ts";

Deno.test("runSupernetStage() gives the same with a bound on memory", () =>
  inDigits(async (folder, data) => {
    const free = await runSearch(`${folder}/free`, { data });
    const bound = await runSearch(`${folder}/bound`, { data }, { memoryBytes: 20 * 2 ** 20 });
    assertEquals(timeless(bound), timeless(free));
  }));

Deno.test("runSupernetStage() depends on the seed", () =>
  inDigits(async (folder, data) => {
    const [one, two] = [
      await runSearch(`${folder}/1`, { data, seed: 1 }),
      await runSearch(`${folder}/2`, { data, seed: 2 }),
    ];
    assertEquals(one.curve[0]!.trainLoss === two.curve[0]!.trainLoss, false);
  }));
