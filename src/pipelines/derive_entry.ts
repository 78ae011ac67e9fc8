import { countOf } from "../text/mod.ts";
import { RunError, type SomeSettings } from "../run/mod.ts";
import { type Genotype, hasSameSizes, pickSizes, resizeSpace, sizesOf, type Space } from "../spaces/mod.ts";
import {
  ARCHITECTURE_SHAPE,
  type Checkpoint,
  DEFAULT_SHARING,
  DEFAULT_TRAINING,
  describeTest,
  earlierOf,
  type EntryGroup,
  type EntryResult,
  isEntryResult,
  type LearningGroups,
  makeResult,
  openRunTask,
  type RunResult,
  runTrainingStage,
  type Session,
  type SharingGroup,
  type SizeGroup,
  type TrainingGroup,
  type TrainingOutcome,
  trainingSettings,
  variationFor,
} from "../stages/mod.ts";
import type { Task } from "../tasks/mod.ts";
import {
  type Card,
  type CardNetwork,
  describeModel,
  encodeModel,
  importOf,
  type Model,
  openZooEntry,
  SUPERNET_FILE,
  writeEntryNetwork,
  writeModel,
  type ZooEntry,
} from "../zoo/mod.ts";

/** Which entry gets a network, and how that is trained. */
export interface DeriveOptions extends LearningGroups {
  /** The entry. */
  readonly entry: EntryGroup;
  /**
   * Its datasets in the order of the card, names or folders with commas between; found by the names on the card if left out.
   */
  readonly data?: string | undefined;
  /** How several datasets share an epoch. */
  readonly sharing: SharingGroup;
  /** Channels of the network; those of the supernet if left out, whose weights are inherited only then. */
  readonly sizes: SomeSettings<Pick<SizeGroup, "channels">>;
  /** How it is trained. */
  readonly training: TrainingGroup;
  /** The user's seed. */
  readonly seed: number;
}

/** Defaults of a derivation. */
export const DERIVE_DEFAULTS: Omit<DeriveOptions, "entry"> = {
  sharing: DEFAULT_SHARING,
  sizes: {},
  training: DEFAULT_TRAINING,
  seed: 0,
};

/** Where a training starts. Plain JSON data, kept in checkpoints. */
interface Start {
  readonly space: Space;
  readonly genotype: Genotype;
  /** Checksum of the supernet from which the architecture was derived. */
  readonly supernet: string;
}

/** What a derivation works on. */
interface Derivation {
  readonly session: Session;
  readonly options: DeriveOptions;
  readonly entry: ZooEntry;
  /** Its datasets, as the user named them or as the card does. */
  readonly data: string;
  readonly task: Task;
}

/**
 * Derives the network of a zoo entry, trains it on the entry's own datasets and adds it to the entry: what traditional
 * transfer starts from. For several datasets it gets the heads of the supernet, one each.
 *
 * @param session The run and its engine.
 * @param options The entry, its datasets, settings of the training.
 * @returns The result with the card of the entry; that of before if the run was finished already.
 * @throws {Interrupted} After saving, if asked to stop.
 * @throws {DataError | RunError | RangeError} If something given does not fit; one line.
 */
export async function deriveEntry(session: Session, options: DeriveOptions): Promise<EntryResult> {
  const finished = await session.finishedResult(isEntryResult);
  if (finished !== undefined) return finished;
  const { entry: { name, zoo } } = options;
  const entry = await openZooEntry(name, zoo);
  const data = options.data ?? entry.card.sources.map(({ name }) => name).join(",");
  const task = await openSources(session, entry.card, { ...options, data });
  const given: Derivation = { session, options, entry, data, task };
  const checkpoint = await session.load(task.fingerprint);
  const start = checkpoint ? earlierOf<Start>(checkpoint, ARCHITECTURE_SHAPE) : derive(given);
  if (start.supernet !== checksumOf(entry)) {
    throw new RunError(`Cannot derive ${name}: its supernet has changed since the run began, expected the same one`);
  }
  const trained = await trainDerived(given, start, checkpoint);
  const model = describeNetwork(given, start, trained);
  await session.run.writeGenotype(model.genotype);
  await writeModel(session.run, model);
  const { space, genotype } = model;
  const common = makeResult(session, { task, data, seed: options.seed, space, genotype, history: trained.history });
  const description = describeTraining(given, start, { ...common, testAccuracy: trained.test.accuracy });
  const card = await writeEntryNetwork(name, { bytes: await encodeModel(model), description }, zoo);
  const result = { ...common, ...describeTest(trained.test), space, card };
  await session.run.writeResult(result);
  return result;
}

/** Opens the datasets of an entry, each at the place that it has on the card. */
async function openSources(session: Session, card: Card, options: DeriveOptions & { data: string }): Promise<Task> {
  const { sharing: { sampling, imagesPerEpoch }, loss, variation } = options;
  const names = options.data.split(",");
  if (names.length !== card.sources.length) {
    throw new RangeError(
      `Cannot derive ${card.name}: found ${names.length} datasets, expected its ${card.sources.length}`,
    );
  }
  if (names.length === 1 && imagesPerEpoch !== undefined) {
    throw new RangeError(`Cannot derive ${card.name} from a part of its images an epoch: it has a single dataset`);
  }
  const shares = names.length === 1 ? undefined : { sampling, imagesPerEpoch };
  const task = await openRunTask(session, names, { shares, images: importOf(card), loss, variation });
  card.sources.forEach(({ name, fingerprint }, i) => {
    if (fingerprint === task.datasets[i]!.fingerprint) return;
    throw new RangeError(
      `Cannot derive ${card.name}: ${names[i]} holds other images, expected ${name} as the card has it`,
    );
  });
  return task;
}

function checksumOf({ card }: ZooEntry): string {
  return card.files[SUPERNET_FILE]!.sha256;
}

/** The network for which the entry's alpha speaks. */
function derive({ options, entry }: Derivation): Start {
  const { space } = entry.supernet;
  return {
    space: resizeSpace(space, pickSizes(space.name, options.sizes)),
    genotype: entry.supernet.genotype(),
    supernet: checksumOf(entry),
  };
}

/** Whether a network has the widths of the supernet, whose weights it can start with. */
function isInheriting({ entry }: Derivation, { space }: Start): boolean {
  return hasSameSizes(space, entry.card.space);
}

async function trainDerived(
  given: Derivation,
  start: Start,
  checkpoint: Checkpoint | undefined,
): Promise<TrainingOutcome> {
  const { session, options, entry, data, task } = given;
  const { card } = entry;
  const { space, genotype } = start;
  const { training, weights, seed } = options;
  const text = `training the network of ${card.name} on ${data}: ${sizesOf(space).channels} channels, ${
    countOf(training.epochs, "epoch")
  }`;
  session.emit({ type: "stage", stage: "train", text });
  return await runTrainingStage(session, {
    task,
    space,
    genotype,
    supernet: isInheriting(given, start) ? entry.supernet.stateFor(genotype, seed) : undefined,
    learns: "all",
    settings: trainingSettings(task, training, weights),
    auxiliaryWeight: training.auxiliary,
    augment: variationFor(training),
    seed,
    earlier: start,
  }, checkpoint);
}

function describeNetwork(
  { entry: { card: { sources } }, task }: Derivation,
  { space, genotype }: Start,
  { state }: TrainingOutcome,
): Model {
  const data = sources.map(({ name }) => name).join(",");
  return { space, genotype, state, ...describeModel(task, data), classes: sources.flatMap(({ classes }) => classes) };
}

/** What the card says of the network. */
function describeTraining(
  given: Derivation,
  start: Start,
  { testAccuracy, parameters, macs, build }: RunResult & { testAccuracy: number },
): CardNetwork {
  const { options, entry, task } = given;
  const { training: { epochs, learningRate, dropPath, auxiliary }, loss, variation, weights, seed } = options;
  return {
    sources: entry.card.sources.map(({ name }) => name),
    testAccuracy,
    epochs,
    channels: sizesOf(start.space).channels!,
    parameters,
    macs,
    recipe: {
      command: "zoo derive",
      seed,
      build,
      inherit: isInheriting(given, start) ? "weights" : "none",
      learningRate,
      dropPath,
      auxiliary,
      ...task.shares,
      ...loss,
      ...variation,
      weightsMean: weights?.mean,
    },
  };
}
