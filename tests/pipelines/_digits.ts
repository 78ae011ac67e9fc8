import { encodeIdx, openDataset, type Split } from "../../src/data/mod.ts";

/**
 * Writes a dataset folder with images of each part of uci-digits (or another dataset), small enough for a search in a second.
 *
 * @param folder Where to.
 * @param options Number of training and test images; the dataset they come from, and what it is called; which pixels are taken of a row,
 *   and which rows: every second one, unless `step` says otherwise.
 */
export async function writeDigits(
  folder: string,
  { train = 96, test = 40, from = "uci-digits", name = "few-digits", step = 2 } = {},
): Promise<void> {
  const digits = await openDataset(from);
  const { height, width, channels } = digits;
  const shape = [height / step, width / step, ...(channels === 1 ? [] : [channels])];
  await Deno.mkdir(folder, { recursive: true });
  for (const [split, part, count] of [["train", digits.train, train], ["test", digits.test, test]] as const) {
    const { images, labels } = spread(part, count, height * width * channels);
    const data = thinned(images, { width, channels, step });
    await Deno.writeFile(`${folder}/${split}-images.idx`, encodeIdx({ shape: [count, ...shape], data }));
    await Deno.writeFile(`${folder}/${split}-labels.idx`, encodeIdx({ shape: [count], data: labels }));
  }
  const classes = digits.classes;
  await Deno.writeTextFile(`${folder}/info.json`, JSON.stringify({ name, classes }));
}

/** One row in `step`, and of it one pixel in `step`; both sides of an image are divided by it. */
function thinned(
  images: Uint8Array,
  { width, channels, step }: { width: number; channels: number; step: number },
): Uint8Array {
  return images.filter((_, i) => {
    const pixel = Math.floor(i / channels);
    return Math.floor(pixel / width) % step === 0 && pixel % width % step === 0;
  });
}

/** Images at equal distances, so that all classes are among them. */
function spread({ pixels, labels, count }: Split, wanted: number, size: number) {
  const chosen = Array.from({ length: wanted }, (_, i) => Math.floor(i * count / wanted));
  const picked = new Uint8Array(wanted * size);
  chosen.forEach((index, i) => picked.set(pixels.read(index * size, (index + 1) * size), i * size));
  return { images: picked, labels: Uint8Array.from(chosen, (index) => labels[index]!) };
}
