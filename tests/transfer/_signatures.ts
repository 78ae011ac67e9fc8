/**
 * Signatures of patterned rows, for tests of choosing a source.
 *
 * @module
 */
import type { DatasetSignature } from "../../src/zoo/mod.ts";

/** Features of a row of {@linkcode stripes}. */
export const STRIPES_FEATURES = 64;

/** Rows of two classes: stripes of two widths at random places; `shade`, in units of 1 / 255, makes them brighter. */
export function stripes(name: string, { shade = 0, images = 24, phase = 0 } = {}): DatasetSignature {
  const labels = Uint8Array.from({ length: images }, (_, i) => i % 2);
  const features = Float32Array.from({ length: images * STRIPES_FEATURES }, (_, at) => {
    const [image, place] = [Math.floor(at / STRIPES_FEATURES), at % STRIPES_FEATURES];
    const width = 3 + 4 * labels[image]!;
    return (shade + 100 * (Math.floor((place + phase + 5 * image) / width) % 2)) / 255;
  });
  return { name, classes: ["narrow", "wide"], features, labels };
}
