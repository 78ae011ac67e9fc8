import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));

/** What a command line gave. */
export interface Outcome {
  code: number;
  out: string;
  error: string;
}

/** A process that runs the command line with the permissions of `deno task rootstock`. */
export function spawnRootstock(args: readonly string[], { write = "--allow-write" } = {}): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--no-check", "--allow-read", write, MAIN, ...args],
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
