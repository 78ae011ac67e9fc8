import { detectBuild, HOST } from "../engine/mod.ts";
import { readJson, RunError, writeJson } from "../run/mod.ts";
import {
  expandStudy,
  type FlagValues,
  Inputs,
  jobOfTrial,
  makeTrial,
  type Study,
  type Trial,
  trialOfJob,
} from "../sweep/mod.ts";
import project from "../../deno.json" with { type: "json" };
import type { Command } from "./command.ts";
import { toCamelCase, UsageError } from "./flags.ts";
import { settingsOfPreset } from "./presets.ts";
import { join } from "node:path";

/** Name of the file in the folder of a study's results that says which trials it has. */
const STUDY_FILE = "study.json";
const FORMAT = "rootstock-study-1";

/** A study as its folder keeps it. */
export interface KeptStudy {
  /** Command. */
  readonly command: string;
  /** Its queue, without a password. */
  readonly queue: string;
  /** Its store, if results are not in a folder that all share. */
  readonly store?: string | undefined;
  /** Its trials. */
  readonly trials: readonly Trial[];
}

/**
 * Makes the trials of a study: looks at all that they read, and names each by what its result depends on.
 *
 * @param study The study.
 * @param command Its command.
 * @param options `cache`: folder of decoded pictures.
 * @returns The trials; those that are equal, once.
 * @throws {DataError | RunError} If something that they read is not there.
 */
export async function trialsOf(
  study: Study,
  command: Command,
  { cache }: { cache?: string | undefined } = {},
): Promise<Trial[]> {
  const inputs = new Inputs({ cache });
  const own = study.halving && { ...study.halving, study: await nameStudy(study) };
  const trials: Trial[] = [];
  for (const row of expandStudy(study)) {
    // Machines may have different builds that run fastest, whose results differ: all take this one's.
    const settings = { ...seedOf(command), build: detectBuild(HOST), ...row };
    trials.push(await trialOf(settings, { command, inputs, halving: own }));
  }
  if (trials.length === 0) throw new UsageError("The study has no trial: its constraints leave none");
  return [...new Map(trials.map((trial) => [trial.id, trial])).values()];
}

/**
 * Makes a trial: looks at all that it reads.
 *
 * @param settings Values of flags, the build of the kernels among them.
 * @param parts Its command; fingerprints taken so far; the study that halves it; its place.
 * @returns The trial.
 * @throws {DataError | RunError} If something that it reads is not there.
 */
export async function trialOf(
  settings: FlagValues,
  { command, inputs, ...rest }: { command: Command; inputs: Inputs } & Pick<Trial, "halving" | "place">,
): Promise<Trial> {
  return await makeTrial({
    command: command.name,
    settings,
    canonical: canonicalOf(settings, command),
    inputs: await inputs.of(settings, readsZoo(command)),
    version: project.version,
    ...rest,
  });
}

function seedOf({ flags }: Command): FlagValues {
  return "seed" in flags ? { seed: 0 } : {};
}

/** Whether a command chooses from the zoo where it is given no source. */
function readsZoo({ flags }: Command): boolean {
  return "source" in flags || "sources" in flags;
}

/** Studies that are halved compare trials of their own alone. */
async function nameStudy(study: Study): Promise<string> {
  const { id } = await makeTrial({
    command: study.command,
    settings: {},
    canonical: { study: JSON.stringify(study) },
    inputs: {},
    version: project.version,
  });
  return id;
}

/** Settings with the preset written out, and without those that are the defaults: two ways to say the same are one. */
export function canonicalOf(settings: FlagValues, { name, flags }: Command): FlagValues {
  const whole = { ...settingsOfPreset(name, settings.preset) as FlagValues, ...settings };
  const defaults = new Map(Object.entries(flags).map(([flag, row]) => [toCamelCase(flag), row.default]));
  return Object.fromEntries(
    Object.entries(whole).filter(([flag, value]) => {
      if (flag === "preset" || flag === "cache") return false;
      const usual = defaults.get(flag);
      return usual === undefined || String(usual) !== String(value);
    }),
  );
}

/**
 * Checks that this machine would run a trial as it is meant: the same program and the same data.
 *
 * @param commands Commands that there are.
 * @param options `cache`: folder of decoded pictures.
 * @returns A function that says in a line what is not the same; undefined if all is.
 */
export function trialChecker(
  commands: readonly Command[],
  { cache }: { cache?: string | undefined } = {},
): (trial: Trial) => Promise<string | undefined> {
  return async ({ command: name, version, settings, inputs: wanted }) => {
    if (version !== project.version) return `it is of version ${version}, and this worker's is ${project.version}`;
    const command = commands.find((command) => command.name === name && "resume" in command.flags);
    if (command === undefined) return `this worker has no command ${name} that could be resumed`;
    // Taken anew each time: a worker may live for days, and what it reads may be replaced meanwhile.
    const found = await new Inputs({ cache }).of(settings, readsZoo(command));
    const other = Object.keys({ ...wanted, ...found }).find((key) => found[key] !== wanted[key]);
    return other &&
      `${other} is not the same on this machine: fingerprint ${found[other]?.slice(0, 12)}, expected ${
        String(wanted[other]).slice(0, 12)
      }`;
  };
}

/** Writes which trials a study has. */
export async function keepStudy(out: string, study: KeptStudy): Promise<void> {
  await Deno.mkdir(out, { recursive: true });
  await writeJson(join(out, STUDY_FILE), { format: FORMAT, ...study });
}

/**
 * Reads which trials a study has.
 *
 * @param out Folder of its results.
 * @returns The study.
 * @throws {RunError} If there is none, or the file is damaged.
 */
export async function readKeptStudy(out: string): Promise<KeptStudy> {
  const study = await findKeptStudy(out);
  if (study === undefined) {
    throw new RunError(`Cannot open study ${out}: found no ${STUDY_FILE}, expected the --out of a sweep`);
  }
  return study;
}

/**
 * The same for a folder where there may be none.
 *
 * @param out Folder of its results.
 * @returns The study; undefined if none was begun there.
 * @throws {RunError} If the file is damaged.
 */
export async function findKeptStudy(out: string): Promise<KeptStudy | undefined> {
  const path = join(out, STUDY_FILE);
  const value = await readJson(path) as Partial<KeptStudy & { format: string }> | undefined;
  if (value === undefined) return undefined;
  const { format, command, queue, store, trials } = value;
  const areTexts = [command, queue, store ?? ""].every((text) => typeof text === "string");
  if (format !== FORMAT || !areTexts || !Array.isArray(trials)) {
    throw new RunError(`Cannot read ${path}: format is ${JSON.stringify(format)}, expected ${FORMAT}`);
  }
  const known = trials.map((trial) => trialOfJob({ ...jobOfTrial(trial), id: String(trial?.id) }));
  return { command: command!, queue: queue!, store, trials: known };
}
