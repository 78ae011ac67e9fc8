/** Writes more than a limited file may hold to the path given; exits with 3 if that fails with one clear line. */
import { RunError, writeAtomic } from "../../src/run/mod.ts";

try {
  await writeAtomic(Deno.args[0]!, new Uint8Array(1 << 20));
} catch (error) {
  if (!(error instanceof RunError)) throw error;
  console.error(error.message);
  Deno.exit(3);
}
