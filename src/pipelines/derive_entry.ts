import type { Genotype, Space } from "../network/mod.ts";
import { RunError } from "../run/mod.ts";
import { createMethod, deriveGenotype } from "../search/mod.ts";
import { type Card, openZooEntry, writeEntryNetwork } from "../transfer/mod.ts";
import { describeModel, encodeModel, writeModel } from "./model_file.ts";
import { makeResult, type RunResult } from "./result.ts";
import type { Session } from "./session.ts";
import { augmentationFor, DEFAULT_TRAINING, type TrainingChoices, trainingSettings } from "./settings.ts";
import { openTask } from "./task.ts";
import { runTrainingStage } from "./training_stage.ts";
import { zooCodec } from "./zoo.ts";

/** Which entry gets a network, and how that is trained. */
export interface DeriveOptions extends TrainingChoices {
  /** Name of the entry. */
  readonly entry: string;
  /** Its dataset, name or folder; found by the name on the card if left out. */
  readonly data?: string;
  /** Folder of the zoo; that of the project if left out. */
  readonly zoo?: string;
  /** Channels of a node in the first cell; those of the supernet if left out, whose weights are inherited only then. */
  readonly channels?: number;
  /** The user's seed. */
  readonly seed: number;
}

/** Defaults of a derivation. */
export const DERIVE_DEFAULTS: Omit<DeriveOptions, "entry"> = { ...DEFAULT_TRAINING, seed: 0 };

/** Where a training starts. Plain JSON data, kept in checkpoints. */
interface Start {
  readonly space: Space;
  readonly genotype: Genotype;
  /** Checksum of the supernet from which the architecture was derived. */
  readonly supernet: string;
}

/**
 * Derives the network of a zoo entry, trains it on the entry's own dataset and adds it to the entry: what traditional
 * transfer starts from.
 *
 * @param session Where.
 * @param options Which and how.
 * @returns The result with the card of the entry; that of before if the run was finished already.
 * @throws {Interrupted} After saving, if asked to stop.
 * @throws {DataError | RunError | RangeError} If something given does not fit; one line.
 */
export async function deriveEntry(session: Session, options: DeriveOptions): Promise<RunResult & { card: Card }> {
  const finished = await session.run.result();
  if (finished !== undefined) return finished as RunResult & { card: Card };
  const { entry: name, zoo, seed } = options;
  const entry = await openZooEntry(name, { codec: zooCodec, ...(zoo !== undefined && { folder: zoo }) });
  const { card } = entry;
  const source = onlySource(card);
  const data = options.data ?? source.name;
  const task = await openTask(session.engine, data);
  if (task.dataset.fingerprint !== source.fingerprint) {
    throw new RangeError(
      `Cannot derive ${name}: ${data} holds other images, expected ${source.name} as the card has it`,
    );
  }
  const checkpoint = await session.load(task.dataset.fingerprint);
  const supernet = card.files["supernet.safetensors"]!.sha256;
  const start = checkpoint ? checkpoint.progress.before as Start : begin();
  if (start.supernet !== supernet) {
    throw new RunError(`Cannot derive ${name}: its supernet has changed since the run began, expected the same one`);
  }
  const { space, genotype } = start;
  const isInheriting = space.channels === card.space.channels;
  const text = `training the network of ${name} on ${data}: ${space.channels} channels, ${options.trainEpochs} epochs`;
  session.emit({ type: "stage", stage: "train", text });
  const trained = await runTrainingStage(session, {
    task,
    space,
    genotype,
    supernet: isInheriting ? entry.state : undefined,
    settings: trainingSettings(task.dataset, options),
    auxiliaryWeight: options.auxiliary,
    augment: augmentationFor(task.dataset, options),
    seed,
    before: start,
  }, checkpoint);
  const model = { space, genotype, state: trained.state, ...describeModel(task, source.name) };
  await session.run.writeGenotype(genotype);
  await writeModel(session.run, model);
  const common = makeResult(session, { data, seed, space, genotype, curve: trained.history });
  const { trainEpochs, trainLearningRate: learningRate, dropPath, auxiliary } = options;
  const completed = await writeEntryNetwork(name, {
    bytes: encodeModel(model),
    description: {
      sources: [source.name],
      testAccuracy: trained.test.accuracy,
      epochs: trainEpochs,
      channels: space.channels,
      parameters: common.parameters,
      macs: common.macs,
      recipe: {
        command: "zoo derive",
        seed,
        build: common.build,
        inherit: isInheriting ? "weights" : "none",
        learningRate,
        dropPath,
        auxiliary,
      },
    },
  }, zoo);
  const result = {
    ...common,
    testAccuracy: trained.test.accuracy,
    testLoss: trained.test.loss,
    space,
    card: completed,
  };
  await session.run.writeResult(result);
  return result;

  function begin(): Start {
    const method = createMethod(card.method, card.space);
    return {
      space: { ...card.space, channels: options.channels ?? card.space.channels },
      genotype: deriveGenotype(method.strengths(entry.alpha), card.space),
      supernet,
    };
  }
}

/** The one dataset of an entry: where networks for several would begin. */
function onlySource({ name, sources }: Card) {
  if (sources.length === 1) return sources[0]!;
  throw new RangeError(`Cannot derive ${name}: it has ${sources.length} sources, expected one`);
}
