import { assertEquals, assertStringIncludes } from "@std/assert";
import { renderSources, tabulateSources } from "../../src/report/source_table.ts";
import { TRANSFER } from "./_run_result.ts";

Deno.test("tabulateSources() names the nearest classes where they were kept", () => {
  const closest = [{ target: "0", source: "zero", distance: 12.34 }, { target: "1", source: "<b>", distance: 20 }];
  assertEquals(tabulateSources([{ name: "a", distance: 91.24, closest }, { name: "b", distance: 101.3 }]), [
    ["supernet", "distance", "classes that are nearest to each other, with their distances"],
    ["a", "91.2", "0 and zero 12.3, 1 and <b> 20.0"],
    ["b", "101.3", ""],
  ]);
  assertEquals(tabulateSources([{ name: "b", distance: 101.3 }]), [["supernet", "distance"], ["b", "101.3"]]);
});

Deno.test("renderSources() shows nothing where no distances were measured", () => {
  assertStringIncludes(renderSources(TRANSFER), ">101.3</td>");
  assertEquals(renderSources({ ...TRANSFER, sourceRanking: undefined }), "");
});
