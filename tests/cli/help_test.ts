import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { COMMAND_GROUPS, COMMANDS } from "../../src/cli/commands/mod.ts";
import { findFamily } from "../../src/cli/find_command.ts";
import { describeCommand, describeFamily, describeProgram } from "../../src/cli/help.ts";

const PAGE = { columns: 80, isStyled: false };

const commandNamed = (name: string) => COMMANDS.find((command) => command.name === name)!;

Deno.test("describeCommand() shows usage, operands and, when asked to, every flag of every command", () => {
  for (const command of COMMANDS) {
    const text = describeCommand(command, { page: PAGE, isWhole: true });
    assertStringIncludes(
      text,
      `rootstock ${command.name}${command.operands ? ` ${command.operands.name}` : ""} [options]`,
    );
    for (const name of Object.keys(command.flags)) assertStringIncludes(text, `  --${name}`);
    for (const example of command.examples) assertStringIncludes(text, `\n  ${example}`);
    assert(!text.includes("--help all"), command.name);
  }
});

Deno.test("describeCommand() shows the flags that matter, and names the way to the others last", () => {
  const command = commandNamed("transfer");
  const text = describeCommand(command, { page: PAGE, isWhole: false });
  const shown = [...text.matchAll(/^ {2}--([a-z-]+)/gm)].map(([, name]) => name!);
  assertEquals(shown.toSorted(), command.basic!.toSorted());
  assertStringIncludes(
    text.split("\n\n").at(-1)!.replaceAll("\n", " "),
    "rootstock transfer --help all shows every one",
  );
});

Deno.test("help is wrapped: no line of any page is wider than it, whatever the width", () => {
  for (const columns of [60, 80, 110]) {
    const page = { columns, isStyled: false };
    const pages = [
      describeProgram(COMMAND_GROUPS, page),
      describeFamily("zoo", findFamily("zoo", COMMANDS), page),
      ...COMMANDS.map((command) => describeCommand(command, { page, isWhole: true })),
    ];
    for (const line of pages.flatMap((text) => text.split("\n"))) {
      const isVerbatim = line.startsWith("  deno task");
      assert(isVerbatim || line.length <= columns, `${line.length} of ${columns}: ${line}`);
      assertEquals(line, line.trimEnd());
    }
  }
});

Deno.test("help dims defaults and emboldens headings on a terminal only", () => {
  const command = commandNamed("search");
  const plain = describeCommand(command, { page: PAGE, isWhole: true });
  const styled = describeCommand(command, { page: { ...PAGE, isStyled: true }, isWhole: true });
  assert(!plain.includes("\x1b"));
  assertStringIncludes(styled, "\x1b[2m[default: 10]\x1b[22m");
  assertStringIncludes(styled, "\x1b[1mExamples\x1b[22m");
  // deno-lint-ignore no-control-regex
  assertEquals(styled.replace(/\x1b\[\d+m/g, ""), plain);
});

Deno.test("describeProgram() lists every command in groups, describeFamily() those of a family", () => {
  const text = describeProgram(COMMAND_GROUPS, PAGE);
  for (const { title, commands } of COMMAND_GROUPS) {
    assertStringIncludes(text, `\n${title}\n`);
    for (const { name } of commands) assertStringIncludes(text, `\n  ${name} `);
  }
  const zoo = describeFamily("zoo", findFamily("zoo", COMMANDS), PAGE);
  for (const name of ["zoo list", "zoo show", "zoo derive"]) assertStringIncludes(zoo, `  ${name} `);
  assert(!zoo.includes("data list"));
});
