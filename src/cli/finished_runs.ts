import { isDemoResult } from "../compare/mod.ts";
import { type ComparedRun, nameOf } from "../report/mod.ts";
import { listRuns, openRun, type Run, RunError } from "../run/mod.ts";
import { isRunResult } from "../stages/mod.ts";
import { UsageError } from "./flags.ts";

/**
 * Opens a run that must be finished.
 *
 * @param path Its folder.
 * @returns The run.
 * @throws {RunError} If it is none, damaged, or not finished.
 */
export async function openFinished(path: string): Promise<Run> {
  const run = await openRun(path);
  if (run.result !== undefined) return run;
  throw new RunError(`Cannot report ${path}: it has no result.json yet, finish the run with --resume first`);
}

/**
 * Opens finished runs that made a network each.
 *
 * @param paths Their folders.
 * @returns The runs, called by the last parts of their paths, or by whole paths where two have the same.
 * @throws {UsageError} If one is given twice.
 * @throws {RunError} If one is not finished, or made something else.
 */
export async function openSeveral(paths: readonly string[]): Promise<ComparedRun[]> {
  const names = namesOf(paths);
  return await Promise.all(paths.map(async (folder, i): Promise<ComparedRun> => {
    const { result, configuration, events } = await openFinished(folder);
    if (isRunResult(result)) {
      const startedAt = (await Deno.stat(`${folder}/config.json`)).mtime?.getTime() ?? 0;
      return { folder, name: names[i]!, result, configuration, events: await events(), startedAt };
    }
    const parts = isDemoResult(result)
      ? `: name ${result.arms.map(({ arm }) => `${folder}/${arm}`).join(" and ")}`
      : "";
    throw new RunError(`Cannot compare ${folder}: its result is not that of one network${parts}`);
  }));
}

/**
 * Opens all finished runs below a folder that made a network each, parts of other runs among them; others are passed over.
 *
 * @param folder The folder.
 * @returns The runs.
 * @throws {RunError} If there is none.
 */
export async function openAll(folder: string): Promise<ComparedRun[]> {
  const { runs } = await listRuns(folder, { isNested: true });
  const paths: string[] = [];
  for (const { path, state } of runs) {
    if (state === "finished" && isRunResult((await openRun(path)).result)) paths.push(path);
  }
  if (paths.length > 0) return await openSeveral(paths);
  throw new RunError(`Cannot report the runs of ${folder}: found none that is finished, expected at least one`);
}

function namesOf(paths: readonly string[]): string[] {
  const twice = paths.find((path, i) => paths.indexOf(path) !== i);
  if (twice !== undefined) throw new UsageError(`${twice} is given twice: expected each run once`);
  const names = paths.map(nameOf);
  return new Set(names).size === names.length ? names : [...paths];
}
