import { assertEquals } from "@std/assert";
import { Interrupted, mergeSettings } from "../../src/run/mod.ts";
import { demo, isDemoResult } from "../../src/compare/mod.ts";
import { TRANSFER_DEFAULTS, type TransferOptions } from "../../src/pipelines/mod.ts";
import type { SessionOptions } from "../../src/stages/mod.ts";
import { inDigits } from "../pipelines/_folder.ts";
import { runSearch, timeless } from "../pipelines/_runs.ts";
import { startSession } from "../stages/_session.ts";

Deno.test("demo() gives both arms the same budget, and goes on after an interruption in the second", () =>
  inDigits(async (folder, data) => {
    const source = `${folder}/source`;
    await runSearch(source, { data });
    const configuration = mergeSettings<TransferOptions>({ ...TRANSFER_DEFAULTS, target: data }, {
      source: { name: source },
      search: { epochs: 2, batch: 16, patience: 0 },
      training: { epochs: 1, batch: 16 },
    });
    const run = async (out: string, options: Partial<SessionOptions> = {}) => {
      await using session = await startSession("demo", out, { configuration, resume: true, ...options });
      return await demo(session, configuration);
    };
    const whole = await run(`${folder}/whole`);
    assertEquals(whole.arms.map(({ result }) => result.curve.length), [2, 2]);
    assertEquals([isDemoResult(whole), isDemoResult({ ...whole, arms: [{ arm: "transfer" }] })], [true, false]);

    let stages = 0;
    let isStopped = false;
    try {
      await run(`${folder}/stopped`, {
        onEvent: ({ type }) => void (stages += Number(type === "stage")),
        interrupt: {
          get requested() {
            return stages === 3;
          },
        },
      });
    } catch (error) {
      isStopped = error instanceof Interrupted;
    }
    assertEquals(isStopped, true);
    const resumed = await run(`${folder}/stopped`);
    assertEquals(
      timeless(resumed.arms.map(({ result }) => result.curve)),
      timeless(whole.arms.map(({ result }) => result.curve)),
    );
  }));
