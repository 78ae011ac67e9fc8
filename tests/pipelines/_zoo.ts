import {
  DERIVE_DEFAULTS,
  deriveEntry,
  type DeriveOptions,
  pretrain,
  PRETRAIN_DEFAULTS,
  traditional,
  TRADITIONAL_DEFAULTS,
  type TraditionalOptions,
} from "../../src/pipelines/mod.ts";
import { Session, type SessionOptions } from "../../src/stages/mod.ts";
import { writeDigits } from "./_digits.ts";
import { TINY } from "./_runs.ts";

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
      const configuration = { ...PRETRAIN_DEFAULTS, ...TINY, data: `${folder}/few-${name}`, zoo, name, epochs: 1 };
      const options = {
        command: "pretrain",
        out: `${folder}/${name}`,
        configuration,
        build: "strict",
        threads: 1,
      } as const;
      await using session = await Session.start(options);
      await pretrain(session, configuration);
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
  options: Partial<DeriveOptions> & { entry: string; zoo: string; data: string },
  session: Partial<SessionOptions> = {},
) {
  const configuration = { ...DERIVE_DEFAULTS, trainEpochs: 1, trainBatch: 16, ...options };
  const common = { command: "zoo derive", out, configuration, build: "strict", threads: 1 } as const;
  await using opened = await Session.start({ ...common, ...session });
  return await deriveEntry(opened, configuration);
}

/** Runs a tiny traditional transfer. */
export async function runTraditional(
  out: string,
  options: Partial<TraditionalOptions> & { target: string; zoo: string },
  session: Partial<SessionOptions> = {},
) {
  const tiny = { source: "auto", epochs: 2, trainEpochs: 1, batch: 16, trainBatch: 16 };
  const configuration = { ...TRADITIONAL_DEFAULTS, ...tiny, ...options };
  const common = { command: "traditional", out, configuration, build: "strict", threads: 1 } as const;
  await using opened = await Session.start({ ...common, ...session });
  return await traditional(opened, configuration);
}
