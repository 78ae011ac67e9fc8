import { assert, assertEquals, assertRejects } from "@std/assert";
import { Interrupted } from "../../src/run/mod.ts";
import { registerMethod } from "../../src/search/mod.ts";
import type { DartsSpace } from "../../src/spaces/darts/space.ts";
import type { Space } from "../../src/spaces/mod.ts";
import { openSource } from "../../src/zoo/mod.ts";
import { inDigits } from "../pipelines/_folder.ts";
import { runSearch, runTransfer, timeless } from "../pipelines/_runs.ts";
import { PRUNING, SINGLE_LEVEL } from "../search/methods/_toys.ts";

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

Deno.test("runSupernetStage() lets a method shrink the space, and goes on after interruptions to the same end", () =>
  inDigits(async (folder, data) => {
    registerMethod(PRUNING);
    const options = { data, search: { method: "pruning", epochs: 3, head: "refitted" } } as const;
    const whole = await runSearch(`${folder}/whole`, options);
    const { candidates } = whole.space as DartsSpace;
    assert([...candidates!.normal, ...candidates!.reduce].every(({ length }) => length === 2));
    const out = `${folder}/interrupted`;
    // In the epoch before the space shrinks, at its end, and in the one after.
    for (const steps of [2, 3, 3, 1]) {
      let left = steps;
      const interrupt = {
        get requested() {
          return left === 0;
        },
      };
      const onEvent = () => void (left = Math.max(0, left - 1));
      await assertRejects(() => runSearch(out, options, { resume: true, interrupt, onEvent }), Interrupted);
    }
    const resumed = await runSearch(out, options, { resume: true, threads: 2 });
    assertEquals(timeless(resumed), timeless(whole));
    const [file, expected] = [out, `${folder}/whole`].map((run) => Deno.readFile(`${run}/supernet.safetensors`));
    assertEquals(await file, await expected);
    // The supernet of the run is the smaller one, and another transfer starts from it.
    assertEquals((await openSource(out)).space, whole.space as Space);
    const further = await runTransfer(`${folder}/further`, {
      target: data,
      source: { name: out },
      search: { method: "pruning" },
    });
    assertEquals(further.space, whole.space);
  }));

Deno.test("runSupernetStage() gives weights the share of the images that a method without alpha has for them", () =>
  inDigits(async (folder, data) => {
    registerMethod(SINGLE_LEVEL);
    const result = await runSearch(`${folder}/run`, { data, search: { method: "single-level" } });
    const events: { step?: number; steps?: number }[] = [];
    await runSearch(`${folder}/again`, { data, search: { method: "single-level" } }, {
      onEvent: (event) => void (event.type === "step" && events.push(event)),
    });
    // 96 images: nine tenths in batches of 16.
    assertEquals(events.length, Math.ceil(0.9 * 96 / 16));
    assertEquals(result.curve.length, 1);
  }));
