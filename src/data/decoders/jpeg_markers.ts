import { type AnnouncedSize, isCut, refuse } from "./decoder.ts";
import { readOrientation } from "./exif.ts";

/** What the header of a JPEG file says, up to the first scan. */
export interface JpegHeader extends AnnouncedSize {
  /** Orientation of EXIF, 1 where there is none. */
  readonly orientation: number;
  /** Components: 1 grey, 3 colour, 4 CMYK. */
  readonly components: readonly JpegComponent[];
  /** Whether an Adobe segment says how CMYK is coded. */
  readonly hasAdobe: boolean;
  /** Place of the first scan's marker. */
  readonly firstScan: number;
}

/** A component of a frame. */
export interface JpegComponent {
  /** Its number, by which scans name it. */
  readonly id: number;
  /** Blocks of 8x8 values in the whole picture. */
  readonly blocks: number;
  /** Whether it has fewer rows or columns than another. */
  readonly isSubsampled: boolean;
}

const startOfScan = 0xda;
const endOfImage = 0xd9;

/** Start of a frame; c4, c8 and cc are tables and an extension. */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}

/** Frames that can be decoded: baseline, extended and progressive, Huffman-coded. */
const supportedFrames = [0xc0, 0xc1, 0xc2];

function hasNoContent(marker: number): boolean {
  return marker <= 0x01 || (marker >= 0xd0 && marker <= 0xd9);
}

/** A marker with the place of its content, without the two bytes of its length. */
interface Segment {
  readonly marker: number;
  readonly start: number;
  readonly end: number;
}

/** Walks markers and their segments; what stands between two segments is skipped, as decoders do. */
function* walk(bytes: Uint8Array, from: number, name: string): Generator<Segment> {
  for (let offset = from; offset + 1 < bytes.length;) {
    const marker = bytes[offset + 1]!;
    // Bytes that fill, and 0xff in the data of a scan, which a zero follows.
    if (bytes[offset] !== 0xff || marker === 0xff || marker === 0) {
      const next = bytes.indexOf(0xff, offset + 1);
      offset = next < 0 ? bytes.length : next;
      continue;
    }
    if (hasNoContent(marker)) {
      yield { marker, start: offset + 2, end: offset + 2 };
      offset += 2;
      continue;
    }
    if (offset + 4 > bytes.length) refuse(name, isCut);
    const end = offset + 2 + Math.max(2, bytes[offset + 2]! << 8 | bytes[offset + 3]!);
    if (end > bytes.length) refuse(name, isCut);
    yield { marker, start: offset + 4, end };
    offset = end;
  }
}

/**
 * Reads the header of a JPEG file.
 *
 * @param bytes The whole file.
 * @param name The file, for messages.
 * @throws {DataError} If there is no frame before the first scan, or one of a kind that cannot be decoded.
 */
export function readHeader(bytes: Uint8Array, name: string): JpegHeader {
  let orientation = 0;
  let hasAdobe = false;
  let frame: Pick<JpegHeader, "height" | "width" | "components"> | undefined;
  for (const { marker, start, end } of walk(bytes, 2, name)) {
    if (marker === startOfScan) {
      if (frame === undefined) refuse(name, "it has a scan before any frame");
      return { ...frame, orientation: orientation || 1, hasAdobe, firstScan: start - 4 };
    }
    if (isFrame(marker)) frame ??= readFrame(marker, bytes.subarray(start, end), name);
    if (marker === 0xee && startsWith(bytes, start, "Adobe")) hasAdobe = true;
    if (marker === 0xe1 && startsWith(bytes, start, "Exif\0\0")) {
      orientation ||= readOrientation(bytes.subarray(start + 6, end));
    }
    if (marker === endOfImage) break;
  }
  refuse(name, isCut);
}

function startsWith(bytes: Uint8Array, start: number, text: string): boolean {
  return [...text].every((letter, i) => bytes[start + i] === letter.charCodeAt(0));
}

/** A frame: precision, height, width, then number, sampling factors and table of each component. */
function readFrame(marker: number, content: Uint8Array, name: string) {
  const [precision, high, low, left, right, count] = content;
  if (count === undefined || content.length < 6 + 3 * count) refuse(name, "its frame header is damaged");
  const kind = marker.toString(16);
  if (!supportedFrames.includes(marker)) {
    refuse(name, `it is coded without loss or arithmetically (frame ${kind}), save it as baseline or progressive`);
  }
  if (precision !== 8) refuse(name, `it has ${precision} bits a value, expected 8`);
  const [height, width] = [high! << 8 | low!, left! << 8 | right!];
  const rows = Array.from({ length: count }, (_, i) => content.subarray(6 + 3 * i, 9 + 3 * i));
  const factors = rows.map(([, sampling]) => ({ across: sampling! >> 4, down: sampling! & 15 }));
  if (factors.some(({ across, down }) => across < 1 || across > 4 || down < 1 || down > 4)) {
    refuse(name, "its frame header is damaged");
  }
  const [across, down] = [
    Math.max(...factors.map(({ across }) => across)),
    Math.max(...factors.map(({ down }) => down)),
  ];
  const components = factors.map((factor, i): JpegComponent => ({
    id: rows[i]![0]!,
    blocks: Math.ceil(width / (8 * across)) * factor.across * Math.ceil(height / (8 * down)) * factor.down,
    isSubsampled: factor.across < across || factor.down < down,
  }));
  return { height, width, components };
}

/** What the scans of a file ask for. */
export interface JpegScans {
  /** Number of scans. */
  readonly count: number;
  /** Blocks that all scans visit together. */
  readonly visits: number;
  /** Place of the end marker. */
  readonly end: number;
}

/**
 * Walks all scans to the end of the image.
 *
 * @param bytes The whole file.
 * @param header Its header.
 * @param name The file, for messages.
 * @throws {DataError} If the end marker is missing: the library would fill what is cut with grey.
 */
export function walkScans(bytes: Uint8Array, { components, firstScan }: JpegHeader, name: string): JpegScans {
  const blocks = new Map(components.map(({ id, blocks }) => [id, blocks]));
  let [count, visits] = [0, 0];
  for (const { marker, start, end } of walk(bytes, firstScan, name)) {
    if (marker === endOfImage) return { count, visits, end: start - 2 };
    if (marker !== startOfScan) continue;
    count++;
    const length = Math.min(bytes[start] ?? 0, (end - start - 1) >> 1);
    for (let i = 0; i < length; i++) visits += blocks.get(bytes[start + 1 + 2 * i]!) ?? 0;
  }
  refuse(name, isCut);
}
