import { FormatError } from "./format_error.ts";
import { showName } from "./show.ts";
import type { TensorData, TensorLike } from "./tensor.ts";

/**
 * Finds the first number that is NaN or infinite.
 *
 * A plain loop: 4 million numbers take 4 ms, which is less than their way into the kernels' memory and back.
 *
 * @param data Numbers of a tensor; integers are always finite.
 * @returns Its place; -1 if all are finite.
 */
export function findNotFinite(data: TensorData): number {
  if (!(data instanceof Float32Array || data instanceof Float64Array)) return -1;
  for (let i = 0; i < data.length; i++) {
    // NaN - NaN and infinity - infinity are NaN, which equals nothing.
    const number = data[i]!;
    if (number - number !== 0) return i;
  }
  return -1;
}

/**
 * Refuses tensors that hold anything but finite numbers: a network that computes with them gives answers all the same.
 *
 * @param tensors Tensors by name.
 * @param options `file`: their file, for the message.
 * @throws {FormatError} If one does; names file, tensor, place and number.
 */
export function checkFinite(tensors: ReadonlyMap<string, TensorLike>, { file }: { file: string }): void {
  for (const [name, { data }] of tensors) {
    const broken = findNotFinite(data);
    if (broken < 0) continue;
    throw new FormatError(
      `Cannot read ${file}: number ${broken} of ${showName(name)} is ${data[broken]}, expected a finite number`,
    );
  }
}
