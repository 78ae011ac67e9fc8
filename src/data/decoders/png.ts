import { concatenate } from "../bytes.ts";
import { type DecodedImage, type Decoder, isCut, type Measured, refuse } from "./decoder.ts";
import { readOrientation } from "./exif.ts";
import { nodeZlib } from "../node_library.ts";
import { loadCode, withAlpha } from "./library.ts";

/** PNG files of every colour type and depth, interlaced or not; of an animation the default image. */
export const pngDecoder: Decoder = {
  name: "PNG",
  recognises: (bytes) => signature.every((byte, place) => bytes[place] === byte),
  measure,
  decode,
};

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** Signature, and the first chunk without its checksum. */
const headerBytes = 8 + 8 + 13;

const colourTypePlace = 25;

function measure(bytes: Uint8Array<ArrayBuffer>, name: string): Measured {
  if (bytes.length < headerBytes) refuse(name, isCut);
  const view = new DataView(bytes.buffer, bytes.byteOffset, headerBytes);
  if (view.getUint32(8) !== 13 || typeAt(bytes, 12) !== "IHDR") refuse(name, "it does not start with a PNG header");
  const size = { width: view.getUint32(16), height: view.getUint32(20) };
  for (const { type, content } of walkChunks(bytes, name)) {
    if (type === "eXIf") return { ...size, orientation: readOrientation(content) };
  }
  return size;
}

/** Chunks that the pixels need. Nothing else is shown to the library: profiles and texts may be packed bombs. */
const needed = ["IHDR", "PLTE", "tRNS", "IDAT", "IEND"];

async function decode(bytes: Uint8Array<ArrayBuffer>, name: string): Promise<DecodedImage> {
  const chunks = [...walkChunks(bytes, name)].filter(({ type }) => needed.includes(type));
  const { crc32 } = nodeZlib();
  // The library stops at the last pixel, before it has seen the checksum.
  for (const { type, whole } of chunks) {
    const stated = new DataView(whole.buffer, whole.byteOffset + whole.length - 4).getUint32(0);
    if (crc32(whole.subarray(4, -4)) !== stated) {
      refuse(name, `the checksum of its chunk ${type} is wrong, fetch the file again`);
    }
  }
  const lengthOf = (wanted: string) => chunks.find(({ type }) => type === wanted)?.content.length ?? 0;
  // The library leaves out transparency that has more entries than the palette.
  const isPalette = bytes[colourTypePlace] === 3;
  if (isPalette && lengthOf("tRNS") > lengthOf("PLTE") / 3) refuse(name, "its PNG content is damaged");
  const file = concatenate([Uint8Array.from(signature), ...chunks.map(({ whole }) => whole)]);
  const { library, memory } = await (instance ??= start());
  try {
    return withAlpha(library.decode(file));
  } catch (error) {
    return refuse(name, "its PNG content is damaged", error);
  } finally {
    // Memory never shrinks, and what a failed call took is not given back.
    if (memory.buffer.byteLength > mostKeptBytes) instance = undefined;
  }
}

type Library = typeof import("@jsquash/png/codec/pkg/squoosh_png.js");

const mostKeptBytes = 2 ** 26;

let code: Promise<WebAssembly.Module> | undefined;
let instance: Promise<{ library: Library; memory: WebAssembly.Memory }> | undefined;
let instances = 0;

/** The library keeps one instance a module, so each is another module: its address has a query of its own. */
async function start(): Promise<{ library: Library; memory: WebAssembly.Memory }> {
  code ??= loadCode(import.meta.resolve("@jsquash/png/codec/pkg/squoosh_png_bg.wasm"));
  const script = import.meta.resolve("@jsquash/png/codec/pkg/squoosh_png.js");
  const library = await import(`${script}?instance=${instances++}`) as Library;
  return { library, memory: library.initSync(await code).memory };
}

interface Chunk {
  readonly type: string;
  readonly content: Uint8Array<ArrayBuffer>;
  /** Length, type, content and checksum. */
  readonly whole: Uint8Array<ArrayBuffer>;
}

function* walkChunks(bytes: Uint8Array<ArrayBuffer>, name: string): Generator<Chunk> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let offset = signature.length; offset + 12 <= bytes.length;) {
    const end = offset + 12 + view.getUint32(offset);
    if (end > bytes.length) break;
    const type = typeAt(bytes, offset + 4);
    yield { type, content: bytes.subarray(offset + 8, end - 4), whole: bytes.subarray(offset, end) };
    if (type === "IEND") return;
    offset = end;
  }
  refuse(name, isCut);
}

function typeAt(bytes: Uint8Array, offset: number): string {
  return String.fromCharCode(...bytes.subarray(offset, offset + 4));
}
