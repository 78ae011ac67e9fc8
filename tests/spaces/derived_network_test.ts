import { assertEquals, assertThrows } from "@std/assert";
import {
  buildDerivedNetwork,
  costOfDerivedNetwork,
  layMixing,
  makeSpace,
  randomGenotype,
  registerSpace,
  resizeSpace,
} from "../../src/spaces/mod.ts";
import { LADDER } from "./_ladder.ts";

registerSpace(LADDER);
const SPACE = makeSpace({ name: "ladder", classes: 3, inputChannels: 1, height: 9, width: 9 });

Deno.test("buildDerivedNetwork() holds the tensors that costOfDerivedNetwork() counts", () => {
  const genotype = { steps: ["convolution", "skip", "average"] };
  const program = buildDerivedNetwork({ space: SPACE, genotype });
  const cost = costOfDerivedNetwork({ space: SPACE, genotype });
  assertEquals(program.parameters.map(({ name }) => name), cost.tensors.map(({ name }) => name));
  // Stem 4·9 + 8, convolution 4·4 + 8, classifier 3·4 + 3.
  assertEquals([cost.parameters, program.mixingCount], [36 + 8 + 16 + 8 + 15, 0]);
});

Deno.test("buildDerivedNetwork() lets the kind of space refuse an architecture of other sizes", () => {
  const genotype = randomGenotype(1, SPACE);
  const space = resizeSpace(SPACE, { steps: 4 });
  assertThrows(() => buildDerivedNetwork({ space, genotype }), RangeError, "steps differ");
});

Deno.test("layMixing() is the kind's own affair", () => {
  const state = new Map([["stem.0.weight", { shape: [1], data: Float32Array.of(2) }]]);
  assertEquals(layMixing(state, new Float32Array(9), { space: SPACE, genotype: randomGenotype(1, SPACE) }), state);
});
