/** How an array is written otherwise than NumPy does by default. */
export interface NpyOptions {
  /** Format version. */
  version?: number;
  /** `True` for Fortran's order. */
  order?: "True" | "False";
  /** The type is a list of fields, and stands without quotes. */
  isField?: boolean;
}

/** A file as `numpy.save` writes it. */
export function npy(
  type: string,
  shape: readonly number[],
  values: ArrayLike<number>,
  { version = 1, order = "False", isField = false }: NpyOptions = {},
): Uint8Array<ArrayBuffer> {
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const dictionary = `{'descr': ${isField ? type : `'${type}'`}, 'fortran_order': ${order}, 'shape': (${sizes}), }`;
  const lengthBytes = version === 1 ? 2 : 4;
  const text = dictionary.padEnd(128 - 8 - lengthBytes - 1) + "\n";
  const header = [0x93, ...new TextEncoder().encode("NUMPY"), version, 0, text.length, 0, 0, 0].slice(
    0,
    8 + lengthBytes,
  );
  return Uint8Array.from([...header, ...new TextEncoder().encode(text), ...Array.from(values)]);
}
