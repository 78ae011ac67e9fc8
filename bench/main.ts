/**
 * Benchmarks: `deno task bench [table|step|stems|kernels|stream|embed|pictures|import|rounds|rounds-model] [options]`; the table if none is named. (`serve` is
 * what the table starts.)
 *
 * @module
 */
import { benchEmbed } from "./embed.ts";
import { benchImport } from "./import.ts";
import { benchKernels } from "./kernels.ts";
import { benchPictures } from "./pictures.ts";
import { benchRounds } from "./rounds.ts";
import { benchRoundsModel } from "./rounds_model.ts";
import { serve } from "./serve.ts";
import { benchStems } from "./stems.ts";
import { benchStep } from "./step.ts";
import { benchStream } from "./stream.ts";
import { benchTable } from "./table.ts";

const benches: Record<string, (args: string[]) => Promise<void>> = {
  step: benchStep,
  stems: benchStems,
  kernels: benchKernels,
  stream: benchStream,
  embed: benchEmbed,
  import: benchImport,
  pictures: benchPictures,
  rounds: benchRounds,
  "rounds-model": benchRoundsModel,
  serve,
  table: benchTable,
};
const isNamed = Deno.args[0] !== undefined && !Deno.args[0].startsWith("-");
const name = isNamed ? Deno.args[0]! : "table";
const bench = Object.hasOwn(benches, name) ? benches[name] : undefined;
if (!bench) {
  console.error(`Cannot run bench ${name}: expected one of ${Object.keys(benches).join(", ")}`);
  Deno.exit(2);
}
try {
  await bench(Deno.args.slice(isNamed ? 1 : 0));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  Deno.exit(1);
}
