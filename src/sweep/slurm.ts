/** What a script for SLURM says. */
export interface SlurmOptions {
  /** Name of the study. */
  readonly name: string;
  /** Address of the queue, without a password. */
  readonly queue: string;
  /** Address of the store, if results are not in a folder that all share. */
  readonly store?: string | undefined;
  /** Folder of the results. */
  readonly out: string;
  /** Workers at most, each a task of the array. */
  readonly workers: number;
  /** Cores of a worker. */
  readonly threads: number;
  /** Most time of a worker, as SLURM writes it. */
  readonly time: string;
  /** Whether trials run in fast mode. */
  readonly isFast?: boolean | undefined;
  /** Folder from which the program runs. */
  readonly folder: string;
}

/** Seconds before its end in which SLURM tells a worker to save. */
const NOTICE = 120;

/**
 * Writes a script for `sbatch`: an array of workers that end when nothing is left to do. What a worker was at when its time ends is
 * saved and goes on with another one. Password and keys are not in it: `sbatch` passes the environment on.
 *
 * @param options How many, how long.
 * @returns The script.
 */
export function slurmScript({ name, queue, store, out, workers, threads, time, isFast, folder }: SlurmOptions): string {
  const isFolder = queue.startsWith("folder:");
  const task = isFolder && store === undefined ? "worker" : "worker:net";
  const log = store === undefined ? `${out}/slurm-%A_%a.log` : "slurm-%A_%a.log";
  return [
    "#!/usr/bin/env bash",
    `#SBATCH --job-name=rootstock-${name.replace(/[^\w.-]+/g, "-")}`,
    `#SBATCH --array=1-${workers}`,
    "#SBATCH --ntasks=1",
    `#SBATCH --cpus-per-task=${threads}`,
    `#SBATCH --time=${time}`,
    `#SBATCH --signal=B:TERM@${NOTICE}`,
    "#SBATCH --requeue",
    `#SBATCH --output=${quote(log)}`,
    "",
    "set -uo pipefail",
    `cd ${quote(folder)}`,
    ...(isFolder ? [] : [`: "\${ROOTSTOCK_QUEUE:?expected the address of the queue, with its password}"`]),
    ...(store === undefined ? ["unset ROOTSTOCK_STORE"] : [
      `export ROOTSTOCK_STORE=${quote(store)}`,
      `: "\${AWS_ACCESS_KEY_ID:?expected the key of the store}"`,
    ]),
    "# The shell passes the signal on and waits until the trial is saved.",
    `deno task ${task} ${isFolder ? `--queue ${quote(queue)} ` : ""}--out ${quote(out)} --threads ${threads}${
      isFast ? " --fast" : ""
    } --until-empty &`,
    "worker=$!",
    `trap 'kill -TERM "$worker"' TERM`,
    `wait "$worker"; code=$?`,
    `if kill -0 "$worker" 2>/dev/null; then wait "$worker"; code=$?; fi`,
    `exit "$code"`,
    "",
  ].join("\n");
}

function quote(word: string): string {
  return /^[\w.,:=@%+/-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
