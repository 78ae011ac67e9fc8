import { Thumbnails } from "../../../src/data/inspect/thumbnails.ts";

/** A thumbnail as of a photograph, most of it in long waves; the same for the same seed. */
export function noise(seed: number): Uint8Array {
  const random = mulberry32(seed);
  const waves = Array.from({ length: 16 }, () => {
    const [fx, fy] = [random() * 1.2, random() * 1.2];
    return { fx, fy, phase: random() * 7, size: (random() - 0.5) / (0.3 + fx + fy) };
  });
  const levels = Array.from({ length: Thumbnails.size }, (_, i) => {
    const [x, y] = [Math.floor(i / 3) % 9, Math.floor(i / 27)];
    return waves.reduce(
      (sum, { fx, fy, phase, size }) => sum + size * Math.cos(fx * x + fy * y + phase * (1 + 0.2 * (i % 3))),
      0,
    );
  });
  const mean = levels.reduce((sum, level) => sum + level) / levels.length;
  const deviation = Math.hypot(...levels.map((level) => level - mean)) / Math.sqrt(levels.length);
  return Uint8Array.from(levels, (level) => Math.max(0, Math.min(255, 128 + 45 * (level - mean) / deviation)));
}

/** Tommy Ettinger's generator of 2017, from 0 to 1. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), state | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
}
