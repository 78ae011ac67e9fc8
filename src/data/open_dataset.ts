import { listSome } from "../text/mod.ts";
import { assembleDataset } from "./assemble.ts";
import type { Dataset, Split } from "./dataset.ts";
import { printable } from "./errors.ts";
import { findDataset } from "./find_dataset.ts";
import { fingerprint, type FingerprintContent } from "./fingerprint.ts";
import type { ImportListener } from "./import/listener.ts";
import { type OpenedSource, openSource, type SourceOptions } from "./import/open_source.ts";
import { resizeRaw } from "./import/resize_raw.ts";
import { type CompleteImport, completeImport, type ImportSettings } from "./import/settings.ts";
import { countClasses } from "./labels.ts";
import type { RawDataset } from "./readers/reader.ts";

/** How a dataset is opened; all of it has defaults. */
export interface OpenOptions extends Omit<SourceOptions, "settings"> {
  /** How pictures become images; {@linkcode completeImport} where it is left out. */
  readonly import?: ImportSettings | undefined;
}

/**
 * Opens a dataset by name, or from whatever a reader of the table recognises.
 *
 * @param nameOrPath A name of {@linkcode embeddedNames}, or a path. Names go first; write `./name` for a folder that has the
 *   name of an embedded dataset.
 * @param options How pictures become images, where they are kept, who listens.
 * @returns The dataset, every label and size checked.
 * @throws {DataError} If there is no such dataset, no reader knows it, or a file of it is missing, damaged or contradicts
 *   another.
 * @example A dataset that ships with Rootstock
 * ```ts
 * import { assertEquals, assertRejects } from "@std/assert";
 * import { DataError, openDataset } from "./mod.ts";
 *
 * const { classes, height, width, channels, train } = await openDataset("uci-digits");
 * assertEquals(classes.length, 10);
 * assertEquals(train.pixels.length, train.count * height * width * channels);
 * await assertRejects(() => openDataset("uci-digit"), DataError, "did you mean uci-digits?");
 * ```
 */
export async function openDataset(nameOrPath: string, options: OpenOptions = {}): Promise<Dataset> {
  const { path, found, reader } = await findDataset(nameOrPath);
  const settings = completeImport(options.import);
  const source = await openSource(reader, found, { ...options, settings });
  const dataset = await assembleSource(source, path, settings);
  if (source.isImported) warnOfUntested(dataset, path, options);
  return dataset;
}

async function assembleSource(
  { gathered, unreadable, isImported, cached }: OpenedSource,
  path: string,
  images: CompleteImport,
): Promise<Dataset> {
  const raw = isImported ? gathered : await resizeRaw(gathered as RawDataset, images);
  // The fingerprint of a content that was checked byte by byte need not be taken again.
  const identify = cached && ((content: FingerprintContent): string => {
    if (gathered.test !== undefined) return cached.content;
    const known = cached.cache.fingerprintOf(cached.content, images);
    if (known !== undefined) return known;
    const taken = fingerprint(content);
    cached.cache.rememberFingerprint(cached.content, images, taken);
    return taken;
  });
  return assembleDataset(raw, path, { unreadable, images, identify });
}

/** Says which classes nothing is tested on, and which nothing is learnt of. */
function warnOfUntested({ train, test, classes }: Dataset, path: string, { onNotice }: ImportListener): void {
  const list = (part: Split) => {
    const counts = countClasses(part.labels, classes.length);
    return classes.filter((_, label) => counts[label] === 0).map(printable);
  };
  const [untested, unlearnt] = [list(test), list(train)];
  const say = (names: readonly string[], what: string) => {
    if (names.length > 0) onNotice?.(`${printable(path)}: no ${what}: ${listSome(names)}`);
  };
  say(untested, "test image of a class, whose accuracy stays unknown");
  say(unlearnt, "training image of a class, which cannot be learnt");
}
