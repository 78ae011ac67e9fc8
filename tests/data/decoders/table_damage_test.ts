import { assert, assertEquals } from "@std/assert";
import { decodeImage } from "../../../src/data/mod.ts";
import { openCorpus } from "./_conformance.ts";
import { attackDecoders, attempt, TYPES } from "./_mutate.ts";

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

Deno.test("3,000 mutated pictures give a picture of the announced size or one clear line", async () => {
  for (const type of TYPES) {
    const { decoded, refused } = await attackDecoders({ type, count: 500, seed: 19 });
    assert(decoded > 0 && refused > 50, `${type}: ${decoded} decoded, ${refused} refused`);
  }
});
