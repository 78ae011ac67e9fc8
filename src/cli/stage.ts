import { basename, join } from "node:path";
import type { CompareResult } from "../compare/mod.ts";
import type { DemoResult } from "../compare/mod.ts";
import { type RunResult, Session } from "../stages/mod.ts";
import { Interrupt, Interrupted, openRun, writeAtomic } from "../run/mod.ts";
import type { Invocation } from "./command.ts";
import { renderRun } from "./results.ts";
import { UsageError } from "./flags.ts";

/** Flags that say how and where, not what: they are no part of a run's configuration. */
const CIRCUMSTANCES = new Set(["out", "resume", "threads", "memory", "build", "json", "quiet", "verbose"]);

/** How a pipeline stage is called from a command. */
export interface StageCall<Options, Result> {
  /** Command. */
  readonly command: string;
  /** Values of flags that are left out. */
  readonly defaults: Partial<Options>;
  /** Flags that must be given, by their camelCase names, with what they are. */
  readonly required: Readonly<Record<string, string>>;
  /** What names the default folder beside command and seed, such as the dataset. */
  readonly subject: string | undefined;
  /** Name of the default folder, if it is not made of command, subject and seed. */
  readonly folder?: string;
  /** The pipeline. */
  readonly work: (session: Session, options: Options) => Promise<Result>;
}

/**
 * Runs a pipeline stage in a run's folder, with progress, interruption and report.
 *
 * @param invocation What the command was called with.
 * @param call What to run.
 * @returns What the stage returned, and the folder.
 * @throws {UsageError} If a flag is missing.
 * @throws {Interrupted} After saving; the message says how to go on.
 */
export async function runStage<Options, Result extends RunResult | DemoResult | CompareResult>(
  { values, terminal }: Invocation,
  call: StageCall<Options, Result>,
): Promise<{ result: Result; out: string }> {
  const { command, defaults, required, subject } = call;
  const resume = values.resume === true;
  const seed = values.seed ?? 0;
  if (values.out === undefined && subject === undefined) {
    const [[name, what]] = Object.entries(required) as [[string, string]];
    throw new UsageError(`--${name} is missing: expected ${what}`);
  }
  const out = values.out?.toString() ?? call.folder ?? `runs/${command}-${slug(subject!)}-${seed}`;
  const stored = resume ? await readStored(out) : {};
  const explicit = Object.fromEntries(Object.entries(values).filter(([name]) => !CIRCUMSTANCES.has(name)));
  const { build: storedBuild, ...storedOptions } = stored;
  const configuration: Record<string, unknown> = { ...defaults, ...storedOptions, ...explicit };
  for (const [name, what] of Object.entries(required)) {
    if (configuration[name] === undefined) throw new UsageError(`--${name} is missing: expected ${what}`);
  }
  using interrupt = Interrupt.install({ onRequest: () => terminal.say("Stopping: saving the run …") });
  const build = (values.build ?? storedBuild) as "strict" | "relaxed" | "single" | undefined;
  await using session = await Session.start({
    command,
    out,
    configuration,
    resume,
    interrupt,
    onEvent: (event) => terminal.show(event),
    ...(build !== undefined && { build }),
    ...(values.threads !== undefined && { threads: Number(values.threads) }),
    ...(values.memory !== undefined && { memoryBytes: Number(values.memory) }),
  });
  if (await session.run.result() !== undefined) {
    terminal.say(`${out} is finished already: this is its result. Remove the folder to run anew.`);
  }
  let result: Result;
  try {
    result = await call.work(session, configuration as Options);
  } catch (error) {
    if (error instanceof Interrupted) {
      throw new Interrupted(
        `Interrupted and saved. Continue with: deno task rootstock ${command} --resume --out ${out}`,
      );
    }
    if (!session.run.isResumed) await removeUnstarted(out);
    throw error;
  }
  await writeAtomic(`${out}/report.html`, renderRun(result, configuration, out));
  terminal.done();
  return { result, out };
}

/** Configuration of the run in a folder; nothing if no run got as far as that. */
async function readStored(out: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    await Deno.stat(join(out, "config.json"));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return {};
    throw error;
  }
  return (await openRun(out)).configuration;
}

/** Takes away what a run wrote that failed before it had done anything, so that the mended command works. */
async function removeUnstarted(out: string): Promise<void> {
  const names = await Array.fromAsync(Deno.readDir(out), ({ name }) => name);
  if (!names.every((name) => ["config.json", "events.jsonl", "lock", "source.json"].includes(name))) return;
  if ((await Deno.stat(join(out, "events.jsonl"))).size > 0) return;
  for (const name of names) if (name !== "lock") await Deno.remove(join(out, name));
}

/** A dataset's name or path as a part of a folder's name. */
export function slug(subject: string): string {
  return basename(subject).toLowerCase().replace(/[^a-z0-9._-]+/g, "-") || "data";
}
