import type { PictureShape } from "../../engine/mod.ts";
import { decodeImage, isRegistered, measureImage } from "../decoders/table.ts";
import { DataError, printable } from "../errors.ts";
import { type PictureAnswer, type PictureJob, type PreparedPicture, READY } from "./job.ts";

/** How to start a pool. */
export interface PicturePoolOptions {
  /** Workers. Default: one a core. */
  readonly workers?: number | undefined;
  /** Time after which work on one picture is given up, in milliseconds. Default: {@linkcode PATIENCE_MS}. */
  readonly patienceMs?: number | undefined;
}

/**
 * Time after which work on one picture is given up, in milliseconds. Bounds on size keep it below 5 seconds on a free core; this is wall
 * time, and a loaded machine may be four times as slow.
 */
export const PATIENCE_MS = 20_000;

/** Jobs that a worker has at a time: it goes on with the next while answers are on their way, which takes long on a busy machine. */
const JOBS_A_WORKER = 4;

/** Time between two looks at the clock, at most, in milliseconds. */
const LOOK_MS = 1000;

/**
 * Pixels above which a picture is worked on while no other such one is: the largest take 700 MiB for a moment, and one of this size takes
 * 200.
 */
const LARGE_PIXELS = 2 ** 24;

interface PendingJob {
  readonly job: PictureJob;
  readonly isLarge: boolean;
  resolve(prepared: PreparedPicture): void;
  reject(error: Error): void;
}

interface Member {
  readonly worker: Worker;
  /** Jobs in their order; the first is in work. */
  readonly jobs: PendingJob[];
  /** Whether its code is loaded, so that it works on its jobs. */
  isReady: boolean;
  /** When work on the first job has begun, in milliseconds. */
  since: number;
  /** The first job took too long at the last look; its answer may have been on its way. */
  isLate: boolean;
}

/**
 * Workers that decode and prepare pictures. They start when there is work for them, and end with {@linkcode PicturePool.close}.
 *
 * How many pictures wait is the caller's matter: each that was handed over is held until its turn comes.
 */
export class PicturePool implements Disposable {
  readonly #size: number;
  readonly #patienceMs: number;
  readonly #members = new Set<Member>();
  readonly #waiting: PendingJob[] = [];
  #clock: ReturnType<typeof setInterval> | undefined;
  #isClosed = false;

  private constructor({ workers = navigator.hardwareConcurrency, patienceMs = PATIENCE_MS }: PicturePoolOptions) {
    if (!Number.isInteger(workers) || workers < 1) {
      throw new RangeError(`Cannot start ${workers} picture workers: expected 1 or more`);
    }
    this.#size = workers;
    this.#patienceMs = patienceMs;
  }

  /**
   * Makes a pool; no worker runs yet.
   *
   * @param options Number of workers, and how long one may take.
   * @throws {RangeError} If the number of workers is not a whole number from 1.
   */
  static start(options: PicturePoolOptions = {}): Promise<PicturePool> {
    return Promise.try(() => new PicturePool(options));
  }

  /** Number of workers at most. */
  get workers(): number {
    return this.#size;
  }

  /**
   * Decodes a picture and prepares it: turned as its EXIF data says, alpha on white, cropped or padded, resized, with the channels wanted.
   *
   * @param bytes The encoded file; it stays the caller's, and must not change until this is settled.
   * @param name The file, for messages.
   * @param shape Size and channels wanted, and what becomes of another aspect.
   * @returns The picture, and what is known of the source.
   * @throws {DataError} If the picture is damaged, of no known type or too large, or takes too long; one line that names it.
   */
  async prepare(bytes: Uint8Array<ArrayBuffer>, name: string, shape: PictureShape): Promise<PreparedPicture> {
    const content = isRegistered(bytes) ? await decodeImage(bytes, name) : bytes;
    const { promise, resolve, reject } = Promise.withResolvers<PreparedPicture>();
    if (this.#isClosed) throw new Error("Cannot prepare a picture: the pool is closed");
    this.#waiting.push({ job: { content, name, shape }, isLarge: isLarge(bytes, name), resolve, reject });
    this.#handOut();
    return await promise;
  }

  /** Ends the workers; what is not finished rejects. */
  close(): void {
    this.#isClosed = true;
    clearInterval(this.#clock);
    const unfinished = [...this.#members].flatMap(({ jobs }) => jobs).concat(this.#waiting.splice(0));
    for (const member of this.#members) this.#dismiss(member);
    for (const { reject } of unfinished) reject(new Error("Cannot prepare a picture: the pool was closed"));
  }

  /** Ends the workers. */
  [Symbol.dispose](): void {
    this.close();
  }

  /** Gives waiting jobs to the members that have the fewest, or to new ones. */
  #handOut(): void {
    for (let place = this.#nextPlace(); place >= 0; place = this.#nextPlace()) {
      const idlest = [...this.#members].sort((a, b) => a.jobs.length - b.jobs.length)[0];
      const isRoom = this.#members.size < this.#size;
      if (idlest !== undefined && idlest.jobs.length >= JOBS_A_WORKER && !isRoom) return;
      const member = idlest === undefined || (idlest.jobs.length > 0 && isRoom) ? this.#hire() : idlest;
      const [pending] = this.#waiting.splice(place, 1) as [PendingJob];
      member.jobs.push(pending);
      post(member.worker, pending.job);
      if (member.jobs.length === 1) begin(member);
    }
  }

  /** Place of the first waiting job that may be worked on now; -1 if there is none. */
  #nextPlace(): number {
    const hasLarge = [...this.#members].some(({ jobs }) => jobs.some(({ isLarge }) => isLarge));
    return this.#waiting.findIndex(({ isLarge }) => !isLarge || !hasLarge);
  }

  #hire(): Member {
    const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module", name: "rootstock pictures" });
    const member: Member = { worker, jobs: [], isReady: false, since: 0, isLate: false };
    worker.onmessage = ({ data }) => data === READY ? begin(member, true) : this.#settle(member, data);
    worker.onerror = (event) => {
      event.preventDefault();
      this.#giveUp(
        member,
        (name) => new DataError(`Cannot read ${name}: its decoder failed: ${printable(event.message)}`),
      );
    };
    this.#members.add(member);
    // One clock for all: a timer a picture would cost as much as sending it.
    this.#clock ??= setInterval(() => this.#look(), Math.min(LOOK_MS, this.#patienceMs));
    return member;
  }

  #settle(member: Member, answer: PictureAnswer): void {
    const { resolve, reject } = member.jobs.shift()!;
    if (answer.prepared) resolve(answer.prepared);
    else reject(answer.isPictureAtFault ? new DataError(answer.message) : new Error(answer.message));
    if (answer.isSpent) this.#replace(member);
    else begin(member);
    this.#handOut();
  }

  /** Gives up what takes too long, at the second look: the first may come before an answer that waits to be heard. */
  #look(): void {
    for (const member of [...this.#members]) {
      const isLate = member.isReady && member.jobs.length > 0 && performance.now() - member.since > this.#patienceMs;
      if (isLate && member.isLate) this.#giveUp(member, (name) => tookTooLong(name, this.#patienceMs));
      else member.isLate = isLate;
    }
  }

  /** Ends a worker whose job in work has failed; its other job goes to the next. */
  #giveUp(member: Member, explain: (name: string) => DataError): void {
    const failed = member.jobs.shift();
    failed?.reject(explain(printable(failed.job.name)));
    this.#replace(member);
    this.#handOut();
  }

  #replace(member: Member): void {
    this.#waiting.unshift(...member.jobs.splice(0));
    this.#dismiss(member);
  }

  #dismiss(member: Member): void {
    member.worker.terminate();
    this.#members.delete(member);
  }
}

/** Notes that a worker begins with its next job. */
function begin(member: Member, isReady = member.isReady): void {
  member.isReady = isReady;
  member.since = performance.now();
  member.isLate = false;
}

function tookTooLong(name: string, milliseconds: number): DataError {
  return new DataError(`Cannot read ${name}: decoding took over ${milliseconds / 1000} s, it was given up`);
}

function isLarge(bytes: Uint8Array<ArrayBuffer>, name: string): boolean {
  try {
    const { height, width } = measureImage(bytes, name);
    return height * width > LARGE_PIXELS;
  } catch {
    // The worker will say what is wrong.
    return false;
  }
}

/** Sends a copy, since the bytes may be part of a larger buffer, and the job may have to go to another worker. */
function post(worker: Worker, { content, ...job }: PictureJob): void {
  const bytes = (content instanceof Uint8Array ? content : content.pixels).slice();
  const copy = content instanceof Uint8Array ? bytes : { ...content, pixels: bytes };
  worker.postMessage({ ...job, content: copy }, [bytes.buffer]);
}
