import type { Network } from "../engine/mod.ts";
import { collectNetwork, collectSlot, type State } from "../network/mod.ts";
import { insist, isEnded, type JobStatus, type Queue } from "../queue/mod.ts";
import { checkShape, listOf, optional, readJson, record, RunError, TEXT, whole, writeJson } from "../run/mod.ts";
import type { BilevelSearch, SearchState } from "../search/mod.ts";
import type { EpochTaker, RoundRecord } from "../stages/mod.ts";
import { MeanOfParts } from "./mean_of_parts.ts";
import { type OuterSettings, remembers, stepOuter, stepOuterAlpha } from "./outer_step.ts";
import { RoundFiles } from "./round_files.ts";
import { jobOfPart, OUTCOME_SHAPE, type RoundOutcome, type RoundSetting } from "./round_job.ts";

/** How rounds are run. */
export interface RoundsOptions {
  /** Folder of the run, which all workers share. */
  readonly out: string;
  /** Where workers are found. */
  readonly queue: Queue;
  /** Parts of a round. */
  readonly workers: number;
  /** Seconds after the first part that came in, after which the others are left out. */
  readonly timeoutSeconds: number;
  /** How the mean becomes the next weights. */
  readonly outer: OuterSettings;
  /** What all parts have in common. */
  readonly setting: RoundSetting;
  /** Called again and again while parts are waited for; may throw, to give that up. */
  readonly watch: () => void;
  /** Told in a line what happens. */
  readonly say: (line: string) => void;
}

/** Who took part in a round, by number, with what each told; kept before anything is made of it. */
interface Decision {
  /** Length of the state with which all began. */
  readonly stateBytes: number;
  /** Those who took part, ascending. */
  readonly parts: readonly (RoundOutcome & { readonly worker: number; readonly by?: string | undefined })[];
}

const DECISION_SHAPE = record({
  stateBytes: whole(1),
  parts: listOf(
    (value, place) => OUTCOME_SHAPE(value, place) ?? record({ worker: whole(0), by: optional(TEXT) })(value, place),
    1,
  ),
});

/** Milliseconds between two looks at the queue. */
const LOOK_MILLISECONDS = 200;
/** Milliseconds of rest after a queue that could not be reached. */
const REST_MILLISECONDS = 2000;
/** The tensor of an outer optimiser's file that holds alpha's velocity: no parameter has such a name. */
const ALPHA = "outer.alpha";

/**
 * Lets many workers take the epochs of a search, each a share of its batches: a round. All begin with the same state; the mean of what
 * comes in is where the next round begins.
 *
 * What a round gives depends on its beginning and on who took part alone. Both are on disk before the mean is taken, so an interrupted
 * run goes on to the same bits.
 */
export class Rounds implements EpochTaker {
  readonly #options: RoundsOptions;
  readonly #files: RoundFiles;
  readonly #name: string;
  readonly #decisions = new Map<number, Decision>();

  private constructor(options: RoundsOptions, files: RoundFiles, name: string) {
    [this.#options, this.#files, this.#name] = [options, files, name];
  }

  /**
   * Opens the rounds of a run, begun or not.
   *
   * @param options How they are run.
   * @returns The rounds.
   * @throws {RunError} If the run's folder cannot be written, or a file of it is damaged.
   */
  static async open(options: RoundsOptions): Promise<Rounds> {
    const files = new RoundFiles(options.out);
    const rounds = new Rounds(options, files, await files.name());
    for (let round = 0; await rounds.#readDecision(round) !== undefined;) round++;
    return rounds;
  }

  /**
   * Takes an epoch: hands its parts out, waits for them, and leaves their mean, after the outer step, in network and search.
   *
   * @param search The search, at the beginning of an epoch.
   * @param network Its network.
   * @returns Mean loss of the weights' batches.
   * @throws {RunError} If no part came in and none will.
   */
  async takeEpoch(search: BilevelSearch, network: Network): Promise<number> {
    const { epoch: round, step, epochs, batchesTracked } = search.clock;
    if (step !== 0) throw new RangeError(`Cannot begin round ${round}: ${step} steps of it are done, expected none`);
    await this.#files.clear(round);
    const before = search.state();
    const saved = search.save();
    const state = await this.#files.write(this.#files.state(round), {
      tensors: new Map([...collectNetwork(network, batchesTracked), ...saved.tensors]),
      progress: { ...saved.progress, epochs },
    });
    const { parts } = await this.#readDecision(round) ?? await this.#decide(round, state);
    await this.#join(parts.map(({ worker, attempt }) => this.#files.part({ round, worker }, attempt)), {
      search,
      network,
      before,
    });
    const { tally } = search.clock.state();
    return tally.loss / tally.count;
  }

  recordOf(epoch: number): RoundRecord | undefined {
    const decision = this.#decisions.get(epoch);
    if (decision === undefined) return undefined;
    const { workers } = this.#options;
    const sum = (pick: (part: RoundOutcome) => number) => decision.parts.reduce((all, part) => all + pick(part), 0);
    return {
      workers,
      tookPart: decision.parts.map(({ worker }) => worker),
      images: sum(({ images }) => images),
      bytesDown: workers * decision.stateBytes,
      bytesUp: sum(({ bytes }) => bytes),
    };
  }

  /** Removes the tensors of all rounds, once the run is finished. */
  async clear(): Promise<void> {
    await this.#files.clear(Infinity);
  }

  async #readDecision(round: number): Promise<Decision | undefined> {
    const path = this.#files.decision(round);
    const kept = await readJson(path);
    if (kept === undefined) return undefined;
    checkShape(kept, DECISION_SHAPE, path);
    this.#decisions.set(round, kept as Decision);
    return kept as Decision;
  }

  /** Hands parts out, waits, and keeps who took part. */
  async #decide(round: number, state: { hash: string; bytes: number }): Promise<Decision> {
    const { queue, workers, setting } = this.#options;
    const jobs = await Promise.all(
      Array.from(
        { length: workers },
        (_, worker) => jobOfPart({ round, worker, workers, state: state.hash, setting }, this.#name),
      ),
    );
    const ids = jobs.map(({ id }) => id);
    const added = await this.#insist(() => queue.enqueue(jobs));
    // What a run that was given up left set aside is tried again.
    if (added < ids.length) await this.#insist(() => queue.retry(ids));
    const statuses = await this.#await(round, ids);
    const parts = statuses.flatMap(({ job, state, outcome, worker: by }) => {
      if (state !== "finished") return [];
      checkShape(outcome, OUTCOME_SHAPE, `what became of job ${job.id}`);
      const { attempt, bytes, images, steps, seconds } = outcome as RoundOutcome;
      return [{ worker: ids.indexOf(job.id), by, attempt, bytes, images, steps, seconds }];
    });
    if (parts.length === 0) {
      const reason = statuses.find(({ failure }) => failure !== undefined)?.failure?.message ?? "no worker is left";
      throw new RunError(`Cannot finish round ${round + 1}: none of its ${workers} parts came in: ${reason}`);
    }
    const decision = { stateBytes: state.bytes, parts: parts.sort((a, b) => a.worker - b.worker) };
    await writeJson(this.#files.decision(round), decision);
    this.#decisions.set(round, decision);
    return decision;
  }

  /** Waits until all parts have ended, or those that have are all that are waited for. */
  async #await(round: number, ids: readonly string[]): Promise<readonly JobStatus[]> {
    const { queue, timeoutSeconds, workers, say } = this.#options;
    const look = () => this.#insist(() => queue.list(ids));
    let firstAt: number | undefined;
    for (;;) {
      const statuses = await look();
      const open = statuses.filter(({ state }) => !isEnded(state));
      if (statuses.length === ids.length && open.length === 0) return statuses;
      if (statuses.some(({ state }) => state === "finished")) firstAt ??= performance.now();
      if (firstAt !== undefined && performance.now() - firstAt >= 1000 * timeoutSeconds) {
        const left = open.map(({ job }) => job.id);
        // Whatever finishes from now on is told that it is too late; what was faster is in the next look.
        await this.#insist(() => queue.cancel(left));
        say(`round ${round + 1} goes on without ${left.length} of ${workers} workers`);
        return await look();
      }
      await this.#rest(LOOK_MILLISECONDS);
    }
  }

  #insist<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    const { queue, say } = this.#options;
    return insist(ask, { queue, say, rest: () => this.#rest(REST_MILLISECONDS) });
  }

  async #rest(milliseconds: number): Promise<void> {
    this.#options.watch();
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
    this.#options.watch();
  }

  /** Puts parts together. */
  async #join(
    paths: readonly string[],
    { search, network, before }: { search: BilevelSearch; network: Network; before: SearchState },
  ): Promise<void> {
    const { outer } = this.#options;
    const mean = new MeanOfParts(network, { count: paths.length, hasMean: before.mean !== undefined });
    try {
      for (const path of paths) mean.add(await this.#files.read(path), search.method);
      const { weights, search: state } = mean.finish(before.batchesTracked);
      const alpha = await this.#step(
        network,
        { round: before.epoch, weights, old: before.alpha, mean: state.alpha },
        outer,
      );
      search.restore({ ...state, alpha, epoch: before.epoch, step: search.clock.stepsPerEpoch });
    } finally {
      mean.free();
    }
  }

  /** The outer step: leaves the new weights in the network, gives the new alpha, and keeps the velocity. */
  async #step(
    network: Network,
    { round, weights, old, mean }: { round: number; weights: number; old: Float32Array; mean: Float32Array },
    outer: OuterSettings,
  ): Promise<Float32Array> {
    const { vectors } = network;
    const slot = vectors.allocate();
    try {
      const kept = round > 0 && remembers(outer)
        ? (await this.#files.read(this.#files.outer(round))).tensors
        : undefined;
      if (kept !== undefined) loadVelocity(network, kept as State, slot);
      const known = kept?.get(ALPHA)?.data as Float32Array | undefined;
      // A method that has shrunk its space goes on with another alpha, at rest.
      const velocity = known?.length === old.length ? known : new Float32Array(old.length);
      stepOuter(network, { mean: weights, velocity: slot }, outer);
      const step = stepOuterAlpha(old, { mean, velocity }, outer);
      if (remembers(outer)) {
        const tensors = collectSlot(network, slot).set(ALPHA, { shape: [old.length], data: step.velocity });
        await this.#files.write(this.#files.outer(round + 1), { tensors, progress: null });
      }
      return step.alpha;
    } finally {
      vectors.free(slot);
    }
  }
}

/** Fills a slot with a velocity, as far as the network has its parameters still. */
function loadVelocity(network: Network, velocity: State, slot: number): void {
  for (const { name } of network.parameters) {
    const tensor = velocity.get(name);
    if (tensor !== undefined) network.write(name, tensor.data as Float32Array, slot);
  }
}
