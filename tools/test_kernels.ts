/**
 * Runs the tests inside the kernel crate on this machine's own instruction set (`cargo test`).
 *
 * @module
 */
import { CRATE } from "./_kernel_builds.ts";
import { rustEnvironment } from "./_rust.ts";
import { fileURLToPath } from "node:url";

const { code } = await new Deno.Command("cargo", {
  args: ["test", ...Deno.args],
  cwd: fileURLToPath(CRATE),
  env: await rustEnvironment(),
  stdout: "inherit",
  stderr: "inherit",
}).output();
Deno.exit(code);
