/** A matrix in integers: number = integer · scale of its row. */
export interface Int8Rows {
  /** Integers, row-major. */
  readonly values: Int8Array;
  /** One scale a row. */
  readonly scales: Float32Array;
}

/**
 * Rounds the rows of a matrix to integers, each by a scale of its own that leaves its largest number at the limit.
 *
 * @param numbers The matrix, row-major; a filter of a convolution is a row.
 * @param rows Number of rows.
 * @param limit Largest integer, up to 127.
 * @returns Integers from -limit to limit, and scales; 0 for a row of zeros.
 */
export function quantiseRows(numbers: Float32Array, rows: number, limit = 127): Int8Rows {
  const size = numbers.length / rows;
  const values = new Int8Array(numbers.length);
  const scales = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    const [start, end] = [row * size, (row + 1) * size];
    let most = 0;
    for (let i = start; i < end; i++) most = Math.max(most, Math.abs(numbers[i]!));
    const scale = scales[row] = most / limit;
    // The scale was rounded to 32 bits: what it is divided by must be what it will be multiplied by.
    for (let i = start; i < end; i++) values[i] = scale > 0 ? clamp(Math.round(numbers[i]! / scales[row]!), limit) : 0;
  }
  return { values, scales };
}

/**
 * Gives back the numbers that integers stand for.
 *
 * @param rows Integers and the scales of their rows.
 * @returns The matrix, row-major.
 */
export function dequantiseRows({ values, scales }: Int8Rows): Float32Array<ArrayBuffer> {
  const size = values.length / scales.length;
  const numbers = new Float32Array(values.length);
  for (let i = 0; i < values.length; i++) numbers[i] = values[i]! * scales[Math.floor(i / size)]!;
  return numbers;
}

function clamp(value: number, limit: number): number {
  return Math.max(-limit, Math.min(limit, value));
}
