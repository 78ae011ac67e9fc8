import { basename } from "node:path";
import type { Build } from "../engine/mod.ts";
import {
  flattenSettings,
  Interrupt,
  Interrupted,
  mergeSettings,
  readConfiguration,
  RunError,
  type Settings,
  type SomeSettings,
  writeAtomic,
} from "../run/mod.ts";
import { Session, TimeLimitError } from "../stages/mod.ts";
import type { Command, Invocation } from "./command.ts";
import { commandLineOf } from "./command_line.ts";
import type { Flags } from "./flag.ts";
import { checkValue, ValueError } from "./flag_values.ts";
import { toCamelCase, UsageError } from "./flags.ts";
import { type AnyResult, renderRun } from "./results.ts";
import { flattenValues, nameSetting, nestValues, type SettingTable } from "./setting_paths.ts";

/** How a pipeline is called from a command. */
export interface StageCall<Options, Result> {
  /** Settings that are left out. */
  readonly defaults: NoInfer<SomeSettings<Options>>;
  /** Paths of settings that must be given, with what they are; the first names the default folder beside command and seed. */
  readonly required: Readonly<Record<string, string>>;
  /** Name of the default folder, where it is not made of command, first required setting and seed. */
  readonly folder?: (given: NoInfer<SomeSettings<Options>>) => string | undefined;
  /** The pipeline. */
  readonly work: (session: Session, options: Options) => Promise<Result>;
}

/**
 * Runs a pipeline in a run's folder, with progress, interruption and report.
 *
 * @param invocation What the command was called with.
 * @param call What to run.
 * @returns What the pipeline returned, and the folder.
 * @throws {UsageError} If a setting is missing.
 * @throws {Interrupted} After saving; the message says how to go on.
 */
export async function runStage<Options extends object, Result extends AnyResult>(
  invocation: Invocation,
  call: StageCall<Options, Result>,
): Promise<{ result: Result; out: string }> {
  const { command, values, terminal } = invocation;
  const given = nestValues(command, invocation);
  const out = values.out?.toString() ?? defaultFolder(command, call, given);
  const resume = values.resume === true;
  const stored = resume ? await readStored(out, command) : {};
  const { build, ...configuration } = mergeSettings<Settings>(call.defaults as Settings, stored, given);
  if (resume && Object.keys(stored).length === 0) checkResumable(out, command, { ...call, settings: configuration });
  checkRequired(command, call.required, configuration);
  using interrupt = await Interrupt.install({ onRequest: () => terminal.say("Stopping: saving the run …") });
  await using session = await Session.start({
    command: command.name,
    out,
    configuration,
    nameOf: (path) => nameSetting(command, path),
    resume,
    interrupt,
    onEvent: (event) => terminal.show(event),
    build: build as Build | undefined,
    threads: values.threads as number | undefined,
    cache: values.cache as string | undefined,
    memoryBytes: values.memory as number | undefined,
  });
  if (await session.run.result() !== undefined) {
    terminal.say(`${out} is finished already: this is its result. Remove the folder to run anew.`);
  }
  const result = await workIn(session, command.name, () => call.work(session, configuration as Options));
  const { mode } = session.circumstances;
  const again = commandLineOf(command, { configuration: { ...configuration, build: session.engine.build }, mode });
  const report = renderRun(result, { configuration, folder: out, events: await session.run.events(), again });
  await writeAtomic(`${out}/report.html`, report);
  terminal.done();
  return { result, out };
}

/** The folder of a run that is not given one. */
function defaultFolder<Options extends object>(
  { name, flags, operands }: Command,
  { defaults, required, folder }: Pick<StageCall<Options, unknown>, "defaults" | "required" | "folder">,
  given: Settings,
): string {
  const settings = mergeSettings<Settings>(defaults as Settings, given);
  const [path] = Object.keys(required) as [string];
  const { [path]: subject, seed = 0 } = flattenSettings(settings);
  if (subject === undefined) checkRequired({ flags, operands }, required, settings);
  return folder?.(settings as SomeSettings<Options>) ?? `runs/${name}-${slug(String(subject))}-${seed}`;
}

function checkRequired(
  command: SettingTable,
  required: Readonly<Record<string, string>>,
  settings: Settings,
): void {
  const flat = flattenSettings(settings);
  for (const [path, what] of Object.entries(required)) {
    if (flat[path] === undefined) throw new UsageError(`${nameSetting(command, path)} is missing: expected ${what}`);
  }
}

/** Works in a session: an interruption says how to go on, and a run that failed before it had done anything leaves nothing behind. */
async function workIn<Result>(session: Session, command: string, work: () => Promise<Result>): Promise<Result> {
  const { path, isResumed } = session.run;
  try {
    return await work();
  } catch (error) {
    if (error instanceof Interrupted) {
      throw new Interrupted(
        `Interrupted and saved. Continue with: deno task rootstock ${command} --resume --out ${path}`,
      );
    }
    if (!isResumed) await session.run.discard({ isRefused: error instanceof TimeLimitError });
    throw error;
  }
}

/**
 * Configuration of the run in a folder; nothing if no run got as far as that.
 *
 * Anybody may have written it: the types and bounds of the command's flags count for it as for what is typed.
 */
async function readStored(out: string, command: Command): Promise<Settings> {
  const stored = await readConfiguration(out);
  if (stored === undefined) return {};
  const { values } = flattenValues(command, stored.configuration);
  const flags = stored.command === command.name ? command.flags : {};
  checkStored(values, { flags, task: `resume ${out}` });
  return stored.configuration;
}

/**
 * Checks values of flags from the configuration of a run against the flags' types and bounds.
 *
 * @param values Values by the camelCase name of the flag.
 * @param options The flags; what is to be done with the run, for the message.
 * @throws {RunError} If one is something else; names it.
 */
export function checkStored(
  values: Readonly<Record<string, unknown>>,
  { flags, task }: { flags: Flags; task: string },
): void {
  for (const [name, flag] of Object.entries(flags)) {
    const value = values[toCamelCase(name)];
    if (value === undefined) continue;
    try {
      checkValue(flag, value);
    } catch (error) {
      if (!(error instanceof ValueError)) throw error;
      throw new RunError(`Cannot ${task}: --${name} ${error.message}, as in its config.json`);
    }
  }
}

/** A folder without a run is started afresh, if the command line says what with. */
function checkResumable(
  out: string,
  command: Command,
  { required, settings }: { required: Readonly<Record<string, string>>; settings: Settings },
): void {
  const flat = flattenSettings(settings);
  const missing = Object.keys(required).find((path) => flat[path] === undefined);
  if (missing === undefined) return;
  throw new RunError(
    `Cannot resume ${out}: found no run there, expected one; to start one, give ${nameSetting(command, missing)}`,
  );
}

/** A dataset's name or path as a part of a folder's name. */
export function slug(subject: string): string {
  return basename(subject).toLowerCase().replace(/[^a-z0-9._-]+/g, "-") || "data";
}
