import { assertEquals } from "@std/assert";
import { listCommands, retell } from "../../tools/retell.ts";

const DOCUMENT = `# A title

\`\`\`console
$ deno task one
old
output

$ deno task two --flag
\`\`\`

Text between.

\`\`\`console
$ deno task three
\`\`\`

    $ deno task none
`;

Deno.test("listCommands() finds commands and their outputs", () => {
  assertEquals(listCommands(DOCUMENT), [
    { command: "deno task one", output: "old\noutput" },
    { command: "deno task two --flag", output: "" },
    { command: "deno task three", output: "" },
  ]);
});

Deno.test("retell() replaces outputs, and only those", async () => {
  const told = await retell(DOCUMENT, (command) => Promise.resolve(`new of ${command}\n`));
  assertEquals(
    listCommands(told).map(({ output }) => output),
    ["new of deno task one", "new of deno task two --flag", "new of deno task three"],
  );
  assertEquals(told.replace(/^new of .*\n/gm, ""), DOCUMENT.replace("old\noutput\n", ""));
  assertEquals(await retell(told, (command) => Promise.resolve(`new of ${command}`)), told);
});
