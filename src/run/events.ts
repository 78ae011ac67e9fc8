import { writeAll } from "./atomic_file.ts";
import { MOST_BYTES, openInPlace, readRegularFile, readRegularText } from "./regular_file.ts";
import { asRunError, RunError } from "./run_error.ts";

/** A line of a run's history: plain JSON data. */
export type RunEvent = Record<string, unknown>;

const NEWLINE = 0x0a;

/** The history of a run, one JSON object a line, appended to as it happens. */
export class EventLog {
  readonly #path: string;
  readonly #file: Deno.FsFile;
  #length: number;
  /** Appends follow one another, even when the caller does not wait for them. */
  #queue: Promise<void> = Promise.resolve();

  private constructor(path: string, file: Deno.FsFile, length: number) {
    this.#path = path;
    this.#file = file;
    this.#length = length;
  }

  /**
   * Opens a history for appending. A last line that a killed process did not finish is cut off.
   *
   * @param path Path of the file; made if there is none.
   * @returns The history, to be closed.
   * @throws {RunError} If it cannot be opened.
   */
  static async open(path: string): Promise<EventLog> {
    const file = await openInPlace(path);
    try {
      const bytes = await readRegularFile(path, { maximumBytes: MOST_BYTES.events }) ?? new Uint8Array();
      const log = new EventLog(path, file, bytes.length);
      const whole = bytes.lastIndexOf(NEWLINE) + 1;
      if (whole < bytes.length) await log.truncate(whole);
      return log;
    } catch (error) {
      file.close();
      throw asRunError(`Cannot open ${path}`, error);
    }
  }

  /** Appends an event. Numbers that are not finite become null, as JSON has none. */
  append(event: RunEvent): Promise<void> {
    const bytes = new TextEncoder().encode(`${JSON.stringify(event)}\n`);
    return this.#enqueue(async () => {
      try {
        await this.#file.seek(this.#length, Deno.SeekMode.Start);
        await writeAll(this.#file, bytes);
        this.#length += bytes.length;
      } catch (error) {
        // What was written of the line is cut off, so that the next one does not continue it.
        await this.#file.truncate(this.#length).catch(() => {});
        throw error;
      }
    });
  }

  /** Flushes all events to the disk; returns the length of the file in bytes, for {@linkcode truncate}. */
  async sync(): Promise<number> {
    let length = 0;
    await this.#enqueue(async () => {
      await this.#file.sync();
      length = this.#length;
    });
    return length;
  }

  /**
   * Forgets the events after a position.
   *
   * @param length A length that {@linkcode sync} returned.
   * @throws {RunError} If the file is shorter than that.
   */
  truncate(length: number): Promise<void> {
    return this.#enqueue(async () => {
      if (length > this.#length) {
        throw new RunError(`Cannot read ${this.#path}: found ${this.#length} bytes, expected at least ${length}`);
      }
      await this.#file.truncate(length);
      this.#length = length;
    });
  }

  /** Closes the file after the last append. */
  async close(): Promise<void> {
    await this.#queue;
    this.#file.close();
  }

  async #enqueue(work: () => Promise<void>): Promise<void> {
    const turn = this.#queue.then(work);
    this.#queue = turn.catch(() => {});
    try {
      await turn;
    } catch (error) {
      throw asRunError(`Cannot write ${this.#path}`, error);
    }
  }
}

/**
 * Reads the history of a run, which may be going on: a last line that is not finished is left out.
 *
 * @param path Path of the file; if there is none, the history is empty.
 * @returns Events in their order.
 * @throws {RunError} If a line is not a JSON object; names file and line.
 */
export async function readEvents(path: string): Promise<RunEvent[]> {
  const text = await readRegularText(path, { maximumBytes: MOST_BYTES.events });
  if (text === undefined) return [];
  return text.split("\n").slice(0, -1).map((line, i) => {
    const event = parseJson(line);
    if (typeof event !== "object" || event === null || Array.isArray(event)) {
      throw new RunError(`Cannot read ${path}: line ${i + 1} is ${line.slice(0, 40)}, expected a JSON object`);
    }
    return event as RunEvent;
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
