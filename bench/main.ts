/**
 * Benchmarks: `deno task bench step [options]`.
 *
 * @module
 */
import { benchStep } from "./step.ts";

const [name, ...args] = Deno.args;
const benches: Record<string, (args: string[]) => Promise<void>> = { step: benchStep };
const bench = benches[name ?? "step"];
if (!bench) {
  console.error(`Cannot run bench ${name}: expected one of ${Object.keys(benches).join(", ")}`);
  Deno.exit(2);
}
await bench(args);
