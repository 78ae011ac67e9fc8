import { concatenate } from "../bytes.ts";
import { explainFailure } from "../errors.ts";
import { type DecodedImage, type Decoder, isCut, maximumPixels, refuse } from "./decoder.ts";
import { type JpegHeader, readHeader, walkScans } from "./jpeg_markers.ts";
import { type Decoded, EmscriptenLibrary, withAlpha } from "./library.ts";

/** JPEG files, baseline or progressive: grey, colour (also coded as RGB), CMYK and YCCK. */
export const jpegDecoder: Decoder = {
  name: "JPEG",
  recognises: (bytes) => bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff,
  measure: readHeader,
  decode,
};

const mozjpeg = new EmscriptenLibrary<{ decode(bytes: Uint8Array, isTurned: boolean): Decoded | null }>(
  () => import("@jsquash/jpeg/codec/dec/mozjpeg_dec.js"),
  import.meta.resolve("@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm"),
);

/**
 * Most blocks that all scans of a file may visit together. A scan costs up to 185 ns a block however few bytes it has: 20 KB of scans that
 * change nothing would take 13 seconds. A photograph of 64 megapixels in ten scans visits 8 million.
 */
const maximumVisits = 2 ** 24;

/** Most memory that coefficients, and pixels twice, may take, in bytes. A file of several scans has its coefficients in memory. */
const maximumMemory = 3 * 2 ** 28;

/** Most pixels of a CMYK picture, and blocks that its scans may visit: the library for those decodes 3 million pixels a second. */
const maximumCmyk = { pixels: 12_000_000, visits: 2 ** 22 };

async function decode(bytes: Uint8Array<ArrayBuffer>, name: string): Promise<DecodedImage> {
  const header = readHeader(bytes, name);
  const { count, visits, end } = walkScans(bytes, header, name);
  const coefficients = count > 1 ? header.components.reduce((sum, { blocks }) => sum + 128 * blocks, 0) : 0;
  if (visits > maximumVisits || coefficients + 8 * header.height * header.width > maximumMemory) {
    refuse(
      name,
      `its ${count} scans of ${header.height}x${header.width} pixels are too much, save it as baseline JPEG`,
    );
  }
  if (header.components.length !== 4) return await fromColour(bytes, end, name);
  if (visits > maximumCmyk.visits) refuse(name, `its ${count} scans in CMYK are too much, save it in colour`);
  return await fromCmyk(bytes, header, name);
}

async function fromColour(bytes: Uint8Array<ArrayBuffer>, end: number, name: string): Promise<DecodedImage> {
  try {
    const { picture, warnings } = await mozjpeg.run((library) => library.decode(bytes, false));
    // The library goes on with grey, or with what it guesses, where data is missing or damaged.
    const damage = warnings.find((line) => !/Adobe|JFIF/.test(line) && !isPadding(line, bytes.subarray(0, end)));
    if (damage !== undefined) refuse(name, /[Pp]remature/.test(damage) ? isCut : "its content is damaged");
    return withAlpha(picture);
  } catch (error) {
    throw explainFailure("read", name, error);
  }
}

/** Whether a warning of surplus bytes is about zeros before the end marker, which some cameras write: others are leftovers of damage. */
function isPadding(warning: string, data: Uint8Array): boolean {
  const count = Number(/: (\d+) extraneous bytes before marker 0xd9$/.exec(warning)?.[1] ?? NaN);
  return count > 0 && data.subarray(-count).every((byte) => byte === 0);
}

/** An Adobe segment that says: CMYK as it is. */
const adobeSegment = Uint8Array.of(0xff, 0xee, 0, 14, 0x41, 0x64, 0x6f, 0x62, 0x65, 0, 100, 0, 0, 0, 0, 0);

async function fromCmyk(bytes: Uint8Array<ArrayBuffer>, header: JpegHeader, name: string): Promise<DecodedImage> {
  const { height, width, hasAdobe } = header;
  if (height * width > maximumCmyk.pixels) {
    refuse(name, `it has ${height}x${width} pixels in CMYK, expected at most ${maximumCmyk.pixels}: save it in colour`);
  }
  const { decode: decodeCmyk } = await import("jpeg-js");
  // All programs write inverted CMYK, as Adobe's do; the library refuses files that do not say so.
  const stated = hasAdobe ? bytes : concatenate([bytes.subarray(0, 2), adobeSegment, bytes.subarray(2)]);
  try {
    const { data, ...size } = decodeCmyk(stated, {
      useTArray: true,
      formatAsRGBA: false,
      tolerantDecoding: false,
      // Once more: a damaged file may hold another frame than the one that was measured.
      maxResolutionInMP: maximumPixels / 1e6,
      maxMemoryUsageInMB: maximumMemory / 2 ** 20,
    });
    return { pixels: Uint8Array.from(data), height: size.height, width: size.width, channels: 3 };
  } catch (error) {
    throw explainFailure("read", name, error);
  }
}
