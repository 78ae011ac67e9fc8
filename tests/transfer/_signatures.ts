/**
 * Signatures of patterned pictures, for tests of choosing a source.
 *
 * @module
 */
import { type DatasetSignature, SIGNATURE_SIDE } from "../../src/zoo/mod.ts";

/** Pictures of two classes: stripes of two widths at random places; `shade` makes them brighter. */
export function stripes(name: string, { shade = 0, images = 24, phase = 0 } = {}): DatasetSignature {
  const size = SIGNATURE_SIDE ** 2;
  const labels = Uint8Array.from({ length: images }, (_, i) => i % 2);
  const pixels = Uint8Array.from({ length: images * size }, (_, at) => {
    const [image, row] = [Math.floor(at / size), Math.floor(at % size / SIGNATURE_SIDE)];
    const width = 3 + 4 * labels[image]!;
    return shade + 100 * (Math.floor((row + phase + 5 * image) / width) % 2);
  });
  return { name, classes: ["narrow", "wide"], pixels, labels };
}
