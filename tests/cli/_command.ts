import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { fileURLToPath } from "node:url";
import { launchIn } from "../_launch.ts";

const MAIN = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));

/** Flags of a search that takes a second. */
export const TINY_FLAGS = "--channels 4 --cells 3 --nodes 2 --batch 16 --epochs 1 --build strict --quiet".split(" ");

/** What a command line gave. */
export interface Outcome {
  code: number;
  out: string;
  error: string;
}

/** A process that runs the command line with the permissions of `deno task rootstock`, in the launch mode of this one. */
export function spawnRootstock(args: readonly string[], { write = "--allow-write" } = {}): Deno.ChildProcess {
  const { flags, env } = launchIn();
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--no-check", "--allow-read", write, ...flags, MAIN, ...args],
    env,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** Runs the command line to its end. */
export async function rootstock(args: readonly string[], options: { write?: string } = {}): Promise<Outcome> {
  const { code, stdout, stderr } = await spawnRootstock(args, options).output();
  const decoder = new TextDecoder();
  return { code, out: decoder.decode(stdout), error: decoder.decode(stderr) };
}

/** Runs a command line that succeeds; returns its JSON document, the only thing on standard output. */
// deno-lint-ignore no-explicit-any
export async function rootstockJson(args: readonly string[]): Promise<any> {
  const { code, out, error } = await rootstock([...args, "--json"]);
  assertEquals(code, 0, error);
  return JSON.parse(out);
}

/** Runs a command line that fails: with which exit code, and what its only line says. */
export async function assertFails(
  args: readonly string[],
  code: number,
  words: readonly string[],
  options: { write?: string } = {},
): Promise<void> {
  const found = await rootstock(args, options);
  assertEquals(found.out, "");
  assertMatch(found.error, /^[^\n]+\n$/);
  for (const word of words) assertStringIncludes(found.error, word);
  assertEquals(found.code, code);
}
