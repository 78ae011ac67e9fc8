import { join } from "node:path";
import { CHECKPOINT_FILE } from "./checkpoint.ts";
import { CONFIGURATION_FILE, readConfiguration } from "./configuration.ts";
import { Lock } from "./lock.ts";
import { RUN_FILES } from "./run_directory.ts";
import { asRunError, RunError } from "./run_error.ts";

/** How far a run is: finished, at work in another process, stopped with a checkpoint to go on from, or without one. */
export type RunState = "finished" | "running" | "stopped" | "begun";

/** A run as a list of them shows it. */
export interface ListedRun {
  /** Path of its folder. */
  readonly path: string;
  /** Command that it is a run of. */
  readonly command: string;
  /** How far it is. */
  readonly state: RunState;
  /** When something was last written of it, in milliseconds since 1970. */
  readonly touchedAt: number;
}

/** What a folder holds. */
export interface RunList {
  /** The runs, the latest first. */
  readonly runs: readonly ListedRun[];
  /** Lines about folders that look like runs and cannot be read. */
  readonly problems: readonly string[];
}

/** Folders of runs may stand in folders that bring some together. */
const DEPTH = 2;

/**
 * Lists the runs below a folder.
 *
 * @param folder The folder; runs are in it, or in folders in it.
 * @param options `isNested`: whether runs that are parts of other runs are listed as well, such as the arms of a comparison.
 * @returns The runs, and what could not be read.
 * @throws {RunError} If the folder cannot be listed.
 */
export async function listRuns(folder: string, { isNested = false }: { isNested?: boolean } = {}): Promise<RunList> {
  const runs: ListedRun[] = [];
  const problems: string[] = [];
  const visit = async (path: string, depth: number): Promise<void> => {
    const isRun = depth > 0 && await lookAt(path, runs, problems);
    if (isRun ? !isNested : depth >= DEPTH) return;
    for (const name of await listFolders(path)) await visit(join(path, name), isRun ? 1 : depth + 1);
  };
  await visit(folder, 0);
  return { runs: runs.sort((a, b) => b.touchedAt - a.touchedAt || (a.path < b.path ? -1 : 1)), problems };
}

/** Adds the run in a folder, or what is wrong with it; whether it is one. */
async function lookAt(path: string, runs: ListedRun[], problems: string[]): Promise<boolean> {
  try {
    const kept = await readConfiguration(path);
    if (kept === undefined) return false;
    runs.push({ path, command: kept.command, ...await stateOf(path) });
  } catch (error) {
    if (!(error instanceof RunError)) throw error;
    problems.push(error.message);
  }
  return true;
}

async function stateOf(path: string): Promise<Pick<ListedRun, "state" | "touchedAt">> {
  const timeOf = async (name: string) => {
    try {
      return (await Deno.stat(join(path, name))).mtime?.getTime() ?? 0;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return undefined;
      throw asRunError(`Cannot read ${join(path, name)}`, error);
    }
  };
  const { result, events } = RUN_FILES;
  const [finishedAt, savedAt, toldAt, begunAt] = await Promise.all(
    [result, CHECKPOINT_FILE, events, CONFIGURATION_FILE].map(timeOf),
  );
  const touchedAt = Math.max(...[finishedAt, savedAt, toldAt, begunAt].map((time) => time ?? 0));
  if (finishedAt !== undefined) return { state: "finished", touchedAt };
  if (await Lock.isHeld(join(path, RUN_FILES.lock))) return { state: "running", touchedAt };
  return { state: savedAt === undefined ? "begun" : "stopped", touchedAt };
}

/** Names of the folders in a folder, in order; links are not followed. */
async function listFolders(path: string): Promise<string[]> {
  try {
    const entries = await Array.fromAsync(Deno.readDir(path));
    return entries.filter(({ isDirectory }) => isDirectory).map(({ name }) => name).sort();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      throw new RunError(`Cannot list ${path}: found no such folder, expected one of runs`);
    }
    throw asRunError(`Cannot list ${path}`, error);
  }
}
