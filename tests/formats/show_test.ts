import { assertEquals } from "@std/assert";
import { show, showName } from "../../src/formats/show.ts";

Deno.test("show() words a value on one short line that commands no terminal", () => {
  assertEquals(show({ a: [1, "b"] }), '{"a":[1,"b"]}');
  assertEquals(show(undefined), "nothing");
  assertEquals(show("F3\x7f\n\x9b2J\u202e"), '"F3\\u007f\\n\\u009b2J\\u202e"');
  assertEquals(show("x".repeat(100)), `"${"x".repeat(76)}…`);
});

Deno.test("showName() leaves plain words as they are", () => {
  assertEquals(showName("cells.0.weight"), "cells.0.weight");
  assertEquals(showName("a b"), '"a b"');
  assertEquals(showName("\x85"), '"\\u0085"');
});
