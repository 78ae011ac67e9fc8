/**
 * The command line as a terminal sees it: progress is drawn after every step although standard error is a pipe, so that who
 * started this process can tell when the first step has ended. Arguments are those of `rootstock`.
 *
 * @module
 */
import { main } from "../src/cli/main.ts";

Object.defineProperty(Deno.stderr, "isTerminal", { value: () => true });
Deno.exit(await main(Deno.args));
