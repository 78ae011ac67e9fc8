import { assert, assertEquals, assertThrows } from "@std/assert";
import { fileURLToPath } from "node:url";
import { OutputClosed, writeAnswer, writeRemark } from "../../src/cli/streams.ts";
import { RunError } from "../../src/run/mod.ts";
import { launchIn } from "../_launch.ts";

const failing = (error: Error) => ({
  writeSync: () => {
    throw error;
  },
});

Deno.test("writeAnswer() and writeRemark() write all, however little the stream takes at once", () => {
  for (const write of [writeAnswer, writeRemark]) {
    const taken: number[] = [];
    write("Größe\n", {
      writeSync: (bytes) => {
        const length = Math.min(2, bytes.length);
        taken.push(...bytes.subarray(0, length));
        return length;
      },
    });
    assertEquals(new TextDecoder().decode(Uint8Array.from(taken)), "Größe\n");
  }
});

Deno.test("writeAnswer() tells a closed stream from a full one; writeRemark() passes over both", () => {
  const [closed, full] = [new Deno.errors.BrokenPipe("(os error 32)"), new Error("(os error 28)")];
  assertThrows(() => writeAnswer("x", failing(closed)), OutputClosed);
  assertThrows(() => writeAnswer("x", failing(full)), RunError, "Cannot write standard output: no space is left");
  for (const error of [closed, full]) writeRemark("x", failing(error));
});

/** Runs a command line by a shell, whose redirections are what is tested. */
async function inShell(line: string): Promise<{ code: number; out: string }> {
  const { flags, env } = launchIn();
  const main = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));
  const rootstock = [Deno.execPath(), "run", "--no-prompt", "--no-check", "--allow-read", ...flags, main].join(" ");
  const { code, stdout } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-config",
      "--allow-run=sh",
      fileURLToPath(new URL("./_shell.ts", import.meta.url)),
      line.replaceAll("ROOTSTOCK", rootstock),
    ],
    env,
  }).output();
  return { code, out: new TextDecoder().decode(stdout) };
}

Deno.test("main() ends quietly when its reader has gone, and is not stopped by a full or closed standard error", async () => {
  // The reader is gone before the answer comes.
  const { code: closed, out } = await inShell("{ { ROOTSTOCK zoo list 2>&3; echo $? >&3; } | true; } 3>&1");
  assertEquals([closed, out], [0, "0\n"]);
  const full = await inShell("ROOTSTOCK zoo list 2>&1 >/dev/full; echo $?");
  assertEquals(full.out, "Cannot write standard output: no space is left on the disk\n1\n");
  const silent = await inShell(
    "ROOTSTOCK data list --json 2>/dev/full | wc -l; ROOTSTOCK zoo show nosuch 2>/dev/full; echo $?",
  );
  assert(/^\s*[1-9]\d+\n1\n$/.test(silent.out), silent.out);
  assertEquals((await inShell("ROOTSTOCK zoo show nosuch 2>&-; echo $?")).out, "1\n");
});
