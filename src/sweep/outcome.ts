import { hasShape, NUMBER, optional, record, type RunEvent } from "../run/mod.ts";
import { lookEpochs, type Looks } from "./halving.ts";
import type { Halving } from "./study.ts";

/** Figures of a finished trial that its queue keeps; everything else is in its folder. */
export interface Outcome {
  /** Accuracy on the test images, 0 to 1. */
  readonly testAccuracy?: number | undefined;
  /** Accuracy on held-out images at the end of the search. */
  readonly validAccuracy?: number | undefined;
  /** Trainable numbers of the network. */
  readonly parameters?: number | undefined;
  /** Multiply-adds for one image. */
  readonly macs?: number | undefined;
  /** Epochs done. */
  readonly epochs?: number | undefined;
  /** Seconds worked. */
  readonly seconds?: number | undefined;
  /** Epoch at which it was stopped for lagging behind. */
  readonly stoppedAt?: number | undefined;
  /** What it had reached when trials were looked at. */
  readonly looks?: Looks | undefined;
}

/** How far a trial is. */
export interface TrialProgress {
  /** Stage, such as `search`. */
  readonly stage: string;
  /** Epochs of it that are done. */
  readonly epoch: number;
  /** Accuracy on held-out images after it. */
  readonly validAccuracy?: number | undefined;
  /** Seconds worked. */
  readonly seconds: number;
  /** Held-out accuracy, or training accuracy where none is held out, by epoch of this stage. */
  readonly curve: readonly (readonly [epoch: number, accuracy: number])[];
  /** What it had reached when trials were looked at. */
  readonly looks?: Looks | undefined;
}

const FIGURES = ["testAccuracy", "validAccuracy", "parameters", "macs", "epochs", "seconds"] as const;
const OUTCOME_SHAPE = record(Object.fromEntries(FIGURES.map((name) => [name, optional(NUMBER)])));

/** Takes the figures of a run's result that a queue keeps; none of a result of another kind, such as that of a comparison. */
export function outcomeOf(result: unknown): Outcome {
  if (!hasShape(result, OUTCOME_SHAPE)) return {};
  const held = result as Outcome;
  return Object.fromEntries(FIGURES.flatMap((name) => held[name] === undefined ? [] : [[name, held[name]]]));
}

/** More points of a curve are thinned out: a queue is no place for histories. */
const MOST_POINTS = 100;

/**
 * Tells from its history how far a run is.
 *
 * @param events The history.
 * @param halving At which epochs of its first stage which figure is looked at; none if left out.
 * @returns How far it is; a run without an epoch is at the beginning.
 */
export function progressOf(events: readonly RunEvent[], halving?: Halving): TrialProgress {
  const epochs = events.filter((event) => event.type === "epoch" && Number.isFinite(event.epoch));
  const last = epochs.at(-1);
  const number = (value: unknown) => Number.isFinite(value) ? value as number : undefined;
  const points = epochs.filter(({ stage }) => stage === last?.stage).map((event) =>
    [event.epoch as number, number(event.validAccuracy) ?? number(event.trainAccuracy) ?? 0] as const
  );
  const every = Math.ceil(points.length / MOST_POINTS);
  return {
    stage: String(last?.stage ?? "start"),
    epoch: number(last?.epoch) ?? 0,
    validAccuracy: number(last?.validAccuracy),
    seconds: number(last?.seconds) ?? 0,
    curve: points.filter((_, i) => (points.length - 1 - i) % every === 0),
    looks: halving && looksOf(epochs, halving),
  };
}

/** What the first stage has reached by each epoch of a look that is over. */
function looksOf(epochs: readonly RunEvent[], { metric, ...halving }: Halving): Looks {
  const own = epochs.filter(({ stage, epoch }) => stage === epochs[0]!.stage && (epoch as number) > 0);
  const most = Math.max(0, ...own.map(({ epoch }) => epoch as number));
  return Object.fromEntries(
    lookEpochs(halving, most).flatMap((at) => {
      const value = own.find(({ epoch }) => epoch as number >= at)?.[metric];
      return Number.isFinite(value) ? [[at, value as number]] : [];
    }),
  );
}
