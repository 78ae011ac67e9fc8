import { softmax } from "../network/mod.ts";
import { AMOUNT, checkedBy, listOf, NUMBER, optional, record, type Shape, SHARE, TEXT, whole } from "../run/mod.ts";
import type { Evaluation } from "../search/mod.ts";

/** How a network does on the test images of one class. */
export interface ClassReport {
  /** Name of the class. */
  readonly name: string;
  /** Its test images. */
  readonly support: number;
  /** Share of the images said to be of the class that are; null if none was said to be. */
  readonly precision: number | null;
  /** Share of the class's images that were recognised; null if it has none. */
  readonly recall: number | null;
  /** Harmonic mean of both; null if the class has no images and none was said to be of it. */
  readonly f1: number | null;
}

/** Images that were taken for another class. */
export interface Confusion {
  /** The class that they are of. */
  readonly true: string;
  /** The class that they were said to be of. */
  readonly predicted: string;
  /** How many. */
  readonly count: number;
}

/** Images of which a network was about equally sure. */
export interface ReliabilityBin {
  /** Least probability of the class said, not among them but for 0. */
  readonly from: number;
  /** Largest one. */
  readonly to: number;
  /** Images. */
  readonly count: number;
  /** Mean probability of the class said; null if there are no images. */
  readonly confidence: number | null;
  /** Share of the images that were right; null if there are none. */
  readonly accuracy: number | null;
}

/** A wrong answer. */
export interface Mistake {
  /** Index of the image among the test images. */
  readonly image: number;
  /** The class that it is of. */
  readonly true: string;
  /** The class that it was said to be of. */
  readonly predicted: string;
  /** Probability that the network gave to that. */
  readonly probability: number;
  /** The picture as a PNG in a `data:` address, at most 64 pixels a side; absent where none was asked for. */
  readonly picture?: string | undefined;
}

/** How a network does on the test images of a dataset. Plain JSON data. */
export interface TestReport {
  /** Test images. */
  readonly count: number;
  /** Share that is right. */
  readonly accuracy: number;
  /** Mean recall of the classes that have images. */
  readonly balancedAccuracy: number;
  /** Mean negative log-likelihood, in nats; null in a file if it is not finite. */
  readonly loss: number | null;
  /** Mean squared distance of the probabilities from the truth, summed over classes: 0 to 2 (Brier 1950). */
  readonly brier: number;
  /** Each class, in the order of the labels. */
  readonly classes: readonly ClassReport[];
  /** Images by their class (rows) and the class said (columns). */
  readonly confusion: readonly (readonly number[])[];
  /** The pairs of classes confused most often, at most {@linkcode MOST_CONFUSED}. */
  readonly confused: readonly Confusion[];
  /** How far probabilities can be believed. */
  readonly calibration: {
    /** Expected calibration error: mean difference of confidence and accuracy in bins of equal width (Guo et al. 2017). */
    readonly error: number;
    /** The bins, {@linkcode CALIBRATION_BINS} of them, ascending. */
    readonly bins: readonly ReliabilityBin[];
  };
  /** The wrong answers of which the network was surest, at most {@linkcode MOST_MISTAKES}. */
  readonly mistakes: readonly Mistake[];
}

/** How a network does on test images: mean loss and accuracy, of several datasets their mean. */
export interface TestOutcome extends Evaluation {
  /** All that is known of the answers; absent for several datasets, each of which has its own classes. */
  readonly report?: TestReport | undefined;
}

/** Bins of a reliability diagram, as in Guo et al. 2017. */
export const CALIBRATION_BINS = 15;

/** Pairs of classes that are listed. */
export const MOST_CONFUSED = 10;

/** Wrong answers that are listed. */
export const MOST_MISTAKES = 12;

interface Answer {
  readonly label: number;
  readonly predicted: number;
  readonly probability: number;
}

/** Collects a network's answers, batch by batch, and reports on them. */
export class TestRecord {
  readonly #classes: readonly string[];
  readonly #answers: Answer[] = [];
  #brier = 0;

  /** @param classes Names of the classes, in the order of the logits. */
  constructor(classes: readonly string[]) {
    this.#classes = classes;
  }

  /**
   * Adds a batch, in the order of the test images.
   *
   * @param logits [images, classes] row-major.
   * @param labels Class of each image.
   */
  add(logits: Float32Array, labels: ArrayLike<number>): void {
    const { length } = this.#classes;
    for (let i = 0; i < labels.length; i++) {
      const row = logits.subarray(i * length, (i + 1) * length);
      const [label, probabilities] = [labels[i]!, softmax(row)];
      // The first of the largest, as the kernels count hits.
      const predicted = row.reduce((best, logit, k) => logit > row[best]! ? k : best, 0);
      this.#answers.push({ label, predicted, probability: probabilities[predicted]! });
      const squares = probabilities.map((probability, k) => (probability - Number(k === label)) ** 2);
      this.#brier += squares.reduce((sum, square) => sum + square, 0);
    }
  }

  /**
   * Reports on all that was added.
   *
   * @param loss Mean negative log-likelihood, in nats.
   * @returns The report, without pictures.
   * @throws {RangeError} If nothing was added.
   */
  report(loss: number): TestReport {
    const [classes, answers] = [this.#classes, this.#answers];
    if (answers.length === 0) throw new RangeError("Cannot report on tests: found no images, expected at least 1");
    const confusion = classes.map(() => classes.map(() => 0));
    for (const { label, predicted } of answers) confusion[label]![predicted]!++;
    const reports = classes.map((name, k) => reportClass(name, k, confusion));
    const recalls = reports.flatMap(({ recall }) => recall === null ? [] : [recall]);
    return {
      count: answers.length,
      accuracy: answers.filter(isRight).length / answers.length,
      balancedAccuracy: sum(recalls) / recalls.length,
      loss,
      brier: this.#brier / answers.length,
      classes: reports,
      confusion,
      confused: mostConfused(classes, confusion),
      calibration: calibrate(answers),
      mistakes: surestMistakes(classes, answers),
    };
  }
}

function isRight({ label, predicted }: Answer): boolean {
  return label === predicted;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function reportClass(name: string, k: number, confusion: readonly (readonly number[])[]): ClassReport {
  const hits = confusion[k]![k]!;
  const [support, said] = [sum(confusion[k]!), sum(confusion.map((row) => row[k]!))];
  const share = (whole: number, part = hits) => whole === 0 ? null : part / whole;
  return { name, support, precision: share(said), recall: share(support), f1: share(support + said, 2 * hits) };
}

function mostConfused(classes: readonly string[], confusion: readonly (readonly number[])[]): Confusion[] {
  return confusion.flatMap((row, label) =>
    row.flatMap((count, predicted) =>
      count > 0 && label !== predicted ? [{ true: classes[label]!, predicted: classes[predicted]!, count }] : []
    )
  ).sort((a, b) => b.count - a.count).slice(0, MOST_CONFUSED);
}

function calibrate(answers: readonly Answer[]): TestReport["calibration"] {
  const members = Array.from({ length: CALIBRATION_BINS }, (): Answer[] => []);
  for (const answer of answers) {
    const bin = Math.ceil(answer.probability * CALIBRATION_BINS) - 1;
    members[Math.min(Math.max(bin, 0), CALIBRATION_BINS - 1)]!.push(answer);
  }
  const bins = members.map((own, i): ReliabilityBin => ({
    from: i / CALIBRATION_BINS,
    to: (i + 1) / CALIBRATION_BINS,
    count: own.length,
    confidence: own.length === 0 ? null : sum(own.map(({ probability }) => probability)) / own.length,
    accuracy: own.length === 0 ? null : own.filter(isRight).length / own.length,
  }));
  const gaps = bins.map(({ count, confidence, accuracy }) => count * Math.abs((accuracy ?? 0) - (confidence ?? 0)));
  return { error: sum(gaps) / answers.length, bins };
}

function surestMistakes(classes: readonly string[], answers: readonly Answer[]): Mistake[] {
  return answers.flatMap((answer, image) => isRight(answer) ? [] : [{ ...answer, image }])
    .sort((a, b) => b.probability - a.probability || a.image - b.image)
    .slice(0, MOST_MISTAKES)
    .map(({ image, label, predicted, probability }) => ({
      image,
      true: classes[label]!,
      predicted: classes[predicted]!,
      probability,
    }));
}

function nullable(shape: Shape): Shape {
  return (value, place) => value === null ? undefined : shape(value, place);
}

const REPORT_SHAPE = record({
  count: whole(1),
  accuracy: SHARE,
  balancedAccuracy: SHARE,
  // What JSON makes of a loss that is not finite.
  loss: nullable(NUMBER),
  brier: AMOUNT,
  classes: listOf(
    record({
      name: TEXT,
      support: whole(0),
      precision: nullable(SHARE),
      recall: nullable(SHARE),
      f1: nullable(SHARE),
    }),
    1,
  ),
  confusion: listOf(listOf(whole(0), 1), 1),
  confused: listOf(record({ true: TEXT, predicted: TEXT, count: whole(1) })),
  calibration: record({
    error: SHARE,
    bins: listOf(
      record({ from: SHARE, to: SHARE, count: whole(0), confidence: nullable(SHARE), accuracy: nullable(SHARE) }),
    ),
  }),
  mistakes: listOf(
    record({ image: whole(0), true: TEXT, predicted: TEXT, probability: SHARE, picture: optional(TEXT) }),
  ),
});

/** What a {@linkcode TestReport} of a file must be. */
export const TEST_SHAPE: Shape = (value, place) =>
  REPORT_SHAPE(value, place) ?? checkedBy((report) => checkConfusion(report as TestReport))(value, place);

function checkConfusion({ classes, confusion }: TestReport): void {
  const sizes = [confusion.length, ...confusion.map(({ length }) => length)];
  const wrong = sizes.find((size) => size !== classes.length);
  if (wrong !== undefined) throw new RangeError(`its confusion has a side of ${wrong}, expected ${classes.length}`);
}
