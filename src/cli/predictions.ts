import { printable } from "../data/mod.ts";
import type { Prediction } from "../pipelines/mod.ts";
import { percent } from "./terminal.ts";
import { formatTable } from "../text/mod.ts";

/** The forms in which predictions are given. */
export type PredictionForm = "table" | "json" | "jsonl" | "csv";

/** Writes predictions as they come; nothing of them is kept. */
export interface PredictionWriter {
  /** What comes before the first. */
  readonly start: string;
  /** Some of them. */
  write(predictions: readonly Prediction[]): string;
  /** What comes after the last. */
  readonly end: string;
}

/**
 * Makes a writer.
 *
 * @param form Which form.
 * @param top Classes that each prediction names.
 * @returns The writer: `json` is one document `{"predictions": [...]}`, `jsonl` a document a line, `csv` a line each with the columns
 *   image, class, probability and, for each further class, class_2, probability_2 and so on.
 */
export async function createPredictionWriter(form: PredictionForm, top: number): Promise<PredictionWriter> {
  switch (form) {
    case "table":
      return { start: "", write: writeTable, end: "" };
    case "jsonl":
      return { start: "", write: (some) => some.map((one) => `${JSON.stringify(one)}\n`).join(""), end: "" };
    case "csv":
      return await createCsvWriter(top);
    case "json":
      return createJsonWriter();
  }
}

function writeTable(predictions: readonly Prediction[]): string {
  if (predictions.length === 0) return "";
  const rows = predictions.map(({ image, top }) => [image, ...top.map(word)]);
  // A line each, whatever names of files hold; the other forms are for programs, which need them as they are.
  return `${formatTable(rows.map((row) => row.map(printable)))}\n`;
}

function word({ class: name, probability }: { class: string; probability: number }): string {
  return `${name} ${percent(probability)}`;
}

function headings(top: number): string[] {
  const more = Array.from({ length: top - 1 }, (_, i) => [`class_${i + 2}`, `probability_${i + 2}`]);
  return ["image", "class", "probability", ...more.flat()];
}

function toRow({ image, top }: Prediction): (string | number)[] {
  return [image, ...top.flatMap(({ class: name, probability }) => [name, probability])];
}

async function createCsvWriter(top: number): Promise<PredictionWriter> {
  // @ts-types="npm:@types/papaparse@5.3.16"
  const { default: papaparse } = await import("papaparse");
  const toCsv = (rows: (string | number)[][]) =>
    rows.length === 0 ? "" : `${papaparse.unparse(rows, { newline: "\n" })}\n`;
  return { start: toCsv([headings(top)]), write: (some) => toCsv(some.map(toRow)), end: "" };
}

/** The document as it was when it was written as a whole: indented by two. */
function createJsonWriter(): PredictionWriter {
  let isFirst = true;
  return {
    start: '{\n  "predictions": [',
    write(predictions) {
      const items = predictions.map((one) => {
        const text = JSON.stringify(one, null, 2).replaceAll("\n", "\n    ");
        const separator = isFirst ? "" : ",";
        isFirst = false;
        return `${separator}\n    ${text}`;
      });
      return items.join("");
    },
    get end() {
      return isFirst ? "]\n}\n" : "\n  ]\n}\n";
    },
  };
}
