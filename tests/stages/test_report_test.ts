import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { CALIBRATION_BINS, MOST_MISTAKES, TestRecord } from "../../src/stages/mod.ts";
import fixture from "../reference/fixtures/test_report.json" with { type: "json" };

const names = ["ant", "bee", "cat", "dog", "eel"];
const logits = Float32Array.from(fixture.logits);

/** The fixture's answers, in batches of some size. */
function record(batch: number): TestRecord {
  const found = new TestRecord(names);
  for (let start = 0; start < fixture.labels.length; start += batch) {
    const labels = fixture.labels.slice(start, start + batch);
    found.add(logits.subarray(start * 5, (start + labels.length) * 5), labels);
  }
  return found;
}

Deno.test("TestRecord reports what scikit-learn and torchmetrics say", () => {
  const report = record(16).report(fixture.loss);
  const { count, accuracy, balancedAccuracy, loss, brier, classes, confusion, calibration } = report;
  assertEquals([count, accuracy, loss, confusion], [70, fixture.accuracy, fixture.loss, fixture.confusion]);
  assertAlmostEquals(balancedAccuracy, fixture.balancedAccuracy, 1e-12);
  assertAlmostEquals(brier, fixture.brier, 1e-12);
  // torchmetrics counts in single precision.
  assertAlmostEquals(calibration.error, fixture.calibrationError, 1e-6);
  classes.forEach(({ name, support, precision, recall, f1 }, k) => {
    assertEquals([name, support], [names[k], fixture.support[k]]);
    const expected = [fixture.precision[k]!, fixture.recall[k]!, fixture.f1[k]!];
    [precision, recall, f1].forEach((value, i) => {
      if (expected[i] === null) assertEquals(value, null, `${name}, ${i}`);
      else assertAlmostEquals(value!, expected[i]!, 1e-12);
    });
  });
  assertEquals([classes[3]!.precision, classes[4]!.recall], [null, null], "never said, and without images");
});

Deno.test("TestRecord gives the same report whatever batches come in, as plain data", () => {
  const report = record(7).report(1);
  assertEquals(record(70).report(1), report);
  assertEquals(JSON.parse(JSON.stringify(report)), report);
});

Deno.test("TestRecord's bins hold every answer once, each in the bin of its probability", () => {
  const { bins } = record(70).report(1).calibration;
  assertEquals(bins.length, CALIBRATION_BINS);
  assertEquals(bins.reduce((sum, { count }) => sum + count, 0), 70);
  for (const { from, to, count, confidence, accuracy } of bins) {
    if (count === 0) assertEquals([confidence, accuracy], [null, null]);
    else assert(confidence! > from && confidence! <= to);
  }
  // Certainty, and a probability on the edge of two bins.
  const sure = new TestRecord(["a", "b"]);
  sure.add(Float32Array.of(200, 0, Math.log(2), 0), [0, 1]);
  const filled = sure.report(1).calibration.bins.flatMap(({ count }, i) => count > 0 ? [i] : []);
  assertEquals(filled.length, 2);
  assertEquals(filled[1], 14);
  assert([9, 10].includes(filled[0]!), "two thirds, up to rounding");
});

Deno.test("TestRecord lists the wrong answers, the surest first, and the classes confused most often", () => {
  const { mistakes, confused, confusion } = record(70).report(1);
  assertEquals(mistakes.length, MOST_MISTAKES);
  assertEquals(mistakes, mistakes.toSorted((a, b) => b.probability - a.probability));
  for (const { image, true: name, predicted } of mistakes) {
    assertEquals(names[fixture.labels[image]!], name);
    const row = logits.subarray(5 * image, 5 * image + 5);
    assertEquals(names[row.indexOf(Math.max(...row))], predicted);
    assert(name !== predicted);
  }
  const counts = confusion.flatMap((row, i) => row.filter((count, k) => k !== i && count > 0));
  assertEquals(confused.map(({ count }) => count), counts.sort((a, b) => b - a).slice(0, 10));
  for (const { true: name, predicted, count } of confused) {
    assertEquals(confusion[names.indexOf(name)]![names.indexOf(predicted)], count);
  }
});

Deno.test("TestRecord takes the first of equally strong classes, as the kernels do, and none for no images", () => {
  const found = new TestRecord(["a", "b"]);
  assertThrows(() => found.report(1), RangeError, "found no images");
  found.add(Float32Array.of(1, 1, 1, 1), [0, 1]);
  assertEquals(found.report(1).confusion, [[1, 0], [1, 0]]);
});
