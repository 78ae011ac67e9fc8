import { writeAtomic } from "./atomic_file.ts";
import { MOST_BYTES, readRegularFile } from "./regular_file.ts";
import { RunError } from "./run_error.ts";
import { checkFinite, decodeSealed, encodeSealed, type TensorLike } from "../formats/mod.ts";

/** All that a run needs to go on to the same end. */
export interface RunCheckpoint {
  /** Weights, statistics, alpha, moments of optimisers … by name. */
  readonly tensors: ReadonlyMap<string, TensorLike>;
  /** Where the run stands: plain JSON data. */
  readonly progress: unknown;
}

/** A checkpoint as it is read back. */
export interface DecodedCheckpoint {
  /** The checkpoint. */
  readonly checkpoint: { readonly tensors: Map<string, TensorLike>; readonly progress: unknown };
  /** Length of the history that belongs to it. */
  readonly eventBytes: number;
}

/** Name of the file in a run's folder. */
export const CHECKPOINT_FILE = "checkpoint.safetensors";

const FORMAT = "rootstock-checkpoint-1";

/**
 * Encodes a checkpoint.
 *
 * @param checkpoint The checkpoint.
 * @param eventBytes Length of the run's history at this moment.
 * @returns The content of its file.
 */
export function encodeCheckpoint(checkpoint: RunCheckpoint, eventBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  return encodeSealed(checkpoint.tensors, {
    format: FORMAT,
    progress: JSON.stringify(checkpoint.progress ?? null),
    eventBytes: String(eventBytes),
  });
}

/**
 * Writes a checkpoint, atomically. Tensors, progress and position of the history are one file and never out of step, under one
 * checksum.
 *
 * @param path The file; one that is there is replaced.
 * @param checkpoint The checkpoint.
 * @param eventBytes Length of the run's history at this moment.
 * @throws {RunError} If it cannot be written; the checkpoint before is untouched then.
 */
export async function writeCheckpoint(path: string, checkpoint: RunCheckpoint, eventBytes: number): Promise<void> {
  await writeAtomic(path, await encodeCheckpoint(checkpoint, eventBytes));
}

/**
 * Reads a checkpoint.
 *
 * @param path The file.
 * @returns The checkpoint and the length of the history that belongs to it; undefined if there is no such file.
 * @throws {FormatError | RunError} If the file is damaged, is no checkpoint, or holds a number that is not finite.
 */
export async function readCheckpoint(path: string): Promise<DecodedCheckpoint | undefined> {
  const bytes = await readRegularFile(path, { maximumBytes: MOST_BYTES.tensors });
  return bytes && await decodeCheckpoint(bytes, path);
}

/**
 * Decodes a checkpoint.
 *
 * @param bytes Content of its file.
 * @param path The file, for messages.
 * @returns As {@linkcode readCheckpoint}.
 * @throws {FormatError | RunError} As {@linkcode readCheckpoint}.
 */
export async function decodeCheckpoint(bytes: Uint8Array<ArrayBuffer>, path: string): Promise<DecodedCheckpoint> {
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
