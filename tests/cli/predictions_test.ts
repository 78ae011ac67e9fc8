import { assertEquals } from "@std/assert";
import type { Prediction } from "../../src/pipelines/mod.ts";
import { createPredictionWriter, type PredictionForm } from "../../src/cli/predictions.ts";

function prediction(image: string, ...classes: string[]): Prediction {
  const top = classes.map((name, i) => ({ class: name, probability: 0.75 / (i + 1) }));
  return { image, ...top[0]!, top };
}

const some = [prediction("a.png", "cat", "dog"), prediction('odd, "name".png', "dog", "cat")];

/** Writes predictions in two pieces. */
async function write(form: PredictionForm, predictions: readonly Prediction[], top = 2): Promise<string> {
  const writer = await createPredictionWriter(form, top);
  const pieces = [predictions.slice(0, 1), predictions.slice(1)].map((piece) => writer.write(piece));
  return writer.start + pieces.join("") + writer.end;
}

Deno.test("createPredictionWriter() writes the document piece by piece as it would be written at once", async () => {
  for (const predictions of [some, some.slice(1), []]) {
    assertEquals(await write("json", predictions), `${JSON.stringify({ predictions }, null, 2)}\n`);
  }
});

Deno.test("createPredictionWriter() writes lines of JSON", async () => {
  const lines = (await write("jsonl", some)).trimEnd().split("\n");
  assertEquals(lines.map((line) => JSON.parse(line)), some);
  assertEquals(await write("jsonl", []), "");
});

Deno.test("createPredictionWriter() writes comma-separated values with a heading, quoted where needed", async () => {
  assertEquals((await write("csv", some)).split("\n"), [
    "image,class,probability,class_2,probability_2",
    "a.png,cat,0.75,dog,0.375",
    '"odd, ""name"".png",dog,0.75,cat,0.375',
    "",
  ]);
  assertEquals(await write("csv", [], 1), "image,class,probability\n");
});

Deno.test("createPredictionWriter() writes tables", async () => {
  assertEquals(await write("table", some.slice(0, 1)), "a.png  cat 75.0 %  dog 37.5 %\n");
  assertEquals(await write("table", []), "");
});

Deno.test("createPredictionWriter() writes a table of a line each, whatever names hold", async () => {
  const table = await write("table", [prediction("a\n\u001b[31mred.png", "c\u009bat", "dog")]);
  assertEquals(table.match(/[^\P{Cc}\n]/gu), null);
  assertEquals(table.split("\n").length, 2);
});
