import { assertEquals, assertThrows } from "@std/assert";
import { flattenSettings, mergeSettings, nestSettings } from "../../src/run/settings.ts";

const NESTED = { data: "x", seeds: [0, 1], search: { epochs: 3, deep: { rate: 0.5 } } };
const FLAT = { data: "x", seeds: [0, 1], "search.epochs": 3, "search.deep.rate": 0.5 };

Deno.test("flattenSettings() lists values by path and leaves out what is undefined; nestSettings() is its inverse", () => {
  assertEquals(flattenSettings({ ...NESTED, zoo: undefined, budget: {} }), FLAT);
  assertEquals(nestSettings(FLAT), NESTED);
  assertThrows(() => nestSettings({ search: 1, "search.epochs": 3 }), RangeError, "Cannot set search.epochs");
});

Deno.test("mergeSettings() lays some settings over others, group by group", () => {
  const base = { name: "a", list: [1, 2], group: { x: 1, y: 2 as number | undefined } };
  const merged = mergeSettings(base, { group: { x: 3 } }, { list: [7], name: undefined, group: { y: undefined } });
  assertEquals(merged, { name: "a", list: [7], group: { x: 3, y: 2 } });
  assertEquals(base.group, { x: 1, y: 2 });
});
