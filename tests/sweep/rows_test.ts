import { assertEquals } from "@std/assert";
import { rowsOfTrials } from "../../src/sweep/rows.ts";
import { jobOfTrial } from "../../src/sweep/trial.ts";

Deno.test("a trial that the queue does not know waits, a finished one has its figures", () => {
  const trialOf = (id: string) => ({ id, command: "search", settings: { seed: 1 }, inputs: {}, version: "1" });
  const [a, b] = [trialOf("ta"), trialOf("tb")];
  const status = {
    job: jobOfTrial(b),
    state: "finished",
    attempts: 2,
    worker: "w",
    outcome: { testAccuracy: 0.5 },
  } as const;
  const [first, second] = rowsOfTrials([a, b], [status], "out");
  assertEquals([first!.id, first!.state, first!.attempts], ["ta", "waiting", 0]);
  assertEquals([second!.state, second!.testAccuracy, second!.folder], ["finished", 0.5, "out/trials/tb"]);
});
