import { assertEquals, assertMatch } from "@std/assert";
import project from "../../deno.json" with { type: "json" };
import { findFaults, MOST_PACKAGE_BYTES, readPackaged } from "../../tools/check_package.ts";

const KERNELS = ["relaxed", "strict", "single"].map((build) => {
  return { path: `kernels/pkg/${build}/rootstock_kernels_bg.wasm`, bytes: 450_000 };
});

Deno.test("readPackaged() finds the files in what a dry run prints", () => {
  const printed = `Check src/mod.ts
Simulating publish of @rootstock/rootstock@0.2.0 with files:
   file:///home/a%20b/README.md (7.08KB)
   file:///home/a%20b/src/mod.ts (310B)
   file:///home/a%20b/kernels/pkg/strict/rootstock_kernels_bg.wasm (1.2MB)
Success Dry run complete
`;
  assertEquals(readPackaged(printed, new URL("file:///home/a%20b/")), [
    "README.md",
    "src/mod.ts",
    "kernels/pkg/strict/rootstock_kernels_bg.wasm",
  ]);
});

Deno.test("findFaults() names what is too large, missing or foreign", () => {
  assertEquals(findFaults(KERNELS), []);
  const [large] = findFaults([...KERNELS, { path: "src/large.ts", bytes: MOST_PACKAGE_BYTES }]);
  assertMatch(large!, /src\/large\.ts$/);
  assertMatch(findFaults(KERNELS.slice(1)).join(), /^The package lacks kernels\/pkg\/relaxed\//);
  assertMatch(findFaults([...KERNELS, { path: "data/zoo/x/card.json", bytes: 1 }]).join(), /holds data\/zoo\/x/);
});

Deno.test("every module that the package exports is there", async () => {
  for (const path of Object.values(project.exports)) {
    assertEquals((await Deno.stat(new URL(`../../${path}`, import.meta.url))).isFile, true);
  }
});
