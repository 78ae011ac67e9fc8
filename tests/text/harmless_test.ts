import { assertEquals } from "@std/assert";
import { harmless, harmlessJson } from "../../src/text/mod.ts";

const ALL = Array.from({ length: 0x2070 }, (_, code) => String.fromCharCode(code)).join("");

Deno.test("harmless() leaves every character but those that command a terminal or turn text around", () => {
  const changed = [...ALL].filter((character) => harmless(character) !== character);
  const codes = changed.map((character) => character.charCodeAt(0));
  const span = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);
  assertEquals(codes, [
    ...span(0, 9),
    ...span(11, 31),
    ...span(0x7f, 0x9f),
    ...span(0x202a, 0x202e),
    ...span(0x2066, 0x2069),
  ]);
});

Deno.test("harmlessJson() is JSON of the same value, without such characters", () => {
  const document = { [ALL]: ["a\nb", ALL] };
  const text = harmlessJson(document);
  assertEquals(JSON.parse(text), document);
  assertEquals(harmless(text), text);
});
