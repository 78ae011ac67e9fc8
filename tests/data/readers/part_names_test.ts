import { assertEquals } from "@std/assert";
import { PART_ORDER, partNamed, partOfFile } from "../../../src/data/readers/part_names.ts";

Deno.test("partNamed() knows the usual names and nothing else", () => {
  assertEquals(["train", " Training ", "VAL", "dev", "testing"].map(partNamed), [
    "train",
    "train",
    "validation",
    "validation",
    "test",
  ]);
  for (const name of ["", "trains", "constructor", "0"]) assertEquals(partNamed(name), undefined);
});

Deno.test("partOfFile() finds the part in the name, then in the folders above", () => {
  assertEquals(partOfFile("data/train-00000-of-00002.parquet"), "train");
  assertEquals(partOfFile("test-00000-of-00001-a09b74b3ef9c3b56.parquet"), "test");
  assertEquals(partOfFile("set_val-000000.tar"), "validation");
  assertEquals(partOfFile("test/0000.parquet"), "test");
  assertEquals(partOfFile("latest.parquet"), "train");
  assertEquals(PART_ORDER, ["train", "validation", "test"]);
});
