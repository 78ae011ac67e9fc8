import { assertEquals } from "@std/assert";
import { formatDuration } from "../../src/text/duration.ts";

Deno.test("formatDuration() uses the two largest units", () => {
  const cases: [number, string][] = [
    [-3, "0 s"],
    [0.4, "0 s"],
    [59.4, "59 s"],
    [59.6, "1 min 00 s"],
    [185, "3 min 05 s"],
    [7620, "2 h 07 min"],
    [86_399, "23 h 59 min"],
    [86_400 * 3 + 3600 * 4, "3 d 04 h"],
    [Infinity, "?"],
    [NaN, "?"],
  ];
  for (const [seconds, words] of cases) assertEquals(formatDuration(seconds), words);
});
