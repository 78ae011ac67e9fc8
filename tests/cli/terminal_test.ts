import { assertEquals } from "@std/assert";
import { openTerminal, percent } from "../../src/cli/terminal.ts";

Deno.test("percent() shows a share with one decimal", () => {
  assertEquals(percent(0.9876), "98.8 %");
});

Deno.test("openTerminal() gives the answer as text or as one JSON document", () => {
  const [log, lines] = [console.log, [] as string[]];
  console.log = (line: string) => void lines.push(line);
  try {
    for (const json of [false, true]) openTerminal({ json, quiet: true }).answer({ a: 1 }, () => "a is 1");
  } finally {
    console.log = log;
  }
  assertEquals(lines[0], "a is 1");
  assertEquals(JSON.parse(lines[1]!), { a: 1 });
});
