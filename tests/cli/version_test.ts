import { assertMatch, assertStringIncludes } from "@std/assert";
import { describeVersion } from "../../src/cli/version.ts";
import { readText } from "../rules/_sources.ts";

Deno.test("describeVersion() is one short line of version, builds, mode and runtime", async () => {
  const line = describeVersion();
  const { version } = JSON.parse(await readText("deno.json"));
  assertMatch(version, /^\d+\.\d+\.\d+$/);
  assertStringIncludes(line, `Rootstock ${version},`);
  for (const word of ["strict", "relaxed", "single", "mode", `Deno ${Deno.version.deno}`]) {
    assertStringIncludes(line, word);
  }
  assertMatch(line, /^.{20,100}$/);
});
