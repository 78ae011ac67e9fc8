import { assertEquals } from "@std/assert";
import { openTerminal, percent } from "../../src/cli/terminal.ts";

Deno.test("percent() shows a share with one decimal", () => {
  assertEquals(percent(0.9876), "98.8 %");
});

Deno.test("openTerminal() gives the answer as text or as one JSON document", () => {
  const lines = answers((json) => openTerminal({ json, quiet: true }).answer({ a: 1 }, () => "a is 1"));
  assertEquals(lines[0], "a is 1\n");
  assertEquals(JSON.parse(lines[1]!), { a: 1 });
});

Deno.test("openTerminal() gives no control character of a name to the terminal, and loses none in JSON", () => {
  const name = "tab\t esc\x1b[31m csi\x9b1m del\x7f bell\x07 right\u202eleft\u2069";
  const lines = answers((json) => openTerminal({ json, quiet: true }).answer({ name }, () => `${name}\nnext`));
  for (const line of lines) {
    assertEquals(line.replaceAll("\n", "").match(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u), null, line);
  }
  assertEquals(lines[0]!.split("\n").slice(1), ["next", ""]);
  assertEquals(JSON.parse(lines[1]!), { name });
});

/** What is written on standard output, as text and as JSON. */
function answers(give: (json: boolean) => void): string[] {
  const [writeSync, written] = [Deno.stdout.writeSync, [] as string[]];
  Deno.stdout.writeSync = (bytes: Uint8Array) => {
    written.push(new TextDecoder().decode(bytes));
    return bytes.length;
  };
  try {
    for (const json of [false, true]) give(json);
    return written;
  } finally {
    Deno.stdout.writeSync = writeSync;
  }
}
