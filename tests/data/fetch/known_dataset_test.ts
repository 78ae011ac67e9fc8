import { assertEquals } from "@std/assert";
import { boundsOf } from "../../../src/data/fetch/known_dataset.ts";
import { knownDataset } from "../../../src/data/fetch/known_datasets.ts";

Deno.test("boundsOf() allows what a rounded size may stand for, and nothing else where the size is exact", () => {
  assertEquals(boundsOf(knownDataset("dermamnist")!.files[0]!), { least: 19_600_000, most: 19_800_000 });
  assertEquals(boundsOf(knownDataset("eurosat")!.files[0]!), { least: 94_658_721, most: 94_658_721 });
  assertEquals(knownDataset("nothing"), undefined);
});
