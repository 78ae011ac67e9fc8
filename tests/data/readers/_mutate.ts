import { assert } from "@std/assert";
import { DataError } from "../../../src/data/errors.ts";
import { lookAt } from "../../../src/data/files.ts";
import { isListing } from "../../../src/data/readers/reader.ts";
import { findReader } from "../../../src/data/readers/table.ts";
import { withFolder } from "../_folder.ts";

/** How a file is attacked. */
export interface Attack {
  /** Its name, which may tell the format. */
  readonly name: string;
  /** The file as it should be. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** How many damaged copies are read. */
  readonly count: number;
  /** Everything random follows from it. */
  readonly seed: number;
  /** Whether checksums cover all that the file says, so that what is read at all is what was written. */
  readonly isChecked: boolean;
}

/** What became of the copies. */
export interface Outcome {
  /** Copies that were read. */
  readonly read: number;
  /** Copies that were refused. */
  readonly refused: number;
}

const slowestMs = 5000;

/**
 * Reads damaged copies of a file. Each must be refused in one line that names it, or be read; never may anything else be
 * thrown, take more than five seconds, or, where checksums cover the file, say something else than the original.
 */
export async function attackReader({ name, bytes, count, seed, isChecked }: Attack): Promise<Outcome> {
  const outcome = { read: 0, refused: 0 };
  const random = xorshift(seed);
  await withFolder(async (folder) => {
    const path = `${folder}/${name}`;
    await Deno.writeFile(path, bytes);
    const original = await digest(path);
    for (let copy = 0; copy < count; copy++) {
      await Deno.writeFile(path, mutate(bytes, random));
      const start = performance.now();
      const where = `${name}, seed ${seed}, copy ${copy}`;
      try {
        const read = await digest(path);
        if (isChecked && read !== undefined) assert(original!.includes(read), `${where}: read as something else`);
        outcome.read++;
      } catch (error) {
        assert(error instanceof DataError, `${where}: ${error instanceof Error ? error.stack : error}`);
        assert(
          error.message.startsWith("Cannot ") && error.message.includes(name.split(".")[0]!),
          `${where}: ${error}`,
        );
        assert(!/\p{Cc}/u.test(error.message), `${where}: ${error}`);
        outcome.refused++;
      }
      const elapsedMs = performance.now() - start;
      assert(elapsedMs < slowestMs, `${where}: took ${elapsedMs} ms`);
    }
  });
  return outcome;
}

/** A line a picture that can be read, or all of a decoded dataset; undefined where no reader recognises the file. */
async function digest(path: string): Promise<string | undefined> {
  const found = (await lookAt(path))!;
  const read = await findReader(found)?.read(found);
  if (read === undefined) return undefined;
  if (!isListing(read)) {
    return [read.train, read.validation, read.test].map((part) => part && `${hash(part.pixels)} ${part.labels}`).join();
  }
  const lines: string[] = [];
  for await (const { index, content } of read.read()) {
    if (content instanceof Error) {
      assert(content instanceof DataError, String(content));
      continue;
    }
    const { part, label, name } = read.pictures[index]!;
    lines.push(`${name} ${part} ${read.classes[label]} ${hash(content)}\n`);
  }
  return lines.sort().join("");
}

function hash(bytes: Uint8Array): number {
  return bytes.reduce((hash, byte) => Math.imul(hash ^ byte, 0x01000193) >>> 0, 0x811c9dc5);
}

/** Random whole numbers from 0 to below. */
export function xorshift(seed: number): (below: number) => number {
  let state = seed | 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return Math.floor((state >>> 0) / 2 ** 32 * below);
  };
}

const sizes = [0, 1, 0x7fffffff, 0x80000000, 0xffffffff];

/** One to four changes: bits, bytes, sizes, pieces put in, left out or cut off. */
export function mutate(bytes: Uint8Array<ArrayBuffer>, random: (below: number) => number): Uint8Array<ArrayBuffer> {
  let copy = bytes.slice();
  for (let change = random(4); change >= 0 && copy.length >= 8; change--) {
    const at = random(copy.length - 4);
    const view = new DataView(copy.buffer);
    switch (random(6)) {
      case 0:
        copy[at]! ^= 1 << random(8);
        break;
      case 1:
        copy[at] = random(256);
        break;
      case 2:
        view.setUint32(at, sizes[random(sizes.length)]!, random(2) === 0);
        break;
      case 3:
        copy = Uint8Array.from([
          ...copy.subarray(0, at),
          ...Array.from({ length: random(9) }, () => random(256)),
          ...copy.subarray(at),
        ]);
        break;
      case 4:
        copy = Uint8Array.from([...copy.subarray(0, at), ...copy.subarray(at + random(40))]);
        break;
      default:
        if (random(4) === 0) copy = copy.slice(0, at);
    }
  }
  return copy;
}
