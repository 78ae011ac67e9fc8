import { assertEquals } from "@std/assert";
import { className, compare, orderClasses, requireClasses, sortLabels } from "../../../src/data/readers/classes.ts";
import { assertDataError } from "../_folder.ts";

const attempt = (run: () => unknown) => () => Promise.resolve().then(run);

Deno.test("className() composes characters and drops what a terminal would obey", () => {
  assertEquals(className(" e\u0301\u001b[1m\n"), "\u00e9 [1m");
});

Deno.test("sortLabels() sorts whole numbers as such, everything else by code units", () => {
  assertEquals(sortLabels(["10", "9", "-1"]), ["-1", "9", "10"]);
  assertEquals(sortLabels(["10", "9", "a"]), ["10", "9", "a"]);
  assertEquals([compare("a", "b"), compare("b", "a"), compare("a", "a")], [-1, 1, 0]);
});

Deno.test("orderClasses() takes the stated order of the same classes", async () => {
  assertEquals(orderClasses(["a", "b"], {}, "x"), ["a", "b"]);
  assertEquals(orderClasses(["a", "b"], { classes: ["b", "a"] }, "x"), ["b", "a"]);
  await assertDataError(attempt(() => orderClasses(["a", "b"], { classes: ["b", "c"] }, "x")), "x", '"c"', '"a", "b"');
});

Deno.test("requireClasses() bounds the number of classes, and wants different names", async () => {
  requireClasses(["a", "b"], "x");
  await assertDataError(attempt(() => requireClasses([], "x")), "x", "no class");
  await assertDataError(attempt(() => requireClasses(["a"], "x")), 'one class ("a")');
  await assertDataError(attempt(() => requireClasses(["a", "b", "b"], "x")), "x", '"b" twice');
});
