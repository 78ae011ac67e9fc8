import { formatDuration } from "./duration.ts";

/** How far a stage of work has come. */
export interface ProgressUpdate {
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

/** How far work has come that is counted in pieces or bytes. */
export interface CountUpdate {
  /** What is done, such as `fetching mnist`. */
  readonly stage: string;
  /** Pieces that are done. */
  readonly done: number;
  /** Pieces in all; unknown if left out. */
  readonly total?: number | undefined;
  /** What is counted, such as `images`; bytes are shown as MB. */
  readonly unit: string;
}

/** What a user sees of work that is going on. */
export interface Progress {
  /** Shows how far the work has come. May be called at every step: what is shown changes a few times a second at most. */
  update(update: ProgressUpdate): void;
  /** The same of work that is counted, with its speed. */
  count(update: CountUpdate): void;
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
const ERASE_LINE = "\r\x1b[K";

/**
 * Shows progress on standard error: one live line on a terminal, plain lines now and then elsewhere.
 *
 * @param options Whether to be quiet; where to write.
 * @returns The display.
 */
export function createProgress(options: ProgressOptions = {}): Progress {
  if (options.quiet) return { update: () => {}, count: () => {}, line: () => {}, done: () => {} };
  return new Display(options);
}

/** What a display shows of an update. */
interface Shown {
  readonly stage: string;
  /** Share that is done; unknown if left out. */
  readonly fraction: number | undefined;
  readonly isLast: boolean;
  /** Words it, given the seconds since the stage began. */
  readonly describe: (seconds: number) => string;
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
    const isLast = update.epoch >= update.epochs && update.step >= update.steps;
    this.#show({ stage: update.stage, fraction: fractionOf(update), isLast, describe: () => describeUpdate(update) });
  }

  count(update: CountUpdate): void {
    const { stage, done, total } = update;
    const fraction = total === undefined ? undefined : Math.min(1, total > 0 ? done / total : 1);
    const describe = (seconds: number) => describeCount(update, seconds);
    this.#show({ stage, fraction, isLast: done === total, describe });
  }

  #show({ stage, fraction = 0, isLast, describe }: Shown): void {
    const now = this.#now();
    if (this.#estimate?.stage !== stage) {
      this.#estimate = new Estimate(stage, now, fraction);
      // A plain stage has been announced by a line already; its first report comes after an interval.
      if (!this.#isTerminal) this.#lastShown = now;
    }
    const interval = this.#isTerminal ? LIVE_INTERVAL : PLAIN_INTERVAL;
    if (now - this.#lastShown < interval && !(isLast && this.#isTerminal)) return;
    this.#lastShown = now;
    const text = `${describe(this.#estimate.seconds(now))}, ${this.#estimate.describe(now, fraction)}`;
    if (!this.#isTerminal) {
      this.#write(`${text}\n`);
      return;
    }
    const line = `${drawBar(fraction)} ${text}`;
    this.#write(`${ERASE_LINE}${line.slice(0, Math.max(1, this.#columns() - 1))}`);
    this.#hasLiveLine = true;
  }

  line(text: string): void {
    this.#erase();
    this.#write(`${text}\n`);
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

/** Time that a stage has taken and will take, from where it was first seen: a resumed one starts in the middle. */
class Estimate {
  readonly stage: string;
  readonly #start: number;
  readonly #first: number;

  constructor(stage: string, start: number, first: number) {
    this.stage = stage;
    this.#start = start;
    this.#first = first;
  }

  seconds(now: number): number {
    return (now - this.#start) / 1000;
  }

  describe(now: number, fraction: number): string {
    const elapsed = this.seconds(now);
    const done = fraction - this.#first;
    const left = done > 0 ? `, ${formatDuration(elapsed * (1 - fraction) / done)} left` : "";
    return `${formatDuration(elapsed)}${left}`;
  }
}

/** Share of a stage that is done, 0 to 1. */
export function fractionOf({ epoch, epochs, step, steps }: ProgressUpdate): number {
  const fraction = (epoch - 1 + (steps > 0 ? step / steps : 0)) / epochs;
  return Number.isFinite(fraction) ? Math.min(1, Math.max(0, fraction)) : 0;
}

/** Words an update: stage, epoch, step, loss, accuracy. */
export function describeUpdate({ stage, epoch, epochs, step, steps, loss, accuracy }: ProgressUpdate): string {
  return [
    `${stage} epoch ${epoch}/${epochs}`,
    `step ${String(step).padStart(String(steps).length)}/${steps}`,
    ...(loss === undefined ? [] : [`loss ${loss.toFixed(3)}`]),
    ...(accuracy === undefined ? [] : [`accuracy ${(100 * accuracy).toFixed(1)} %`]),
  ].join(", ");
}

/** Words counted work: how much of how much, and how much a second. */
export function describeCount({ stage, done, total, unit }: CountUpdate, seconds: number): string {
  const isBytes = unit === "bytes";
  const word = (count: number) => isBytes ? (count / 1e6).toFixed(1) : Math.floor(count).toLocaleString("en");
  const all = total === undefined ? "" : ` of ${word(total)}`;
  const speed = seconds < 1 ? "" : `, ${word(done / seconds)} ${isBytes ? "MB" : unit}/s`;
  return `${stage}: ${word(done)}${all} ${isBytes ? "MB" : unit}${speed}`;
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
