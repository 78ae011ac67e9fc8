import { assert, assertEquals } from "@std/assert";
import { makeSpace, randomGenotype } from "../../src/spaces/mod.ts";
import { INFERENCE_TIMING, timeInference } from "../../src/stages/time_inference.ts";
import { openTask } from "../../src/tasks/mod.ts";
import { inDigits } from "../pipelines/_folder.ts";
import { startSession } from "./_session.ts";

Deno.test("timeInference() tells networks of very different sizes apart, more of them than fit in memory at once", () =>
  inDigits(async (folder, data) => {
    await using session = await startSession("pareto", `${folder}/run`);
    const { train: images, height, width, channels: inputChannels, classes } = await openTask(session.engine, [data]);
    const basis = { name: "darts", classes: classes.length, inputChannels, height, width } as const;
    const network = (channels: number) => {
      const space = makeSpace(basis, { channels, cells: 3, nodes: 2 });
      return { space, genotype: randomGenotype(1, space) };
    };
    const times = timeInference(session, [network(4), network(96)], { ...INFERENCE_TIMING, images });
    assert(times.every((milliseconds) => milliseconds > 0));
    assert(4 * times[0]! < times[1]!, `${times}`);
    const many = Array.from({ length: 35 }, () => network(4));
    assertEquals(timeInference(session, many, { batch: 3, passes: 1, images }).length, 35);
    assertEquals(timeInference(session, [], { batch: 1, passes: 1, images }), []);
  }, { step: 1 }));
