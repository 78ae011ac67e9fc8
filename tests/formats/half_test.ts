import { assertEquals } from "@std/assert";
import { floatsToHalves, halvesToFloats } from "../../src/formats/half.ts";

Deno.test("halvesToFloats() widens all 65,536 halves as the runtime does, and floatsToHalves() gives them back", () => {
  const halves = Uint16Array.from({ length: 65536 }, (_, i) => i);
  const numbers = halvesToFloats(halves);
  const expected = new Float16Array(halves.buffer);
  assertEquals(numbers.findIndex((number, i) => !Object.is(number, expected[i])), -1);
  const back = floatsToHalves(numbers);
  // There are many ways to write what is no number.
  assertEquals(back.findIndex((half, i) => half !== halves[i] && !Number.isNaN(numbers[i])), -1);
});

Deno.test("floatsToHalves() rounds as the runtime does: to the nearest, ties to even, also where halves are subnormal", () => {
  const words = Uint32Array.from({ length: 1 << 18 }, (_, i) => Math.imul(i, 16411) >>> 0);
  const ties = Float32Array.from(
    { length: 4096 },
    (_, i) => (i + 0.5) * 2 ** ((i % 45) - 36) * (i % 2 === 0 ? 1 : -1),
  );
  const edges = Float32Array.of(
    65504,
    65519.99,
    65520,
    -65520,
    2 ** -24,
    2 ** -25,
    -(2 ** -25),
    1.5 * 2 ** -25,
    1e-45,
    NaN,
  );
  for (const numbers of [new Float32Array(words.buffer), ties, edges]) {
    const expected = Float16Array.from(numbers);
    const found = new Float16Array(floatsToHalves(numbers).buffer);
    assertEquals(found.findIndex((number, i) => !Object.is(number, expected[i])), -1);
  }
});
