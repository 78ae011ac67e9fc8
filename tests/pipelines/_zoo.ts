import {
  DERIVE_DEFAULTS,
  deriveEntry,
  type DeriveOptions,
  traditional,
  TRADITIONAL_DEFAULTS,
  type TraditionalOptions,
} from "../../src/pipelines/mod.ts";
import { dirname } from "node:path";
import { mergeSettings, type SomeSettings } from "../../src/run/mod.ts";
import type { SessionOptions } from "../../src/stages/mod.ts";
import { writeDigits } from "./_digits.ts";
import { runPretraining } from "./_sources.ts";
import { startSession } from "../stages/_session.ts";

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
    for (const [path, bytes] of await (twoZoo ??= pretrainTwo(folder))) {
      await Deno.mkdir(dirname(`${zoo}/${path}`), { recursive: true });
      await Deno.writeFile(`${zoo}/${path}`, bytes);
    }
    await test({ folder, zoo, data: `${folder}/more-digits` });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

let twoZoo: Promise<Map<string, Uint8Array>> | undefined;

/** The files of the zoo, pretrained once for all tests of a file. */
async function pretrainTwo(folder: string): Promise<Map<string, Uint8Array>> {
  const zoo = `${folder}/pretrained`;
  for (const name of ["clothes", "digits"]) {
    const options = { data: `${folder}/few-${name}`, entry: { zoo, name }, search: { epochs: 1 } };
    await runPretraining(`${folder}/${name}`, options);
  }
  const files = new Map<string, Uint8Array>();
  for await (const { name: entry, isDirectory } of Deno.readDir(zoo)) {
    if (!isDirectory) continue;
    for await (const { name } of Deno.readDir(`${zoo}/${entry}`)) {
      files.set(`${entry}/${name}`, await Deno.readFile(`${zoo}/${entry}/${name}`));
    }
  }
  return files;
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
  await using opened = await startSession("zoo derive", out, { configuration, ...session });
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
  await using opened = await startSession("traditional", out, { configuration, ...session });
  return await traditional(opened, configuration);
}
