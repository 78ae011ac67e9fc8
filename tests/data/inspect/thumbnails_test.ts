import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { Thumbnails } from "../../../src/data/inspect/thumbnails.ts";
import { noise } from "./_noise.ts";

Deno.test("Thumbnails correlate with themselves, brighter or darker, and not with others", () => {
  const thumbnails = new Thumbnails();
  const [first, second] = [noise(1), noise(2)];
  thumbnails.add(first);
  thumbnails.add(first.map((value) => Math.round(value * 0.5 + 20)));
  thumbnails.add(second);
  thumbnails.add(first.map((value) => 255 - value));
  assertAlmostEquals(thumbnails.correlation(0, 0), 1, 1e-5);
  assert(thumbnails.correlation(0, 1) > 0.9999);
  assert(Math.abs(thumbnails.correlation(0, 2)) < 0.9);
  assertAlmostEquals(thumbnails.correlation(0, 3), -1, 1e-5);
});

Deno.test("Thumbnails of nothing and of what cannot be read agree with none, not even with themselves", () => {
  const thumbnails = new Thumbnails();
  thumbnails.add(new Uint8Array(Thumbnails.size).fill(200));
  thumbnails.add(undefined);
  thumbnails.add(noise(1));
  assertEquals([0, 1, 2].map((i) => Math.round(thumbnails.correlation(i, i))), [0, 0, 1]);
  assertThrows(() => thumbnails.add(new Uint8Array(3)), RangeError);
});

Deno.test("Thumbnails keep thousands", () => {
  const thumbnails = new Thumbnails();
  const picture = noise(1);
  for (let i = 0; i < 2500; i++) thumbnails.add(picture);
  assertEquals(thumbnails.count, 2500);
  assertAlmostEquals(thumbnails.correlation(2499, 2499), 1, 1e-5);
});
