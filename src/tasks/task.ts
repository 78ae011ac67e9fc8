import {
  type AugmentationName,
  type Dataset,
  namedAugmentation,
  nodeCrypto,
  openDataset,
  type OpenOptions,
} from "../data/mod.ts";
import type { Augmentation, Engine } from "../engine/mod.ts";
import { deriveSeed } from "../network/mod.ts";
import {
  balancedWeights,
  type ClassWeighting,
  type ImageSampler,
  type Objective,
  sampleDatasets,
  type Shares,
} from "../batches/mod.ts";
import { commonSize, type ImageSize, joinImages, scaleAugmentation } from "./join_images.ts";
import { indicesOf, type LabelledImages } from "../batches/mod.ts";

/** One dataset or several in the engine's memory: one image size, one list of classes. */
export interface Task extends ImageSize {
  /** The datasets. */
  readonly datasets: readonly Dataset[];
  /** Classes of all datasets, one dataset after the other: `DATASET/CLASS` if there are several. */
  readonly classes: readonly string[];
  /** Checksum of all that the datasets hold, and of how their images may be varied. */
  readonly fingerprint: string;
  /** How epochs are shared among the datasets; an epoch is every image once if left out. */
  readonly shares?: Shares | undefined;
  /** What is minimised while a network learns. */
  readonly objective: Objective;
  /** Images to learn from. */
  readonly train: LabelledImages;
  /** Images that only a finished network sees, prepared as the training images of their dataset are; loaded when first asked for. */
  readonly test: LabelledImages;
}

/** How {@linkcode openTask} opens datasets. */
export interface TaskOptions extends Pick<Task, "shares"> {
  /** How pictures become images, where they are kept, who listens. */
  readonly opening?: OpenOptions | undefined;
  /** Most bytes that the run may take: a quarter of them may be images, and never more than 1 GiB. */
  readonly memoryBytes?: number | undefined;
  /** How classes count in the loss: each image alike if left out. */
  readonly classWeights?: ClassWeighting | undefined;
  /** Share of the loss that all classes have alike; 0 if left out. */
  readonly labelSmoothing?: number | undefined;
  /** How training images are varied; as their dataset says if left out. */
  readonly augment?: AugmentationName | undefined;
  /** Parameter of mixup; 0, for none, if left out. */
  readonly mixup?: number | undefined;
  /** Parameter of CutMix; 0, for none, if left out. */
  readonly cutmix?: number | undefined;
}

/** Most bytes of images in the engine's memory, which has 4 GiB for all. */
const MOST_RESIDENT_BYTES = 2 ** 30;

/**
 * Opens datasets and copies their training images into the engine's memory, all in one size ({@linkcode commonSize}). Images that are
 * too many stay where they are until a batch needs them; results are the same. Each is
 * normalised by its own mean and deviation over them, and varied as it allows.
 *
 * @param engine The engine.
 * @param namesOrPaths Names of embedded datasets, or folders; at least one.
 * @param options How epochs are shared among them, how pictures become images; how much memory there is; what is minimised, and how
 * images are varied.
 * @returns The task.
 * @throws {DataError} If there is no such dataset or it is damaged.
 * @throws {RangeError} If a dataset is there twice.
 */
export async function openTask(
  engine: Engine,
  namesOrPaths: readonly string[],
  options: TaskOptions = {},
): Promise<Task> {
  const { shares, opening, memoryBytes, augment } = options;
  const datasets = await openDatasets(namesOrPaths, opening);
  const size = commonSize(datasets);
  const row = augment && namedAugmentation(augment, size);
  const isStreamed = !fitsMemory(datasets, size, memoryBytes);
  const { images, places } = joinImages(engine, datasets, { part: "train", size, isStreamed });
  const preparations = places.map((place, i) => ({
    ...images.statistics(indicesOf(place)),
    augment: row ?? scaleAugmentation(datasets[i]!, size),
  }));
  const prepare = ({ images, places }: ReturnType<typeof joinImages>): LabelledImages => ({
    images,
    count: images.count,
    parts: places.map((place, i) => ({ ...place, ...preparations[i]! })),
  });
  let test: LabelledImages | undefined;
  return {
    ...size,
    datasets,
    classes: nameClasses(datasets),
    fingerprint: fingerprintOf(datasets, row),
    shares,
    objective: objectiveFor(places, options),
    train: prepare({ images, places }),
    get test() {
      return test ??= prepare(joinImages(engine, datasets, { part: "test", size, isStreamed }));
    },
  };
}

function objectiveFor(
  places: Parameters<typeof balancedWeights>[0],
  { classWeights, labelSmoothing, mixup = 0, cutmix = 0 }: TaskOptions,
): Objective {
  return {
    classWeights: classWeights === "balanced" ? balancedWeights(places) : undefined,
    labelSmoothing,
    mixing: mixup > 0 || cutmix > 0 ? { mixup, cutmix } : undefined,
  };
}

function fitsMemory(
  datasets: readonly Dataset[],
  { height, width, channels }: ImageSize,
  memoryBytes = Infinity,
): boolean {
  const count = datasets.reduce((sum, { train, test }) => sum + train.count + test.count, 0);
  return count * height * width * channels <= Math.min(MOST_RESIDENT_BYTES, memoryBytes / 4);
}

async function openDatasets(namesOrPaths: readonly string[], opening?: OpenOptions): Promise<Dataset[]> {
  const datasets: Dataset[] = [];
  for (const name of namesOrPaths) {
    const dataset = await openDataset(name, opening);
    const twin = datasets.find(({ fingerprint }) => fingerprint === dataset.fingerprint);
    if (twin !== undefined) {
      throw new RangeError(
        `Cannot put datasets together: ${name} holds the images of ${twin.name} again, expected others`,
      );
    }
    datasets.push(dataset);
  }
  return datasets;
}

function nameClasses(datasets: readonly Dataset[]): readonly string[] {
  if (datasets.length === 1) return datasets[0]!.classes;
  return datasets.flatMap(({ name, classes }) => classes.map((label) => `${name}/${label}`));
}

function fingerprintOf(datasets: readonly Dataset[], row: Augmentation | undefined): string {
  const hash = nodeCrypto().createHash("sha256");
  // A run that goes on with other augmentation ends otherwise, too.
  for (const { fingerprint, augmentation } of datasets) {
    hash.update(`${fingerprint} ${describe(row ?? augmentation)}\n`);
  }
  return hash.digest("hex");
}

/** A text that differs wherever images are varied otherwise; what came later is left out where it is off, for runs of before. */
function describe({ cropPadding, flip, cutout, cropScale = 1, jitter }: Augmentation): string {
  const { brightness = 0, contrast = 0, saturation = 0 } = jitter ?? {};
  const later = [cropScale, brightness, contrast, saturation].join(" ");
  return `${cropPadding} ${flip} ${cutout}${later === "1 0 0 0" ? "" : ` ${later}`}`;
}

/**
 * The training images of a network that is not searched: all of them, or those that epochs have of each dataset.
 *
 * @param engine Draws which images of a larger dataset an epoch has.
 * @param task The images, and how epochs are shared among their datasets.
 * @param seed The user's.
 * @returns The images, epoch by epoch.
 * @throws {RangeError} If an epoch has no image of a dataset.
 */
export function trainingImages(
  engine: Pick<Engine, "permutation">,
  { train, shares }: Pick<Task, "train" | "shares">,
  seed: number,
): ImageSampler {
  return sampleDatasets(engine, train.parts.map(indicesOf), { shares, seed: deriveSeed(seed, "training images") });
}
