import { median } from "../median.ts";
import type { Outcome, Participant } from "./participant.ts";

/** A line of the table. */
export interface Row {
  work: string;
  ours: string;
  /** The best peer, and which one. */
  peer: string;
  /** What is compared with the aim. */
  ratio?: number;
  /** The aim in words. */
  toReach: string;
  /** Whether it is reached; unknown without a peer. */
  isReached?: boolean;
}

/** A part of the table: what is measured in turns, and what follows from it. */
export interface Part {
  /** For `--only`, and the key in the JSON file. */
  name: string;
  measure(context: Context): Promise<Measured>;
}

/** What parts are given. */
export interface Context {
  /** Runs of each participant. */
  runs: number;
  /** Folder for files that pass between processes. */
  folder: string;
  alternate(participants: readonly Participant[], rounds: number): Promise<Record<string, Outcome>>;
  note(text: string): void;
}

/** What a part gives. */
export interface Measured {
  rows: Row[];
  /** Every single run, for the JSON file. */
  outcomes: Record<string, Outcome>;
}

/** Median seconds of a participant; undefined if it is absent or has ended before its last run. */
export function secondsOf(outcome: Outcome | undefined): number | undefined {
  return outcome && outcome.absent === undefined && outcome.runs.length > 0
    ? median(outcome.runs.map(({ seconds }) => seconds))
    : undefined;
}

/** The fastest of some participants by median. */
export function fastest(
  outcomes: Record<string, Outcome>,
  names: readonly string[],
): { name: string; seconds: number } | undefined {
  const known = names.flatMap((name) => {
    const seconds = secondsOf(outcomes[name]);
    return seconds === undefined ? [] : [{ name, seconds }];
  });
  return known.sort((a, b) => a.seconds - b.seconds)[0];
}

/**
 * A row that wants us to be so many times as fast as the best of some peers.
 *
 * @param outcomes What was measured.
 * @param row Its name, our participant, the peers, and the factor to reach.
 */
export function timesAsFast(
  outcomes: Record<string, Outcome>,
  { work, ours, peers, factor }: { work: string; ours: string; peers: readonly string[]; factor: number },
): Row {
  const [own, best] = [secondsOf(outcomes[ours]), fastest(outcomes, peers)];
  const row = {
    work,
    ours: describe(own, outcomes[ours]),
    peer: best
      ? `${formatSeconds(best.seconds)} ${best.name}${layoutOf(best.name, outcomes[best.name])}`
      : `none: ${outcomes[peers[0]!]?.absent ?? "not measured"}`,
    toReach: factor === 1 ? "ahead" : `≥ ${factor}×`,
  };
  if (own === undefined || !best) return row;
  const ratio = best.seconds / own;
  return { ...row, ratio, isReached: factor === 1 ? ratio > 1 : ratio >= factor };
}

/** A row about two of our own participants: how many times as long `longer` takes. */
export function timesAsLong(
  outcomes: Record<string, Outcome>,
  { work, longer, shorter, atLeast, atMost }: {
    work: string;
    longer: string;
    shorter: string;
    atLeast?: number;
    atMost?: number;
  },
): Row {
  const [long, short] = [secondsOf(outcomes[longer]), secondsOf(outcomes[shorter])];
  const ours = `${describe(short, outcomes[shorter])}, ${describe(long, outcomes[longer])}`;
  const row = { work, ours, peer: "", toReach: atLeast ? `≥ ${atLeast}×` : `≤ ${atMost}×` };
  if (long === undefined || short === undefined) return row;
  const ratio = long / short;
  return { ...row, ratio, isReached: ratio >= (atLeast ?? 0) && ratio <= (atMost ?? Infinity) };
}

/** The layout that a peer has chosen, if its name does not tell it. */
function layoutOf(name: string, outcome: Outcome | undefined): string {
  const layout = outcome?.about.layout;
  return typeof layout === "string" && !name.includes(layout) ? `, ${layout}` : "";
}

function describe(seconds: number | undefined, outcome: Outcome | undefined): string {
  return seconds === undefined ? `failed: ${outcome?.absent ?? "not measured"}` : formatSeconds(seconds);
}

/** Seconds, or milliseconds if they are few. */
export function formatSeconds(seconds: number): string {
  return seconds < 0.1 ? `${(1000 * seconds).toPrecision(3)} ms` : `${seconds.toPrecision(3)} s`;
}

/** The table as text. */
export function drawTable(rows: readonly Row[]): string {
  const verdict = ({ isReached }: Row) => isReached === undefined ? "?" : isReached ? "yes" : "no";
  const lines = [
    ["work", "ours", "best peer", "ratio", "to reach", "reached"],
    ...rows.map((row) => [
      row.work,
      row.ours,
      row.peer,
      row.ratio === undefined ? "" : row.ratio.toPrecision(3),
      row.toReach,
      verdict(row),
    ]),
  ];
  const widths = lines[0]!.map((_, i) => Math.max(...lines.map((line) => line[i]!.length)));
  lines.splice(1, 0, widths.map((width) => "-".repeat(width)));
  return lines.map((line) => `| ${line.map((cell, i) => cell.padEnd(widths[i]!)).join(" | ")} |`).join("\n");
}
