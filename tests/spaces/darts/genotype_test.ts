import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import {
  checkGenotype,
  countNodes,
  type DartsGenotype,
  equalGenotypes,
  formatGenotype,
  parseGenotype,
  randomGenotype,
} from "../../../src/spaces/darts/genotype.ts";

/** The cell of the DARTS paper, second order, as published. */
const DARTS_V2: DartsGenotype = {
  normal: [
    ["sep_conv_3x3", 0],
    ["sep_conv_3x3", 1],
    ["sep_conv_3x3", 0],
    ["sep_conv_3x3", 1],
    ["sep_conv_3x3", 1],
    ["skip_connect", 0],
    ["skip_connect", 0],
    ["dil_conv_3x3", 2],
  ],
  normal_concat: [2, 3, 4, 5],
  reduce: [
    ["max_pool_3x3", 0],
    ["max_pool_3x3", 1],
    ["skip_connect", 2],
    ["max_pool_3x3", 1],
    ["max_pool_3x3", 0],
    ["skip_connect", 2],
    ["skip_connect", 2],
    ["max_pool_3x3", 1],
  ],
  reduce_concat: [2, 3, 4, 5],
};

const DARTS_V2_TEXT =
  "DARTS_V2 = Genotype(normal=[('sep_conv_3x3', 0), ('sep_conv_3x3', 1), ('sep_conv_3x3', 0), ('sep_conv_3x3', 1), " +
  "('sep_conv_3x3', 1), ('skip_connect', 0), ('skip_connect', 0), ('dil_conv_3x3', 2)], normal_concat=[2, 3, 4, 5], " +
  "reduce=[('max_pool_3x3', 0), ('max_pool_3x3', 1), ('skip_connect', 2), ('max_pool_3x3', 1), ('max_pool_3x3', 0), " +
  "('skip_connect', 2), ('skip_connect', 2), ('max_pool_3x3', 1)], reduce_concat=[2, 3, 4, 5])";

Deno.test("parseGenotype() reads the published text of DARTS_V2", () => {
  assertEquals(parseGenotype(DARTS_V2_TEXT), DARTS_V2);
});

Deno.test("parseGenotype() reads range, double quotes, comments, line ends, trailing commas and no name", () => {
  const text = DARTS_V2_TEXT.replace("DARTS_V2 = ", "").replaceAll("[2, 3, 4, 5]", "range(2, 6)")
    .replaceAll("'", '"').replaceAll("), (", "),\n  # next\n (").replaceAll(")]", "),\n]") + "\n";
  assertEquals(parseGenotype(text), DARTS_V2);
});

Deno.test("parseGenotype() reads positional arguments", () => {
  assertEquals(parseGenotype(DARTS_V2_TEXT.replaceAll(/(normal|reduce)(_concat)?=/g, "")), DARTS_V2);
});

Deno.test("parseGenotype() reads JSON", () => {
  assertEquals(parseGenotype(JSON.stringify(DARTS_V2)), DARTS_V2);
});

Deno.test("formatGenotype() is what parseGenotype() reads", () => {
  assertEquals(`DARTS_V2 = ${formatGenotype(DARTS_V2)}`, DARTS_V2_TEXT);
  const genotype = randomGenotype(5, 3);
  assertEquals(parseGenotype(formatGenotype(genotype)), genotype);
});

Deno.test("parseGenotype() says where text stops making sense", () => {
  const refused: [string, string][] = [
    ["", 'found "end of text" at character 0'],
    ["DARTS_V2", "at character 0, expected a list, a string or a number"],
    ["Genotype(normal=[('sep_conv_3x3', 0)", 'found "end of text"'],
    ["Genotype(normal=[('sep_conv_3x3' 0)])", 'expected "," or ")"'],
    [`${DARTS_V2_TEXT} extra`, 'found "extra"'],
    ["Genotype(normal=$)", 'found "$)"'],
    ["Genotype(normal=1, normal=2)", "expected each argument once"],
    ["Genotype(normal=range(0, 1000000000))", "expected range(first, end) of small integers"],
    ["Other(normal=[])", "expected Genotype(normal=[…], …)"],
    ["[1, 2]", "expected Genotype(normal=[…], …)"],
    [`${"[".repeat(5000)}`, "expected fewer brackets"],
    ['{"normal": [', "expected JSON"],
  ];
  for (const [text, message] of refused) assertThrows(() => parseGenotype(text), SyntaxError, message);
});

Deno.test("checkGenotype() names the entry that is wrong", () => {
  const change = (entries: Record<string, unknown>) => () => checkGenotype({ ...DARTS_V2, ...entries });
  const { normal } = DARTS_V2;
  assertThrows(() => checkGenotype([]), TypeError, "expected an object with normal, normal_concat");
  assertThrows(change({ cells: 3 }), TypeError, 'found entry "cells"');
  assertThrows(change({ normal: undefined }), TypeError, "normal is undefined");
  assertThrows(change({ normal: normal.slice(1) }), TypeError, "normal is 7 operations");
  assertThrows(
    change({ normal: [["sep_conv_7x7", 0], ...normal.slice(1)] }),
    RangeError,
    'normal[0] is "sep_conv_7x7"',
  );
  assertThrows(
    change({ normal: [["sep_conv_3x3", 2], ...normal.slice(1)] }),
    RangeError,
    "normal[0] is 2, expected an",
  );
  assertThrows(change({ normal: ["sep_conv_3x3", ...normal.slice(1)] }), TypeError, "expected [operation, state]");
  assertThrows(change({ normal: normal.slice(0, 6), normal_concat: [2, 3, 4] }), RangeError, "reduce has 4 nodes");
  assertThrows(change({ normal_concat: [2, 3, 4, 6] }), RangeError, "normal_concat is [2,3,4,6]");
  assertThrows(change({ normal_concat: [2, 2, 3, 4] }), RangeError, "expected different states from 2 to 5");
  assertThrows(change({ normal_concat: [] }), RangeError, "normal_concat is []");
  assertThrows(change({ normal_concat: [2, 3, 5] }), RangeError, "state 4 of normal is never used");
  assertThrows(change({ normal: [["none", 0], ["none", 1], ...normal.slice(2)] }), RangeError, "node 0 of normal");
});

Deno.test("checkGenotype() accepts cells that do not concatenate every node", () => {
  const genotype = { ...DARTS_V2, reduce_concat: [3, 4, 5] };
  assertEquals(checkGenotype(genotype), genotype);
});

Deno.test("equalGenotypes() ignores the order of a node's two genes and nothing else", () => {
  const [first, second, ...rest] = DARTS_V2.normal;
  assert(equalGenotypes(DARTS_V2, { ...DARTS_V2, normal: [second!, first!, ...rest] }));
  assert(!equalGenotypes(DARTS_V2, { ...DARTS_V2, normal: [["sep_conv_5x5", 0], second!, ...rest] }));
});

Deno.test("randomGenotype() repeats itself for one seed, is valid, and uses every operation but none", () => {
  const seen = new Set<string>();
  for (let seed = 0; seed < 50; seed++) {
    const genotype = randomGenotype(seed);
    assertEquals(checkGenotype(genotype), genotype);
    assertEquals(randomGenotype(seed), genotype);
    assertEquals(countNodes(genotype), 4);
    for (let node = 0; node < 4; node++) {
      assert(genotype.normal[2 * node]![1] < genotype.normal[2 * node + 1]![1]);
    }
    for (const [operation] of [...genotype.normal, ...genotype.reduce]) seen.add(operation);
  }
  assertEquals(seen.size, 7);
  assert(!seen.has("none"));
  assertNotEquals(randomGenotype(1), randomGenotype(2));
});
