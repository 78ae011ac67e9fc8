import { assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { launchIn } from "../../_launch.ts";
import { writeDigits } from "../../pipelines/_digits.ts";
import type { Outcome } from "../_command.ts";

const MAIN = fileURLToPath(new URL("../../../src/cli/main.ts", import.meta.url));

/** Settings of a search that takes a second, as a study's file has them. */
export const TINY = { channels: 4, cells: 3, nodes: 2, batch: 16, epochs: 1, build: "strict" };

/** A folder with a small dataset, a cache of its own, and a study of it. */
export async function inStudy(
  study: Readonly<Record<string, unknown>>,
  test: (folder: string, file: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await writeDigits(`${folder}/few-digits`);
    const settings = { data: `${folder}/few-digits`, ...TINY, ...study.settings as object };
    await Deno.writeTextFile(`${folder}/study.json`, JSON.stringify({ command: "search", ...study, settings }));
    await test(folder, `${folder}/study.json`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** How a process differs from one of `deno task sweep`. */
export interface SweepLaunch {
  /** What it may do besides. */
  readonly permissions?: readonly string[];
  /** Its module, if it is another. */
  readonly module?: string;
  /** Folder from which it runs. */
  readonly cwd?: string;
  /** Variables that it may read besides. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** A process with the permissions of `deno task sweep`, but for its folder, in the launch mode of this one. */
export function spawnSweep(
  args: readonly string[],
  folder: string,
  { permissions = [], module = MAIN, variables = {}, cwd = "." }: SweepLaunch = {},
): Deno.ChildProcess {
  const { flags, env } = launchIn();
  return new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-prompt",
      "--no-check",
      "--allow-read",
      `--allow-write=${folder}`,
      `--allow-run=${Deno.execPath()}`,
      ...flags.map((flag) => flag.startsWith("--allow-env=") ? [flag, ...Object.keys(variables)].join() : flag),
      ...permissions,
      module,
      ...args,
    ],
    cwd,
    env: { ...variables, ...env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** Runs one to its end. */
export async function sweep(args: readonly string[], folder: string, launch?: SweepLaunch): Promise<Outcome> {
  const { code, stdout, stderr } = await spawnSweep(args, folder, launch).output();
  const decoder = new TextDecoder();
  return { code, out: decoder.decode(stdout), error: decoder.decode(stderr) };
}

/** The same with its JSON document. */
export async function sweepJson(
  args: readonly string[],
  folder: string,
  expected = 0,
  launch?: SweepLaunch,
  // deno-lint-ignore no-explicit-any
): Promise<any> {
  const { code, out, error } = await sweep([...args, "--json"], folder, launch);
  assertEquals(code, expected, error);
  return JSON.parse(out);
}
