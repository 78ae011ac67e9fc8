import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { NasBench201Table } from "../../../src/spaces/nasbench201/published_table.ts";
import { EVERY, EVERY_TEXT } from "./_space.ts";

const HEAD = "CIFAR10TestAccuracy200Epochs,CIFAR100TestAccuracy200Epochs,ImageNetTestAccuracy200Epochs," +
  "ArchitectureString,UniqueString";
const OTHER = EVERY_TEXT.replace("none", "skip_connect");
const TEXT = `${HEAD}\n90.5,60,30.25,${EVERY_TEXT},0\n91.5,59,31,${OTHER},1\n`;

Deno.test("NasBench201Table finds an architecture, its rank and its regret", () => {
  const table = NasBench201Table.parse(TEXT);
  assertEquals(table.size, 2);
  const found = table.find(EVERY)!;
  assertEquals(found, { cifar10: 90.5, cifar100: 60, imagenet16: 30.25, rank: 2 });
  const { cifar10, cifar100, imagenet16 } = table.regret(found);
  assertEquals([cifar10, cifar100], [1, 0]);
  assertAlmostEquals(imagenet16, 0.75);
  assertEquals(table.find({ operations: Array(6).fill("none") }), undefined);
});

Deno.test("NasBench201Table.parse() refuses another file, and one that is cut anywhere", () => {
  assertThrows(() => NasBench201Table.parse("a,b\n1,2\n"), TypeError, "found no column CIFAR10TestAccuracy200Epochs");
  assertThrows(() => NasBench201Table.parse(`${HEAD}\n`), TypeError, "found no architecture");
  for (let end = HEAD.length + 2; end < TEXT.length; end++) {
    if (TEXT[end - 1] === "\n") continue;
    assertThrows(() => NasBench201Table.parse(TEXT.slice(0, end)), TypeError, "has no end");
  }
  assertThrows(() => NasBench201Table.parse(TEXT.replace("59", "x")), RangeError, 'line 3 has "x"');
  assertThrows(() => NasBench201Table.parse(TEXT.replace("59", "159")), RangeError, "line 3");
  assertThrows(() => NasBench201Table.parse(TEXT.replace("none~1", "none")), TypeError, "line 2");
});
