import { parseArgs } from "@std/cli/parse-args";
import { fileURLToPath } from "node:url";
import { median } from "./median.ts";

/** Milliseconds. */
export interface EmbedTime {
  readonly wall: number;
  /** Of all threads; on a busy machine it says more. */
  readonly processor: number;
}

/** What `first_prediction.ts` prints. */
export interface EmbedTimes {
  /** From before the import to the end of the first prediction, with the network's bytes in memory. */
  readonly first: EmbedTime;
  /** A prediction after that. */
  readonly later: EmbedTime;
  /** A head for 100 pictures of 32x32. */
  readonly head?: EmbedTime;
  /** All weights on 100 pictures of 32x32, with the default epochs. */
  readonly all?: EmbedTime;
}

const WORK: Readonly<Record<keyof EmbedTimes, readonly [string, string]>> = {
  first: ["import to first prediction", ", to reach: 60 ms"],
  later: ["a prediction later", ""],
  head: ["100 pictures: a head", ", to reach: 2000 ms"],
  all: ["100 pictures: all weights, default epochs", ", to reach: 20000 ms"],
};

/**
 * `embed`: the embedding library in processes of their own, on one thread, with a network of 8 channels and 5 cells.
 *
 * Options: --runs N (9); --finetune: the slow part as well, in each run.
 */
export async function benchEmbed(args: string[]): Promise<void> {
  const flags = parseArgs(args, { string: ["runs"], boolean: ["finetune"] });
  const runs = Number(flags.runs ?? 9);
  const script = fileURLToPath(new URL("./first_prediction.ts", import.meta.url));
  const network = fileURLToPath(new URL("../data/zoo/gtsrb20/network.safetensors", import.meta.url));
  const times: EmbedTimes[] = [];
  for (let run = 0; run < runs; run++) {
    const command = [
      "run",
      "--no-prompt",
      `--allow-read=${network}`,
      script,
      network,
      ...(flags.finetune ? ["all"] : []),
    ];
    const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), { args: command }).output();
    if (!success) throw new Error(`Cannot run: ${new TextDecoder().decode(stderr)}`);
    times.push(JSON.parse(new TextDecoder().decode(stdout)));
  }
  console.log(`embedding library, ${runs} processes: median (least to most)`);
  for (const [name, [work, aim]] of Object.entries(WORK) as [keyof EmbedTimes, [string, string]][]) {
    const all = times.flatMap((each) => each[name] ?? []);
    if (all.length === 0) continue;
    const of = (kind: keyof EmbedTime) => all.map((time) => time[kind]);
    const [least, most] = [Math.min(...of("wall")), Math.max(...of("wall"))].map((time) => time.toFixed(1));
    const figures = `${median(of("wall")).toFixed(1).padStart(8)} ms (${least} to ${most})`;
    console.log(`${work.padEnd(42)} ${figures}, ${median(of("processor")).toFixed(1)} of the processor${aim}`);
  }
}
