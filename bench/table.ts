import { parseArgs } from "@std/cli/parse-args";
import { INFERENCE_PARTS } from "./table/inference.ts";
import { JAVASCRIPT_PARTS } from "./table/javascript.ts";
import { describeMachine } from "./table/machine.ts";
import { OWN_PARTS } from "./table/own.ts";
import { alternate } from "./table/participant.ts";
import { drawTable, type Measured, type Part, type Row } from "./table/rows.ts";
import { PREDICT_START_UP, START_UP } from "./table/start_up.ts";
import { TRAINING_PARTS } from "./table/training.ts";
import { WASM_SIZES } from "./table/wasm_sizes.ts";

const PARTS: readonly Part[] = [
  ...TRAINING_PARTS,
  ...INFERENCE_PARTS,
  ...OWN_PARTS,
  START_UP,
  PREDICT_START_UP,
  WASM_SIZES,
  ...JAVASCRIPT_PARTS,
];
const FOLDER = "runs/bench";

/**
 * `table`: everything that speed is promised for, beside PyTorch and JavaScript libraries where they are installed.
 *
 * Participants of a part are started and warmed up, then run in turns; medians are compared. Prints one table, writes one JSON
 * file with the machine, versions and every single run.
 *
 * Options: --runs N (5), --quick (2 runs), --only NAME[,NAME…] (parts whose name starts so; --list names them), --json FILE (below runs/;
 * runs/bench/table.json).
 */
export async function benchTable(args: string[]): Promise<void> {
  const flags = parseArgs(args, { string: ["runs", "only", "json"], boolean: ["quick", "list"] });
  if (flags.list) return PARTS.forEach(({ name }) => console.log(name));
  const runs = Number(flags.runs ?? (flags.quick ? 2 : 5));
  if (!Number.isInteger(runs) || runs < 1) throw new RangeError(`Cannot run ${flags.runs} times: expected at least 1`);
  const wanted = flags.only?.split(",");
  const parts = PARTS.filter(({ name }) => !wanted || wanted.some((start) => name.startsWith(start)));
  if (parts.length === 0) throw new RangeError(`Cannot find a part named ${flags.only}: --list names them`);
  const file = flags.json || `${FOLDER}/table.json`;
  await Deno.mkdir(FOLDER, { recursive: true });
  const started = new Date().toISOString();
  const rows: Row[] = [];
  const measured: Record<string, Measured> = {};
  const context = { runs, folder: FOLDER, alternate, note: (text: string) => console.error(`  ${text}`) };
  for (const part of parts) {
    const start = performance.now();
    measured[part.name] = await part.measure(context);
    rows.push(...measured[part.name]!.rows);
    console.error(`${part.name}: ${((performance.now() - start) / 1000).toFixed(0)} s`);
    for (const [name, { absent }] of Object.entries(measured[part.name]!.outcomes)) {
      if (absent !== undefined) console.error(`  ${name}: ${absent}`);
    }
    // After every part, so that a long measurement that is stopped has not been in vain.
    const document = {
      started,
      machine: describeMachine(),
      peers: peerVersions(measured),
      runs,
      rows,
      parts: measured,
    };
    await Deno.writeTextFile(file, `${JSON.stringify(document, null, 2)}\n`);
  }
  const { processor, cores, deno, v8 } = describeMachine();
  const versions = Object.entries(peerVersions(measured)).map(([peer, version]) => `${peer} ${version}`);
  console.log([`${processor}, ${cores} cores`, `Deno ${deno}, V8 ${v8}`, ...versions].join("; "));
  console.log(`medians of ${runs} runs in turns`);
  console.log(drawTable(rows));
  console.error(`every run: ${file}`);
}

const PEERS = ["torch", "onnxruntimeWeb", "tensorflowjs", "jaxJs"];

/** Versions of the peers that took part, as they told them. */
function peerVersions(measured: Record<string, Measured>): Record<string, unknown> {
  const abouts = Object.values(measured).flatMap(({ outcomes }) => Object.values(outcomes).map(({ about }) => about));
  return Object.fromEntries(abouts.flatMap((about) => Object.entries(about).filter(([name]) => PEERS.includes(name))));
}
