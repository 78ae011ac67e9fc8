import { assertEquals, assertStringIncludes } from "@std/assert";
import { slurmScript } from "../../src/sweep/slurm.ts";

Deno.test("a script for SLURM is an array of workers, whatever their paths are called", () => {
  const script = slurmScript({
    name: "my study",
    queue: "folder:/shared/it's",
    out: "/shared/out",
    workers: 20,
    threads: 4,
    time: "08:00:00",
    folder: "/home/me/rootstock",
  });
  for (const line of ["#SBATCH --array=1-20", "#SBATCH --cpus-per-task=4", "#SBATCH --job-name=rootstock-my-study"]) {
    assertStringIncludes(script, `${line}\n`);
  }
  assertStringIncludes(script, `--queue 'folder:/shared/it'\\''s' --out /shared/out --threads 4 --until-empty &`);
  assertEquals(script.split("\n")[0], "#!/usr/bin/env bash");
});
