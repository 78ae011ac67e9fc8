import { explainFailure } from "../errors.ts";
import { type DecodedImage, type Decoder, type Measured, refuse } from "./decoder.ts";
import { type Decoded, EmscriptenLibrary, withAlpha } from "./library.ts";

/** AVIF files, with or without alpha; of a sequence the first picture. */
export const avifDecoder: Decoder = {
  name: "AVIF",
  recognises(bytes) {
    const brands = String.fromCharCode(...bytes.subarray(4, 64));
    return brands.startsWith("ftyp") && /avi[fs]/.test(brands);
  },
  measure,
  decode,
};

const libavif = new EmscriptenLibrary<{ decode(bytes: Uint8Array, bits: number): Decoded | null }>(
  () => import("@jsquash/avif/codec/dec/avif_dec.js"),
  import.meta.resolve("@jsquash/avif/codec/dec/avif_dec.wasm"),
);

/** Most pixels: the library decodes about 4 million a second. */
const maximumAvifPixels = 2 ** 24;

async function decode(bytes: Uint8Array<ArrayBuffer>, name: string): Promise<DecodedImage> {
  const { height, width } = measure(bytes, name);
  if (height * width > maximumAvifPixels) {
    refuse(name, `it has ${height}x${width} pixels in AVIF, expected at most ${maximumAvifPixels}: save it as JPEG`);
  }
  try {
    return withAlpha((await libavif.run((library) => library.decode(bytes, 8))).picture);
  } catch (error) {
    throw explainFailure("read", name, error);
  }
}

/** A box of the container (ISO 14496-12): four letters and what they hold. */
interface Box {
  readonly type: string;
  readonly content: Uint8Array<ArrayBuffer>;
}

/** Version and flags, with which some boxes begin. */
const versionBytes = 4;

/** Reads size and turns from the properties of the primary item (ISO 23008-12). */
function measure(bytes: Uint8Array<ArrayBuffer>, name: string): Measured {
  try {
    const meta = inside(bytes, "meta").subarray(versionBytes);
    const properties = boxesOf(inside(inside(meta, "iprp"), "ipco"));
    const own = primaryProperties(meta).map((place) => properties[place - 1]);
    const find = (type: string) => own.find((box) => box?.type === type)?.content;
    const size = find("ispe");
    if (size === undefined) throw new RangeError("no size");
    const [turns, mirror] = [find("irot"), find("imir")];
    return {
      width: viewOf(size).getUint32(versionBytes),
      height: viewOf(size).getUint32(versionBytes + 4),
      orientation: orientationOf((turns?.[0] ?? 0) & 3, mirror && mirror[0]! & 1),
    };
  } catch (error) {
    // Whatever a damaged box leads to ends in a place outside the file.
    if (error instanceof RangeError) refuse(name, "its AVIF header is damaged", error);
    throw error;
  }
}

/** Numbers of the properties of the primary item, counted from 1. */
function primaryProperties(meta: Uint8Array<ArrayBuffer>): number[] {
  const primary = inside(meta, "pitm");
  const item = primary[0] === 0 ? viewOf(primary).getUint16(versionBytes) : viewOf(primary).getUint32(versionBytes);
  const associations = inside(inside(meta, "iprp"), "ipma");
  const view = viewOf(associations);
  const [hasLongItems, hasLongPlaces] = [view.getUint8(0) > 0, (view.getUint8(3) & 1) === 1];
  const count = view.getUint32(versionBytes);
  for (let i = 0, offset = versionBytes + 4; i < count; i++) {
    const id = hasLongItems ? view.getUint32(offset) : view.getUint16(offset);
    offset += hasLongItems ? 4 : 2;
    const length = view.getUint8(offset++);
    // The first bit says whether a property is essential.
    const placeAt = (at: number) => hasLongPlaces ? view.getUint16(at) & 0x7fff : view.getUint8(at) & 0x7f;
    const step = hasLongPlaces ? 2 : 1;
    if (id === item) return Array.from({ length }, (_, n) => placeAt(offset + step * n));
    offset += step * length;
  }
  return [];
}

/** EXIF's number for quarter turns to the left, followed by a mirror: axis 0 exchanges top and bottom, 1 left and right. */
function orientationOf(quarters: number, axis: number | undefined): number {
  if (axis === undefined) return [1, 8, 3, 6][quarters]!;
  return (axis === 0 ? [4, 5, 2, 7] : [2, 7, 4, 5])[quarters]!;
}

/** The content of the first box of a type. */
function inside(bytes: Uint8Array<ArrayBuffer>, type: string): Uint8Array<ArrayBuffer> {
  const box = boxesOf(bytes).find((box) => box.type === type);
  if (box === undefined) throw new RangeError(`no box ${type}`);
  return box.content;
}

function boxesOf(bytes: Uint8Array<ArrayBuffer>): Box[] {
  const view = viewOf(bytes);
  const boxes: Box[] = [];
  for (let offset = 0; offset + 8 <= bytes.length;) {
    const length = view.getUint32(offset) || bytes.length - offset;
    // Boxes above 4 GiB write their length elsewhere; no picture has one.
    if (length < 8 || offset + length > bytes.length) throw new RangeError("a box that is cut");
    boxes.push({
      type: String.fromCharCode(...bytes.subarray(offset + 4, offset + 8)),
      content: bytes.subarray(offset + 8, offset + length),
    });
    offset += length;
  }
  return boxes;
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}
