import { type EpochRecord, type RunResult, wordFor } from "../stages/mod.ts";
import { printable } from "../data/mod.ts";
import { formatShare } from "./words.ts";
import { formatDuration } from "../text/mod.ts";

/** Differences below a point may be due to the images: held-out and test images are not the same. */
const TOLERANCE = 0.01;
/** A training whose first epoch has so many times the loss of guessing began with weights that were in its way. */
const BAD_START = 2;
/** A network that is right on this share of its own training images has learnt what it can from them. */
const LEARNT = 0.97;

/**
 * Says where a run got worse instead of better, and which flag helps. A program that only shows its best figure misleads.
 *
 * @param result Result of a run.
 * @returns A paragraph for each finding; none if all went well, or if there is nothing to compare.
 */
export function adviseOn(result: RunResult): string[] {
  const all = [adviseOnPictures(result), adviseOnTime(result), adviseOnSearch(result), adviseOnNetwork(result)];
  return all.filter((advice) => advice !== undefined);
}

/** The loss of guessing among the classes of a run, in nats; undefined if it does not tell their number. */
export function guessingLoss({ space, data }: RunResult): number | undefined {
  const { classes } = (space ?? {}) as { classes?: unknown };
  const isOne = !data.includes(",");
  return isOne && typeof classes === "number" && classes > 1 ? Math.log(classes) : undefined;
}

/** Pictures that are not among the images. */
function adviseOnPictures({ unreadable, data }: RunResult): string | undefined {
  const [first] = unreadable?.pictures ?? [];
  if (unreadable === undefined || first === undefined) return undefined;
  const { count } = unreadable;
  const what = count === 1
    ? "A picture was left out: it cannot be read"
    : `${count.toLocaleString("en")} pictures were left out: they cannot be read`;
  const example = printable(`${first.name}: ${first.reason}`);
  return `${what} (${count === 1 ? "" : "such as "}${example}). All of them: deno task data inspect ${printable(data)}`;
}

/** A run that a time limit cut short. */
function adviseOnTime({ timeLimit }: RunResult): string | undefined {
  if (!timeLimit?.isCut) return undefined;
  const parts = timeLimit.cuts.map(({ stage, planned, epochs }) =>
    `${Number(epochs.toFixed(2))} of ${planned} epochs of the ${wordFor(stage)}`
  );
  return `The time limit of ${formatDuration(timeLimit.seconds)} was enough for ${parts.join(" and ")}: another run ` +
    "may get further or less far. Give it more with --time-limit.";
}

/** A supernet that its finetuning or search made worse. */
function adviseOnSearch({ start, validAccuracy }: RunResult): string | undefined {
  const fitted = start?.validAccuracy;
  if (fitted === undefined || validAccuracy === undefined || validAccuracy >= fitted - TOLERANCE) return undefined;
  return `The supernet got worse while it learnt: ${formatShare(validAccuracy)} of the held-out images at the end, ` +
    `${
      formatShare(fitted)
    } with a fitted head alone. Try smaller steps with a lower --learning-rate, or more of them with --epochs.`;
}

/** A trained network that is worse than what it comes from. */
function adviseOnNetwork(result: RunResult): string | undefined {
  const { command, start, validAccuracy, testAccuracy } = result;
  if (testAccuracy === undefined) return undefined;
  const [network, origin] = command === "traditional"
    ? ["trained network", "it was after its finetuning"]
    : ["derived network", "the supernet was"];
  const rivals = [[origin, validAccuracy], ["the fitted head alone was", start?.validAccuracy]] as const;
  const better = rivals.filter(([, accuracy]) => accuracy !== undefined && accuracy > testAccuracy + TOLERANCE);
  if (better.length === 0) return undefined;
  const than = better.map(([name, accuracy]) => `${name} (${formatShare(accuracy!)} of the held-out images)`);
  return `The ${network} is worse than ${than.join(" and than ")}: ${formatShare(testAccuracy)} of the test images. ` +
    remedyOf(result);
}

/** What can be changed about a training, by what its curve looks like. */
function remedyOf(result: RunResult): string {
  const { command, trainCurve = [] } = result;
  const [first, last] = [trainCurve[0], trainCurve.at(-1)];
  if (first === undefined || last === undefined) return "Try more epochs with --train-epochs.";
  const guess = guessingLoss(result);
  if (command === "transfer" && guess !== undefined && first.trainLoss > BAD_START * guess) {
    return `Its training began far worse than guessing (loss ${first.trainLoss.toPrecision(3)}, guessing ${
      guess.toPrecision(2)
    }), so the weights that it inherited were a bad start: try --inherit none.`;
  }
  if (last.trainAccuracy < LEARNT) return adviseMoreEpochs(trainCurve, last);
  return `It is right on ${
    formatShare(last.trainAccuracy)
  } of its training images already, so more of the same is of ` +
    "little use: vary them more with --cutout, or finetune longer with --epochs.";
}

function adviseMoreEpochs({ length }: readonly EpochRecord[], { trainAccuracy }: EpochRecord): string {
  const epochs = length === 1 ? "one epoch" : `${length} epochs`;
  return `After ${epochs} of training it was right on only ${formatShare(trainAccuracy)} of its own training images: ` +
    `give it more with --train-epochs ${suggestedEpochs(length)}.`;
}

/** Three times as many, but never so few that nothing can come of it. */
function suggestedEpochs(length: number): number {
  return Math.max(10, 3 * length);
}
