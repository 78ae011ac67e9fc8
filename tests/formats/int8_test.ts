import { assert, assertEquals } from "@std/assert";
import { dequantiseRows, quantiseRows } from "../../src/formats/int8.ts";

Deno.test("quantiseRows() leaves the largest number of each row at the limit, and a row of zeros at zero", () => {
  const matrix = Float32Array.of(1, -0.4, 0.25, 0, 0, 0, 1e-3, 2e-3, -4e-3);
  const { values, scales } = quantiseRows(matrix, 3);
  assertEquals([...values], [127, -51, 32, 0, 0, 0, 32, 64, -127]);
  assertEquals([...scales], [Math.fround(1 / 127), 0, Math.fround(Math.fround(4e-3) / 127)]);
  assertEquals([...quantiseRows(matrix, 3, 63).values.slice(0, 3)], [63, -25, 16]);
});

Deno.test("dequantiseRows() gives back numbers to half a step of their row", () => {
  const matrix = Float32Array.from({ length: 400 }, (_, i) => Math.sin(i) * (1 + Math.floor(i / 40)));
  const rows = quantiseRows(matrix, 10);
  const back = dequantiseRows(rows);
  matrix.forEach((number, i) => {
    assert(Math.abs(number - back[i]!) <= 0.5001 * rows.scales[Math.floor(i / 40)]!, `number ${i}`);
  });
});
