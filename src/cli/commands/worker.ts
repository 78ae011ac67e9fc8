import { Interrupted } from "../../run/mod.ts";
import { isEnded, withoutPassword } from "../../queue/mod.ts";
import type { Command } from "../command.ts";
import { OUTPUT_FLAGS } from "../common_flags.ts";
import { UsageError } from "../flags.ts";
import { checkMayStart } from "../launch.ts";
import { runWorkers, trialSettings } from "../study_workers.ts";
import { openPlaces, QUEUE_FLAG, STORE_FLAG } from "../study_places.ts";
import { WORKER_FLAGS } from "./sweep.ts";

/** `worker`: runs trials of a queue. */
export const workerCommand: Command = {
  name: "worker",
  summary:
    "Runs trials of a queue, and rounds of a pretraining, on as many machines as there are; Ctrl-C saves what it is at and gives it back.",
  basic: ["queue", "store", "out", "workers", "until-empty", "threads", "lease", "fast", "json"],
  examples: [
    "deno task worker --queue folder:/shared/study/queue --out /shared/study",
    "deno task worker --queue folder:/shared/study/queue --out /shared/study --threads 4 --until-empty",
    "deno task worker:net --store s3://results/study --out runs/worker",
  ],
  flags: {
    queue: QUEUE_FLAG,
    out: { kind: "text", value: "DIR", help: "folder of the results, which all workers share; with --store its own" },
    store: STORE_FLAG,
    workers: { kind: "integer", from: 1, to: 64, help: "trials at once", default: 1 },
    "until-empty": { kind: "switch", help: "end when no trial waits or runs" },
    ...WORKER_FLAGS,
    ...OUTPUT_FLAGS,
  },
  async run({ values, commands, terminal }) {
    if (values.out === undefined) throw new UsageError("--out is missing: expected the folder of the results");
    await using places = await openPlaces(values);
    const { queue, store, leaseSeconds } = places;
    checkMayStart("worker");
    const isStopped = await runWorkers(queue, {
      out: values.out.toString(),
      store,
      workers: Number(values.workers ?? 1),
      ...trialSettings(values),
      leaseSeconds,
      commands: await commands(),
      isDone: values.untilEmpty === true
        ? async () => (await queue.list()).every(({ state }) => isEnded(state))
        : undefined,
      say: terminal.say,
    });
    if (isStopped) throw new Interrupted("Interrupted: trials that were running are saved and given back.");
    terminal.answer({ queue: withoutPassword(queue.url) }, () => "Nothing is left to do.");
  },
};
