import { writeAtomic } from "./atomic_file.ts";
import { asRunError, RunError } from "./run_error.ts";
import { decodeSafetensors, encodeSafetensors, type TensorLike } from "../formats/mod.ts";

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
 * Writes a checkpoint, atomically. Tensors, progress and position of the history are one file and never out of step.
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
  await writeAtomic(path, encodeSafetensors(checkpoint.tensors, metadata));
}

/**
 * Reads a checkpoint.
 *
 * @param path The file.
 * @returns The checkpoint and the length of the history that belongs to it; undefined if there is no such file.
 * @throws {FormatError | RunError} If the file is damaged or is no checkpoint.
 */
export async function readCheckpoint(
  path: string,
): Promise<{ checkpoint: { tensors: Map<string, TensorLike>; progress: unknown }; eventBytes: number } | undefined> {
  let bytes: Uint8Array;
  try {
    bytes = await Deno.readFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw asRunError(`Cannot read ${path}`, error);
  }
  const { tensors, metadata } = decodeSafetensors(bytes, { file: path });
  const { format, progress, eventBytes } = metadata;
  if (format !== FORMAT || progress === undefined || !/^\d{1,15}$/.test(eventBytes ?? "")) {
    throw new RunError(`Cannot read ${path}: format is ${JSON.stringify(format) ?? "not given"}, expected ${FORMAT}`);
  }
  try {
    return { checkpoint: { tensors, progress: JSON.parse(progress) }, eventBytes: Number(eventBytes) };
  } catch {
    throw new RunError(`Cannot read ${path}: progress is not JSON: the file is damaged`);
  }
}
