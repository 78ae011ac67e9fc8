import type { DemoResult } from "../compare/mod.ts";
import { isEntryResult, type RunResult } from "../stages/mod.ts";
import { adviseOn } from "./advice.ts";
import { formatCount, formatPoints, formatShare, nameOf } from "./words.ts";
import { formatDuration } from "../text/mod.ts";

/** What a run comes to, in words. */
export interface Verdict {
  /** The sentence that says it all. */
  readonly headline: string;
  /** What there is, where it comes from, how it got there. */
  readonly sentences: readonly string[];
  /** What went wrong, and which flag helps. */
  readonly warnings: readonly string[];
  /** Commands that go on from here. */
  readonly next: readonly string[];
}

/** What stands for the folder of a run that is not known. */
const SOME_RUN = "RUN";

/**
 * Judges a run.
 *
 * @param result Its result.
 * @param folder Its folder, for the commands that go on from it.
 * @returns The verdict.
 */
export function judgeRun(result: RunResult, folder = SOME_RUN): Verdict {
  return {
    headline: headlineOf(result),
    sentences: [describeNetwork(result), describeOrigin(result), describeWay(result)].filter((text) => text !== ""),
    warnings: adviseOn(result),
    next: nextCommands(result, folder),
  };
}

function headlineOf({ testAccuracy, validAccuracy, seconds, data }: RunResult): string {
  const time = formatDuration(seconds);
  const datasets = data.split(",").length;
  const mean = datasets > 1 ? `, mean of ${datasets} datasets` : "";
  if (testAccuracy !== undefined) return `${formatShare(testAccuracy)} on images it has never seen${mean}, in ${time}`;
  if (validAccuracy !== undefined) return `${formatShare(validAccuracy)} on held-out images${mean}, in ${time}`;
  return `Done in ${time}`;
}

function describeNetwork({ testAccuracy, parameters, macs }: RunResult): string {
  const size = `${formatCount(parameters)} parameters and ${formatCount(macs)} multiply-adds an image`;
  if (testAccuracy !== undefined) return `The network has ${size}.`;
  return `That is the supernet's figure. The network chosen inside it has ${size}, and is not trained yet.`;
}

const TAKEN: Readonly<Record<string, string>> = {
  both: "weights and architecture prior",
  weights: "weights, not the architecture prior",
  alpha: "architecture prior, not the weights",
};

/** Where a network comes from, and why from there. */
function describeOrigin(result: RunResult): string {
  const { command, source, prior } = result as RunResult & Partial<Record<"source" | "prior", string>>;
  if (command === "search" || prior === "none") return "It was searched from scratch: nothing was taken over.";
  if (source === undefined) return "";
  const what = command === "traditional" ? "network of the entry" : "supernet";
  const taken = prior === undefined ? "" : `, with its ${TAKEN[prior] ?? prior}`;
  return `It grew from the ${what} ${nameOf(source)}${taken}: ${describeChoice(result)}.`;
}

function describeChoice(result: RunResult): string {
  const { sourceChoice, sourceRanking = [] } = result as RunResult & {
    sourceChoice?: string;
    sourceRanking?: readonly { readonly name: string; readonly distance: number }[];
  };
  if (sourceChoice === "random") return "one drawn by the seed";
  const [nearest, next] = sourceRanking;
  if (nearest === undefined) return "the one that was asked for";
  const among = next === undefined
    ? "the only one"
    : `the nearest of ${sourceRanking.length}${sourceChoice === "single" ? " with a single dataset" : ""}`;
  const distances = next === undefined
    ? ""
    : ` (${nearest.distance.toFixed(0)}; next is ${next.name} with ${next.distance.toFixed(0)})`;
  return `${among} in the zoo by the distance between datasets${distances}`;
}

/** What was reached on the way: the fitted head, the supernet. */
function describeWay({ command, start, validAccuracy, testAccuracy }: RunResult): string {
  const fitted = start?.validAccuracy;
  const parts = [
    ...(fitted === undefined ? [] : [`a fitted head alone was right on ${formatShare(fitted)}`]),
    ...(validAccuracy === undefined || testAccuracy === undefined
      ? []
      : [`the ${command === "traditional" ? "finetuned network" : "supernet"} on ${formatShare(validAccuracy)}`]),
  ];
  return parts.length === 0 ? "" : `On held-out images ${parts.join(", ")}.`;
}

function nextCommands(result: RunResult, folder: string): string[] {
  const { command } = result;
  const entry = isEntryResult(result) ? result.card.name : "NAME";
  if (command === "search") return [`deno task train --from ${folder}`];
  if (command === "pretrain") return [`deno task transfer --source ${entry} --target DATASET`];
  if (command === "zoo derive") return [`deno task rootstock traditional --source ${entry} --target DATASET`];
  return [`deno task predict --from ${folder} photo.png`, `deno task eval --from ${folder}`];
}

/**
 * Judges a demonstration: both arms, whichever is ahead.
 *
 * @param result Its result.
 * @param folder Its folder.
 * @returns The verdict.
 */
export function judgeDemo({ arms }: DemoResult, folder = SOME_RUN): Verdict {
  const [transfer, scratch] = arms as [DemoResult["arms"][number], DemoResult["arms"][number]];
  const { headline, sentences } = judgeRun(transfer.result);
  return {
    headline,
    sentences: [compareArms(transfer.result, scratch.result), ...sentences].filter((text) => text !== ""),
    warnings: arms.flatMap(({ arm, result }) => adviseOn(result).map((advice) => `${capitalise(arm)}: ${advice}`)),
    next: nextCommands(transfer.result, `${folder}/${transfer.arm}`),
  };
}

/** Both arms in a sentence or two, whichever is ahead. */
function compareArms(transfer: RunResult, scratch: RunResult): string {
  if (transfer.testAccuracy === undefined || scratch.testAccuracy === undefined) return "";
  const lead = transfer.testAccuracy - scratch.testAccuracy;
  const times = scratch.seconds / transfer.seconds;
  const pace = times >= 1 ? `${times.toFixed(1)} times as fast` : `${(1 / times).toFixed(1)} times as slow`;
  const stand = Math.abs(lead) < 0.0005 ? "level" : `${formatPoints(lead)} ${lead > 0 ? "ahead" : "behind"}`;
  return `A search from scratch, with the same epochs: ${formatShare(scratch.testAccuracy)}, in ` +
    `${formatDuration(scratch.seconds)}. The transfer is ${stand} and ${pace}, with one seed.`;
}

function capitalise(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
