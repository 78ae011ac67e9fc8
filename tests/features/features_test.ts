import { assert, assertEquals } from "@std/assert";
import { Engine } from "../../src/engine/mod.ts";
import { evaluateRows, fitRows, takeRows } from "../../src/features/features.ts";

Deno.test("takeRows() takes rows in the order of the indices, labels with them", () => {
  const rows = { features: Float32Array.of(1, 2, 3, 4, 5, 6), labels: [7, 8, 9] };
  const { features, labels } = takeRows(rows, [2, 0]);
  assertEquals([Array.from(features), Array.from(labels)], [[5, 6, 1, 2], [9, 7]]);
});

Deno.test("fitRows() and evaluateRows() tell classes apart on rows that the head has not seen", async () => {
  const engine = await Engine.start({ threads: 1 });
  const [count, width] = [60, 3];
  const labels = Array.from({ length: count }, (_, i) => i % 3);
  const features = engine.normals(count * width, 1, 0).map((value, i) =>
    value / 4 + Number(i % width === labels[Math.floor(i / width)])
  );
  const rows = { features, labels };
  const of = (first: number, end: number) => takeRows(rows, Array.from({ length: end - first }, (_, i) => first + i));
  const head = fitRows(engine, of(0, 40), 3);
  const { loss, accuracy } = evaluateRows(engine, of(40, 60), head);
  assert(accuracy > 0.8 && loss < 0.6, `${accuracy} ${loss}`);
  const shuffled = { features: of(40, 60).features, labels: labels.slice(39, 59) };
  assert(evaluateRows(engine, shuffled, head).accuracy < 0.2);
  engine.close();
});
