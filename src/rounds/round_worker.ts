import { headsOf, type SearchSplit, splitTask } from "../batches/mod.ts";
import { Engine } from "../engine/mod.ts";
import { asState, collectNetwork, restoreNetwork } from "../network/mod.ts";
import type { Job, JobContext, JobEnd } from "../queue/mod.ts";
import { checkedBy, checkShape, record, whole } from "../run/mod.ts";
import { BilevelSearch, createMethod, type SearchProgress } from "../search/mod.ts";
import { buildSupernet, checkSpace } from "../spaces/mod.ts";
import { bilevelSettings, searchPlan } from "../stages/mod.ts";
import { openTask, type Task } from "../tasks/mod.ts";
import { type KeptState, RoundFiles } from "./round_files.ts";
import { partOfJob, type RoundOutcome, type RoundPart, type RoundSetting } from "./round_job.ts";

/** How a worker works. */
export interface RoundWorkerOptions {
  /** Folder of the run, which all share. */
  readonly out: string;
  /** Threads; one a core if left out. */
  readonly threads?: number | undefined;
  /** Folder of decoded pictures. */
  readonly cache?: string | undefined;
  /** Rootstock's version here. */
  readonly version: string;
}

/** What a worker keeps from one part to the next of the same pretraining. */
interface Opened {
  readonly key: string;
  readonly engine: Engine;
  readonly task: Task;
  readonly split: SearchSplit;
}

/** A state at the beginning of a round: as a checkpoint has it. */
const STATE_SHAPE = record({ epochs: whole(1, 10_000), epoch: whole(0, 10_000), space: checkedBy(checkSpace) });

/** Milliseconds of work after which timers are let in: a lease is to be renewed. */
const BREATH_MILLISECONDS = 50;
/** Milliseconds between two words on how far a part is. */
const TELL_MILLISECONDS = 5000;

/**
 * Does parts of rounds, one after the other: engine and images stay between them. What a part comes to depends on nothing but its job
 * and the state that the job names.
 */
export class RoundWorker {
  readonly #options: RoundWorkerOptions;
  readonly #files: RoundFiles;
  #opened: Opened | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  /** @param options Where, with what. */
  constructor(options: RoundWorkerOptions) {
    this.#options = options;
    this.#files = new RoundFiles(options.out);
  }

  /**
   * Does a part. Parts that come meanwhile wait: they would share the cores.
   *
   * @param job A job of kind `round`.
   * @param context When to stop, whom to tell.
   * @returns How it ended: it is given back, undone, if it was stopped.
   * @throws {Error} If it cannot be done; one line.
   */
  run(job: Job, context: JobContext): Promise<JobEnd> {
    const turn = this.#turn.then(() => this.#run(partOfJob(job), context));
    this.#turn = turn.catch(() => {});
    return turn;
  }

  /** Stops the engine. */
  async close(): Promise<void> {
    await this.#turn;
    this.#opened?.engine.close();
    this.#opened = undefined;
  }

  async #run(part: RoundPart, context: JobContext): Promise<JobEnd> {
    const { round, setting } = part;
    if (context.signal.aborted) return { type: "give back" };
    const opened = await this.#open(setting);
    const path = this.#files.state(round);
    const found = await this.#files.load(path);
    if (found?.hash !== part.state) {
      throw new RangeError(
        `Cannot begin round ${round + 1} with ${path}: checksum ${found?.hash.slice(0, 12) ?? "of no file"}, expected ${
          part.state.slice(0, 12)
        }: expected the --out of its pretraining`,
      );
    }
    const startedAt = performance.now();
    const learnt = await learnPart(part, await found.decode(), { ...opened, context });
    if (learnt === undefined) return { type: "give back" };
    const { bytes } = await this.#files.write(this.#files.part(part, context.attempt), learnt.state);
    const seconds = Math.round(performance.now() - startedAt) / 1000;
    const { attempt } = context;
    const outcome: RoundOutcome = { attempt, bytes, images: learnt.images, steps: learnt.steps, seconds };
    return { type: "finish", outcome };
  }

  /** The engine with the images of a pretraining; those of the one before are given up. */
  async #open(setting: RoundSetting): Promise<Opened> {
    const { version: own, threads, cache } = this.#options;
    const { version, build, data, images, loss, variation, shares, fingerprint, trainPortion, seed } = setting;
    if (version !== own) throw new RangeError(`Cannot take part: it is of version ${version}, this worker's is ${own}`);
    const key = JSON.stringify(setting);
    if (this.#opened?.key === key) return this.#opened;
    this.#opened?.engine.close();
    this.#opened = undefined;
    const engine = await Engine.start({ build, threads });
    try {
      const task = await openTask(engine, data, { ...loss, ...variation, shares, opening: { import: images, cache } });
      if (task.fingerprint !== fingerprint) {
        throw new RangeError(
          `Cannot take part: ${data.join()} is not the same on this machine: fingerprint ${
            task.fingerprint.slice(0, 12)
          }, expected ${fingerprint.slice(0, 12)}`,
        );
      }
      return this.#opened = { key, engine, task, split: splitTask(engine, task, { seed, trainPortion }) };
    } catch (error) {
      engine.close();
      throw error;
    }
  }
}

/** Takes the steps of a part; undefined if it was stopped. */
async function learnPart(
  part: RoundPart,
  state: KeptState,
  { engine, task, split, context }: Omit<Opened, "key"> & { context: JobContext },
): Promise<{ state: KeptState; images: number; steps: number } | undefined> {
  const { round, setting: { search: { method: name }, search, weights } } = part;
  checkShape(state.progress, STATE_SHAPE, `the state of round ${round + 1}`);
  const space = checkSpace((state.progress as SearchProgress).space);
  const settings = bilevelSettings(task, search, weights);
  const program = buildSupernet(space, headsOf(task.train));
  const network = engine.compile(program, { batch: settings.batch });
  try {
    const method = createMethod(name, space);
    const learner = openPart(part, state, { engine, task, split, space, method, settings, network });
    if (!await takeSteps(learner, context)) return undefined;
    const { clock } = learner;
    const saved = learner.save();
    const tensors = new Map([...collectNetwork(network, clock.batchesTracked), ...saved.tensors]);
    return { state: { tensors, progress: saved.progress }, images: clock.train.count, steps: clock.step };
  } finally {
    network.free();
  }
}

/** The search of a part, where its round begins. */
function openPart(
  { worker, workers, setting: { search, seed } }: RoundPart,
  { tensors, progress }: KeptState,
  given:
    & Pick<Opened, "engine" | "task" | "split">
    & Pick<ConstructorParameters<typeof BilevelSearch>[0], "space" | "method" | "settings" | "network">,
): BilevelSearch {
  const { engine, task, network, method } = given;
  const learner = new BilevelSearch({
    ...given,
    alpha: method.initialAlpha(engine, seed),
    data: task.train,
    augment: {},
    objective: task.objective,
    plan: searchPlan(search),
    planFor: (epochs) => searchPlan({ ...search, epochs }),
    seed,
    shard: { index: worker, of: workers },
  });
  restoreNetwork(network, tensors, (name) => learner.owns(name));
  learner.load({ tensors: asState(tensors), progress: progress as SearchProgress });
  learner.clock.shorten((progress as { epochs: number }).epochs);
  return learner;
}

/** Takes all steps of an epoch; false if it was stopped within it. */
async function takeSteps(learner: BilevelSearch, { signal, progress }: JobContext): Promise<boolean> {
  const { clock } = learner;
  let [breathedAt, toldAt] = [performance.now(), performance.now()];
  while (!clock.isEpochOver) {
    learner.takeStep();
    const now = performance.now();
    if (now - breathedAt < BREATH_MILLISECONDS) continue;
    if (now - toldAt >= TELL_MILLISECONDS) {
      progress({ step: clock.step, steps: clock.stepsPerEpoch });
      toldAt = now;
    }
    await new Promise((resolve) => setTimeout(resolve, 0));
    if (signal.aborted) return false;
    breathedAt = performance.now();
  }
  return true;
}
