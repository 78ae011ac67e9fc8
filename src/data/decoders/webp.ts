import { concatenate } from "../bytes.ts";
import { explainFailure } from "../errors.ts";
import { type AnnouncedSize, type DecodedImage, type Decoder, isCut, type Measured, refuse } from "./decoder.ts";
import { readOrientation } from "./exif.ts";
import { type Decoded, EmscriptenLibrary, withAlpha } from "./library.ts";

/** WebP files, lossy or lossless, with or without alpha; of an animation the first frame. */
export const webpDecoder: Decoder = {
  name: "WebP",
  recognises: (bytes) => textAt(bytes, 0) === "RIFF" && textAt(bytes, 8) === "WEBP",
  measure,
  decode,
};

const libwebp = new EmscriptenLibrary<{ decode(bytes: Uint8Array): Decoded | null }>(
  () => import("@jsquash/webp/codec/dec/webp_dec.js"),
  import.meta.resolve("@jsquash/webp/codec/dec/webp_dec.wasm"),
);

function measure(bytes: Uint8Array<ArrayBuffer>, name: string): Measured {
  const chunks = readChunks(bytes, name);
  const [first] = chunks;
  if (first === undefined) refuse(name, isCut);
  const exif = chunks.find(({ type }) => type === "EXIF")?.content;
  // Some programs write the mark that JPEG has before EXIF data.
  const start = exif !== undefined && textAt(exif, 0) === "Exif" ? 6 : 0;
  const orientation = exif && readOrientation(exif.subarray(start));
  return { ...sizeOf(first, name), orientation };
}

/** Sizes of the three kinds of first chunk, as the container's specification has them. */
function sizeOf({ type, content }: Chunk, name: string): AnnouncedSize {
  const [view, isLong] = [viewOf(content), content.length >= 10];
  if (type === "VP8X" && isLong) return { width: 1 + uint24(view, 4), height: 1 + uint24(view, 7) };
  if (type === "VP8 " && isLong) {
    return { width: view.getUint16(6, true) & 0x3fff, height: view.getUint16(8, true) & 0x3fff };
  }
  if (type === "VP8L" && content.length >= 5 && content[0] === 0x2f) {
    const bits = view.getUint32(1, true);
    return { width: 1 + (bits & 0x3fff), height: 1 + (bits >> 14 & 0x3fff) };
  }
  refuse(name, "it does not start with a WebP header");
}

async function decode(bytes: Uint8Array<ArrayBuffer>, name: string): Promise<DecodedImage> {
  const chunks = readChunks(bytes, name);
  const frame = chunks.find(({ type }) => type === "ANMF");
  if (frame !== undefined) return await decodeFrame(frame.content, sizeOf(chunks[0]!, name), name);
  return await decodeStill(bytes, name);
}

async function decodeStill(bytes: Uint8Array<ArrayBuffer>, name: string): Promise<DecodedImage> {
  try {
    return withAlpha((await libwebp.run((library) => library.decode(bytes))).picture);
  } catch (error) {
    throw explainFailure("read", name, error);
  }
}

/** Offset and size of a frame of an animation, its duration and flags; then chunks as in a file of its own. */
const frameHeaderBytes = 16;

/** A frame on a transparent canvas. */
async function decodeFrame(content: Uint8Array<ArrayBuffer>, canvas: AnnouncedSize, name: string) {
  if (content.length < frameHeaderBytes) refuse(name, isCut);
  const view = viewOf(content);
  const [left, top] = [2 * uint24(view, 0), 2 * uint24(view, 3)];
  const [width, height] = [1 + uint24(view, 6), 1 + uint24(view, 9)];
  if (left + width > canvas.width || top + height > canvas.height) refuse(name, "its first frame is too large");
  const frame = await decodeStill(asFile(content.subarray(frameHeaderBytes), { width, height }), name);
  if (frame.width !== width || frame.height !== height) refuse(name, "its first frame has another size than it says");
  const pixels = new Uint8Array(4 * canvas.width * canvas.height);
  for (let y = 0; y < height; y++) {
    pixels.set(frame.pixels.subarray(4 * y * width, 4 * (y + 1) * width), 4 * ((top + y) * canvas.width + left));
  }
  return { ...canvas, pixels, channels: 4 } as const;
}

/** The chunks of a frame as a file: with a header of extended files, since there may be a chunk of alpha. */
function asFile(chunks: Uint8Array<ArrayBuffer>, { width, height }: AnnouncedSize): Uint8Array<ArrayBuffer> {
  const hasAlphaFlag = textAt(chunks, 0) === "ALPH" ? 0x10 : 0;
  const header = new Uint8Array(30);
  header.set(new TextEncoder().encode("RIFF\0\0\0\0WEBPVP8X"));
  const view = viewOf(header);
  view.setUint32(4, header.length - 8 + chunks.length, true);
  view.setUint32(16, 10, true);
  view.setUint8(20, hasAlphaFlag);
  view.setUint32(24, width - 1, true);
  view.setUint16(27, (height - 1) & 0xffff, true);
  view.setUint8(29, (height - 1) >> 16);
  const isSimple = hasAlphaFlag === 0;
  if (!isSimple) return concatenate([header, chunks]);
  const simple = header.slice(0, 12);
  viewOf(simple).setUint32(4, 4 + chunks.length, true);
  return concatenate([simple, chunks]);
}

interface Chunk {
  readonly type: string;
  readonly content: Uint8Array<ArrayBuffer>;
}

/** All chunks; what follows the announced end is not looked at. */
function readChunks(bytes: Uint8Array<ArrayBuffer>, name: string): Chunk[] {
  if (bytes.length < 12) refuse(name, isCut);
  const view = viewOf(bytes);
  const end = 8 + view.getUint32(4, true);
  if (end > bytes.length) refuse(name, isCut);
  const chunks: Chunk[] = [];
  for (let offset = 12; offset + 8 <= end;) {
    const length = view.getUint32(offset + 4, true);
    const start = offset + 8;
    if (start + length > end) refuse(name, isCut);
    chunks.push({ type: textAt(bytes, offset), content: bytes.subarray(start, start + length) });
    offset = start + length + length % 2;
  }
  return chunks;
}

function textAt(bytes: Uint8Array, offset: number): string {
  return String.fromCharCode(...bytes.subarray(offset, offset + 4));
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

function uint24(view: DataView, offset: number): number {
  return view.getUint16(offset, true) | view.getUint8(offset + 2) << 16;
}
