import { assertEquals, assertMatch } from "@std/assert";
import { fileURLToPath } from "node:url";

const SCRIPT = fileURLToPath(new URL("./_train_bits.ts", import.meta.url));

/** V8's flags in a launch mode: those of the tasks that run the program. */
async function modeFlags(mode: "default" | "fast"): Promise<string> {
  const { tasks } = JSON.parse(await Deno.readTextFile(new URL("../../deno.json", import.meta.url)));
  const command: string = tasks[mode === "fast" ? "fast" : "rootstock"].command;
  return /--v8-flags=\S+/.exec(command)![0];
}

async function trainIn(mode: "default" | "fast"): Promise<string> {
  const flags = ["--no-prompt", "--no-check", await modeFlags(mode), "--allow-read"];
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", ...flags, "--allow-env=ROOTSTOCK_MODE,ROOTSTOCK_KERNELS_DIR", SCRIPT],
    env: { ROOTSTOCK_MODE: mode },
  }).output();
  assertEquals(success, true, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout).trim();
}

Deno.test("a training in the strict build leaves the same bits in both launch modes", async () => {
  const [byDefault, fast] = [await trainIn("default"), await trainIn("fast")];
  assertMatch(byDefault, /^default \d{6,} [0-9a-f]{64}$/);
  assertEquals(fast, byDefault.replace("default", "fast"));
});
