import { assertEquals } from "@std/assert";
import { tabulateDifferences, tabulateRecall, tabulateSideBySide } from "../../src/report/side_by_side_tables.ts";
import { comparedRun } from "./_compared_runs.ts";
import { answersOf } from "./_test_report.ts";

const RUNS = [comparedRun("first"), comparedRun("second", { testAccuracy: undefined, test: undefined, seconds: 3 }, 9)];

Deno.test("tabulateSideBySide() tells what each run reached and cost, without columns that nobody fills", () => {
  const [heading, first, second] = tabulateSideBySide(RUNS);
  assertEquals(
    heading!.join(", "),
    [
      "run, command, data, source, held-out images, test images, balanced, parameters, multiply-adds, time, memory",
    ].join(),
  );
  assertEquals(first!.toSpliced(6, 1), [
    "first",
    "transfer",
    "uci-digits",
    "broad",
    "98.0 %",
    "97.6 %",
    "50,450",
    "9,030,912",
    "1 min 04 s",
    "1.5 GiB",
  ]);
  assertEquals([second![5], second![6], second![9]], ["", "", "3 s"]);
  assertEquals(tabulateSideBySide([{ ...RUNS[1]!, events: [] }])[0]!.length, 8);
});

Deno.test("tabulateDifferences() shows the settings in which runs differ, and none that are the same", () => {
  assertEquals(tabulateDifferences(RUNS), [["setting", "first", "second"], ["search, epochs", "2 epochs", "9 epochs"]]);
  const configuration = { ...RUNS[0]!.configuration, seed: 3 };
  assertEquals(tabulateDifferences([RUNS[0]!, { ...RUNS[0]!, configuration }]).at(-1), ["seed", "", "3"]);
});

Deno.test("tabulateRecall() needs two runs that were tested on the same classes", () => {
  const [heading, a, b] = tabulateRecall([comparedRun("x"), comparedRun("y")]);
  assertEquals([heading, a![0], b![0], a![1] === a![2]], [["class", "x", "y"], "a", "<b>", true]);
  assertEquals(tabulateRecall(RUNS).length, 1);
  assertEquals(tabulateRecall([comparedRun("x"), comparedRun("y", { test: answersOf(["a", "c"]) })]).length, 1);
});
