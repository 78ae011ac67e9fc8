/**
 * Runs a command line as `src/cli/main.ts` does and tells, on a last line, the seconds of processor time since the process began.
 *
 * @module
 */
import { main } from "../src/cli/main.ts";

const code = await main(Deno.args);
// Loaded only now: Node's part of the runtime takes a tenth of what is measured.
const { cpuUsage } = await import("node:process");
const { user, system } = cpuUsage();
console.log((user + system) / 1e6);
Deno.exit(code);
