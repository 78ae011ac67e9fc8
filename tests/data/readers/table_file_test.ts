import { assertEquals } from "@std/assert";
import { isTableHeader, parseTable } from "../../../src/data/readers/table_file.ts";
import { assertDataError } from "../_folder.ts";

const cells = async (text: string) => (await parseTable(text, "t")).map(({ path, label, part }) => [path, label, part]);
const fails = (text: string, ...words: string[]) =>
  assertDataError(() => parseTable(text, "t"), "Cannot read t", ...words);

Deno.test("parseTable() reads CSV of any usual separator, quotes and names", async () => {
  const wanted = [["a.jpg", "cat, black", "train"], ["b.jpg", "dog", "val"]];
  assertEquals(await cells('path,label,split\na.jpg,"cat, black",train\n\nb.jpg,dog,val\n'), wanted);
  assertEquals(await cells("\ufeffFile_Name;Class;Subset\r\na.jpg;cat, black;train\r\nb.jpg;dog;val"), wanted);
  assertEquals(await cells("category\timage\tpart\ncat, black\ta.jpg\ttrain\ndog\tb.jpg\tval\n"), wanted);
  assertEquals(await cells("path,label\n a.jpg , 3 \n"), [["a.jpg", "3", ""]]);
});

Deno.test("parseTable() reads JSON lines", async () => {
  assertEquals(await cells('{"path": "a.jpg", "label": 3}\n\n{"split": "test", "class": "x", "file": "b.jpg"}\n'), [
    ["a.jpg", "3", ""],
    ["b.jpg", "x", "test"],
  ]);
});

Deno.test("parseTable() names the row that is wrong", async () => {
  await fails("", "names nothing, expected a column path");
  await fails("id,label\n1,a\n", '"id", "label", expected a column path (path, file');
  await fails("path,x\n1,a\n", "expected a column label (label, class");
  await fails("path,label\na.jpg\n", "row 1 has 1 cells, expected 2");
  await fails("path,label\na.jpg,x\nb.jpg,x,y\n", "row 2 has 3 cells");
  await fails("path,label\na.jpg,\n", "row 1 has no label");
  await fails("path,label\n,x\n", "row 1 has no path");
  await fails('path,label\na.jpg,"x\n', "row");
  await fails('{"path": "a.jpg", "label": 1}\n{"path": 1', "line 2 is no JSON object");
  await fails('{"path": "a.jpg"}\n', "line 1 lacks a field", "class");
  await fails('{"path": "a.jpg", "label": [1]}\n', "line 1 has a label that is no text");
  await fails('{"path": "a.jpg", "label": null}\n', "line 1 has no label");
});

Deno.test("isTableHeader() wants a path and a label", () => {
  assertEquals([["image", "Label"], ["image"], ["label"], []].map(isTableHeader), [true, false, false, false]);
});
