/** Computes for seconds without ever looking at its events; says how long after the signal it saw the flag, or ends by itself. */
import { Interrupt } from "../../src/run/mod.ts";

const interrupt = await Interrupt.install({ onRequest: () => console.log("asked to stop") });
console.log("ready");
const startedAt = performance.now();
const isStubborn = Deno.args[0] === "stubborn";
while (performance.now() - startedAt < 20_000) if (!isStubborn && interrupt.requested) Deno.exit(0);
Deno.exit(9);
