import { assert } from "@std/assert";
import { attackReader } from "../../../tests/data/readers/_mutate.ts";
import { TARGETS } from "../../../tests/data/readers/_targets.ts";

const count = 30_000;

for (const target of TARGETS) {
  Deno.test(`30,000 damaged copies of ${target.name} are refused in one line or read as they are`, async () => {
    const { read, refused } = await attackReader({ ...target, count, seed: 2026 });
    assert(read > 0 && refused > count / 10, `${read} read, ${refused} refused`);
  });
}
