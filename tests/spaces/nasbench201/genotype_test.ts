import { assertEquals, assertThrows } from "@std/assert";
import {
  checkGenotype,
  equalGenotypes,
  formatGenotype,
  parseGenotype,
  randomGenotype,
} from "../../../src/spaces/nasbench201/genotype.ts";
import { EVERY, EVERY_TEXT } from "./_space.ts";

Deno.test("parseGenotype() reads what formatGenotype() writes, and JSON", () => {
  assertEquals(formatGenotype(EVERY), EVERY_TEXT);
  assertEquals(parseGenotype(` ${EVERY_TEXT}\n`), EVERY);
  assertEquals(parseGenotype(JSON.stringify(EVERY)), EVERY);
  for (let seed = 0; seed < 20; seed++) {
    const genotype = randomGenotype(seed);
    assertEquals(parseGenotype(formatGenotype(genotype)), genotype);
    assertEquals(equalGenotypes(genotype, EVERY), formatGenotype(genotype) === EVERY_TEXT);
  }
});

Deno.test("parseGenotype() refuses what is no architecture, in one line", () => {
  for (
    const text of [
      "",
      EVERY_TEXT.slice(0, -1),
      EVERY_TEXT.replace("~1", "~0"),
      EVERY_TEXT.replace("|+|nor_conv_1x1~0", ""),
      `${EVERY_TEXT}+|none~0|`,
      "{",
    ]
  ) {
    assertThrows(() => parseGenotype(text), SyntaxError, "Cannot read genotype");
  }
  assertThrows(() => parseGenotype(EVERY_TEXT.replace("none", "sep_conv")), RangeError, 'operations[4] is "sep_conv"');
  for (const value of [null, [], {}, { operations: EVERY.operations.slice(1) }, { ...EVERY, nodes: 4 }]) {
    assertThrows(() => checkGenotype(value), TypeError, "expected an object with a list of 6 operations");
  }
});

Deno.test("randomGenotype() draws every operation for every edge", () => {
  const drawn = Array.from({ length: 200 }, (_, seed) => randomGenotype(seed).operations);
  for (let edge = 0; edge < 6; edge++) assertEquals(new Set(drawn.map((operations) => operations[edge])).size, 5);
});
