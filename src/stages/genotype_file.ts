import { MOST_BYTES, readRegularText } from "../run/mod.ts";
import { type Genotype, parseGenotype } from "../spaces/mod.ts";

/**
 * Reads an architecture from a file, or from text in its place.
 *
 * @param fileOrText Path of a file, or JSON, or the notation of the code base from which the space comes.
 * @param space Name of its kind of space.
 * @returns The architecture.
 * @throws {SyntaxError | TypeError | RangeError} If it is none; one line that names the file.
 * @throws {Deno.errors.NotFound} If there is no such file.
 */
export async function readGenotype(fileOrText: string, space: string): Promise<Genotype> {
  // What has brackets is meant as text, whatever is wrong with it; other notations are text if they can be read.
  if (/[{(]/.test(fileOrText)) return parseGenotype(fileOrText, space);
  const genotype = parseOrNothing(fileOrText, space);
  if (genotype !== undefined) return genotype;
  const text = await readRegularText(fileOrText, { maximumBytes: MOST_BYTES.settings });
  if (text === undefined) {
    const message = `Cannot read genotype ${fileOrText}: found no such file, expected one, or the text of a genotype`;
    throw new Deno.errors.NotFound(message);
  }
  try {
    return parseGenotype(text, space);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    error.message = `Cannot read ${fileOrText}: ${error.message.replace("Cannot read genotype: ", "")}`;
    throw error;
  }
}

function parseOrNothing(text: string, space: string): Genotype | undefined {
  try {
    return parseGenotype(text, space);
  } catch {
    return undefined;
  }
}
