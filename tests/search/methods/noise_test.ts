import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { uniformNoise } from "../../../src/search/methods/noise.ts";
import { MOMENT } from "./_moments.ts";

Deno.test("uniformNoise() is a function of the moment, and strictly between 0 and 1", () => {
  const draw = (changes: object) => {
    const uniform = uniformNoise({ ...MOMENT, ...changes });
    return Array.from({ length: 1000 }, uniform);
  };
  assertEquals(draw({}), draw({}));
  for (const changes of [{ seed: 8 }, { epoch: 2 }, { step: 3 }, { purpose: "weights" }]) {
    assertNotEquals(draw(changes), draw({}));
  }
  const drawn = draw({});
  assert(drawn.every((value) => value > 0 && value < 1));
  assert(Math.abs(drawn.reduce((sum, value) => sum + value) / 1000 - 0.5) < 0.03);
});
