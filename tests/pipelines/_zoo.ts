import {
  DERIVE_DEFAULTS,
  deriveEntry,
  type DeriveOptions,
  traditional,
  TRADITIONAL_DEFAULTS,
  type TraditionalOptions,
} from "../../src/pipelines/mod.ts";
import { mergeSettings, type SomeSettings } from "../../src/run/mod.ts";
import { Session, type SessionOptions } from "../../src/stages/mod.ts";
import { writeDigits } from "./_digits.ts";
import { runPretraining } from "./_sources.ts";

/**
 * Runs a test with a zoo of two supernets: `digits`, pretrained on `few-digits`, and `clothes` on `few-clothes`. `data` is
 * the folder of other digits.
 */
export async function inTwoZoo(test: (given: { folder: string; zoo: string; data: string }) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  try {
    const zoo = `${folder}/zoo`;
    await writeDigits(`${folder}/few-digits`);
    await writeDigits(`${folder}/few-clothes`, { from: "fashion-mnist-12k", name: "few-clothes" });
    await writeDigits(`${folder}/more-digits`, { train: 120 });
    for (const name of ["clothes", "digits"]) {
      const options = { data: `${folder}/few-${name}`, entry: { zoo, name }, search: { epochs: 1 } };
      await runPretraining(`${folder}/${name}`, options);
    }
    await test({ folder, zoo, data: `${folder}/more-digits` });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Takes the signature of an entry away. */
export async function unsign(entry: string): Promise<void> {
  const card = JSON.parse(await Deno.readTextFile(`${entry}/card.json`));
  delete card.files["signature.safetensors"];
  await Deno.writeTextFile(`${entry}/card.json`, JSON.stringify(card));
  await Deno.remove(`${entry}/signature.safetensors`);
}

/** Derives the network of an entry and trains it for an epoch. */
export async function runDerivation(
  out: string,
  options: SomeSettings<DeriveOptions> & { entry: { name: string; zoo: string }; data: string },
  session: Partial<SessionOptions> = {},
) {
  const base: DeriveOptions = { ...DERIVE_DEFAULTS, entry: options.entry };
  const configuration = mergeSettings(base, { training: { epochs: 1, batch: 16 } }, options);
  const common = { command: "zoo derive", out, configuration, build: "strict", threads: 1 } as const;
  await using opened = await Session.start({ ...common, ...session });
  return await deriveEntry(opened, configuration);
}

/** Runs a tiny traditional transfer. */
export async function runTraditional(
  out: string,
  options: SomeSettings<TraditionalOptions> & { target: string; source: { zoo: string } },
  session: Partial<SessionOptions> = {},
) {
  const base: TraditionalOptions = { ...TRADITIONAL_DEFAULTS, target: options.target };
  const tiny = { finetuning: { epochs: 2, batch: 16 }, training: { epochs: 1, batch: 16 } };
  const configuration = mergeSettings(base, tiny, options);
  const common = { command: "traditional", out, configuration, build: "strict", threads: 1 } as const;
  await using opened = await Session.start({ ...common, ...session });
  return await traditional(opened, configuration);
}
