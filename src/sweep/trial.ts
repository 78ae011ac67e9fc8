import { sha256 } from "../formats/mod.ts";
import type { Job } from "../queue/mod.ts";
import { checkShape, NUMBER, optional, record, RunError, type Shape, TEXT, whole } from "../run/mod.ts";
import type { FlagValues, Halving } from "./study.ts";

/** Kind of the jobs that are trials. */
export const TRIAL_KIND = "trial";

/** One run of a study: what a worker needs to know. */
export interface Trial {
  /** Its name: a hash of everything that its result depends on. */
  readonly id: string;
  /** Command, such as `transfer`. */
  readonly command: string;
  /** Values of flags, as the study gives them, its seed and the build of the kernels among them. */
  readonly settings: FlagValues;
  /** Fingerprints of what it reads, by what the settings call it. */
  readonly inputs: Readonly<Record<string, string>>;
  /** Version of the program. */
  readonly version: string;
  /** When it is stopped for lagging behind the trials of the same study; never if left out. */
  readonly halving?: (Halving & { readonly study: string }) | undefined;
  /** Where its finished run is in the folder of the results: `TARGET/ARM/seed-N` of a comparison; `trials/ID` if left out. */
  readonly place?: string | undefined;
}

/** What makes trials the same. */
export interface TrialParts extends Omit<Trial, "id"> {
  /** Settings with presets written out and without those that are the defaults: those that say the same are the same. */
  readonly canonical: FlagValues;
}

/**
 * Names a trial by all that its result depends on: equal trials are one, whichever study asks for them.
 *
 * @param parts What it is made of; the order of settings does not count.
 * @returns The trial.
 */
export async function makeTrial({ canonical, ...parts }: TrialParts): Promise<Trial> {
  const { command, inputs, version, halving, place } = parts;
  const whole: unknown[] = [command, sorted(canonical), sorted(inputs), version, halving && sorted(halving)];
  // A run of a comparison is at its place, whatever else is the same.
  if (place !== undefined) whole.push(place);
  const hash = await sha256(new TextEncoder().encode(JSON.stringify(whole)));
  // 80 bits: in a million trials two have the same name by chance once in 10¹².
  return { id: `t${hash.slice(0, 20)}`, ...parts };
}

function sorted(object: object): [string, unknown][] {
  return Object.entries(object).sort(([a], [b]) => a < b ? -1 : 1);
}

/** A trial as a job of a queue. */
export function jobOfTrial({ id, ...payload }: Trial): Job {
  return { id, kind: TRIAL_KIND, payload };
}

const FLAG_NAME = /^[a-z][a-zA-Z0-9]{0,60}$/;
const COMMAND = /^[a-z]+( [a-z]+)?$/;

/** Whether all names are those of flags, and no value is anything but what a flag may have. */
const SETTINGS: Shape = (value, place) => {
  const isPlain = (one: unknown) =>
    ["string", "number", "boolean"].includes(typeof one) ||
    (Array.isArray(one) && one.every((item) => ["string", "number"].includes(typeof item)));
  const fault = record({})(value, place);
  if (fault !== undefined) return fault;
  const odd = Object.entries(value as object).find(([name, one]) => !FLAG_NAME.test(name) || !isPlain(one));
  return odd && `${place}.${odd[0].slice(0, 40)} is not the value of a flag`;
};

/** Three parts of a path, none of which leads upwards; the last one tells it from folders that are the queue's. */
const PLACE = /^(?!\.+\/)[a-z0-9._-]+\/(?!\.+\/)[a-z0-9._-]+\/seed-\d+$/;

const TRIAL_SHAPE = record({
  command: TEXT,
  settings: SETTINGS,
  inputs: record({}),
  version: TEXT,
  halving: optional(record({ metric: TEXT, from: NUMBER, factor: whole(2), study: TEXT })),
  place: optional(TEXT),
});

/**
 * Reads a trial from a job: whoever can write to the queue may have written it.
 *
 * @param job The job.
 * @returns The trial.
 * @throws {RunError} If it is none.
 */
export function trialOfJob({ id, payload }: Job): Trial {
  checkShape(payload, TRIAL_SHAPE, `job ${id}`);
  const trial = { id, ...payload as Omit<Trial, "id"> };
  if (!COMMAND.test(trial.command)) throw new RunError(`Cannot read job ${id}: command is none of this program`);
  if (trial.place !== undefined && !PLACE.test(trial.place)) {
    throw new RunError(`Cannot read job ${id}: place is none of a comparison, expected TARGET/ARM/seed-N`);
  }
  return trial;
}

/**
 * The arguments of the command line that runs a trial.
 *
 * @param trial The trial.
 * @returns Words of the command, then its flags, each one argument.
 */
export function argumentsOf({ command, settings }: Pick<Trial, "command" | "settings">): string[] {
  const flags = Object.entries(settings).flatMap(([name, value]) => {
    const flag = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    if (value === false) return [];
    return [value === true ? flag : `${flag}=${Array.isArray(value) ? value.join(",") : value}`];
  });
  return [...command.split(" "), ...flags];
}
