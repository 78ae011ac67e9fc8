import { assertEquals } from "@std/assert";
import { classifyLabels, type LabelContext, requireTraining } from "../../../src/data/readers/label_texts.ts";
import type { ListedPicture } from "../../../src/data/readers/reader.ts";
import { assertDataError } from "../_folder.ts";

const context: LabelContext = { path: "set", info: {}, infoOrigin: "set/info.json" };
const attempt = (run: () => unknown) => () => Promise.resolve().then(run);

Deno.test("classifyLabels() sorts the different texts", () => {
  assertEquals(classifyLabels(["b", "a ", "b"], context), { classes: ["a", "b"], labels: [1, 0, 1] });
  assertEquals(classifyLabels(["10", "9"], context), { classes: ["9", "10"], labels: [1, 0] });
});

Deno.test("classifyLabels() follows stated names and their order, with numbers that count them", async () => {
  const names = ["pear", "fig", "kiwi"];
  assertEquals(classifyLabels(["fig", "pear"], { ...context, names }), { classes: names, labels: [1, 0] });
  assertEquals(classifyLabels(["2", "0"], { ...context, names }), { classes: names, labels: [2, 0] });
  assertEquals(classifyLabels(["2", "0"], { ...context, info: { classes: names } }), {
    classes: names,
    labels: [2, 0],
  });
  assertEquals(classifyLabels(["b", "a"], { ...context, info: { classes: ["b", "a"] } }).labels, [0, 1]);
  // Names that are numbers are names.
  assertEquals(classifyLabels(["1", "0"], { ...context, names: ["1", "0"] }).labels, [0, 1]);
  await assertDataError(attempt(() => classifyLabels(["3"], { ...context, names })), "set", '"3"', "expected 0 to 2");
  await assertDataError(attempt(() => classifyLabels(["plum"], { ...context, names })), '"plum"');
  await assertDataError(
    attempt(() => classifyLabels(["a", "b"], { ...context, info: { classes: ["a", "c"] } })),
    '"c"',
  );
  await assertDataError(attempt(() => classifyLabels(["a", "a"], context)), "one class");
});

Deno.test("requireTraining() wants training pictures of every class that has any", async () => {
  const picture = (part: ListedPicture["part"], label: number): ListedPicture => ({ name: "x", part, label });
  requireTraining([picture("train", 0), picture("train", 1), picture("test", 1)], ["a", "b", "c"], "set");
  await assertDataError(attempt(() => requireTraining([], ["a"], "set")), "set", "no picture");
  await assertDataError(attempt(() => requireTraining([picture("test", 0)], ["a"], "set")), "none of them to train on");
  const lacking = [picture("train", 0), picture("test", 1)];
  await assertDataError(attempt(() => requireTraining(lacking, ["a", "b"], "set")), 'class "b" has pictures in test');
});
