/**
 * Runs the tests inside the kernel crate on this machine's own instruction set (`cargo test`), then those of the kernel recipe
 * of docs/extending.md in a copy of the crate. Arguments go to cargo; with any, the recipe is left out. `--recipe`: it alone.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { CRATE } from "./_kernel_builds.ts";
import { layKernelRecipe } from "./_kernel_recipe.ts";
import { rustEnvironment } from "./_rust.ts";

const COPY = new URL("../runs/kernel-recipe/", import.meta.url);

/** The crate's own, where what it depends on is built already. */
const TARGET = new URL("target/", CRATE);

async function cargo(args: readonly string[], folder: URL, env: Record<string, string> = {}): Promise<number> {
  const { code } = await new Deno.Command("cargo", {
    args: [...args],
    cwd: fileURLToPath(folder),
    env: { ...await rustEnvironment(), ...env },
    stdout: "inherit",
    stderr: "inherit",
  }).output();
  return code;
}

async function testRecipe(): Promise<number> {
  const tests = await layKernelRecipe(COPY);
  const args = ["test", ...tests.flatMap((name) => ["--test", name])];
  return await cargo(args, COPY, { CARGO_TARGET_DIR: fileURLToPath(TARGET) });
}

async function main(args: readonly string[]): Promise<number> {
  if (args[0] === "--recipe") return await testRecipe();
  const code = await cargo(["test", ...args], CRATE);
  return code !== 0 || args.length > 0 ? code : await testRecipe();
}

if (import.meta.main) Deno.exit(await main(Deno.args));
