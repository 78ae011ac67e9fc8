import { encodeIdx, openDataset } from "../../src/data/mod.ts";
import { pretrain, PRETRAIN_DEFAULTS, type PretrainOptions } from "../../src/pipelines/mod.ts";
import { mergeSettings, type SomeSettings } from "../../src/run/mod.ts";
import { Session, type SessionOptions } from "../../src/stages/mod.ts";
import { writeDigits } from "./_digits.ts";
import { TINY } from "./_runs.ts";

/** Writes two small datasets, grey `few-digits` of 28×28 and colour `few-hands` of 12×12, and gives their folders. */
export async function writeSources(folder: string): Promise<{ digits: string; hands: string }> {
  const [digits, hands] = [`${folder}/few-digits`, `${folder}/few-hands`];
  await writeDigits(digits, { train: 64, test: 20 });
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
  await using opened = await Session.start({
    command: "pretrain",
    out,
    configuration,
    build: "strict",
    threads: 1,
    ...session,
  });
  return await pretrain(opened, configuration);
}
