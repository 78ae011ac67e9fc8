import { asRunError } from "../run/mod.ts";

/** A stream that may be closed or full. */
type Stream = Pick<typeof Deno.stdout, "writeSync">;

/** The reader of standard output has gone, such as `head` after its ten lines: there is nobody left to answer. */
export class OutputClosed extends Error {
  override readonly name = "OutputClosed";
}

/**
 * Writes a part of the answer on standard output.
 *
 * @param text The text.
 * @param stream Where to, for tests.
 * @throws {OutputClosed} If nobody reads it any more.
 * @throws {RunError} If it cannot be written, such as to a full disk: one line.
 */
export function writeAnswer(text: string, stream: Stream = Deno.stdout): void {
  try {
    writeAll(text, stream);
  } catch (error) {
    if (error instanceof Deno.errors.BrokenPipe) throw new OutputClosed("Standard output is closed", { cause: error });
    throw asRunError("Cannot write standard output", error);
  }
}

/**
 * Writes on standard error what is no answer: progress, remarks. Nothing of it is worth a run, so that a stream which is closed or
 * full is passed over.
 *
 * @param text The text.
 * @param stream Where to, for tests.
 */
export function writeRemark(text: string, stream: Stream = Deno.stderr): void {
  try {
    writeAll(text, stream);
  } catch {
    // There is nobody to tell.
  }
}

function writeAll(text: string, stream: Stream): void {
  const bytes = new TextEncoder().encode(text);
  for (let start = 0; start < bytes.length;) start += stream.writeSync(bytes.subarray(start));
}
