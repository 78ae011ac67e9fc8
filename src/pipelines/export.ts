import { join } from "node:path";
import { DataError, type ImportListener } from "../data/mod.ts";
import {
  DEFAULT_REQUEST,
  describeNetwork,
  type Exporter,
  exporterOf,
  type ExportImages,
  type ExportRequest,
} from "../export/mod.ts";
import type { About, Precision } from "../formats/mod.ts";
import { RunError, writeAtomic } from "../run/mod.ts";
import { decodeModel, isModelFile, type Model, readModel } from "../zoo/mod.ts";
import { classifyHere, type ImageCounts, openRoundingImages, type RoundingImages } from "./export_images.ts";

/** What is exported, as what, where to. */
export interface ExportOptions {
  /** Folder of a run, or a file of a network. */
  readonly from: string;
  /** Name of a format in the table of exporters. */
  readonly format: string;
  /** File to write; if left out, `exported.` and the format's extension in the folder of the network. */
  readonly out?: string | undefined;
  /** What else is asked of the format; {@linkcode DEFAULT_REQUEST} for what is left out. */
  readonly request?: Partial<Omit<ExportRequest, "images">> | undefined;
  /** What the file says of the network; what is left out stays as it is, and a card is made of what is known. */
  readonly about?: About | undefined;
  /** Images for a network that is rounded. */
  readonly images?: {
    /** Dataset; the one trained on if left out. */
    readonly data?: string | undefined;
    /** How many are taken; {@linkcode DEFAULT_COUNTS} if left out. */
    readonly counts?: ImageCounts | undefined;
    /** Folder in which decoded images are kept; the default one if left out. */
    readonly cache?: string | undefined;
    /** Told while pictures are decoded. */
    readonly listener?: ImportListener | undefined;
  } | undefined;
}

/** What rounding does to a network. */
export interface RoundingLoss {
  /** Number of test images. */
  readonly count: number;
  /** Share of them that the network classifies rightly. */
  readonly before: number;
  /** Share of them that the file that was written classifies rightly. */
  readonly after: number;
}

/** A file that was written. */
export interface ExportedFile {
  /** Its path. */
  readonly file: string;
  /** Its format. */
  readonly format: string;
  /** How it holds the weights. */
  readonly precision: Precision;
  /** Its length. */
  readonly bytes: number;
  /** Accuracy before and after, where weights were rounded. */
  readonly accuracy?: RoundingLoss | undefined;
  /** Why that was not measured, if it was not; one line. */
  readonly unmeasured?: string | undefined;
}

/**
 * Writes the network of a finished run as a file of another format.
 *
 * @param options What, as what, where to.
 * @returns What was written.
 * @throws {RangeError} If there is no such format, or it has no such precision.
 * @throws {RunError | FormatError} If there is no such network, or the file exists already or cannot be written.
 * @throws {DataError} If a network is to be rounded and its images cannot be read.
 */
export async function exportModel(options: ExportOptions): Promise<ExportedFile> {
  const { from, format } = options;
  const exporter = exporterOf(format);
  const request: ExportRequest = { ...DEFAULT_REQUEST, ...options.request };
  requirePrecision(exporter, request);
  const model = withAbout(await readModel(from), options.about);
  const file = options.out ?? defaultFile(from, exporter.extension);
  await refuseExisting(file);
  const images = request.precision === "f32" ? undefined : await findImages(exporter, model, options);
  const whole: ExportRequest = images instanceof Error ? request : { ...request, images: images?.train };
  const written = await exporter.write(model, whole);
  const content = typeof written === "string" ? new TextEncoder().encode(written) : written;
  const accuracy = images === undefined || images instanceof Error
    ? undefined
    : await measure({ exporter, content, request, file }, model, images);
  await writeAtomic(file, content);
  const unmeasured = images instanceof Error ? `What rounding does was not measured: ${images.message}` : undefined;
  return { file, format, precision: request.precision, bytes: content.length, accuracy, unmeasured };
}

function requirePrecision({ name, precisions = ["f32"] }: Exporter, { precision }: ExportRequest): void {
  if (precisions.includes(precision)) return;
  throw new RangeError(`Cannot export ${name} as ${precision}: expected ${precisions.join(" or ")}`);
}

function withAbout(model: Model, given: About = {}): Model {
  const about = {
    name: given.name ?? model.about?.name,
    licence: given.licence ?? model.about?.licence,
    card: given.card ?? model.about?.card,
  };
  return { ...model, about: { ...about, card: about.card ?? describeNetwork({ ...model, about }) } };
}

/** Images to round a network with. A format that needs none to be written goes without them: the error says why. */
async function findImages(
  { classify }: Exporter,
  model: Model,
  { images: { data = model.data, ...opening } = {} }: ExportOptions,
): Promise<RoundingImages | Error> {
  try {
    return await openRoundingImages(model, data, opening);
  } catch (error) {
    if (classify === undefined && (error instanceof DataError || error instanceof RangeError)) return error;
    throw error;
  }
}

/** Counts what the network and the file itself say of test images. */
async function measure(
  { exporter, content, request, file }: {
    exporter: Exporter;
    content: Uint8Array;
    request: ExportRequest;
    file: string;
  },
  model: Model,
  { test, labels }: RoundingImages,
): Promise<RoundingLoss> {
  const run = async (images: ExportImages) =>
    await exporter.classify?.(content, images, request) ??
      await classifyHere(await decodeModel(content as Uint8Array<ArrayBuffer>, { file }), images);
  const share = (found: readonly number[]) => found.filter((label, i) => label === labels[i]).length / labels.length;
  return { count: labels.length, before: share(await classifyHere(model, test)), after: share(await run(test)) };
}

function defaultFile(from: string, extension: string): string {
  const folder = isModelFile(from) ? join(from, "..") : from;
  return join(folder, `exported.${extension}`);
}

/** A name that was mistyped must not cost a run its network. */
async function refuseExisting(file: string): Promise<void> {
  const found = await Deno.lstat(file).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
  if (found === undefined) return;
  throw new RunError(`Cannot write ${file}: it exists already, remove it first or name another with --out`);
}
