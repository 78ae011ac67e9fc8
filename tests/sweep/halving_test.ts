import { assertEquals } from "@std/assert";
import { lagsBehind, lookEpochs } from "../../src/sweep/halving.ts";

const HALVING = { metric: "validAccuracy", from: 1, factor: 3 };
const peersAt = (epoch: number, ...values: number[]) =>
  values.map((value, i) => ({ id: `t${i}`, looks: { [epoch]: value } }));

Deno.test("trials are looked at later and later", () => {
  assertEquals(lookEpochs(HALVING, 10), [1, 3, 9]);
  assertEquals(lookEpochs({ from: 2, factor: 2 }, 1), []);
});

Deno.test("one in factor goes on from each look, and the first ones there always do", () => {
  assertEquals(lagsBehind({}, peersAt(1, 0.9), HALVING), undefined);
  assertEquals(lagsBehind({ 1: 0.1 }, [], HALVING), undefined);
  assertEquals(lagsBehind({ 1: 0.1 }, peersAt(1, 0.2), HALVING), 1);
  assertEquals(lagsBehind({ 1: 0.5, 3: 0.3 }, peersAt(3, 0.1, 0.2), HALVING), undefined);
  assertEquals(lagsBehind({ 3: 0.5 }, peersAt(3, 0.9, 0.1, 0.2, 0.3, 0.4), HALVING), undefined);
  assertEquals(lagsBehind({ 3: 0.5 }, peersAt(3, 0.9, 0.8, 0.2, 0.3, 0.4), HALVING), 3);
  assertEquals(lagsBehind({ 1: 0.5 }, peersAt(1, 0.9), { ...HALVING, metric: "validLoss" }), undefined);
});
