import { assertStringIncludes } from "@std/assert";
import { renderPareto } from "../../src/report/mod.ts";
import { assertGoodPage, textOf } from "./_html.ts";
import { PARETO } from "./_pareto_result.ts";

Deno.test("renderPareto() is a page with verdict, plot, table and the network at the knee", () => {
  const page = renderPareto(PARETO, { configuration: { seed: 0, budgets: {} }, folder: "runs/p" });
  assertGoodPage(page);
  const text = textOf(page);
  for (
    const words of [
      "Networks of every size for trash &#38; net",
      "The knee is at 30,200 parameters",
      "traditional-net",
      "the fastest of 30 passes of 1 image with 2 threads",
      "Normal cell",
    ]
  ) assertStringIncludes(text, words);
});
