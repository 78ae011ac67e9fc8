import { basename } from "node:path";
import type { RankedAccuracies } from "../spaces/mod.ts";
import type { PipelineEvent } from "../stages/mod.ts";
import { type CountProgress, createProgress, formatDuration, harmless, harmlessJson } from "../text/mod.ts";
import { writeAnswer, writeRemark } from "./streams.ts";

/** Where a command says what: the answer on standard output, everything else on standard error. */
export interface Terminal {
  /** Whether the answer is one JSON document. */
  readonly json: boolean;
  /** Gives the answer, in the form asked for. */
  answer(document: unknown, text: () => string): void;
  /** Gives a piece of an answer that comes bit by bit, as it is. */
  write(text: string): void;
  /** Says in one line what went wrong while the rest goes on; not even `--quiet` hides it. */
  warn(line: string): void;
  /** Says something that is not the answer. */
  say(text: string): void;
  /** Shows what a pipeline tells. */
  show(event: PipelineEvent): void;
  /** Shows how far counted work has come. */
  count(update: CountProgress): void;
  /** Takes the progress display away. */
  done(): void;
}

/**
 * Connects a command with the terminal.
 *
 * @param options `json`: one JSON document on standard output; `quiet`: no progress.
 * @returns The terminal.
 */
export function openTerminal({ json, quiet }: { json: boolean; quiet: boolean }): Terminal {
  const progress = createProgress({ quiet, json, write: writeRemark });
  return {
    json,
    answer(document, text) {
      // The live line stands where the answer is to be.
      progress.done();
      writeAnswer(`${json ? harmlessJson(document) : harmless(text())}\n`);
    },
    write(text) {
      progress.done();
      writeAnswer(harmless(text));
    },
    warn(line) {
      progress.done();
      writeRemark(`${harmless(line)}\n`);
    },
    say: (text) => progress.line(text),
    show(event) {
      if (event.type === "stage") progress.line(event.text);
      else if (event.type === "run") progress.line(describeRun(event));
      else if (event.type === "import") progress.update(describeImport(event));
      else if (event.type === "count") {
        const { stage, done, total, unit } = event;
        progress.update({ stage, done, total, unit });
      } else if (event.type === "step") {
        const { stage, epoch, epochs, step, steps, loss } = event;
        progress.update({ stage, epoch, epochs, step, steps, loss });
      } else progress.line(describeEpoch(event));
    },
    count: (update) => progress.update(update),
    done: () => progress.done(),
  };
}

function describeImport({ name, phase, done, total }: Extract<PipelineEvent, { type: "import" }>): CountProgress {
  const what = phase === "measure" ? "measuring" : "importing";
  return { stage: `${what} ${basename(name)}`, done, total, unit: "images" };
}

function describeEpoch({ stage, epochs, record }: Extract<PipelineEvent, { type: "epoch" }>): string {
  const { epoch, trainLoss, trainAccuracy, validLoss, validAccuracy, seconds } = record;
  const valid = validLoss === undefined || validAccuracy === undefined
    ? ""
    : `, validation loss ${validLoss.toFixed(3)}, accuracy ${percent(validAccuracy)}`;
  const train = `loss ${trainLoss.toFixed(3)}, accuracy ${percent(trainAccuracy)}`;
  const each = record.datasets?.map(({ name, validAccuracy }) => `${name} ${percent(validAccuracy)}`);
  const parts = each === undefined ? "" : `\n  ${each.join(", ")}`;
  const published = record.nasbench201 === undefined
    ? ""
    : `\n  derived cell as published: ${describePublished(record.nasbench201)}`;
  return `${stage} epoch ${Number(epoch.toFixed(2))}/${epochs}: ${train}${valid} (${
    seconds.toFixed(0)
  } s)${parts}${published}`;
}

/** What was published of an architecture, in words. */
export function describePublished({ cifar10, cifar100, imagenet16, rank }: RankedAccuracies): string {
  const [first, second, third] = [cifar10, cifar100, imagenet16].map((accuracy) => `${accuracy.toFixed(2)} %`);
  return `CIFAR-10 ${first}, CIFAR-100 ${second}, ImageNet16-120 ${third}, rank ${rank}`;
}

function describeRun({ index, runs, target, arm, seed, secondsLeft }: Extract<PipelineEvent, { type: "run" }>): string {
  const left = secondsLeft === undefined ? "" : `, about ${formatDuration(secondsLeft)} left in all`;
  return `run ${index}/${runs}: ${target}, ${arm}, seed ${seed}${left}`;
}

/** A share as a percentage. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
