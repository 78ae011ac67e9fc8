import { assert, assertEquals, assertThrows } from "@std/assert";
import { checkSpace, hasSameBody } from "../../../src/spaces/mod.ts";
import {
  checkDartsSpace,
  countMixing,
  edgeIndex,
  layCells,
  listEdges,
  makeDartsSpace,
  mixingIndex,
  PAPER_SPACE,
  PRIMITIVES,
  stemFor,
  STEMS,
} from "../../../src/spaces/darts/space.ts";

Deno.test("PRIMITIVES are in the order of the DARTS code base", () => {
  assertEquals([...PRIMITIVES], [
    "none",
    "max_pool_3x3",
    "avg_pool_3x3",
    "skip_connect",
    "sep_conv_3x3",
    "sep_conv_5x5",
    "dil_conv_3x3",
    "dil_conv_5x5",
  ]);
});

Deno.test("listEdges() goes by node, then by state", () => {
  assertEquals(listEdges(2).map(({ index, from, node }) => [index, from, node]), [
    [0, 0, 0],
    [1, 1, 0],
    [2, 0, 1],
    [3, 1, 1],
    [4, 2, 1],
  ]);
});

Deno.test("edgeIndex() agrees with listEdges() for any number of nodes", () => {
  for (const nodes of [1, 2, 4, 8]) {
    const edges = listEdges(nodes);
    assertEquals(edges.length, nodes * (nodes + 3) / 2);
    for (const { index, from, node } of edges) assertEquals(edgeIndex(node, from), index);
  }
});

Deno.test("mixingIndex() counts type, edge, operation", () => {
  const space = makeDartsSpace();
  assertEquals(countMixing(space), 224);
  assertEquals(mixingIndex(space, "normal", 0, 0), 0);
  assertEquals(mixingIndex(space, "normal", 1, 2), 10);
  assertEquals(mixingIndex(space, "reduce", 0, 0), 112);
  assertEquals(mixingIndex(space, "reduce", 13, 7), 223);
});

Deno.test("layCells() reduces at a third and at two thirds", () => {
  const types = (cells: number) => layCells(cells, 16).map(({ type }) => type[0]).join("");
  assertEquals(types(8), "nnrnnrnn");
  assertEquals(types(5), "nrnrn");
  assertEquals(types(2), "rr");
  assertEquals(types(1), "r");
  assertEquals(layCells(8, 16).map(({ channels }) => channels), [16, 16, 32, 32, 32, 64, 64, 64]);
  assertEquals(layCells(8, 16).map(({ afterReduction }) => afterReduction).indexOf(true), 3);
});

Deno.test("makeDartsSpace() completes the sizes of the paper", () => {
  assertEquals(makeDartsSpace({ channels: 8 }), { ...PAPER_SPACE, channels: 8 });
});

Deno.test("checkSpace() names the size, its value and the bounds", () => {
  assertThrows(() => makeDartsSpace({ channels: 0 }), RangeError, "channels is 0, expected an integer from 1 to 512");
  assertThrows(() => makeDartsSpace({ classes: 1 }), RangeError, "classes is 1, expected an integer from 2");
  assertThrows(() => makeDartsSpace({ cells: 2.5 }), RangeError, "cells is 2.5");
  assertThrows(
    () => checkSpace({ ...PAPER_SPACE, inputChannels: 2 }),
    RangeError,
    "inputChannels is 2, expected 1 or 3",
  );
  assertThrows(() => checkSpace({ ...PAPER_SPACE, name: "nasbench101" }), TypeError, 'name is "nasbench101"');
  assertThrows(() => checkSpace({ name: "darts" }), RangeError, "channels is undefined");
  assertThrows(() => checkSpace(null), TypeError, "found null, expected an object");
});

Deno.test("stemFor() halves images the more the larger they are", () => {
  const sides = [4, 28, 47, 48, 64, 80, 81, 96, 144, 145, 224, 1024];
  assertEquals(
    sides.map((side) => STEMS.indexOf(stemFor({ height: side, width: side }))),
    [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3],
  );
  assertEquals(stemFor({ height: 24, width: 96 }), "stride2", "as a square of 48 pixels");
});

Deno.test("checkSpace() takes a space that names no stem for one of before there were several", () => {
  const { stem: _, ...old } = makeDartsSpace({ height: 96, width: 96 });
  assertEquals(checkSpace(old), { ...old, stem: "cifar" } as object);
  assertThrows(
    () => checkSpace({ ...old, stem: "stride8" }),
    RangeError,
    'stem is "stride8", expected one of cifar, stride2, stride4, imagenet',
  );
});

Deno.test("checkSpace() drops properties of others", () => {
  assertEquals(checkSpace({ ...PAPER_SPACE, colour: "blue" }), PAPER_SPACE);
});

Deno.test("hasSameBody() ignores classes, image size and input channels", () => {
  assert(hasSameBody(makeDartsSpace(), makeDartsSpace({ classes: 3, height: 8, width: 9, inputChannels: 1 })));
  assert(!hasSameBody(makeDartsSpace(), makeDartsSpace({ cells: 5 })));
});

Deno.test("checkSpace() reads the candidates of a pruned space, and refuses lists that cannot be", () => {
  const small = makeDartsSpace({ nodes: 1, cells: 1 });
  const lists = {
    normal: [["sep_conv_3x3"], ["skip_connect", "max_pool_3x3"]],
    reduce: [["dil_conv_5x5"], ["skip_connect"]],
  };
  const space = checkDartsSpace({ ...small, candidates: lists });
  assertEquals(space.candidates!.normal[1], ["max_pool_3x3", "skip_connect"], "in the order of PRIMITIVES");
  assert(hasSameBody(space, checkSpace({ ...small, classes: 3, candidates: lists })));
  assert(!hasSameBody(space, small));
  const broken = [null, 1, {}, { normal: lists.normal }, { ...lists, reduce: [["skip_connect"]] }];
  for (const candidates of broken) {
    assertThrows(() => checkSpace({ ...small, candidates }), TypeError, "is not a list of 2 lists, one an edge");
  }
  for (const list of [[], ["none"], ["conv"], ["skip_connect", "skip_connect"], "skip_connect", [1], {}]) {
    const candidates = { ...lists, reduce: [["skip_connect"], list] };
    assertThrows(() => checkSpace({ ...small, candidates }), TypeError, "candidates.reduce[1] is");
  }
});
