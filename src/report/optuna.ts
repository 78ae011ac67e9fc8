import { flattenSettings, RunError } from "../run/mod.ts";
import { curveFromStart } from "../stages/mod.ts";
import type { ComparedRun } from "./side_by_side_tables.ts";

/** Operations of a journal, by their numbers in Optuna's `JournalOperation`. */
const OPERATION = { createStudy: 0, setStudyAttribute: 2, createTrial: 4 } as const;
/** `StudyDirection.MAXIMIZE`. */
const MAXIMIZE = 2;
/** `TrialState.COMPLETE`. */
const COMPLETE = 1;
const STUDY_NAME = "rootstock";

type Scalar = string | number | boolean | null;

/** How Optuna keeps the values that a parameter may have: a distribution, and each value as the number that stands for it. */
interface Parameter {
  readonly distribution: string;
  readonly toNumber: (value: Scalar) => number;
}

/**
 * Writes runs as a journal of Optuna (`JournalFileBackend`): one study that is to be maximised, a trial a run. Settings are
 * parameters, held-out accuracies by epoch intermediate values, costs user attributes. The value is the accuracy on test
 * images; on held-out ones where not every run has tested.
 *
 * @param runs The runs.
 * @returns Text of the file, one operation a line.
 * @throws {RunError} If a run has neither accuracy; names it.
 */
export function encodeOptuna(runs: readonly ComparedRun[]): string {
  const ordered = runs.toSorted((a, b) => a.startedAt - b.startedAt);
  const objective = ordered.every(({ result }) => result.testAccuracy !== undefined) ? "testAccuracy" : "validAccuracy";
  const poor = ordered.find(({ result }) => result[objective] === undefined);
  if (poor !== undefined) {
    throw new RunError(
      `Cannot write a study: ${poor.folder} has no accuracy on held-out images, as others have none on test images; leave it out`,
    );
  }
  const settings = ordered.map(({ configuration }) => scalarsOf(configuration));
  const parameters = parametersOf(settings);
  const operations = [
    { op_code: OPERATION.createStudy, study_name: STUDY_NAME, directions: [MAXIMIZE] },
    { op_code: OPERATION.setStudyAttribute, study_id: 0, user_attr: { objective } },
    ...ordered.map((run, i) => ({
      op_code: OPERATION.createTrial,
      study_id: 0,
      ...describeTrial(run, settings[i]!, { parameters, objective }),
    })),
  ];
  return operations.map((operation) => `${JSON.stringify({ worker_id: STUDY_NAME, ...operation })}\n`).join("");
}

function describeTrial(
  { folder, result, startedAt }: ComparedRun,
  settings: Readonly<Record<string, Scalar>>,
  { parameters, objective }: {
    parameters: ReadonlyMap<string, Parameter>;
    objective: "testAccuracy" | "validAccuracy";
  },
) {
  const { command, data, seconds, epochs, testAccuracy, testLoss, validAccuracy, macs } = result;
  const names = Object.keys(settings);
  const steps = curveFromStart(result).filter(({ epoch, validAccuracy }) =>
    Number.isInteger(epoch) && validAccuracy !== undefined
  );
  return {
    datetime_start: new Date(startedAt).toISOString(),
    datetime_complete: new Date(startedAt + 1000 * seconds).toISOString(),
    state: COMPLETE,
    value: result[objective],
    values: null,
    distributions: Object.fromEntries(names.map((name) => [name, parameters.get(name)!.distribution])),
    params: Object.fromEntries(names.map((name) => [name, parameters.get(name)!.toNumber(settings[name]!)])),
    user_attrs: {
      folder,
      command,
      data,
      parameters: result.parameters,
      macs,
      seconds,
      epochs,
      testAccuracy,
      testLoss,
      validAccuracy,
    },
    system_attrs: {},
    intermediate_values: Object.fromEntries(steps.map(({ epoch, validAccuracy }) => [epoch, validAccuracy])),
  };
}

/** Settings by their paths; lists as texts. */
function scalarsOf(configuration: object): Record<string, Scalar> {
  return Object.fromEntries(
    Object.entries(flattenSettings(configuration)).map(([path, value]) => [path, toScalar(value)]),
  );
}

function toScalar(value: unknown): Scalar {
  if (typeof value === "string" || typeof value === "boolean" || value === null) return value;
  return typeof value === "number" && Number.isFinite(value)
    ? value
    : Array.isArray(value)
    ? value.join(",")
    : String(value);
}

/** A distribution of each setting that holds the values of all runs, as Optuna wants those of one parameter to be alike. */
function parametersOf(settings: readonly Readonly<Record<string, Scalar>>[]): Map<string, Parameter> {
  const names = new Set(settings.flatMap((own) => Object.keys(own)));
  return new Map([...names].map((name) => {
    const values = settings.flatMap((own) => name in own ? [own[name]!] : []);
    return [name, values.every((value) => typeof value === "number") ? numeric(values) : categorical(values)];
  }));
}

function numeric(values: readonly number[]): Parameter {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const isWhole = values.every(Number.isInteger);
  const name = isWhole ? "IntDistribution" : "FloatDistribution";
  const attributes = { log: false, step: isWhole ? 1 : null, low, high };
  return { distribution: JSON.stringify({ name, attributes }), toNumber: (value) => value as number };
}

function categorical(values: readonly Scalar[]): Parameter {
  const choices = [...new Set(values)];
  const distribution = JSON.stringify({ name: "CategoricalDistribution", attributes: { choices } });
  return { distribution, toNumber: (value) => choices.indexOf(value) };
}
