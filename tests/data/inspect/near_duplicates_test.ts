import { assert, assertEquals } from "@std/assert";
import { findNearPairs } from "../../../src/data/inspect/near_duplicates.ts";
import { Thumbnails } from "../../../src/data/inspect/thumbnails.ts";
import { noise } from "./_noise.ts";

/** A thumbnail of a picture that was encoded anew: each value off by up to some levels. */
function again(pixels: Uint8Array, levels: number): Uint8Array {
  return pixels.map((value, i) => Math.max(0, Math.min(255, value + Math.round(levels * Math.sin(7 * i)))));
}

function collect(pictures: (Uint8Array | undefined)[]): Thumbnails {
  const thumbnails = new Thumbnails();
  for (const picture of pictures) thumbnails.add(picture);
  return thumbnails;
}

Deno.test("findNearPairs() finds each picture that was encoded anew or made brighter, and no other", () => {
  const originals = Array.from({ length: 300 }, (_, seed) => noise(seed));
  const pictures = [...originals, ...originals.map((picture, i) => i % 2 ? again(picture, 3) : picture)];
  pictures.push(originals[7]!.map((value) => Math.round(value * 0.8)));
  const { pairs, isWhole } = findNearPairs(collect(pictures), pictures.map(() => 500));
  const expected = [...originals.map((_, i) => `${i} ${i + 300}`), "7 600", "307 600"].sort();
  assertEquals(pairs.map(({ first, second }) => `${first} ${second}`).sort(), expected);
  assert(isWhole && pairs.every(({ correlation }) => correlation >= 0.995 && correlation < 1.0001));
});

Deno.test("findNearPairs() finds what a search through all pairs finds", () => {
  for (const [side, levels] of [[500, 1.8], [28, 0.5]] as const) {
    const pictures = Array.from({ length: 120 }, (_, i) => again(noise(i % 40), (i % 7) * levels));
    const thumbnails = collect(pictures);
    const limit = side < 64 ? 0.9995 : 0.995;
    const expected: string[] = [];
    for (let a = 0; a < 120; a++) {
      for (let b = a + 1; b < 120; b++) if (thumbnails.correlation(a, b) >= limit) expected.push(`${a} ${b}`);
    }
    const { pairs } = findNearPairs(thumbnails, pictures.map(() => side));
    assertEquals(pairs.map(({ first, second }) => `${first} ${second}`).sort(), expected.sort());
    assert(expected.length > 0 && expected.length < 120, `${expected.length}`);
  }
});

Deno.test("findNearPairs() does not compare what is blank or unreadable", () => {
  const blank = new Uint8Array(Thumbnails.size);
  const { pairs } = findNearPairs(collect([blank, blank, undefined, undefined, noise(1)]), [99, 99, 0, 0, 99]);
  assertEquals(pairs, []);
});

Deno.test("findNearPairs() goes through 20,000 pictures in seconds", () => {
  const count = 20_000;
  const bases = Array.from({ length: 202 }, (_, seed) => noise(seed));
  // Mixtures of two, all different; the last hundred once more.
  const mixtures = bases.flatMap((a, i) => bases.slice(i + 1).map((b) => a.map((value, j) => (value + b[j]!) / 2)));
  const pictures = [...mixtures.slice(0, count - 100), ...mixtures.slice(0, 100).map((mixture) => again(mixture, 1))];
  const thumbnails = collect(pictures);
  const startedAt = performance.now();
  const { pairs } = findNearPairs(thumbnails, new Uint16Array(count).fill(300));
  const seconds = (performance.now() - startedAt) / 1000;
  const again100 = pairs.filter(({ first, second }) => second === first + count - 100);
  assertEquals(again100.length, 100);
  assert(pairs.length < 150, `${pairs.length}`);
  assert(seconds < 8, `${seconds} s`);
});
