import { assertEquals, assertThrows } from "@std/assert";
import { checkSpace, listSpaces, registerSpace, spaceKind } from "../../src/spaces/mod.ts";
import { LADDER } from "./_ladder.ts";

Deno.test("spaceKind() names the kinds there are", () => {
  assertThrows(() => spaceKind("toString"), TypeError, 'name is "toString", expected one of "darts", "nasbench201"');
  assertThrows(() => spaceKind(undefined), TypeError, "name is undefined");
});

Deno.test("registerSpace() adds a kind once, which all functions then know", () => {
  registerSpace(LADDER);
  assertEquals(listSpaces().map(({ name }) => name), ["darts", "nasbench201", "ladder"]);
  assertThrows(() => registerSpace(LADDER), RangeError, "Cannot register space ladder: there is one of that name");
  const space = { name: "ladder", channels: 4, steps: 2, classes: 3, inputChannels: 1, height: 9, width: 9 };
  assertEquals(checkSpace({ ...space, colour: "blue" }), space as unknown);
  assertThrows(() => spaceKind("DARTS"), TypeError, 'expected one of "darts", "nasbench201", "ladder"');
});
