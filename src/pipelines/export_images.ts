import { type Dataset, type ImportListener, openDataset, pickPixels, type Split } from "../data/mod.ts";
import { Engine } from "../engine/mod.ts";
import type { ExportImages } from "../export/mod.ts";
import { classify, loadState, withoutAuxiliaryHead } from "../network/mod.ts";
import { buildDerivedNetwork } from "../spaces/mod.ts";
import { type Model, openingFor } from "../zoo/mod.ts";
import { matchClasses } from "./match_classes.ts";

/** How many images are taken at most. */
export interface ImageCounts {
  /** Training images, to find ranges of values with. */
  readonly calibration: number;
  /** Test images, to measure accuracy on. */
  readonly test: number;
}

/** Enough for ranges, and for accuracy to a point, in a minute. */
export const DEFAULT_COUNTS: ImageCounts = { calibration: 256, test: 1000 };

const BATCH = 64;

/** What a network is fitted to and tried on when it is rounded. */
export interface RoundingImages {
  /** Training images, a few hundred. */
  readonly train: ExportImages;
  /** Test images. */
  readonly test: ExportImages;
  /** Class of each test image, an index into those of the network. */
  readonly labels: readonly number[];
}

/**
 * Opens images of a dataset for a network that is to be rounded, at equal distances, so that all classes are among them.
 *
 * @param model The network.
 * @param data The dataset.
 * @param options Folder of decoded images, who listens, how many are taken.
 * @returns The images.
 * @throws {DataError | RangeError} If the dataset cannot be read, or has other classes than the network.
 */
export async function openRoundingImages(
  model: Model,
  data: string,
  { counts = DEFAULT_COUNTS, ...options }: {
    counts?: ImageCounts | undefined;
    cache?: string | undefined;
    listener?: ImportListener | undefined;
  },
): Promise<RoundingImages> {
  const dataset = await openDataset(data, openingFor(model, options));
  const logits = matchClasses(dataset.classes, model.classes, data);
  const test = pick(dataset, dataset.test, counts.test);
  return {
    train: pick(dataset, dataset.train, counts.calibration).images,
    test: test.images,
    labels: Array.from(test.indices, (index) => logits[dataset.test.labels[index]!]!),
  };
}

function pick(
  { height, width, channels }: Dataset,
  { pixels, count }: Split,
  most: number,
): { images: ExportImages; indices: Uint32Array } {
  const wanted = Math.min(count, most);
  const indices = Uint32Array.from({ length: wanted }, (_, i) => Math.floor(i * count / wanted));
  const picked = pickPixels(pixels, indices, height * width * channels);
  return { images: { pixels: picked, count: wanted, shape: [height, width, channels] }, indices };
}

/**
 * Classifies images with a network here, in the engine.
 *
 * @param model The network.
 * @param images The images.
 * @returns For each image the index of its class.
 */
export async function classifyHere(
  { space, genotype, state, classes, mean, std }: Model,
  { pixels, count, shape: [height, width, channels] }: ExportImages,
): Promise<number[]> {
  const engine = await Engine.start();
  try {
    const program = buildDerivedNetwork({ space: { ...space, height, width }, genotype });
    const network = engine.compile(program, { batch: Math.min(count, BATCH), isInference: true });
    loadState(network, withoutAuxiliaryHead(state));
    const images = engine.loadImages(pixels.read(0, pixels.length), { count, height, width, channels });
    const indexOf = new Map(classes.map((name, index) => [name, index]));
    const ranked = classify(network, { images, mean, std }, { classes, top: 1 });
    return ranked.map(([likeliest]) => indexOf.get(likeliest!.class)!);
  } finally {
    engine.close();
  }
}
