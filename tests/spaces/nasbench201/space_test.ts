import { assertEquals, assertThrows } from "@std/assert";
import {
  candidatesOf,
  checkNasBench201Space,
  EDGES,
  layCells,
  mixingIndex,
  OPERATIONS,
  SETTINGS,
} from "../../../src/spaces/nasbench201/space.ts";
import { smallSpace } from "./_space.ts";

Deno.test("EDGES are in the order of alpha's rows", () => {
  assertEquals(EDGES.map(({ node, from }) => `${node}<-${from}`), ["1<-0", "2<-0", "2<-1", "3<-0", "3<-1", "3<-2"]);
  assertEquals(EDGES.map(({ index }) => index), [0, 1, 2, 3, 4, 5]);
  assertEquals([mixingIndex(0, "none"), mixingIndex(5, "avg_pool_3x3")], [0, 29]);
});

Deno.test("layCells() puts a block of stride 2 before the second and the third stage", () => {
  const cells = layCells({ channels: 3, cellsPerStage: 2 });
  assertEquals(cells.map(({ channels, isReduction }) => `${channels}${isReduction ? "r" : ""}`), [
    ..."3 3 6r 6 6 12r 12 12".split(" "),
  ]);
  assertEquals(cells.map(({ index }) => index), [0, 1, 2, 3, 4, 5, 6, 7]);
});

Deno.test("checkNasBench201Space() keeps its own properties and refuses others' values", () => {
  const space = smallSpace();
  assertEquals(checkNasBench201Space({ ...space, colour: "red" }), space);
  assertThrows(() => smallSpace({ channels: 1, stem: "stride4" }), RangeError, "expected 2 or more");
  assertThrows(() => checkNasBench201Space({ ...space, cellsPerStage: 0 }), RangeError, "cellsPerStage is 0");
  assertThrows(() => checkNasBench201Space({ ...space, stem: "imagenet" }), RangeError, "stem is");
  const lists = EDGES.map(() => ["none", "avg_pool_3x3"]);
  assertEquals(candidatesOf(checkNasBench201Space({ ...space, candidates: lists }), 3), ["none", "avg_pool_3x3"]);
  assertEquals(candidatesOf(space, 3), OPERATIONS);
  for (const candidates of [lists.slice(1), [...lists.slice(1), []], [...lists.slice(1), ["skip"]]]) {
    assertThrows(() => checkNasBench201Space({ ...space, candidates }), TypeError, "candidates");
  }
});

Deno.test("the stem follows the image's side", () => {
  const stem = SETTINGS.find((setting) => "of" in setting)!;
  const of = (side: number) =>
    "of" in stem ? stem.default({ classes: 2, inputChannels: 3, height: side, width: side }) : "";
  assertEquals([32, 47, 48, 80, 81, 224].map(of), ["cifar", "cifar", "stride2", "stride2", "stride4", "stride4"]);
});
