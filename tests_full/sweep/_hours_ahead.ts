/** The command line on a machine whose clock is two hours ahead; trials that it starts believe it, too. */
import { isTrial } from "../../src/cli/launch.ts";
import { main } from "../../src/cli/main.ts";
import { Interrupt } from "../../src/run/mod.ts";

const now = Date.now;
Date.now = () => now() + 2 * 3_600_000;
if (isTrial()) Interrupt.followInput();
Deno.exit(await main(Deno.args));
