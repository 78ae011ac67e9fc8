import { join } from "node:path";
import { readConfiguration } from "./configuration.ts";
import { readEvents, type RunEvent } from "./events.ts";
import { readJson } from "./json_file.ts";
import { RUN_FILES } from "./run_directory.ts";
import { MOST_BYTES, readRegularFile } from "./regular_file.ts";
import { RunError } from "./run_error.ts";
import type { Settings } from "./settings.ts";
import { checkFinite, decodeSealed, type TensorLike } from "../formats/mod.ts";

/** A run as others see it: read only, finished or going on. */
export interface Run {
  /** Path of its folder. */
  readonly path: string;
  /** Command that it is a run of. */
  readonly command: string;
  /** Options in nested groups. */
  readonly configuration: Settings;
  /** Result, if the run is finished. */
  readonly result?: unknown;
  /** Architecture, if it found one. */
  readonly genotype?: unknown;
  /** Reads a safetensors file of the folder, such as `network.safetensors`. */
  tensors(name: string): Promise<Map<string, TensorLike>>;
  /** Reads its history. */
  events(): Promise<RunEvent[]>;
}

/**
 * Opens a run for reading, such as to go on from what it found.
 *
 * @param path Folder of the run.
 * @returns Its parts; tensors and events are read when asked for.
 * @throws {RunError} If the folder does not hold a run, or a file is damaged.
 */
export async function openRun(path: string): Promise<Run> {
  const kept = await readConfiguration(path);
  if (kept === undefined) throw new RunError(`Cannot open ${path}: found no config.json, expected the folder of a run`);
  const [result, genotype] = await Promise.all([
    readJson(join(path, RUN_FILES.result)),
    readJson(join(path, RUN_FILES.genotype)),
  ]);
  return {
    path,
    command: kept.command,
    configuration: kept.configuration,
    result,
    genotype,
    tensors: (name) => readTensors(join(path, name)),
    events: () => readEvents(join(path, RUN_FILES.events)),
  };
}

/**
 * Reads a safetensors file.
 *
 * @param path Path of the file.
 * @returns Tensors by name.
 * @throws {RunError} If it cannot be read or is damaged; names the file.
 */
export async function readTensors(path: string): Promise<Map<string, TensorLike>> {
  const bytes = await readRegularFile(path, { maximumBytes: MOST_BYTES.tensors });
  if (bytes === undefined) throw new RunError(`Cannot read ${path}: found no such file or folder`);
  const { tensors } = await decodeSealed(bytes, { file: path });
  checkFinite(tensors, { file: path });
  return tensors;
}
