import { assert, assertEquals } from "@std/assert";
import { Engine } from "../../src/engine/mod.ts";
import { DARTS_TRAINING } from "../../src/search/mod.ts";
import { makeSpace, randomGenotype } from "../../src/spaces/mod.ts";
import type { Session } from "../../src/stages/session.ts";
import { timeTraining } from "../../src/stages/time_training.ts";
import { openTask } from "../../src/tasks/mod.ts";
import { writeDigits } from "../pipelines/_digits.ts";

Deno.test("timeTraining() times some steps, and leaves no network behind", async () => {
  const folder = await Deno.makeTempDir();
  const engine = await Engine.start({ build: "strict", threads: 1 });
  try {
    await writeDigits(folder, { step: 1 });
    const task = await openTask(engine, [folder]);
    const { height, width, channels: inputChannels, classes: { length: classes } } = task;
    const space = makeSpace(
      { name: "darts", classes, inputChannels, height, width },
      { channels: 4, cells: 3, nodes: 2 },
    );
    const session = { engine, memoryBytes: undefined } as unknown as Session;
    for (const batch of [16, 96]) {
      const { epochs, secondsPerEpoch, end } = timeTraining(session, {
        task,
        space,
        genotype: randomGenotype(1, space),
        settings: { ...DARTS_TRAINING, epochs: 7, batch },
        auxiliaryWeight: 0,
        augment: {},
        seed: 1,
      });
      assertEquals(epochs, 7);
      // An epoch of a single step leaves none to be timed.
      assert(batch === 96 ? secondsPerEpoch === 0 : secondsPerEpoch > 0 && secondsPerEpoch < 60, `${secondsPerEpoch}`);
      assert(end >= 1 && end < 60, `${end}`);
    }
  } finally {
    engine.close();
    await Deno.remove(folder, { recursive: true });
  }
});
