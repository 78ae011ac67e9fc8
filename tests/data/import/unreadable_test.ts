import { assertEquals, assertThrows } from "@std/assert";
import { DataError } from "../../../src/data/mod.ts";
import type { PictureListing } from "../../../src/data/readers/reader.ts";
import { describeUnreadable, listUnreadable, requireEnough } from "../../../src/data/import/unreadable.ts";

/** Ten pictures to learn from, of two classes in turn, and two to test. */
const listing: PictureListing = {
  classes: ["cat", "dog\x1b[31m"],
  pictures: Array.from({ length: 12 }, (_, i) => ({
    name: `${i}.png`,
    part: i < 10 ? "train" as const : "test" as const,
    label: i % 2,
  })),
  async *read() {},
  info: {},
  infoOrigin: "in",
};

const reasons = (...indices: number[]) =>
  new Map(indices.map((i) => [i, `Cannot read ${i}.png: it is cut, fetch\nthe file again`]));

Deno.test("listUnreadable() names pictures in the order of the listing, each reason without the name and in one line", () => {
  assertEquals(listUnreadable(listing, new Map([...reasons(5, 1), [3, "no such entry"]])), [
    { name: "1.png", reason: "it is cut, fetch the file again" },
    { name: "3.png", reason: "no such entry" },
    { name: "5.png", reason: "it is cut, fetch the file again" },
  ]);
});

Deno.test("describeUnreadable() is one line that says how many, why, and where the others are listed", () => {
  const unreadable = listUnreadable(listing, reasons(1, 5));
  assertEquals(
    describeUnreadable(unreadable, { path: "photos.zip", total: 1200 }),
    "2 of 1,200 pictures cannot be read and are left out: 1.png: it is cut, fetch the file again; " +
      "deno task data inspect photos.zip lists all",
  );
  assertEquals(
    describeUnreadable(unreadable.slice(0, 1), { path: "x", total: 12 }),
    "1 of 12 pictures cannot be read and is left out: 1.png: it is cut, fetch the file again; " +
      "deno task data inspect x lists it",
  );
});

Deno.test("requireEnough() refuses a dataset that loses most pictures, a class to learn, or a part", () => {
  for (const fine of [[], [0], [0, 2, 4], [0, 10]]) requireEnough(listing, reasons(...fine), "in");
  const cases: [number[], string][] = [
    [[0, 1, 2, 3, 4, 5, 6], "only 5 of 12 pictures can be read: Cannot read 0.png"],
    [[1, 3, 5, 7, 9], "no picture of class dog [31m can be read"],
    [[10, 11], "no picture of the test part can be read: Cannot read 10.png: it is cut"],
  ];
  for (const [lost, message] of cases) {
    assertThrows(() => requireEnough(listing, reasons(...lost), "in"), DataError, `Cannot import in: ${message}`);
  }
});
