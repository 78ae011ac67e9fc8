import { join } from "node:path";
import { type ComparedRun, encodeOptuna, encodeTensorboard } from "../report/mod.ts";
import { asRunError, RunError, writeAtomic } from "../run/mod.ts";

/** Programs that show runs, and what they are called on the command line. */
export const TRACKERS = ["tensorboard", "optuna"] as const;

/** Name of a {@linkcode TRACKERS} entry. */
export type Tracker = typeof TRACKERS[number];

/**
 * Writes runs for another program.
 *
 * @param runs The runs.
 * @param options `to`: the program; `path`: a folder for TensorBoard, in which each run gets one, a file for Optuna.
 * @returns Paths of the files written. Those of an earlier call for the same runs are replaced, other content is left alone.
 * @throws {RunError} If the path is that of a run or of something else than expected, or cannot be written.
 */
export async function writeTracked(
  runs: readonly ComparedRun[],
  { to, path }: { to: Tracker; path: string },
): Promise<string[]> {
  await checkTarget(path, to);
  if (to === "optuna") {
    await writeAtomic(path, encodeOptuna(runs));
    return [path];
  }
  const files: string[] = [];
  for (const run of runs) {
    const folder = join(path, ...partsOf(run.name));
    try {
      await Deno.mkdir(folder, { recursive: true });
    } catch (error) {
      throw asRunError(`Cannot make folder ${folder}`, error);
    }
    // TensorBoard knows event files by this name; the number is when they were begun.
    const file = join(folder, `events.out.tfevents.${Math.floor(run.startedAt / 1000)}.rootstock`);
    await writeAtomic(file, encodeTensorboard(run));
    files.push(file);
  }
  return files;
}

/** What is given last is written to: a run in that place is a mistake. */
async function checkTarget(path: string, to: Tracker): Promise<void> {
  const [isThere, isFolder] = await lookAt(path);
  if (isFolder && (await lookAt(join(path, "config.json")))[0]) {
    throw new RunError(`Cannot write to ${path}: it is a run, expected where to write to after the runs`);
  }
  if (!isThere || isFolder === (to === "tensorboard")) return;
  const [found, wanted] = isFolder ? ["a folder", "a file or nothing"] : ["a file", "a folder or nothing"];
  throw new RunError(`Cannot write to ${path}: it is ${found}, expected ${wanted}`);
}

/** Whether something is there, and whether it is a folder. */
async function lookAt(path: string): Promise<[boolean, boolean]> {
  try {
    return [true, (await Deno.stat(path)).isDirectory];
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return [false, false];
    throw asRunError(`Cannot look at ${path}`, error);
  }
}

/** The folders of a name that may be a path: none leads out of where they are made. */
function partsOf(name: string): string[] {
  return name.split(/[/\\:]+/).filter((part) => !/^\.*$/.test(part));
}
