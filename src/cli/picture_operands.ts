import { concatenate, findPictures, isPicture } from "../data/mod.ts";
import type { GivenPicture } from "../pipelines/mod.ts";
import { UsageError } from "./flags.ts";

/** Longest path that is taken from standard input; systems have shorter ones. */
const longestPath = 2 ** 15;

/** Largest picture that is taken from standard input. */
const mostBytes = 2 ** 26;

/**
 * What a user named as pictures: files, folders, patterns, and `-` for standard input, which holds either paths, one a line, or one
 * picture: its first bytes tell.
 *
 * @param operands What the user named, in order.
 * @param input Standard input.
 * @returns Paths, and the picture of standard input.
 * @throws {DataError} If a folder or pattern has no picture. {UsageError} If `-` is named twice, or standard input holds anything else.
 */
export async function* namedPictures(
  operands: readonly string[],
  input: ReadableStream<Uint8Array> = Deno.stdin.readable,
): AsyncGenerator<string | GivenPicture> {
  if (operands.filter((operand) => operand === "-").length > 1) throw new UsageError("- may be given once only");
  for (const operand of operands) {
    if (operand === "-") yield* readInput(input);
    else yield* findPictures([operand]);
  }
}

async function* readInput(input: ReadableStream<Uint8Array>): AsyncGenerator<string | GivenPicture> {
  const reader = input.getReader();
  let start = new Uint8Array();
  // Enough to tell a picture by; a pipe may give less at a time.
  for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) {
    start = concatenate([start, value!]);
    if (start.length >= 64) break;
  }
  reader.releaseLock();
  if (isPicture(start)) yield { name: "standard input", bytes: await readAll(start, input) };
  else for await (const line of lines(start, input)) if (line !== "") yield line;
}

async function readAll(start: Uint8Array, input: ReadableStream<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  const parts = [start];
  let total = start.length;
  for await (const part of input) {
    parts.push(part);
    total += part.length;
    if (total > mostBytes) throw new UsageError(`The picture on standard input has more than ${mostBytes} bytes`);
  }
  return concatenate(parts);
}

async function* lines(start: Uint8Array, input: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = decoder.decode(start, { stream: true });
  const cut = function* () {
    const found = rest.split(/\r?\n/);
    rest = found.pop()!;
    yield* found;
    if (rest.length <= longestPath) return;
    throw new UsageError("Standard input holds neither a picture nor paths: expected one picture, or a path a line");
  };
  yield* cut();
  for await (const part of input) {
    rest += decoder.decode(part, { stream: true });
    yield* cut();
  }
  yield rest + decoder.decode();
}
