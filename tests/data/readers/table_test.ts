import { assert, assertEquals, assertThrows } from "@std/assert";
import type { PathContent } from "../../../src/data/files.ts";
import { type Reader, registerReader } from "../../../src/data/mod.ts";
import { folderReader } from "../../../src/data/readers/folder.ts";
import { idxReader } from "../../../src/data/readers/idx.ts";
import { describeReaders, findReader } from "../../../src/data/readers/table.ts";

const folder = (...names: string[]): PathContent => ({
  path: "x",
  isFolder: true,
  entries: names.map((name) => ({ name, isFolder: false })),
  start: new Uint8Array(),
});

Deno.test("findReader() finds IDX folders and nothing else", () => {
  assertEquals(findReader(folder("train-labels.idx.gz")), idxReader);
  assertEquals(findReader(folder("a.jpg")), undefined);
  assertEquals(findReader({ ...folder(), isFolder: false, start: Uint8Array.of(0, 0, 8, 3) }), undefined);
});

Deno.test("registerReader() adds a row behind the others, each name once", () => {
  const own: Reader = { ...idxReader, name: "own", describe: "anything", recognises: () => true };
  registerReader(own);
  assertEquals(findReader(folder("a.jpg")), own);
  assertEquals(findReader(folder("train-images.idx")), idxReader);
  // The most common ones are last in the table and first in what is said.
  assert(describeReaders().startsWith(`anything, ${folderReader.describe}, `), describeReaders());
  assert(describeReaders().endsWith(` or ${idxReader.describe}`), describeReaders());
  assertThrows(() => registerReader({ ...own }), RangeError, '"own": there is one of this name already');
});
