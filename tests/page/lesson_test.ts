import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { Lesson } from "../../page/lesson.ts";

Deno.test("a lesson says what is missing until it can be learnt", () => {
  const lesson = new Lesson<number>();
  assertMatch(lesson.missing!, /two classes or more/);
  lesson.add("cup", [1, 2]);
  assertMatch(lesson.missing!, /another class/);
  lesson.add("spoon", [3]);
  assertMatch(lesson.missing!, /“spoon”/);
  lesson.add(" spoon ", [4]);
  assertEquals(lesson.missing, undefined);
  assertEquals(lesson.listAll(), { examples: [1, 2, 3, 4], labels: ["cup", "cup", "spoon", "spoon"] });
});

Deno.test("what is taken away is gone, and a class without examples, too", () => {
  const lesson = new Lesson<number>();
  lesson.add("cup", [1, 2]);
  lesson.add("spoon", [3]);
  lesson.remove("cup", 1);
  assertEquals(lesson.classes, [{ name: "cup", examples: [2] }, { name: "spoon", examples: [3] }]);
  lesson.remove("spoon", 3);
  lesson.removeClass("cup");
  assertEquals(lesson.classes, []);
});

Deno.test("a class needs a name", () => {
  assertThrows(() => new Lesson().add("  ", [1]), RangeError, "no name");
});
