import { join } from "node:path";
import type { TensorLike } from "../formats/mod.ts";
import { sha256 } from "../formats/mod.ts";
import {
  asRunError,
  decodeCheckpoint,
  encodeCheckpoint,
  MOST_BYTES,
  readJson,
  readRegularFile,
  RunError,
  writeAtomic,
  writeJson,
} from "../run/mod.ts";

/** Tensors and plain JSON data: a state that goes from one process to another. */
export interface KeptState {
  /** Tensors by name. */
  readonly tensors: ReadonlyMap<string, TensorLike>;
  /** The rest. */
  readonly progress: unknown;
}

/** Files of a round that the next but one no longer needs; what was decided is kept. */
const TENSORS = /^(?:state|part|outer)-(\d+)[.-].*safetensors$/;

/**
 * The files of a pretraining in rounds, in a folder that all workers share.
 *
 * `state-R`: what round R begins with. `part-R-W.A`: what attempt A at part W of it came to. `outer-R`: what the outer optimiser
 * remembers before it. `round-R.json`: who took part. Each file is written whole or not at all, and by one process.
 */
export class RoundFiles {
  readonly #folder: string;

  /** @param out Folder of the run. */
  constructor(out: string) {
    this.#folder = join(out, "rounds");
  }

  /** Where the queue is that a run has for itself. */
  get queue(): string {
    return join(this.#folder, "queue");
  }

  /** File with what a round begins with. */
  state(round: number): string {
    return join(this.#folder, `state-${round}.safetensors`);
  }

  /** File with what an attempt at a part came to. */
  part({ round, worker }: { round: number; worker: number }, attempt: number): string {
    return join(this.#folder, `part-${round}-${worker}.${attempt}.safetensors`);
  }

  /** File with what the outer optimiser remembers before a round. */
  outer(round: number): string {
    return join(this.#folder, `outer-${round}.safetensors`);
  }

  /** File that says who took part in a round. */
  decision(round: number): string {
    return join(this.#folder, `round-${round}.json`);
  }

  /**
   * The run's name in queues: drawn once, and kept.
   *
   * @returns 32 hexadecimal digits.
   */
  async name(): Promise<string> {
    await this.#make();
    const path = join(this.#folder, "run.json");
    const kept = (await readJson(path) as { name?: unknown } | undefined)?.name;
    if (typeof kept === "string") return kept;
    const name = crypto.getRandomValues(new Uint8Array(16)).toHex();
    await writeJson(path, { name });
    return name;
  }

  /**
   * Writes a state.
   *
   * @returns Its checksum and length.
   */
  async write(path: string, state: KeptState): Promise<{ hash: string; bytes: number }> {
    await this.#make();
    const bytes = await encodeCheckpoint(state, 0);
    await writeAtomic(path, bytes);
    return { hash: await sha256(bytes), bytes: bytes.length };
  }

  /**
   * Reads a state.
   *
   * @throws {RunError | FormatError} If there is none, or it is damaged; names the file.
   */
  async read(path: string): Promise<KeptState> {
    const found = await this.load(path);
    if (found === undefined) {
      throw new RunError(`Cannot read ${path}: there is no such file, expected one of the round`);
    }
    return await found.decode();
  }

  /**
   * Reads a file once, for its checksum and for the state that it holds.
   *
   * @returns Its checksum, and what decodes it, which throws as {@linkcode read} does; undefined if there is none.
   */
  async load(path: string): Promise<{ hash: string; decode: () => Promise<KeptState> } | undefined> {
    const bytes = await readRegularFile(path, { maximumBytes: MOST_BYTES.tensors });
    if (bytes === undefined) return undefined;
    const decode = async () => (await decodeCheckpoint(bytes, path)).checkpoint;
    return { hash: await sha256(bytes), decode };
  }

  /**
   * Removes the tensors of rounds that are over.
   *
   * @param round The first round whose files are still needed.
   */
  async clear(round: number): Promise<void> {
    const entries = await Array.fromAsync(Deno.readDir(this.#folder), ({ name }) => name).catch(() => []);
    const old = entries.filter((name) => Number(TENSORS.exec(name)?.[1] ?? Infinity) < round);
    for (const name of old) await Deno.remove(join(this.#folder, name)).catch(() => {});
  }

  async #make(): Promise<void> {
    try {
      await Deno.mkdir(this.#folder, { recursive: true });
    } catch (error) {
      throw asRunError(`Cannot make ${this.#folder}`, error);
    }
  }
}
