/**
 * Reads the orientation from EXIF data: one entry of the first directory of a TIFF file.
 *
 * @param bytes EXIF data from its byte order mark on; may be damaged.
 * @returns 1 to 8; 1 where the data says nothing, or nothing sensible.
 */
export function readOrientation(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 8) return 1;
  const mark = view.getUint16(0);
  const isLittle = mark === 0x4949;
  if ((!isLittle && mark !== 0x4d4d) || view.getUint16(2, isLittle) !== 42) return 1;
  const directory = view.getUint32(4, isLittle);
  if (directory + 2 > bytes.length) return 1;
  const count = view.getUint16(directory, isLittle);
  for (let i = 0, entry = directory + 2; i < count && entry + 12 <= bytes.length; i++, entry += 12) {
    if (view.getUint16(entry, isLittle) !== orientationTag) continue;
    const [type, count] = [view.getUint16(entry + 2, isLittle), view.getUint32(entry + 4, isLittle)];
    if (count !== 1 || ![shortType, longType].includes(type)) return 1;
    const value = type === shortType ? view.getUint16(entry + 8, isLittle) : view.getUint32(entry + 8, isLittle);
    return value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}

const orientationTag = 0x0112;
const shortType = 3;
const longType = 4;
