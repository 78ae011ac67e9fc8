import { printable } from "../../data/mod.ts";
import { evaluate, type EvaluateResult } from "../../pipelines/mod.ts";
import { tabulateClasses, tabulateConfused, tabulateConfusion } from "../../report/mod.ts";
import type { Command } from "../command.ts";
import { CACHE_FLAG, ENGINE_FLAGS, OUTPUT_FLAGS } from "../common_flags.ts";
import { engineOptions, listenerOf, requireFrom } from "../opening.ts";
import { percent } from "../terminal.ts";
import { formatTable } from "../../text/mod.ts";

/** `eval`: accuracy on test images. */
export const evalCommand: Command = {
  name: "eval",
  summary: "Tests the network of a finished run on the test images of a dataset.",
  examples: [
    "deno task eval --from runs/transfer-uci-digits-0",
    "deno task eval --from runs/transfer-uci-digits-0 --data path/to/folder",
  ],
  flags: {
    from: {
      kind: "text",
      value: "RUN",
      help: "finished train or transfer run, its network.safetensors, or a .rootstock file",
    },
    data: { kind: "text", value: "NAME|PATH", help: "dataset", default: "the one trained on" },
    batch: { kind: "integer", from: 1, to: 4096, help: "images a batch", default: 128 },
    cache: CACHE_FLAG,
    ...ENGINE_FLAGS,
    ...OUTPUT_FLAGS,
  },
  async run({ values, terminal }) {
    const result = await evaluate({
      from: requireFrom(values),
      batch: Number(values.batch ?? 128),
      data: values.data?.toString(),
      cache: values.cache?.toString(),
      listener: listenerOf(terminal),
      ...engineOptions(values),
    });
    if (result.warning !== undefined) terminal.warn(result.warning);
    terminal.answer(result, () => describe(result));
  },
};

/** Confusions among so many classes fit a terminal as a whole. */
const MOST_CLASSES = 12;

function describe({ data, count, testAccuracy, testLoss, test, parameters, macs }: EvaluateResult): string {
  const figures = [
    ["dataset", data],
    ["test images", String(count)],
    ["test accuracy", percent(testAccuracy)],
    ["balanced accuracy", percent(test.balancedAccuracy)],
    ["test loss", testLoss.toFixed(4)],
    ["Brier score", test.brier.toFixed(4)],
    ["calibration error", percent(test.calibration.error)],
    ["parameters", parameters.toLocaleString("en")],
    ["multiply-adds", macs.toLocaleString("en")],
  ];
  const confusions = test.classes.length <= MOST_CLASSES ? tabulateConfusion(test) : tabulateConfused(test);
  const tables = [figures, tabulateClasses(test), ...test.confused.length > 0 ? [confusions] : []];
  return tables.map((rows) => formatTable(rows.map((row) => row.map(printable)))).join("\n\n");
}
