/** Arrays that a tensor of a file may hold; 16-bit integers are the bits of 16-bit floats, which not every runtime has an array for. */
export type TensorData =
  | Float32Array
  | Float64Array
  | BigInt64Array
  | Int32Array
  | Uint16Array
  | Int8Array
  | Uint8Array;

/** A tensor of a file: dimensions, outermost first, and its numbers in row-major order. */
export interface TensorLike {
  /** Dimensions; none for a scalar. */
  readonly shape: readonly number[];
  /** Numbers, as many as the product of the dimensions. */
  readonly data: TensorData;
}

/** Number of elements of a shape; 1 for a scalar. */
export function countElements(shape: readonly number[]): number {
  return shape.reduce((total, n) => total * n, 1);
}
