import { assert } from "@std/assert";
import { attackReader } from "./_mutate.ts";
import { TARGETS } from "./_targets.ts";

// Thirty thousand of each family: tests_full/data/readers/mutations_test.ts.
const count = 280;

for (const target of TARGETS) {
  Deno.test(`damaged copies of ${target.name} are refused in one line or read as they are`, async () => {
    const { read, refused } = await attackReader({ ...target, count, seed: 19 });
    assert(read > 0 && refused > count / 10, `${read} read, ${refused} refused`);
  });
}
