/**
 * Installs `rootstock` and `rootstock-fast`: launchers that run this clone from any folder, with the permissions of the tasks.
 *
 * `deno install --global` does the like, but copies `deno.json` elsewhere, where the paths of its `links` lead nowhere.
 *
 * @module
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "@std/cli";
import project from "../deno.json" with { type: "json" };

const USAGE = "deno task install [--root DIR]";

const ROOT = new URL("../", import.meta.url);

/** Commands to install, with the task that each stands for. */
const COMMANDS = { rootstock: "rootstock", "rootstock-fast": "fast" } as const;

/** Where things are on this machine. */
export interface Places {
  /** The program that runs Deno. */
  readonly deno: string;
  /** Folder of the clone. */
  readonly clone: string;
}

/**
 * Words a launcher of a task.
 *
 * @param command What the task runs: variables, `deno run`, flags, `src/cli/main.ts`.
 * @param places Where Deno and the clone are.
 * @returns A script for `sh`.
 * @throws {RangeError} If the task runs something else.
 */
export function launcherOf(command: string, { deno, clone }: Places): string {
  const found = /^((?:\w+=\w+ )*)deno run ((?:--[\w=,.-]+ )*)src\/cli\/main\.ts$/.exec(command);
  if (found === null) throw new RangeError(`Cannot install ${command}: expected deno run … src/cli/main.ts`);
  const [, variables, flags] = found;
  const config = quote(join(clone, "deno.json"));
  const main = quote(join(clone, "src/cli/main.ts"));
  return `#!/bin/sh\n# Made by \`deno task install\`; paths count from where it is called.\n` +
    `${variables}exec ${quote(deno)} run --config ${config} ${flags}${main} "$@"\n`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/**
 * Installs the commands.
 *
 * @param root Folder in which they go into `bin`; made if it is absent.
 * @param places Where Deno and the clone are; this Deno and this clone if left out.
 * @returns Paths of what was written.
 */
export async function installCommands(
  root: string,
  places: Places = { deno: Deno.execPath(), clone: fileURLToPath(ROOT) },
): Promise<string[]> {
  const bin = join(root, "bin");
  await Deno.mkdir(bin, { recursive: true });
  const written: string[] = [];
  for (const [name, task] of Object.entries(COMMANDS)) {
    const path = join(bin, name);
    // Anew, so that a link that lies there is not followed.
    await Deno.remove(path).catch((error) => error instanceof Deno.errors.NotFound || Promise.reject(error));
    await Deno.writeTextFile(path, launcherOf(project.tasks[task].command, places), { createNew: true, mode: 0o755 });
    written.push(path);
  }
  return written;
}

async function main(): Promise<number> {
  const { root, _: rest } = parseArgs(Deno.args, { string: ["root"] });
  const home = Deno.env.get("HOME");
  const folder = root ?? Deno.env.get("DENO_INSTALL_ROOT") ?? (home && join(home, ".deno"));
  if (rest.length > 0 || !folder) {
    console.error(folder ? USAGE : `${USAGE}: HOME is not set, say where with --root`);
    return 2;
  }
  try {
    for (const path of await installCommands(folder)) console.log(path);
  } catch (error) {
    console.error(`Cannot install into ${folder}: ${(error as Error).message}`);
    return 1;
  }
  return 0;
}

if (import.meta.main) Deno.exit(await main());
