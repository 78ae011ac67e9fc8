import { join } from "node:path";
import { DEFAULT_REQUEST, exporterOf, type ExportRequest } from "../export/mod.ts";
import { RunError, writeAtomic } from "../run/mod.ts";
import { readModel } from "../zoo/mod.ts";

/** What is exported, as what, where to. */
export interface ExportOptions {
  /** Folder of a run, or its `network.safetensors`. */
  readonly from: string;
  /** Name of a format in the table of exporters. */
  readonly format: string;
  /** File to write; if left out, `exported.` and the format's extension in the folder of the network. */
  readonly out?: string | undefined;
  /** What else is asked of the format; {@linkcode DEFAULT_REQUEST} for what is left out. */
  readonly request?: Partial<ExportRequest> | undefined;
}

/** A file that was written. */
export interface ExportedFile {
  /** Its path. */
  readonly file: string;
  /** Its format. */
  readonly format: string;
  /** Its length. */
  readonly bytes: number;
}

/**
 * Writes the network of a finished run as a file of another format.
 *
 * @param options What, as what, where to.
 * @returns What was written.
 * @throws {RangeError} If there is no such format.
 * @throws {RunError | FormatError} If there is no such network, or the file exists already or cannot be written.
 */
export async function exportModel({ from, format, out, request }: ExportOptions): Promise<ExportedFile> {
  const exporter = exporterOf(format);
  const model = await readModel(from);
  const file = out ?? defaultFile(from, exporter.extension);
  const written = await exporter.write(model, { ...DEFAULT_REQUEST, ...request });
  const content = typeof written === "string" ? new TextEncoder().encode(written) : written;
  await refuseExisting(file);
  await writeAtomic(file, content);
  return { file, format, bytes: content.length };
}

function defaultFile(from: string, extension: string): string {
  const folder = from.endsWith(".safetensors") ? join(from, "..") : from;
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
