import { assertEquals } from "@std/assert";
import type { FileMetaData, SchemaElement } from "hyparquet";
import { findColumns } from "../../../src/data/readers/parquet_schema.ts";
import { assertDataError } from "../_folder.ts";

const column = (name: string, type: SchemaElement["type"], more: Partial<SchemaElement> = {}): SchemaElement[] => [
  { name, ...type && { type }, ...more },
];
const bytes = (name: string) => column(name, "BYTE_ARRAY");
const text = (name: string) => column(name, "BYTE_ARRAY", { converted_type: "UTF8" });
const picture = (name: string) => [...column(name, undefined, { num_children: 2 }), ...bytes("bytes"), ...text("path")];

const metadata = (columns: SchemaElement[][], features?: unknown): FileMetaData => ({
  version: 1,
  num_rows: 0n,
  row_groups: [],
  metadata_length: 0,
  schema: [{ name: "root", num_children: columns.length }, ...columns.flat()],
  key_value_metadata: features === undefined
    ? []
    : [{ key: "huggingface", value: JSON.stringify({ info: { features } }) }],
});

Deno.test("findColumns() goes by Hugging Face's metadata, then by types and names", async () => {
  const features = { pixels: { _type: "Image" }, kind: { _type: "ClassLabel", names: ["a", "b"] } };
  const columns = [bytes("mask"), picture("pixels"), column("kind", "INT64"), column("label", "INT64")];
  assertEquals(await findColumns(metadata(columns, features), "x"), {
    image: "pixels",
    label: "kind",
    names: ["a", "b"],
  });
  const plain = [text("caption"), bytes("img"), bytes("mask"), text("label"), column("id", "INT64")];
  assertEquals(await findColumns(metadata(plain), "x"), { image: "img", label: "label", names: undefined });
  const cifar = [picture("img"), column("fine_label", "INT64"), column("coarse_label", "INT64")];
  const two = {
    fine_label: { _type: "ClassLabel", names: ["f"] },
    coarse_label: { _type: "ClassLabel", names: ["c"] },
  };
  assertEquals(await findColumns(metadata(cifar, two), "x"), { image: "img", label: "fine_label", names: ["f"] });
  for (const odd of [null, 3, [], { label: 1 }, { label: { names: [1] } }]) {
    assertEquals(
      (await findColumns(metadata([picture("image"), column("label", "INT32")], odd), "x")).names,
      undefined,
    );
  }
});

Deno.test("findColumns() says which columns there are where none fits", async () => {
  const fails = (columns: SchemaElement[][], ...words: string[]) =>
    assertDataError(() => findColumns(metadata(columns), "x"), "Cannot read x", ...words);
  await fails([column("id", "INT64"), column("label", "INT64")], "the columns id, label, expected pictures as bytes");
  await fails([bytes("a"), bytes("b"), column("label", "INT64")], "expected pictures as bytes");
  await fails([picture("image"), column("label", "DOUBLE")], "expected one of labels");
  await fails([], "the columns none");
});
