import { harmless } from "./harmless.ts";
import { formatDuration } from "./duration.ts";

/** How far work has come: the epochs of a stage, or things that are counted. */
export type ProgressUpdate = EpochProgress | CountProgress;

/** How far a stage that learns has come. */
export interface EpochProgress {
  /** Name of the stage, such as `search`. */
  readonly stage: string;
  /** Epoch under way, from 1. */
  readonly epoch: number;
  /** Epochs of the stage. */
  readonly epochs: number;
  /** Steps done in this epoch. */
  readonly step: number;
  /** Steps of an epoch. */
  readonly steps: number;
  /** Loss of the last step or epoch, in nats. */
  readonly loss?: number | undefined;
  /** Accuracy, 0 to 1. */
  readonly accuracy?: number | undefined;
}

/** How far work has come that is done thing by thing. */
export interface CountProgress {
  /** What is done, such as `importing photos.zip`. */
  readonly stage: string;
  /** Things done. */
  readonly done: number;
  /** Things in all; unknown if left out. */
  readonly total?: number | undefined;
  /** What they are, such as `images`; bytes are shown as MB. */
  readonly unit: string;
}

/** What a user sees of work that is going on. */
export interface Progress {
  /** Shows how far the work has come. May be called at every step: what is shown changes a few times a second at most. */
  update(update: ProgressUpdate): void;
  /** Says something that stays on the screen. */
  line(text: string): void;
  /** Takes the live line away; to be called when the work has ended, well or not. */
  done(): void;
}

/** Where progress goes; all of it has defaults. */
export interface ProgressOptions {
  /** Show nothing at all. */
  readonly quiet?: boolean;
  /** Whether standard output carries a JSON document. Progress goes to standard error in any case. */
  readonly json?: boolean;
  /** Whether a line can be written over; whether standard error is a terminal, if left out. */
  readonly isTerminal?: boolean;
  /** Writes text; to standard error, if left out. */
  readonly write?: (text: string) => void;
  /** The time, in milliseconds. */
  readonly now?: () => number;
  /** Width of the terminal, in characters. */
  readonly columns?: () => number;
}

const LIVE_INTERVAL = 100;
const PLAIN_INTERVAL = 30_000;
const BAR_WIDTH = 20;
/** An estimate that grows by less than this is shown as it was. */
const PATIENCE = 1.25;
const ERASE_LINE = "\r\x1b[K";

/**
 * Shows progress on standard error: one live line on a terminal, plain lines now and then elsewhere.
 *
 * @param options Whether to be quiet; where to write.
 * @returns The display.
 */
export function createProgress(options: ProgressOptions = {}): Progress {
  if (options.quiet) return { update: () => {}, line: () => {}, done: () => {} };
  return new Display(options);
}

class Display implements Progress {
  readonly #isTerminal: boolean;
  readonly #write: (text: string) => void;
  readonly #now: () => number;
  readonly #columns: () => number;
  #estimate: Estimate | undefined;
  #lastShown = -Infinity;
  #hasLiveLine = false;

  constructor({ isTerminal, write, now, columns }: ProgressOptions) {
    this.#isTerminal = isTerminal ?? Deno.stderr.isTerminal();
    this.#write = write ?? writeToStandardError;
    this.#now = now ?? (() => performance.now());
    this.#columns = columns ?? terminalWidth;
  }

  update(update: ProgressUpdate): void {
    const now = this.#now();
    if (this.#estimate?.stage !== update.stage) {
      this.#estimate = new Estimate(update.stage, now, "unit" in update ? update.done : fractionOf(update));
      // A plain stage has been announced by a line already; its first report comes after an interval.
      if (!this.#isTerminal) this.#lastShown = now;
    }
    const isLast = fractionOf(update) >= 1;
    const interval = this.#isTerminal ? LIVE_INTERVAL : PLAIN_INTERVAL;
    if (now - this.#lastShown < interval && !(isLast && this.#isTerminal)) return;
    this.#lastShown = now;
    const text = this.#describe(update, this.#estimate, now);
    if (!this.#isTerminal) {
      this.#write(`${text}\n`);
      return;
    }
    this.#write(`${ERASE_LINE}${harmless(text).slice(0, Math.max(1, this.#columns() - 1))}`);
    this.#hasLiveLine = true;
  }

  #describe(update: ProgressUpdate, estimate: Estimate, now: number): string {
    const fraction = fractionOf(update);
    if ("unit" in update) {
      const bar = this.#isTerminal ? `${drawBar(fraction)} ` : "";
      return `${update.stage} ${bar}${describeCount(update)}${estimate.describeRate(now, update)}`;
    }
    const text = `${describeUpdate(update)}, ${estimate.describe(now, fraction)}`;
    return this.#isTerminal ? `${drawBar(fraction)} ${text}` : text;
  }

  line(text: string): void {
    this.#erase();
    this.#write(`${harmless(text)}\n`);
  }

  done(): void {
    this.#erase();
    this.#estimate = undefined;
  }

  #erase(): void {
    if (!this.#hasLiveLine) return;
    this.#write(ERASE_LINE);
    this.#hasLiveLine = false;
  }
}

/** Time that a stage will take, from where it was first seen: a resumed one starts in the middle. */
class Estimate {
  readonly stage: string;
  readonly #start: number;
  readonly #first: number;
  #left = Infinity;

  constructor(stage: string, start: number, first: number) {
    this.stage = stage;
    this.#start = start;
    this.#first = first;
  }

  describe(now: number, fraction: number): string {
    const elapsed = (now - this.#start) / 1000;
    const done = fraction - this.#first;
    // What comes after the last step, a validation over all images, takes as long as it takes.
    if (fraction >= 1) return "finishing";
    if (done <= 0) return "estimating the time left";
    const left = elapsed * (1 - fraction) / done;
    // Steps take now a little longer, now less: a clock that goes back and forth says nothing.
    if (left < this.#left || left > PATIENCE * this.#left) this.#left = left;
    return `${formatDuration(Math.max(1, this.#left))} left`;
  }

  /** Things a second, and the time left where it is known how many there are. */
  describeRate(now: number, { done, total, unit }: CountProgress): string {
    const seconds = (now - this.#start) / 1000;
    const counted = done - this.#first;
    if (counted <= 0 || seconds <= 0) return "";
    const rate = counted / seconds;
    const left = total === undefined ? "" : `, ${formatDuration(Math.max(0, total - done) / rate)} left`;
    return `, ${wordRate(rate, unit)}${left}`;
  }
}

/** Share of a stage that is done, 0 to 1. */
export function fractionOf(update: ProgressUpdate): number {
  if ("unit" in update) return update.total ? Math.min(1, update.done / update.total) : 0;
  const { epoch, epochs, step, steps } = update;
  const fraction = (epoch - 1 + (steps > 0 ? step / steps : 0)) / epochs;
  return Number.isFinite(fraction) ? Math.min(1, Math.max(0, fraction)) : 0;
}

/** Words an update: stage, epoch, step, loss, accuracy. */
export function describeUpdate({ stage, epoch, epochs, step, steps, loss, accuracy }: EpochProgress): string {
  return [
    `${stage} epoch ${epoch}/${epochs}`,
    `step ${String(step).padStart(String(steps).length)}/${steps}`,
    ...(loss === undefined ? [] : [`loss ${loss.toFixed(3)}`]),
    ...(accuracy === undefined ? [] : [`accuracy ${(100 * accuracy).toFixed(1)} %`]),
  ].join(", ");
}

/** Words an update of things that are counted. */
function describeCount({ done, total, unit }: CountProgress): string {
  const isBytes = unit === "bytes";
  const word = (count: number) => isBytes ? (count / 1e6).toFixed(1) : count.toLocaleString("en");
  return `${word(done)}${total === undefined ? "" : `/${word(total)}`}${isBytes ? " MB" : ""}`;
}

function wordRate(rate: number, unit: string): string {
  if (unit === "bytes") return `${(rate / 1e6).toFixed(1)} MB/s`;
  return `${rate < 10 ? rate.toFixed(1) : Math.round(rate).toLocaleString("en")} ${unit}/s`;
}

/** A bar that grows by eighths of a character. */
export function drawBar(fraction: number): string {
  const eighths = Math.round(fraction * BAR_WIDTH * 8);
  const partial = eighths % 8 === 0 ? "" : "▏▎▍▌▋▊▉"[eighths % 8 - 1];
  return `${"█".repeat(Math.floor(eighths / 8))}${partial}`.padEnd(BAR_WIDTH, "░");
}

function writeToStandardError(text: string): void {
  const bytes = new TextEncoder().encode(text);
  for (let start = 0; start < bytes.length;) start += Deno.stderr.writeSync(bytes.subarray(start));
}

/** Characters of a line of the terminal; 80 where there is none. */
export function terminalWidth(): number {
  try {
    return Deno.consoleSize().columns;
  } catch {
    return 80;
  }
}
