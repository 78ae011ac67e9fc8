import { isDemoResult } from "../compare/mod.ts";
import { type ListedRun, openRun, type RunEvent, type Settings } from "../run/mod.ts";
import { isRunResult, type RunResult } from "../stages/mod.ts";
import { formatShare, nameOf } from "./words.ts";
import { formatDuration } from "../text/mod.ts";

/** What a list tells of a run. Plain JSON data. */
export interface RunSummary extends ListedRun {
  /** Dataset, as the user named it. */
  readonly data?: string | undefined;
  /** Share of images that are right, 0 to 1: of test images, or of held-out ones where none were tested. */
  readonly accuracy?: number | undefined;
  /** Which images these are. */
  readonly images?: "test" | "held-out" | undefined;
  /** Parameters of the network. */
  readonly parameters?: number | undefined;
  /** Seconds worked. */
  readonly seconds?: number | undefined;
}

/**
 * Summarises a run of a list: one that is finished by its result, another by its history so far.
 *
 * @param listed The run.
 * @returns What can be said of it. A demonstration is told by its transfer.
 * @throws {RunError} If one of its files is damaged.
 */
export async function summariseRun(listed: ListedRun): Promise<RunSummary> {
  const { configuration, result, events } = await openRun(listed.path);
  const data = dataOf(configuration);
  if (isDemoResult(result)) {
    const transfer = result.arms[0];
    return { ...listed, data, ...(transfer && figuresOf(transfer.result)), seconds: result.seconds };
  }
  if (isRunResult(result)) return { ...listed, data, ...figuresOf(result) };
  const seconds = (result as { seconds?: unknown } | undefined)?.seconds;
  if (result !== undefined) return { ...listed, data, seconds: typeof seconds === "number" ? seconds : undefined };
  return { ...listed, data, ...progressOf(await events()) };
}

function dataOf({ target, data, targets }: Settings): string | undefined {
  const found = target ?? data ?? targets;
  return typeof found === "string" ? found : Array.isArray(found) ? found.join(",") : undefined;
}

function figuresOf({ testAccuracy, validAccuracy, parameters, seconds }: RunResult): Partial<RunSummary> {
  const accuracy = testAccuracy ?? validAccuracy;
  const images = accuracy === undefined ? undefined : testAccuracy === undefined ? "held-out" : "test";
  return { accuracy, images, parameters, seconds };
}

/** What the last lines of a history say. */
function progressOf(events: readonly RunEvent[]): Partial<RunSummary> {
  const numbers = (name: string) => events.flatMap(({ [name]: value }) => typeof value === "number" ? [value] : []);
  const [accuracy, seconds] = [numbers("validAccuracy").at(-1), numbers("seconds").at(-1)];
  return { accuracy, images: accuracy === undefined ? undefined : "held-out", seconds };
}

/**
 * Sets runs in a table.
 *
 * @param runs The runs, in their order.
 * @param now Milliseconds since 1970, from which ages count.
 * @returns Rows; the first holds the headings.
 */
export function tabulateRuns(runs: readonly RunSummary[], now: number): string[][] {
  return [
    ["run", "command", "data", "state", "accuracy", "images", "parameters", "time", "age"],
    ...runs.map(({ path, command, data, state, accuracy, images, parameters, seconds, touchedAt }) => [
      path,
      command,
      data === undefined ? "" : nameOf(data),
      state,
      accuracy === undefined ? "" : formatShare(accuracy),
      images ?? "",
      parameters?.toLocaleString("en") ?? "",
      seconds === undefined ? "" : formatDuration(seconds),
      formatDuration((now - touchedAt) / 1000),
    ]),
  ];
}
