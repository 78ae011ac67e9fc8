import { assert, assertEquals } from "@std/assert";
import { listFiles } from "./_sources.ts";

/** Files without behaviour of their own. */
const EXEMPT = /(^|\/)(mod|types)\.ts$/;

/** Where the test of a source file is. */
function mirror(source: string): string {
  return source.replace(/^src\//, "tests/").replace(/\.ts$/, "_test.ts");
}

Deno.test("every file in src/ has its mirror in tests/", async () => {
  const sources = (await listFiles("src/", ".ts")).filter((source) => !EXEMPT.test(source));
  assert(sources.length > 0);
  const tests = new Set(await listFiles("tests/", "_test.ts"));
  assertEquals(sources.map(mirror).filter((test) => !tests.has(test)), []);
});
