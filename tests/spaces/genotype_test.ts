import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  cellsOf,
  checkGenotype,
  costOfDerivedNetwork,
  deriveGenotype,
  equalGenotypes,
  formatGenotype,
  groupsOf,
  makeSpace,
  parseGenotype,
  randomGenotype,
  registerSpace,
  type Space,
} from "../../src/spaces/mod.ts";
import { TINY_SPACE } from "../network/_tiny_task.ts";
import { LADDER } from "./_ladder.ts";

registerSpace(LADDER);
const SPACES: Space[] = [
  TINY_SPACE,
  makeSpace({ name: "ladder", classes: 3, inputChannels: 1, height: 9, width: 9 }),
];

Deno.test("architectures of every space are plain data that text and JSON keep", () => {
  for (const space of SPACES) {
    const [genotype, other] = [randomGenotype(1, space), randomGenotype(2, space)];
    assertEquals(randomGenotype(1, space), genotype);
    const { name } = space;
    assertEquals(checkGenotype(JSON.parse(JSON.stringify(genotype)), name), genotype);
    assertEquals(parseGenotype(JSON.stringify(genotype), name), genotype);
    assertEquals(parseGenotype(formatGenotype(genotype, name), name), genotype);
    assert(equalGenotypes(genotype, { ...genotype }, name) && !equalGenotypes(genotype, other, name));
    for (const { states, edges } of cellsOf(genotype, name)) {
      assert(edges.length > 0 && edges.every(({ from, to }) => from < to && to < states.length));
    }
  }
});

Deno.test("an architecture of one space is none of another", () => {
  const [one, other] = SPACES.map((space) => randomGenotype(1, space));
  assertThrows(() => checkGenotype(one, "ladder"), TypeError, "Cannot read genotype");
  assertThrows(() => checkGenotype(other, "darts"), TypeError, "Cannot read genotype");
});

Deno.test("deriveGenotype() refuses strengths that are not finite", () => {
  for (const space of SPACES) {
    const values = new Float32Array(groupsOf(space).exists.length).fill(0.1);
    values[0] = NaN;
    assertThrows(() => deriveGenotype(values, space), RangeError, "strength 0 is NaN, expected a finite number");
  }
});

Deno.test("deriveGenotype() keeps to a limit of the size", () => {
  const strengths = Float32Array.from({ length: groupsOf(TINY_SPACE).exists.length }, (_, i) => Math.abs(Math.sin(i)));
  const sizeOf = (limit?: number) =>
    costOfDerivedNetwork({ space: TINY_SPACE, genotype: deriveGenotype(strengths, TINY_SPACE, limit) }).parameters;
  const whole = sizeOf();
  assert(sizeOf(whole - 1) < whole);
  assertEquals(sizeOf(whole), whole);
});
