import { assert, assertEquals } from "@std/assert";
import { DataError, type DecodedImage, decodeImage, measureImage } from "../../../src/data/mod.ts";
import { openCorpus } from "./_conformance.ts";

/** Decodes; undefined if the file was refused as a user should see it: one line that names it. */
async function attempt(bytes: Uint8Array<ArrayBuffer>, name: string): Promise<DecodedImage | undefined> {
  try {
    return await decodeImage(bytes, name);
  } catch (error) {
    assert(error instanceof DataError, `${name}: ${error}`);
    assert(error.message.startsWith(`Cannot read ${name}: `) && !error.message.includes("\n"), error.message);
    return undefined;
  }
}

Deno.test("every picture of the corpus, cut anywhere, is refused or is what it was", async () => {
  const { pictures, file } = await openCorpus();
  let refused = 0;
  for (const { name } of pictures) {
    const whole = file(name);
    const { pixels } = await decodeImage(whole, name);
    for (let i = 0; i < 12; i++) {
      // More of them near the end, where what is missing is easily overlooked.
      const length = i < 4 ? whole.length - 1 - i : Math.floor(whole.length * (i - 3) / 9);
      const found = await attempt(whole.slice(0, length), name);
      if (found === undefined) refused++;
      else assertEquals(found.pixels, pixels, `${name} cut to ${length} of ${whole.length} bytes`);
    }
  }
  assert(refused > 10 * pictures.length, `refused ${refused}`);
});

/** A sequence of numbers below a bound, the same each time (Park and Miller 1988). */
function numbers(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => (state = state * 48271 % 2147483647) % bound;
}

Deno.test("3,000 pictures with changed bytes give a picture of the announced kind or one clear line", async () => {
  const { pictures, file } = await openCorpus();
  const below = numbers(19);
  let cases = 0;
  for (const { name } of pictures) {
    for (let i = 0; i < 25; i++, cases++) {
      const bytes = file(name);
      // Headers are where a changed byte means most.
      const end = i % 2 === 0 ? Math.min(64, bytes.length) : bytes.length;
      for (let n = 0; n <= i % 3; n++) bytes[below(end)] = below(256);
      const image = await attempt(bytes, name);
      if (image === undefined) continue;
      assertEquals(image.pixels.length, image.height * image.width * image.channels, name);
      const { height, width } = measureImage(bytes, name);
      assertEquals([height, width], [image.height, image.width], name);
    }
  }
  assert(cases >= 3000, `${cases} cases`);
});
