/**
 * The command line as a worker starts it for a trial: when its standard input is closed it saves and ends, as after Ctrl-C.
 *
 * @module
 */
import { Interrupt } from "../run/mod.ts";
import { main } from "./main.ts";

if (import.meta.main) {
  Interrupt.followInput();
  Deno.exit(await main(Deno.args));
}
