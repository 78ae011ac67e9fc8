import { encodeIdx, openDataset } from "../../src/data/mod.ts";
import { pretrain, PRETRAIN_DEFAULTS, type PretrainOptions } from "../../src/pipelines/mod.ts";
import { mergeSettings, type SomeSettings } from "../../src/run/mod.ts";
import type { SessionOptions } from "../../src/stages/mod.ts";
import { writeDigits } from "./_digits.ts";
import { TINY } from "./_runs.ts";
import { startSession } from "../stages/_session.ts";

/**
 * Writes two small datasets and gives their folders: grey `few-digits` of 14×14, or 28×28 if every pixel is taken (`step` of
 * {@linkcode writeDigits}), and colour `few-hands` of 12×12.
 */
export async function writeSources(folder: string, { step = 2 } = {}): Promise<{ digits: string; hands: string }> {
  const [digits, hands] = [`${folder}/few-digits`, `${folder}/few-hands`];
  await writeDigits(digits, { train: 64, test: 20, step });
  await Deno.mkdir(hands, { recursive: true });
  const { train, test, classes, height, width } = await openDataset("sign-language-digits");
  for (const [part, { pixels: whole, labels }, count] of [["train", train, 40], ["test", test, 20]] as const) {
    // The upper left corners: what they show does not matter.
    const pixels = new Uint8Array(count * 12 * 12 * 3);
    for (let row = 0; row < count * 12; row++) {
      const from = (Math.floor(row / 12) * height + row % 12) * width * 3;
      pixels.set(whole.read(from, from + 36), row * 36);
    }
    await Deno.writeFile(`${hands}/${part}-images.idx`, encodeIdx({ shape: [count, 12, 12, 3], data: pixels }));
    const few = labels.slice(0, count);
    await Deno.writeFile(`${hands}/${part}-labels.idx`, encodeIdx({ shape: [count], data: few }));
  }
  const augmentation = { cropPadding: 1, flip: true, cutout: 2 };
  await Deno.writeTextFile(`${hands}/info.json`, JSON.stringify({ name: "few-hands", classes, augmentation }));
  return { digits, hands };
}

/** Runs a tiny pretraining of two epochs. */
export async function runPretraining(
  out: string,
  options: SomeSettings<PretrainOptions> & { data: string; entry: { zoo: string } },
  session: Partial<SessionOptions> = {},
) {
  const base: PretrainOptions = { ...PRETRAIN_DEFAULTS, data: options.data, entry: { name: "joint" } };
  const configuration = mergeSettings(base, TINY, { search: { epochs: 2 } }, options);
  await using opened = await startSession("pretrain", out, { configuration, ...session });
  return await pretrain(opened, configuration);
}
