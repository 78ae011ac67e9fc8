import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { openRun, RunDirectory } from "../../src/run/mod.ts";
import { inFolder } from "./_folder.ts";

const SCRIPT = new URL("./_count_epochs.ts", import.meta.url).pathname;

async function killAfter(path: string, milliseconds: number): Promise<void> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-config", "--allow-read", "--allow-write", SCRIPT, path],
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const errors = new Response(child.stderr).text();
  const reader = child.stdout.getReader();
  const first = await reader.read();
  if (first.done) throw new Error(`The child ended: ${await errors}`);
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  child.kill("SIGKILL");
  await reader.cancel();
  await Promise.all([child.status, errors]);
}

Deno.test("RunDirectory can be continued after the process was killed at any instant", () =>
  inFolder(async (folder) => {
    const path = join(folder, "run");
    let last = 0;
    for (const milliseconds of [0, 3, 8, 17, 26, 41, 55, 73]) {
      await killAfter(path, milliseconds);
      await using run = await RunDirectory.open(path, {
        command: "search",
        configuration: { epochs: 5 },
        resume: true,
      });
      const checkpoint = await run.loadCheckpoint();
      const { epoch } = (checkpoint?.progress ?? { epoch: 0 }) as { epoch: number };
      assert(epoch >= last, `found epoch ${epoch} after ${last}`);
      last = epoch;
      assertEquals(checkpoint?.tensors.get("x")?.data[0] ?? 0, epoch);
      assertEquals(await run.events(), Array.from({ length: epoch }, (_, i) => ({ epoch: i })));
      const names = await Array.fromAsync(Deno.readDir(path), ({ name }) => name);
      assertEquals(names.filter((name) => name.endsWith(".tmp")), []);
      await openRun(path);
    }
    assert(last > 0, "no checkpoint was ever written");
  }));
