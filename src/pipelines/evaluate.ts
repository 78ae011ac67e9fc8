import { costOfDerivedNetwork } from "../spaces/mod.ts";
import { type Build, Engine } from "../engine/mod.ts";
import { openingFor, readModel } from "../zoo/mod.ts";
import { type Dataset, type ImportListener, printable } from "../data/mod.ts";
import { openTask } from "../tasks/mod.ts";
import { matchClasses } from "./match_classes.ts";
import { evaluateState, type TestReport } from "../stages/mod.ts";

/** What is evaluated on what. */
export interface EvaluateOptions {
  /** Folder of a run, or its `network.safetensors`. */
  readonly from: string;
  /** Dataset; the one trained on if left out. */
  readonly data?: string | undefined;
  /** Folder in which decoded images are kept; the default one if left out. */
  readonly cache?: string | undefined;
  /** Told while pictures are decoded. */
  readonly listener?: ImportListener | undefined;
  /** Images a batch. */
  readonly batch: number;
  /** Build of the kernels. */
  readonly build?: Build | undefined;
  /** Threads. */
  readonly threads?: number | undefined;
}

/** How a network does on test images. */
export interface EvaluateResult {
  /** Dataset. */
  readonly data: string;
  /** Build of the kernels. */
  readonly build: string;
  /** How the process was launched. */
  readonly mode: string;
  /** Threads. */
  readonly threads: number;
  /** Seconds of the evaluation. */
  readonly seconds: number;
  /** Share of test images classified rightly. */
  readonly testAccuracy: number;
  /** Mean loss on them, in nats. */
  readonly testLoss: number;
  /** Number of them. */
  readonly count: number;
  /** All else that is known of them. */
  readonly test: TestReport;
  /** Why the accuracy may be too good, if it may; one line. */
  readonly warning?: string | undefined;
  /** Trainable numbers of the network. */
  readonly parameters: number;
  /** Multiply-adds for one image. */
  readonly macs: number;
  /** Everything else, such as the architecture. */
  readonly [further: string]: unknown;
}

/**
 * Evaluates a trained network on the test images of a dataset, normalised as those trained on.
 *
 * @param options The network, the dataset; build and threads.
 * @returns Accuracy and loss.
 * @throws {DataError | RunError | RangeError} If something does not fit; one line.
 */
export async function evaluate(options: EvaluateOptions): Promise<EvaluateResult> {
  const startedAt = performance.now();
  const model = await readModel(options.from);
  const { build, threads, batch } = options;
  const data = options.data ?? model.data;
  const engine = await Engine.start({ build, threads });
  try {
    const { classes, channels, height, width, test, datasets } = await openTask(engine, [data], {
      opening: openingFor(model, options),
    });
    if (classes.length !== model.classes.length || channels !== model.mean.length) {
      throw new RangeError(
        `Cannot evaluate on ${data}: it has ${classes.length} classes and ${channels} channels, expected ` +
          `${model.classes.length} and ${model.mean.length} as trained on`,
      );
    }
    const { genotype, state, mean, std } = model;
    const logits = matchClasses(classes, model.classes, data);
    const parts = test.parts.map((part) => ({
      ...part,
      mean,
      std,
      labels: Uint8Array.from(part.labels, (label) => logits[label]!),
    }));
    const images = { ...test, parts };
    const space = { ...model.space, height, width };
    const outcome = evaluateState({ engine }, { images, classes: model.classes, space, genotype, state, batch });
    const { parameters, multiplyAdds: macs } = costOfDerivedNetwork({ space, genotype });
    return {
      command: "eval",
      data,
      build: engine.build,
      mode: engine.mode,
      threads: engine.threads,
      seconds: Math.round(performance.now() - startedAt) / 1000,
      testAccuracy: outcome.accuracy,
      testLoss: outcome.loss,
      count: outcome.count,
      // A single dataset always has one.
      test: outcome.report!,
      warning: warnOfLearnt(datasets[0]!, model.fingerprint, data),
      parameters,
      macs,
      genotype,
    };
  } finally {
    engine.close();
  }
}

/** One image more, or another order, and others are set apart for tests: some of those that were learnt from. */
function warnOfLearnt(
  { isTestSplitOff, fingerprint }: Pick<Dataset, "isTestSplitOff" | "fingerprint">,
  trainedOn: string | undefined,
  data: string,
): string | undefined {
  if (!isTestSplitOff || trainedOn === undefined || fingerprint === trainedOn) return undefined;
  return `${printable(data)} sets no images apart for tests and is not as the network was trained on: ` +
    `of the images that were chosen now it may have learnt some, which makes the accuracy too good`;
}
