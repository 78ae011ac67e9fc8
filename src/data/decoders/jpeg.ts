import { decode as decodeJpeg } from "jpeg-js";
import { DataError, explainFailure } from "../errors.ts";
import { type AnnouncedSize, type DecodedImage, type Decoder, maximumPixels } from "./decoder.ts";

/** JPEG files, baseline or progressive; red, green and blue, also when the file is grey. */
export const jpegDecoder: Decoder = {
  name: "JPEG",
  recognises: (bytes) => bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff,
  measure,
  decode,
};

/** Memory that the library may use, in MiB. */
const maximumMemoryMiB = 1024;

/** Walks the markers to the frame header: `ff c0` to `ff cf`, length, precision, height, width. */
function measure(bytes: Uint8Array<ArrayBuffer>, name: string): AnnouncedSize {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let offset = 2; offset + 9 <= bytes.length;) {
    const marker = bytes[offset + 1]!;
    // Whatever stands between two segments is skipped, as decoders do; so are fill bytes and markers without content.
    if (bytes[offset] !== 0xff || marker === 0xff || hasNoContent(marker)) {
      offset++;
      continue;
    }
    if (isFrame(marker)) return { height: view.getUint16(offset + 5), width: view.getUint16(offset + 7) };
    if (marker === startOfScan) throw new DataError(`Cannot read ${name}: it has a scan before any frame`);
    offset += 2 + view.getUint16(offset + 2);
  }
  throw new DataError(`Cannot read ${name}: it is cut, fetch the file again`);
}

const startOfScan = 0xda;

/** Start of a frame; c4, c8 and cc are tables and an extension. */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}

function hasNoContent(marker: number): boolean {
  return marker <= 0x01 || (marker >= 0xd0 && marker <= 0xd9);
}

function decode(bytes: Uint8Array<ArrayBuffer>, name: string): DecodedImage {
  // The library fills what is missing with grey instead of failing, so a cut file is told by its missing end marker.
  if (!hasEndMarker(bytes)) throw new DataError(`Cannot read ${name}: it is cut, fetch the file again`);
  try {
    const { data, height, width } = decodeJpeg(bytes, {
      useTArray: true,
      formatAsRGBA: false,
      tolerantDecoding: false,
      // Once more: a damaged file may hold another frame than the one that was measured.
      maxResolutionInMP: maximumPixels / 1e6,
      maxMemoryUsageInMB: maximumMemoryMiB,
    });
    return { pixels: Uint8Array.from(data), height, width, channels: 3 };
  } catch (error) {
    throw explainFailure("read", name, error);
  }
}

function hasEndMarker(bytes: Uint8Array): boolean {
  for (let place = bytes.lastIndexOf(0xd9); place > 2; place = bytes.lastIndexOf(0xd9, place - 1)) {
    if (bytes[place - 1] === 0xff) return true;
  }
  return false;
}
