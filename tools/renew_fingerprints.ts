/**
 * Renews fingerprints on the cards of zoo entries. Until version 0.2.0 a fingerprint was the SHA-256 of a dataset's four IDX
 * files, unpacked, one after the other; now it is of the content (docs/formats.md). A source is renewed where a dataset that is
 * given has the fingerprint of before and the class names that the card has; all others stay as they are.
 *
 *     deno run --allow-read --allow-write=data/zoo tools/renew_fingerprints.ts DATASET…
 *
 * @module
 */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Dataset, encodeIdx, openDataset } from "../src/data/mod.ts";

/** What became of a source of a card. */
export interface RenewedSource {
  /** Name of the entry. */
  readonly entry: string;
  /** Name of the source. */
  readonly source: string;
  /** Renewed now, or already of today's kind, or not among the datasets given. */
  readonly outcome: "renewed" | "current" | "not found";
}

/**
 * Renews all cards of a zoo.
 *
 * @param zoo Folder of the zoo.
 * @param namesOrPaths Datasets.
 * @returns One line a source, in the order of the entries' names.
 * @throws {RangeError} If a dataset has the images of a source, but other class names.
 */
export async function renewFingerprints(zoo: string, namesOrPaths: readonly string[]): Promise<RenewedSource[]> {
  const datasets = await Promise.all(namesOrPaths.map((name) => openDataset(name)));
  const byFormer = new Map(datasets.map((dataset) => [formerFingerprint(dataset), dataset]));
  const current = new Set(datasets.map(({ fingerprint }) => fingerprint));
  const entries = (await Array.fromAsync(Deno.readDir(zoo))).filter(({ isDirectory }) => isDirectory);
  const renewed: RenewedSource[] = [];
  for (const entry of entries.map(({ name }) => name).sort()) {
    const path = join(zoo, entry, "card.json");
    const before = await Deno.readTextFile(path);
    let text = before;
    for (const { name: source, classes, fingerprint } of JSON.parse(before).sources) {
      const dataset = byFormer.get(fingerprint);
      const outcome = dataset ? "renewed" : current.has(fingerprint) ? "current" : "not found";
      renewed.push({ entry, source, outcome });
      if (dataset === undefined) continue;
      if (String(dataset.classes) !== String(classes)) {
        throw new RangeError(`Cannot renew ${source} of ${entry}: its classes have other names than the dataset's`);
      }
      text = text.replaceAll(fingerprint, dataset.fingerprint);
    }
    if (text !== before) await Deno.writeTextFile(path, text);
  }
  return renewed;
}

/** SHA-256 of training images, labels, test images and labels, each as an IDX file. */
function formerFingerprint({ train, test, height, width, channels }: Dataset): string {
  const hash = createHash("sha256");
  for (const { pixels, labels, count } of [train, test]) {
    const shape = [count, height, width, ...(channels === 1 ? [] : [channels])];
    hash.update(encodeIdx({ shape, data: pixels.read(0, pixels.length) })).update(
      encodeIdx({ shape: [count], data: labels }),
    );
  }
  return hash.digest("hex");
}

if (import.meta.main) {
  const zoo = fileURLToPath(new URL("../data/zoo", import.meta.url));
  for (const { entry, source, outcome } of await renewFingerprints(zoo, Deno.args)) {
    console.log(`${entry}\t${source}\t${outcome}`);
  }
}
