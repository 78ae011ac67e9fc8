/** What a script for SLURM says. */
export interface SlurmOptions {
  /** Name of the study. */
  readonly name: string;
  /** Address of the queue. */
  readonly queue: string;
  /** Folder of the results. */
  readonly out: string;
  /** Workers at most, each a task of the array. */
  readonly workers: number;
  /** Cores of a worker. */
  readonly threads: number;
  /** Most time of a worker, as SLURM writes it. */
  readonly time: string;
  /** Folder from which the program runs. */
  readonly folder: string;
}

/** Seconds before its end in which SLURM tells a worker to save. */
const NOTICE = 120;

/**
 * Writes a script for `sbatch`: an array of workers that end when nothing is left to do. What a worker was at when its time ends is
 * saved and goes on with another one.
 *
 * @param options How many, how long.
 * @returns The script.
 */
export function slurmScript({ name, queue, out, workers, threads, time, folder }: SlurmOptions): string {
  return [
    "#!/usr/bin/env bash",
    `#SBATCH --job-name=rootstock-${name.replace(/[^\w.-]+/g, "-")}`,
    `#SBATCH --array=1-${workers}`,
    "#SBATCH --ntasks=1",
    `#SBATCH --cpus-per-task=${threads}`,
    `#SBATCH --time=${time}`,
    `#SBATCH --signal=B:TERM@${NOTICE}`,
    "#SBATCH --requeue",
    `#SBATCH --output=${quote(`${out}/slurm-%A_%a.log`)}`,
    "",
    "set -uo pipefail",
    `cd ${quote(folder)}`,
    "# The shell passes the signal on and waits until the trial is saved.",
    `deno task worker --queue ${quote(queue)} --out ${quote(out)} --threads ${threads} --until-empty &`,
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
