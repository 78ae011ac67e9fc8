import { assert, assertEquals } from "@std/assert";
import { concatenate } from "../../../src/data/bytes.ts";
import { DataError, type DecodedImage, decodeImage, measureImage } from "../../../src/data/mod.ts";
import { openCorpus } from "./_conformance.ts";

/** Decodes; undefined if the file was refused as a user should see it: one line that names it. */
export async function attempt(bytes: Uint8Array<ArrayBuffer>, name: string): Promise<DecodedImage | undefined> {
  try {
    return await decodeImage(bytes, name);
  } catch (error) {
    assert(error instanceof DataError, `${name}: ${error}`);
    assert(error.message.startsWith(`Cannot read ${name}: `) && !error.message.includes("\n"), error.message);
    return undefined;
  }
}

type Random = (bound: number) => number;

/** A sequence of numbers below a bound, the same each time (Park and Miller 1988). */
function numbers(seed: number): Random {
  let state = seed;
  return (bound) => (state = state * 48271 % 2147483647) % bound;
}

/** Changes up to three bytes, takes some out, or repeats some. */
function mutate(bytes: Uint8Array<ArrayBuffer>, below: Random): Uint8Array<ArrayBuffer> {
  const place = below(bytes.length);
  const kind = below(5);
  if (kind === 0) return concatenate([bytes.subarray(0, place), bytes.subarray(place + 1 + below(20))]);
  if (kind === 1) return concatenate([bytes.subarray(0, place), bytes.subarray(Math.max(0, place - 1 - below(30)))]);
  // Headers are where a changed byte means most.
  const end = kind === 2 ? Math.min(64, bytes.length) : bytes.length;
  for (let n = below(3); n >= 0; n--) bytes[below(end)] = below(256);
  return bytes;
}

/** What {@linkcode attackDecoders} mutates. */
export interface Attack {
  /** Ending of the names of the pictures. */
  readonly type: string;
  readonly count: number;
  readonly seed: number;
}

/**
 * Decodes mutated pictures of the corpus; fails where one is neither decoded to the announced size nor refused in one line, or takes 5
 * seconds.
 */
export async function attackDecoders({ type, count, seed }: Attack): Promise<{ decoded: number; refused: number }> {
  const { pictures, file } = await openCorpus();
  const names = pictures.map(({ name }) => name).filter((name) => name.endsWith(`.${type}`));
  const below = numbers(seed);
  const found = { decoded: 0, refused: 0 };
  for (let i = 0; i < count; i++) {
    const name = names[i % names.length]!;
    const bytes = mutate(file(name), below);
    const start = performance.now();
    const image = await attempt(bytes, name);
    assert(performance.now() - start < 5000, `${name}, number ${i} took too long`);
    found[image === undefined ? "refused" : "decoded"]++;
    if (image === undefined) continue;
    assertEquals(image.pixels.length, image.height * image.width * image.channels, name);
    const { height, width } = measureImage(bytes, name);
    assertEquals([height, width], [image.height, image.width], name);
  }
  return found;
}

/** Endings of the corpus. */
export const TYPES = ["png", "jpg", "webp", "avif", "gif", "bmp"] as const;
