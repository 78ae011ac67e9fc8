import { type Build, Engine, type ImageStore } from "../engine/mod.ts";
import type { TensorLike } from "../formats/mod.ts";
import {
  AMOUNT,
  CHECKPOINT_FILE,
  checkShape,
  Interrupted,
  record,
  RUN_FILES,
  RunDirectory,
  RunError,
  TEXT,
  whole,
} from "../run/mod.ts";
import type { PipelineEvent } from "./types.ts";

/** How a pipeline is run: where, on what, and who listens. */
export interface SessionOptions {
  /** Command, such as `transfer`. */
  readonly command: string;
  /** Folder of the run. */
  readonly out: string;
  /** Everything on which the result depends: the pipeline's options, plain JSON data in nested groups. */
  readonly configuration: object;
  /** How the user calls the setting at a path, for messages; by its path if left out. */
  readonly nameOf?: ((path: string) => string) | undefined;
  /** Whether a run that is in the folder already is to be continued. */
  readonly resume?: boolean | undefined;
  /** Build of the kernels; the best one for this machine if left out. */
  readonly build?: Build | undefined;
  /** Threads; one a core if left out. Results do not depend on it. */
  readonly threads?: number | undefined;
  /** Most bytes of activations; cells are recomputed in the backward pass to stay below. Results do not depend on it. */
  readonly memoryBytes?: number | undefined;
  /** Folder in which decoded images are kept; see `openDataset`. */
  readonly cache?: string | undefined;
  /** Called as the work goes on. */
  readonly onEvent?: ((event: PipelineEvent) => void) | undefined;
  /** Asked after every step; once true, the pipeline saves and throws {@linkcode Interrupted}. */
  readonly interrupt?: { readonly requested: boolean } | undefined;
  /** Seconds between checkpoints within an epoch; 20 if left out. There is one at the end of every epoch anyway. */
  readonly checkpointSeconds?: number | undefined;
}

/** Where a run stands, beside its tensors. Plain JSON data. */
export interface StageProgress {
  /** Stage under way. */
  readonly stage: string;
  /** Seconds worked. */
  readonly seconds: number;
  /** Fingerprint of the dataset worked on. */
  readonly fingerprint: string;
  /** What the stage remembers. */
  readonly state: unknown;
  /** What earlier stages found, plain JSON data; null if there were none. */
  readonly earlier: unknown;
}

/** Of a run of many years. */
const MOST_SECONDS = 1e9;

const PROGRESS_SHAPE = record({
  stage: TEXT,
  seconds: (value, place) => AMOUNT(value, place) ?? whole(0, MOST_SECONDS)(Math.floor(value as number), place),
  fingerprint: TEXT,
});

/** A checkpoint as it is read back. */
export interface Checkpoint {
  /** Everything numeric. */
  readonly tensors: ReadonlyMap<string, TensorLike>;
  /** The rest. */
  readonly progress: StageProgress;
  /** Its file, for messages. */
  readonly file: string;
}

/** A checkpoint as a stage hands it over. */
export interface Snapshot {
  /** Everything numeric. */
  readonly tensors: Checkpoint["tensors"];
  /** The rest. */
  readonly progress: Omit<StageProgress, "seconds">;
}

// Often enough for signals to be heard soon, seldom enough to cost nothing.
const BREATH_MILLISECONDS = 50;

/** An engine and a run's folder for the time that a pipeline works. */
export class Session {
  /** The kernels. */
  readonly engine: Engine;
  /** The folder. */
  readonly run: RunDirectory;
  /** Most bytes of activations, if bounded. */
  readonly memoryBytes: number | undefined;
  readonly #options: SessionOptions;
  readonly #ownsEngine: boolean;
  readonly #imagesBefore: ReadonlySet<ImageStore>;
  #secondsBefore = 0;
  #startedAt = performance.now();
  #savedAt = performance.now();
  #breathedAt = performance.now();

  private constructor(engine: Engine, run: RunDirectory, options: SessionOptions, ownsEngine: boolean) {
    this.engine = engine;
    this.run = run;
    this.memoryBytes = options.memoryBytes;
    this.#options = options;
    this.#ownsEngine = ownsEngine;
    this.#imagesBefore = engine.imageStores();
  }

  /**
   * Starts the engine and opens the folder.
   *
   * @param options Command, configuration and folder of the run; build and threads of the engine.
   * @returns The session, to be closed.
   * @throws {RunError} If the folder cannot be used.
   * @throws {RangeError} If the number of threads is out of range.
   */
  static async start(options: SessionOptions): Promise<Session> {
    const { build, threads } = options;
    const engine = await Engine.start({ build, threads });
    try {
      return await Session.#open(engine, options, true);
    } catch (error) {
      engine.close();
      throw error;
    }
  }

  /**
   * Opens a run within this one: a folder in its folder. It works on the same engine, whose memory is never given back to the
   * system, and leaves none of its images there.
   *
   * @param name Name of the folder, or path from this one's.
   * @param options Command and configuration of that run.
   * @returns The session, to be closed before this one.
   */
  async child(
    name: string,
    options: { command: string; configuration: object },
  ): Promise<Session> {
    // This run's names for settings are not those of another command.
    const all = { ...this.#options, nameOf: undefined, ...options, out: `${this.run.path}/${name}`, resume: true };
    return await Session.#open(this.engine, all, false);
  }

  static async #open(engine: Engine, options: SessionOptions, ownsEngine: boolean): Promise<Session> {
    const { out, command, resume = false, nameOf } = options;
    const configuration = { ...options.configuration, build: engine.build };
    const run = await RunDirectory.open(out, { command, configuration, resume, nameOf });
    return new Session(engine, run, options, ownsEngine);
  }

  /** What every result says of how it came about. */
  get circumstances(): { command: string; build: string; mode: string; threads: number } {
    const { build, mode, threads } = this.engine;
    return { command: this.#options.command, build, mode, threads };
  }

  /**
   * Reads the result of a run that was finished before.
   *
   * @param isResult Whether a value has the shape of this pipeline's results.
   * @returns The result; undefined if the run is not finished.
   * @throws {RunError} If `result.json` holds something else, or the result of another command.
   */
  async finishedResult<Result extends { readonly command: string }>(
    isResult: (value: unknown) => value is Result,
  ): Promise<Result | undefined> {
    const value = await this.run.result();
    if (value === undefined) return undefined;
    const { command } = this.#options;
    if (isResult(value) && value.command === command) return value;
    throw new RunError(
      `Cannot read ${this.run.path}/${RUN_FILES.result}: expected the result of a ${command}, remove the folder to run anew`,
    );
  }

  /** Seconds worked on this run, earlier sessions included; to milliseconds. */
  seconds(): number {
    return Math.round(this.#secondsBefore * 1000 + performance.now() - this.#startedAt) / 1000;
  }

  /** Counts seconds of earlier sessions that no checkpoint has kept. */
  addSeconds(seconds: number): void {
    this.#secondsBefore += seconds;
  }

  /** Folder in which decoded images are kept, if one was named. */
  get cache(): string | undefined {
    return this.#options.cache;
  }

  /** Tells the listener. */
  emit(event: PipelineEvent): void {
    this.#options.onEvent?.(event);
  }

  /**
   * Reads the checkpoint and takes its clock over.
   *
   * @param fingerprint That of the dataset now.
   * @returns The checkpoint; undefined if the run is to start from the beginning.
   * @throws {RunError} If it is damaged.
   * @throws {RangeError} If the dataset is another one by now, or was known by a fingerprint of an earlier kind.
   */
  async load(fingerprint: string): Promise<Checkpoint | undefined> {
    const found = await this.run.loadCheckpoint();
    if (found === undefined) return undefined;
    const file = `${this.run.path}/${CHECKPOINT_FILE}`;
    checkShape(found.progress, PROGRESS_SHAPE, file);
    const progress = found.progress as StageProgress;
    if (progress.fingerprint !== fingerprint) {
      throw new RangeError(
        `Cannot resume ${this.run.path}: the dataset has changed since, or the run is of an earlier version; ` +
          `expected the same images, labels, class names and augmentation`,
      );
    }
    this.#secondsBefore = progress.seconds;
    this.#startedAt = performance.now();
    return { tensors: found.tensors, progress, file };
  }

  /** Writes a checkpoint. */
  async save({ tensors, progress }: Snapshot): Promise<void> {
    await this.run.saveCheckpoint({ tensors, progress: { ...progress, seconds: this.seconds() } });
    this.#savedAt = performance.now();
  }

  /**
   * To be called between steps: lets signals and timers in, and saves when it is time to or when asked to stop.
   *
   * @param snapshot Makes a checkpoint of now.
   * @throws {Interrupted} After saving, if the interrupt was requested.
   */
  async breathe(snapshot: () => Snapshot): Promise<void> {
    const now = performance.now();
    if (now - this.#breathedAt >= BREATH_MILLISECONDS) {
      await new Promise((resolve) => setTimeout(resolve, 0));
      this.#breathedAt = performance.now();
    }
    const isTime = now - this.#savedAt >= 1000 * (this.#options.checkpointSeconds ?? 20);
    const isStopping = this.#options.interrupt?.requested ?? false;
    if (isTime || isStopping) await this.save(snapshot());
    if (isStopping) throw this.#interrupted();
  }

  /** Whether {@linkcode requireUninterrupted} may ever throw. */
  get isInterruptible(): boolean {
    return this.#options.interrupt !== undefined;
  }

  /**
   * To be called where work that is not saved may be given up.
   *
   * @throws {Interrupted} If the interrupt was requested.
   */
  requireUninterrupted(): void {
    if (this.#options.interrupt?.requested) throw this.#interrupted();
  }

  /**
   * Until disposed of, work on the engine is given up between two passes of a network if the interrupt is requested: for what
   * takes long between two calls of {@linkcode breathe}, saves nothing and can be done again.
   *
   * @returns To be disposed of.
   */
  heedInterrupt(): Disposable {
    return this.engine.lookUp(() => this.requireUninterrupted());
  }

  #interrupted(): Interrupted {
    return new Interrupted(`Interrupted: ${this.run.path} can be continued`);
  }

  /** Closes the folder, and stops the engine if it was started here; if not, frees the images that came to it since. */
  async close(): Promise<void> {
    await this.run.close();
    if (this.#ownsEngine) return this.engine.close();
    for (const images of this.engine.imageStores()) if (!this.#imagesBefore.has(images)) images.free();
  }

  /** As {@linkcode close}, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
