import { assert } from "@std/assert";
import { attackDecoders, TYPES } from "../../../tests/data/decoders/_mutate.ts";

const count = 30_000;

for (const type of TYPES) {
  Deno.test(`30,000 mutated ${type} files give a picture of the announced size or one clear line`, async () => {
    const { decoded, refused } = await attackDecoders({ type, count, seed: 2026 });
    assert(decoded > 0 && refused > count / 10, `${decoded} decoded, ${refused} refused`);
  });
}
