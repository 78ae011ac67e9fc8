import { DataError, explainFailure, printable } from "../errors.ts";
import { hasChecksum } from "./checksum.ts";
import { boundsOf, type KnownFile } from "./known_dataset.ts";
import { openPart, type Part } from "./part.ts";
import { request } from "./request.ts";

/** What {@linkcode download} takes beside the file. */
export interface DownloadOptions {
  /** Told of the bytes that are there so far. */
  readonly onProgress?: ((bytes: number) => void) | undefined;
  /** Longest wait for the next bytes, in milliseconds; a minute by default. */
  readonly patience?: number | undefined;
  /** What to do where Deno may not use the network; for public datasets if left out. */
  readonly otherwise?: string | undefined;
}

/** An address is asked again as long as it gives something, but not more often than this. */
const mostTries = 20;

/**
 * Downloads a file of a public dataset: into `PATH.part`, which a cut connection or an interrupted process leaves behind and the next
 * call goes on with. `PATH` itself appears whole and verified, or not at all.
 *
 * @param file What to get, and from where.
 * @param path Where it goes; its folder exists.
 * @param options Progress and patience.
 * @throws {DataError} If no address gives the published file; one line.
 */
export async function download(file: KnownFile, path: string, options: DownloadOptions = {}): Promise<void> {
  using part = await openPart(`${path}.part`);
  const isResumed = await part.size() > 0;
  await fill(part, file, options);
  if (!await hasChecksum(part.path, file.checksum)) {
    // What an earlier process left may have been of another version, or half written when the power failed.
    await part.empty();
    if (isResumed) await fill(part, file, options);
    if (!isResumed || !await hasChecksum(part.path, file.checksum)) throw await refuse(part, file);
  }
  await part.moveTo(path);
}

async function refuse(part: Part, { name, addresses, checksum }: KnownFile): Promise<DataError> {
  await part.empty();
  return new DataError(
    `Cannot fetch ${name}: what ${
      hostOf(addresses[0]!)
    } gives is not the published file, its ${checksum.algorithm} differs`,
  );
}

/** Asks one address after the other until the part has its size. */
async function fill(part: Part, file: KnownFile, options: DownloadOptions): Promise<void> {
  const failures: string[] = [];
  for (const address of file.addresses) {
    for (let tries = 0; tries < mostTries; tries++) {
      const before = await part.size();
      try {
        return await receive(part, file, { ...options, address });
      } catch (error) {
        if (error instanceof Deno.errors.NotCapable) throw explainPermission(file, error, options);
        if (await part.size() > before) continue;
        failures.push(`${hostOf(address)}: ${reasonOf(error)}`);
        break;
      }
    }
  }
  const kept = await part.size() > 0 ? "; what has come is kept, fetch again to go on" : "";
  throw new DataError(`Cannot fetch ${file.name}: ${failures.join("; ")}${kept}`);
}

async function receive(
  part: Part,
  file: KnownFile,
  { address, onProgress = () => {}, patience = 60_000 }: DownloadOptions & { address: string },
): Promise<void> {
  const { least, most } = boundsOf(file);
  let bytes = await part.size();
  if (bytes > most) bytes = await part.empty();
  // Whole already: the process ended before it was verified.
  if (bytes === most && least === most) return onProgress(bytes);
  await using response = await request(address, { from: bytes, patience });
  if (response.from !== bytes) bytes = await part.empty();
  requireSize(response.bytes, { least, most });
  for await (const piece of response.pieces()) {
    if (bytes + piece.length > most) {
      await part.empty();
      throw new DataError(`it gives more than the published ${most} bytes`);
    }
    await part.append(piece);
    bytes += piece.length;
    onProgress(bytes);
  }
  if (bytes < least) throw new DataError(`it gave ${bytes} bytes, expected ${file.bytes}`);
}

function requireSize(bytes: number | undefined, { least, most }: { least: number; most: number }): void {
  if (bytes === undefined || (bytes >= least && bytes <= most)) return;
  throw new DataError(`it announces ${bytes} bytes, expected ${least === most ? most : `${least} to ${most}`}`);
}

function explainPermission(
  { name }: KnownFile,
  cause: Error,
  { otherwise = 'run it as "deno task fetch NAME", or give the file with --from' }: DownloadOptions,
): DataError {
  const host = /net access to "([^"]+)"/.exec(cause.message)?.[1] ?? "the network";
  return new DataError(
    `Cannot fetch ${name}: Deno may not use ${host} here, ${otherwise}`,
    { cause },
  );
}

function reasonOf(error: unknown): string {
  if (error instanceof DataError) return error.message;
  return printable(explainFailure("fetch", "", error).message.replace(/^Cannot fetch : /, ""));
}

function hostOf(address: string): string {
  return new URL(address).host;
}
