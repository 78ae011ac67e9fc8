import { unzipSync } from "fflate";

/** A picture of the corpus: its size and how far it may be from what Pillow reads, in levels. */
export interface CorpusPicture {
  readonly name: string;
  readonly height: number;
  readonly width: number;
  readonly tolerance: number;
  /** SHA-256 of red, green and blue, where there is no tolerance. */
  readonly sha256?: string;
}

/** A picture that a formula gives, and what Pillow makes of it. */
export interface ResizedPicture {
  readonly from: readonly [height: number, width: number, channels: 1 | 2 | 3 | 4];
  readonly to: readonly [height: number, width: number, channels: 1 | 3];
  readonly fit: "crop" | "pad";
  readonly name: string;
}

/** What `make_picture_fixtures.py` has written. */
export interface Corpus {
  readonly pictures: readonly CorpusPicture[];
  readonly resized: readonly ResizedPicture[];
  /** Content of a file of the corpus. */
  file(name: string): Uint8Array<ArrayBuffer>;
}

/** Opens the corpus. */
export async function openCorpus(): Promise<Corpus> {
  const path = new URL("../../reference/fixtures/pictures.zip", import.meta.url);
  const files = unzipSync(await Deno.readFile(path));
  const json = (name: string) => JSON.parse(new TextDecoder().decode(files[name]));
  return {
    pictures: json("index.json").pictures,
    resized: json("resize.json"),
    file: (name) => Uint8Array.from(files[name]!),
  };
}

/** The picture of the formula that the script has, too. */
export function formulaPicture(height: number, width: number, channels: 1 | 2 | 3 | 4) {
  const pixels = new Uint8Array(height * width * channels);
  for (let y = 0, place = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const squares = (Math.floor(x / 9) + Math.floor(y / 7)) % 2 * 90;
      for (let c = 0; c < channels; c++) pixels[place++] = x * x * 3 + y * x * 7 + y * 11 + c * 50 + squares;
    }
  }
  return { pixels, height, width, channels };
}

/** The largest difference between two pictures, in levels. */
export function largestDifference(a: Uint8Array, b: Uint8Array): number {
  if (a.length !== b.length) return Infinity;
  return a.reduce((largest, value, i) => Math.max(largest, Math.abs(value - b[i]!)), 0);
}

/** SHA-256 as hexadecimal digits. */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}
