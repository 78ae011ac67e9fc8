/**
 * Writes a part of a dataset as a dataset of its own, so that experiments can say how few images they had.
 *
 * @module
 */
import { join } from "node:path";
import { parseArgs } from "@std/cli";
import { DataError, encodeIdx, openDataset, type Split, splitIndices, takeImages } from "../src/data/mod.ts";

const USAGE = "deno task subset --from FOLDER --to runs/NAME --train N --test N [--seed N]";

/** What to take. */
export interface SubsetSizes {
  /** Most training images. */
  readonly train: number;
  /** Most test images. */
  readonly test: number;
  /** Seed of the choice. */
  readonly seed: number;
}

/**
 * Writes a subset of training and test images whose classes have the shares that they have in the whole.
 *
 * @param from Name or folder of a dataset.
 * @param to Folder to write to; made if it is absent.
 * @param sizes How many images, and which.
 * @throws {DataError} If there is no such dataset.
 */
export async function makeSubset(from: string, to: string, { train, test, seed }: SubsetSizes): Promise<void> {
  const dataset = await openDataset(from);
  await Deno.mkdir(to, { recursive: true });
  for (const [part, most] of [["train", train], ["test", test]] as const) {
    const { pixels, labels, count } = take(dataset[part], most, seed);
    const { height, width, channels } = dataset;
    const shape = [count, height, width, ...(channels === 1 ? [] : [channels])];
    await Deno.writeFile(join(to, `${part}-images.idx`), encodeIdx({ shape, data: pixels.read(0, pixels.length) }));
    await Deno.writeFile(join(to, `${part}-labels.idx`), encodeIdx({ shape: [count], data: labels }));
  }
  const { name, description, classes, augmentation, source, licence, attribution } = dataset;
  // What is not known is left out: an empty line would be refused.
  const known = Object.entries({ description, source, licence, attribution }).filter(([, text]) => text !== "");
  const info = { name, classes, augmentation, ...Object.fromEntries(known) };
  await Deno.writeTextFile(join(to, "info.json"), `${JSON.stringify(info, null, 2)}\n`);
}

function take(split: Split, most: number, seed: number): Split {
  if (most >= split.count) return split;
  return takeImages(split, splitIndices(split.labels, { seed, portion: most / split.count }).first);
}

if (import.meta.main) {
  const { from, to, train, test, seed } = parseArgs(Deno.args, { string: ["from", "to", "train", "test", "seed"] });
  const [trainCount, testCount, seedNumber] = [train, test, seed ?? "0"].map(Number);
  if (!from || !to || ![trainCount, testCount].every((count) => Number.isInteger(count) && count! > 0)) {
    console.error(`Cannot make a subset: expected ${USAGE}`);
    Deno.exit(2);
  }
  try {
    await makeSubset(from, to, { train: trainCount!, test: testCount!, seed: seedNumber! });
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    console.error(error.message);
    Deno.exit(1);
  }
}
