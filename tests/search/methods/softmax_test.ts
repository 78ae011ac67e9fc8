import { assertAlmostEquals, assertEquals } from "@std/assert";
import {
  softmaxGroups,
  softmaxGroupsBackward,
  softmaxRows,
  softmaxRowsBackward,
  softmaxSets,
  softmaxSetsBackward,
} from "../../../src/search/mod.ts";

Deno.test("softmaxRows() of a row worked by hand", () => {
  const y = softmaxRows(new Float32Array([0, Math.log(3), 5, 5]), 2);
  [0.25, 0.75, 0.5, 0.5].forEach((value, i) => assertAlmostEquals(y[i]!, value, 1e-7));
});

Deno.test("softmaxRows() stands large numbers", () => {
  assertEquals([...softmaxRows(new Float32Array([1e30, 0, -1e30]), 3)], [1, 0, 0]);
});

Deno.test("softmaxRowsBackward() agrees with central differences", () => {
  const x = Float32Array.from({ length: 16 }, (_, i) => Math.sin(3 * i));
  const dy = Float32Array.from({ length: 16 }, (_, i) => Math.cos(5 * i));
  const dx = softmaxRowsBackward(softmaxRows(x, 8), dy, 8);
  const step = 2 ** -7;
  for (let i = 0; i < x.length; i++) {
    const [above, below] = [step, -step].map((h) => {
      const y = softmaxRows(x.map((value, k) => k === i ? value + h : value), 8);
      return y.reduce((sum, value, k) => sum + value * dy[k]!, 0);
    });
    // Truncation h²/6 · |f'''| with |f'''| below 1, and rounding of y divided by the step.
    assertAlmostEquals(dx[i]!, (above! - below!) / (2 * step), 2 ** -14 / 6 + 8 * 2 ** -24 / step);
  }
});

Deno.test("softmaxGroups() is the softmax of each row of each tensor, without what does not exist", () => {
  const tensors = [{ name: "a", shape: [1, 2] as const }, { name: "b", shape: [2, 3] as const }];
  const groups = { tensors, exists: [true, true, true, false, true, true, true, true], sums: [0, 1, 1] };
  const x = Float32Array.from({ length: 8 }, (_, i) => Math.sin(i));
  const y = softmaxGroups(x, groups);
  assertEquals(y.subarray(0, 2), softmaxRows(x.subarray(0, 2), 2));
  assertEquals([y[2], y[4]], [...softmaxRows(Float32Array.of(x[2]!, x[4]!), 2)]);
  assertEquals(y[3], 0);
  assertEquals(y.subarray(5), softmaxRows(x.subarray(5), 3));
  const dy = x.map((value) => value * value);
  const dx = softmaxGroupsBackward(y, dy, groups);
  assertEquals(dx.subarray(0, 2), softmaxRowsBackward(y.subarray(0, 2), dy.subarray(0, 2), 2));
  assertEquals(dx.subarray(2), softmaxRowsBackward(y.subarray(2), dy.subarray(2), 3));
});

Deno.test("softmaxSets() is the softmax of each set, and its gradient that of rows laid side by side", () => {
  const x = Float32Array.of(9, 0.5, -2, 1, 0.25, 3);
  const sets = [[1, 4], [5, 2, 3]];
  const [two, three] = sets.map((set) => Float32Array.from(set, (i) => x[i]!));
  const laid = (a: Float32Array, b: Float32Array) => Float32Array.of(0, a[0]!, b[1]!, b[2]!, a[1]!, b[0]!);
  const rows = [softmaxRows(two!, 2), softmaxRows(three!, 3)] as const;
  const y = softmaxSets(x, sets);
  assertEquals(y, laid(...rows));
  const dy = x.map((value) => Math.cos(value));
  const [a, b] = sets.map((set, k) => softmaxRowsBackward(rows[k]!, Float32Array.from(set, (i) => dy[i]!), set.length));
  assertEquals(softmaxSetsBackward(y, dy, sets), laid(a!, b!));
});
