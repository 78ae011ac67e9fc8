import { assert, assertEquals, assertMatch, assertStringIncludes, assertThrows } from "@std/assert";
import { fileURLToPath } from "node:url";
import project from "../../deno.json" with { type: "json" };
import { installCommands, launcherOf } from "../../tools/install_command.ts";

const SHELL = fileURLToPath(new URL("../cli/_shell.ts", import.meta.url));
const DATA = fileURLToPath(new URL("../../data", import.meta.url));

const folder = await Deno.makeTempDir({ prefix: "it's installed " });

Deno.test.afterAll(() => Deno.remove(folder, { recursive: true }));

/** Runs a line by the shell, from another folder than the clone. */
async function inShell(line: string): Promise<{ code: number; out: string; error: string }> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--no-check", "--allow-run=sh", SHELL, line],
    cwd: folder,
  }).output();
  const decoder = new TextDecoder();
  return { code, out: decoder.decode(stdout), error: decoder.decode(stderr) };
}

Deno.test("launchers have the permissions and flags of their tasks", () => {
  const places = { deno: "/usr/bin/deno", clone: "/home/a's/rootstock" };
  for (const { command } of [project.tasks.rootstock, project.tasks.fast]) {
    const launcher = launcherOf(command, places);
    for (const flag of command.match(/--\S+/g)!) assertStringIncludes(launcher, ` ${flag} `);
    assertStringIncludes(launcher, `'/home/a'\\''s/rootstock/src/cli/main.ts' "$@"\n`);
  }
  assertMatch(launcherOf(project.tasks.fast.command, places), /^ROOTSTOCK_MODE=fast exec '\/usr\/bin\/deno' run/m);
  assertThrows(() => launcherOf("cat deno.json", places), RangeError, "expected deno run");
});

Deno.test("what is installed runs from any folder: zoo and data are the clone's, paths the user's", async () => {
  const written = await installCommands(folder);
  assertEquals(written, [`${folder}/bin/rootstock`, `${folder}/bin/rootstock-fast`]);
  // Anew over what is there.
  await installCommands(folder);
  await Deno.mkdir(`${folder}/digits`);
  for await (const { name } of Deno.readDir(`${DATA}/uci-digits`)) {
    await Deno.copyFile(`${DATA}/uci-digits/${name}`, `${folder}/digits/${name}`);
  }
  const version = await inShell("bin/rootstock-fast --version");
  assertMatch(version.out, /^Rootstock .* fast mode/, version.error);
  const listed = await inShell("bin/rootstock zoo list --json");
  assert(JSON.parse(listed.out).entries.length > 0, listed.error);
  const inspected = await inShell("bin/rootstock data inspect ./digits --json");
  assertEquals(inspected.code, 0, inspected.error);
  assertEquals(JSON.parse(inspected.out).classes.length, 10);
});
