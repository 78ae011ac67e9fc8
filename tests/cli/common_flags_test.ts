import { assert } from "@std/assert";
import { ENGINE_FLAGS, OUTPUT_FLAGS, RUN_FLAGS, SEARCH_FLAGS, SIZE_FLAGS } from "../../src/cli/common_flags.ts";
import { COMMANDS } from "../../src/cli/commands/mod.ts";

Deno.test("common flags hold every flag of the contract", () => {
  const all = { ...SEARCH_FLAGS, ...ENGINE_FLAGS, ...OUTPUT_FLAGS, ...RUN_FLAGS, ...SIZE_FLAGS };
  const contract = "seed threads batch channels cells space method memory build out resume json quiet verbose".split(
    " ",
  );
  for (const name of contract) assert(name in all, name);
});

Deno.test("every command knows --json, --quiet and --verbose", () => {
  for (const { name, flags } of COMMANDS) for (const flag of Object.keys(OUTPUT_FLAGS)) assert(flag in flags, name);
});
