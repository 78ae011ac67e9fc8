/**
 * Writes a dataset as a folder of class folders of PNG files, so that whoever has no pictures at hand can try what those do who
 * have.
 *
 * @module
 */
import { encode } from "fast-png";
import { parseArgs } from "@std/cli";
import { DataError, type Dataset, openDataset, type Split } from "../src/data/mod.ts";

const USAGE = "deno task folder --from NAME|PATH --to runs/NAME";

/**
 * Writes `train/CLASS/0000.png`, `test/CLASS/0000.png` … and an `info.json`. A folder of the same dataset is written over.
 *
 * @param dataset What to write.
 * @param to The folder; made if it is absent.
 * @returns Number of pictures.
 */
export async function writeFolder(dataset: Dataset, to: string): Promise<number> {
  const { name, description, classes, augmentation, source, licence, attribution, train, test } = dataset;
  for (const [part, split] of [["train", train], ["test", test]] as const) {
    await writePart(dataset, split, `${to}/${part}`);
  }
  // What is not known is left out: an empty line would be refused.
  const known = Object.entries({ description, source, licence, attribution }).filter(([, text]) => text !== "");
  const info = { name, classes, augmentation, ...Object.fromEntries(known) };
  await Deno.writeTextFile(`${to}/info.json`, `${JSON.stringify(info, null, 2)}\n`);
  return train.count + test.count;
}

async function writePart({ classes, height, width, channels }: Dataset, split: Split, to: string): Promise<void> {
  for (const label of classes) await Deno.mkdir(`${to}/${label}`, { recursive: true });
  const size = height * width * channels;
  const digits = String(split.count).length;
  for (let image = 0; image < split.count; image++) {
    const data = split.pixels.read(image * size, (image + 1) * size);
    const file = `${to}/${classes[split.labels[image]!]}/${String(image).padStart(digits, "0")}.png`;
    await Deno.writeFile(file, encode({ width, height, channels, depth: 8, data }));
  }
}

if (import.meta.main) {
  const { from, to } = parseArgs(Deno.args, { string: ["from", "to"] });
  if (!from || !to) {
    console.error(`Cannot write a folder: expected ${USAGE}`);
    Deno.exit(2);
  }
  try {
    console.log(`${to}: ${(await writeFolder(await openDataset(from), to)).toLocaleString("en")} pictures`);
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    console.error(error.message);
    Deno.exit(1);
  }
}
