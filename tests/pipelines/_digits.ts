import { encodeIdx, openDataset, type Split } from "../../src/data/mod.ts";

/**
 * Writes a dataset folder with the first digits of each part of uci-digits, small enough for a search in seconds.
 *
 * @param folder Where to.
 * @param sizes Number of training and test images.
 */
export async function writeDigits(folder: string, { train = 96, test = 40 } = {}): Promise<void> {
  const digits = await openDataset("uci-digits");
  const { height, width } = digits;
  await Deno.mkdir(folder, { recursive: true });
  for (const [name, part, count] of [["train", digits.train, train], ["test", digits.test, test]] as const) {
    const { images, labels } = spread(part, count, height * width);
    await Deno.writeFile(`${folder}/${name}-images.idx`, encodeIdx({ shape: [count, height, width], data: images }));
    await Deno.writeFile(`${folder}/${name}-labels.idx`, encodeIdx({ shape: [count], data: labels }));
  }
  const classes = digits.classes;
  await Deno.writeTextFile(`${folder}/info.json`, JSON.stringify({ name: "few-digits", classes }));
}

/** Images at equal distances, so that all classes are among them. */
function spread({ images, labels, count }: Split, wanted: number, pixels: number) {
  const chosen = Array.from({ length: wanted }, (_, i) => Math.floor(i * count / wanted));
  const picked = new Uint8Array(wanted * pixels);
  chosen.forEach((index, i) => picked.set(images.subarray(index * pixels, (index + 1) * pixels), i * pixels));
  return { images: picked, labels: Uint8Array.from(chosen, (index) => labels[index]!) };
}
