import { assertEquals, assertMatch, assertNotEquals, assertRejects } from "@std/assert";
import { COMMANDS } from "../../src/cli/commands/mod.ts";
import { canonicalOf, keepStudy, readKeptStudy, trialChecker, trialsOf } from "../../src/cli/study_trials.ts";
import { RunError } from "../../src/run/mod.ts";
import type { Study } from "../../src/sweep/mod.ts";
import { writeDigits } from "../pipelines/_digits.ts";

const commandOf = (name: string) => COMMANDS.find((command) => command.name === name)!;

Deno.test("settings that say the same are the same: presets are written out, defaults left out", () => {
  const transfer = commandOf("transfer");
  assertEquals(
    canonicalOf({ target: "a", preset: "quick" }, transfer),
    canonicalOf({ target: "a", epochs: 2, alphaEvery: 2, trainEpochs: 8, prior: "both" }, transfer),
  );
  assertNotEquals(canonicalOf({ prior: "none" }, transfer), canonicalOf({}, transfer));
});

Deno.test("a trial changes its name with the data, and a worker with other data refuses it", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const data = `${folder}/few-digits`;
    await writeDigits(data);
    const study: Study = { command: "search", settings: { data }, grid: {}, paired: [], repeats: 2, constraints: [] };
    const make = () => trialsOf(study, commandOf("search"), { cache: `${folder}/cache` });
    const [first, second] = await make();
    assertEquals([first!.settings.seed, second!.settings.seed, (await make())[0]!.id], [0, 1, first!.id]);
    // A worker lives for days: data that is replaced meanwhile is found.
    const check = trialChecker(COMMANDS);
    assertEquals(await check(first!), undefined);
    await Deno.remove(data, { recursive: true });
    await writeDigits(data, { train: 97 });
    assertNotEquals((await make())[0]!.id, first!.id);
    assertMatch((await check(first!))!, /^data .*few-digits is not the same on this machine/);
    assertMatch((await check({ ...first!, version: "0.0.1" }))!, /^it is of version 0\.0\.1/);
    await keepStudy(folder, { command: "search", queue: "folder:q", trials: [first!] });
    assertEquals((await readKeptStudy(folder)).trials, [JSON.parse(JSON.stringify(first))]);
    await assertRejects(() => readKeptStudy(data), RunError, "found no study.json");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
