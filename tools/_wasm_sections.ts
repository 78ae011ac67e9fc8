/** Length of the magic number and version before the first section. */
const HEADER = 8;

/**
 * Removes a WebAssembly module's custom section of function names: a tenth of the file that only debuggers read.
 *
 * @param module The module, as compilers write it: sections one after another.
 * @returns The module without that section.
 * @throws {RangeError} If a section runs past the end.
 */
export function withoutNames(module: Uint8Array): Uint8Array<ArrayBuffer> {
  const parts = [module.subarray(0, HEADER)];
  for (let at = HEADER; at < module.length;) {
    const [length, body] = readLength(module, at + 1);
    if (body + length > module.length) {
      throw new RangeError(`Cannot read module: section at ${at} ends at ${body + length}, expected ${module.length}`);
    }
    if (module[at] !== 0 || customName(module, body) !== "name") parts.push(module.subarray(at, body + length));
    at = body + length;
  }
  const result = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let to = 0;
  for (const part of parts) {
    result.set(part, to);
    to += part.length;
  }
  return result;
}

function customName(module: Uint8Array, body: number): string {
  const [length, start] = readLength(module, body);
  return new TextDecoder().decode(module.subarray(start, start + length));
}

/** An unsigned LEB128 number and where it ends. */
function readLength(module: Uint8Array, start: number): [value: number, end: number] {
  let value = 0;
  for (let at = start, scale = 1; at < module.length; at++, scale *= 128) {
    value += (module[at]! & 127) * scale;
    if (module[at]! < 128) return [value, at + 1];
  }
  throw new RangeError(`Cannot read module: found no end of the number at ${start}`);
}
