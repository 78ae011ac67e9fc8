import { writeAtomic } from "./atomic_file.ts";
import { MOST_BYTES, readRegularFile } from "./regular_file.ts";
import { RunError } from "./run_error.ts";
import { checkFinite, decodeSealed, encodeSealed, type TensorLike } from "../formats/mod.ts";

/** All that a run needs to go on to the same end. */
export interface Checkpoint {
  /** Weights, statistics, alpha, moments of optimisers … by name. */
  readonly tensors: ReadonlyMap<string, TensorLike>;
  /** Where the run stands: plain JSON data. */
  readonly progress: unknown;
}

/** Name of the file in a run's folder. */
export const CHECKPOINT_FILE = "checkpoint.safetensors";

const FORMAT = "rootstock-checkpoint-1";

/**
 * Writes a checkpoint, atomically. Tensors, progress and position of the history are one file and never out of step, under one
 * checksum.
 *
 * @param path The file; one that is there is replaced.
 * @param checkpoint The checkpoint.
 * @param eventBytes Length of the run's history at this moment.
 * @throws {RunError} If it cannot be written; the checkpoint before is untouched then.
 */
export async function writeCheckpoint(path: string, checkpoint: Checkpoint, eventBytes: number): Promise<void> {
  const metadata = {
    format: FORMAT,
    progress: JSON.stringify(checkpoint.progress ?? null),
    eventBytes: String(eventBytes),
  };
  await writeAtomic(path, await encodeSealed(checkpoint.tensors, metadata));
}

/**
 * Reads a checkpoint.
 *
 * @param path The file.
 * @returns The checkpoint and the length of the history that belongs to it; undefined if there is no such file.
 * @throws {FormatError | RunError} If the file is damaged, is no checkpoint, or holds a number that is not finite.
 */
export async function readCheckpoint(
  path: string,
): Promise<{ checkpoint: { tensors: Map<string, TensorLike>; progress: unknown }; eventBytes: number } | undefined> {
  const bytes = await readRegularFile(path, { maximumBytes: MOST_BYTES.tensors });
  if (bytes === undefined) return undefined;
  const { tensors, metadata } = await decodeSealed(bytes, { file: path });
  const { format, progress, eventBytes } = metadata;
  if (format !== FORMAT || progress === undefined || !/^\d{1,15}$/.test(eventBytes ?? "")) {
    throw new RunError(`Cannot read ${path}: format is ${JSON.stringify(format) ?? "not given"}, expected ${FORMAT}`);
  }
  checkFinite(tensors, { file: path });
  try {
    return { checkpoint: { tensors, progress: JSON.parse(progress) }, eventBytes: Number(eventBytes) };
  } catch {
    throw new RunError(`Cannot read ${path}: progress is not JSON: the file is damaged`);
  }
}
