import type { Engine } from "../engine/mod.ts";
import { deriveSeed } from "../network/mod.ts";
import { deriveGenotype, type Genotype, type Space } from "../spaces/mod.ts";
import { RunError, type SomeSettings } from "../run/mod.ts";
import { createMethod } from "../search/mod.ts";
import { firstIndices, openJointTask, openTask, sampleParts, type Variation } from "../tasks/mod.ts";
import { type Card, encodeModel, openZooEntry, SUPERNET_FILE, writeEntryNetwork, writeModel } from "../zoo/mod.ts";
import {
  augmentationFor,
  DEFAULT_SHARING,
  DEFAULT_TRAINING,
  type EntryGroup,
  type EntryResult,
  isEntryResult,
  makeResult,
  mixedState,
  runTrainingStage,
  type Session,
  type SharingGroup,
  type SizeGroup,
  type TrainingGroup,
  trainingSettings,
  type TrainingTask,
} from "../stages/mod.ts";

/** Which entry gets a network, and how that is trained. */
export interface DeriveOptions {
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

/**
 * Derives the network of a zoo entry, trains it on the entry's own datasets and adds it to the entry: what traditional
 * transfer starts from. For several datasets it gets the heads of the supernet, one each.
 *
 * @param session Where.
 * @param options Which and how.
 * @returns The result with the card of the entry; that of before if the run was finished already.
 * @throws {Interrupted} After saving, if asked to stop.
 * @throws {DataError | RunError | RangeError} If something given does not fit; one line.
 */
export async function deriveEntry(session: Session, options: DeriveOptions): Promise<EntryResult> {
  const finished = await session.finishedResult(isEntryResult);
  if (finished !== undefined) return finished;
  const { entry: { name, zoo }, training, seed } = options;
  const entry = await openZooEntry(name, zoo);
  const { card } = entry;
  const data = options.data ?? card.sources.map(({ name }) => name).join(",");
  const opened = await openSourceImages(session.engine, card, { ...options, data });
  const { task } = opened;
  const checkpoint = await session.load(task.dataset.fingerprint);
  const supernet = card.files[SUPERNET_FILE]!.sha256;
  const start = checkpoint ? checkpoint.progress.before as Start : begin();
  if (start.supernet !== supernet) {
    throw new RunError(`Cannot derive ${name}: its supernet has changed since the run began, expected the same one`);
  }
  const { space, genotype } = start;
  const isInheriting = space.channels === card.space.channels;
  const text = `training the network of ${name} on ${data}: ${space.channels} channels, ${training.epochs} epochs`;
  session.emit({ type: "stage", stage: "train", text });
  const trained = await runTrainingStage(session, {
    task,
    space,
    genotype,
    supernet: isInheriting
      ? mixedState(entry, { genotype, method: createMethod(card.method, card.space), seed })
      : undefined,
    settings: trainingSettings(opened.dataset, training),
    auxiliaryWeight: training.auxiliary,
    augment: opened.augment,
    seed,
    before: start,
  }, checkpoint);
  const sources = card.sources.map(({ name }) => name);
  const { mean, std } = task.train;
  const classes = card.sources.flatMap(({ classes }) => classes);
  const model = { space, genotype, state: trained.state, classes, mean, std, data: sources.join(",") };
  await session.run.writeGenotype(genotype);
  await writeModel(session.run, model);
  const common = makeResult(session, { data, seed, space, genotype, history: trained.history });
  const { epochs, learningRate, dropPath, auxiliary } = training;
  const completed = await writeEntryNetwork(name, {
    bytes: encodeModel(model),
    description: {
      sources,
      testAccuracy: trained.test.accuracy,
      epochs,
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
        ...opened.recipe,
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
      space: { ...card.space, channels: options.sizes.channels ?? card.space.channels },
      genotype: deriveGenotype(method.strengths(entry.alpha), card.space),
      supernet,
    };
  }
}

/** The images of an entry's datasets, and how they are learnt from. */
interface SourceImages {
  readonly task: TrainingTask;
  readonly dataset: { readonly train: { readonly count: number } };
  readonly augment: Variation;
  /** What the card says of it. */
  readonly recipe: Readonly<Record<string, unknown>>;
}

async function openSourceImages(
  engine: Engine,
  card: Card,
  options: DeriveOptions & { data: string },
): Promise<SourceImages> {
  const { seed, sharing, training } = options;
  const names = options.data.split(",");
  if (names.length !== card.sources.length) {
    throw new RangeError(
      `Cannot derive ${card.name}: found ${names.length} datasets, expected its ${card.sources.length}`,
    );
  }
  const check = (fingerprints: readonly string[]) =>
    fingerprints.forEach((fingerprint, i) => {
      const { name, fingerprint: expected } = card.sources[i]!;
      if (fingerprint === expected) return;
      throw new RangeError(
        `Cannot derive ${card.name}: ${names[i]} holds other images, expected ${name} as the card has it`,
      );
    });
  if (names.length === 1) {
    if (sharing.imagesPerEpoch !== undefined) {
      throw new RangeError(`Cannot derive ${card.name} from a part of its images an epoch: it has a single dataset`);
    }
    const task = await openTask(engine, options.data);
    check([task.dataset.fingerprint]);
    return { task, dataset: task.dataset, augment: augmentationFor(task.dataset, training), recipe: {} };
  }
  const joint = await openJointTask(engine, names, sharing);
  check(joint.datasets.map(({ fingerprint }) => fingerprint));
  const { members, heads } = joint.mixture;
  const { images: test, members: testMembers } = joint.openTests();
  const trainIndices = sampleParts(engine, members, { ...sharing, seed: deriveSeed(seed, "training images") });
  const task = {
    dataset: joint.dataset,
    train: joint.train,
    trainIndices,
    test,
    testIndices: firstIndices(test.images.count),
    parts: heads.map((classes, i) => ({ classes, testIndices: testMembers[i]! })),
  };
  return { task, dataset: joint.dataset, augment: "own", recipe: { ...sharing } };
}
