import { assertEquals } from "@std/assert";
import { heading, headWidth, list, openPage, wrap } from "../../src/cli/layout.ts";

const plain = (columns: number) => ({ columns, isStyled: false });

Deno.test("wrap() breaks between words, and leaves a word that is wider than the page whole", () => {
  assertEquals(wrap("one two three", plain(7)), ["one two", "three"]);
  assertEquals(wrap("one two three", plain(6)), ["one", "two", "three"]);
  assertEquals(wrap("one antidisestablishmentarianism two", plain(7)), ["one", "antidisestablishmentarianism", "two"]);
});

Deno.test("list() aligns two columns, notes in brackets behind; a long head has a line of its own", () => {
  const rows = [
    { head: "--a", text: "one two three four five six seven", note: "default: 1" },
    { head: "--with-an-exceedingly-long-name", text: "eight" },
    { head: "--long", text: "nine" },
  ];
  assertEquals(headWidth(rows), 6);
  assertEquals(list(rows, plain(34)), [
    "  --a     one two three four five",
    "          six seven [default: 1]",
    "  --with-an-exceedingly-long-name",
    "          eight",
    "  --long  nine",
  ]);
});

Deno.test("list() keeps a short note in one piece, and breaks a long one", () => {
  const page = plain(40);
  assertEquals(list([{ head: "-a", text: "one two three four", note: "default: no limit" }], page), [
    "  -a  one two three four",
    "      [default: no limit]",
  ]);
  assertEquals(list([{ head: "-a", text: "one two", note: "default: 64, or 32 for few images" }], page), [
    "  -a  one two [default: 64, or 32 for",
    "      few images]",
  ]);
});

Deno.test("list() counts no escape codes as characters", () => {
  const rows = [{ head: "--a", text: "one two three", note: "default: 1" }];
  const styled = list(rows, { columns: 34, isStyled: true });
  // deno-lint-ignore no-control-regex
  assertEquals(styled.map((line) => line.replace(/\x1b\[\d+m/g, "")), list(rows, plain(34)));
  assertEquals(heading("What", { columns: 80, isStyled: true }), "\x1b[1mWhat\x1b[22m");
});

Deno.test("openPage() is 80 plain columns where standard output is no terminal", () => {
  if (!Deno.stdout.isTerminal()) assertEquals(openPage(), plain(80));
});
