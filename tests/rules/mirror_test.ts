import { assert } from "@std/assert";
import { listFiles } from "./_sources.ts";

/** Files without behaviour of their own. */
const EXEMPT = /(^|\/)(mod|types)\.ts$/;

/** The test of a source file, or the first of several: `graft_test.ts` and `graft_reference_test.ts` both mirror `graft.ts`. */
function hasMirror(source: string, tests: readonly string[]): boolean {
  const stem = source.replace(/^src\//, "tests/").replace(/\.ts$/, "");
  return tests.some((test) => test === `${stem}_test.ts` || test.startsWith(`${stem}_`));
}

Deno.test("every file in src/ has its mirror in tests/", async () => {
  const sources = (await listFiles("src/", ".ts")).filter((source) => !EXEMPT.test(source));
  assert(sources.length > 0);
  const tests = await listFiles("tests/", "_test.ts");
  const missing = sources.filter((source) => !hasMirror(source, tests));
  assert(missing.length === 0, `${missing.length} without a test:\n${missing.join("\n")}`);
});
