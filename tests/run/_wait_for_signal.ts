/** Says when it listens; leaves with 0 at the first signal, or never if told to ignore the first. */
import { Interrupt } from "../../src/run/mod.ts";

const interrupt = await Interrupt.install({ onRequest: () => console.log("asked to stop") });
console.log("ready");
while (!interrupt.requested || Deno.args[0] === "stubborn") await new Promise((resolve) => setTimeout(resolve, 5));
interrupt.dispose();
