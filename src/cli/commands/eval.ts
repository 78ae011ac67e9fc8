import type { Build } from "../../engine/mod.ts";
import { evaluate } from "../../pipelines/mod.ts";
import { formatTable } from "../../report/mod.ts";
import type { Command } from "../command.ts";
import { CACHE_FLAG, ENGINE_FLAGS, OUTPUT_FLAGS } from "../common_flags.ts";
import type { Values } from "../flag.ts";
import { UsageError } from "../flags.ts";
import { listenerOf } from "../opening.ts";
import { percent } from "../terminal.ts";

/** `eval`: accuracy on test images. */
export const evalCommand: Command = {
  name: "eval",
  summary: "Tests the network of a finished run on the test images of a dataset.",
  examples: [
    "deno task eval --from runs/transfer-uci-digits-0",
    "deno task eval --from runs/transfer-uci-digits-0 --data path/to/folder",
  ],
  flags: {
    from: { kind: "text", value: "RUN", help: "finished train or transfer run, or its network.safetensors" },
    data: { kind: "text", value: "NAME|DIR", help: "dataset", default: "the one trained on" },
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
    terminal.answer(result, () =>
      formatTable([
        ["dataset", result.data],
        ["test images", String(result.count)],
        ["test accuracy", percent(result.testAccuracy)],
        ["test loss", result.testLoss.toFixed(4)],
        ["parameters", result.parameters.toLocaleString("en")],
        ["multiply-adds", result.macs.toLocaleString("en")],
      ]));
  },
};

/** The run that `--from` names. */
export function requireFrom({ from }: Values): string {
  if (from === undefined) throw new UsageError("--from is missing: expected a finished train or transfer run");
  return String(from);
}

/** Build and threads, if given. */
export function engineOptions({ build, threads }: Values): {
  build: Build | undefined;
  threads: number | undefined;
} {
  return { build: build as Build | undefined, threads: threads as number | undefined };
}
