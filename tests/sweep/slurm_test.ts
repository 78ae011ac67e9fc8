import { assertEquals, assertStringIncludes } from "@std/assert";
import { slurmScript } from "../../src/sweep/slurm.ts";

const OPTIONS = {
  name: "my study",
  queue: "folder:/shared/it's",
  out: "/shared/out",
  workers: 20,
  threads: 4,
  time: "08:00:00",
  folder: "/home/me/rootstock",
};

Deno.test("a script for SLURM is an array of workers, whatever their paths are called", () => {
  const script = slurmScript(OPTIONS);
  for (const line of ["#SBATCH --array=1-20", "#SBATCH --cpus-per-task=4", "#SBATCH --job-name=rootstock-my-study"]) {
    assertStringIncludes(script, `${line}\n`);
  }
  assertStringIncludes(script, `--queue 'folder:/shared/it'\\''s' --out /shared/out --threads 4 --until-empty &`);
  assertEquals(script.split("\n")[0], "#!/usr/bin/env bash");
  // The environment may name the store of another study.
  assertStringIncludes(script, "unset ROOTSTOCK_STORE\n");
});

Deno.test("a script for SLURM names server and store, and neither password nor key", () => {
  const store = "s3://results/study?endpoint=https://s3.example&region=auto";
  const script = slurmScript({ ...OPTIONS, queue: "rediss://:…@host", store });
  assertStringIncludes(script, `export ROOTSTOCK_STORE='${store}'\n`);
  assertStringIncludes(script, "${ROOTSTOCK_QUEUE:?");
  assertStringIncludes(script, "deno task worker:net --out /shared/out --threads 4 --until-empty &\n");
  assertStringIncludes(slurmScript({ ...OPTIONS, store }), "deno task worker:net --queue 'folder:/shared/it");
  assertStringIncludes(slurmScript({ ...OPTIONS, isFast: true }), " --threads 4 --fast --until-empty &\n");
});
