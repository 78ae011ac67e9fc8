import { assertEquals, assertMatch } from "@std/assert";
import { fileURLToPath } from "node:url";
import { launchIn } from "../_launch.ts";

const SCRIPT = fileURLToPath(new URL("./_train_bits.ts", import.meta.url));

async function trainIn(mode: "default" | "fast"): Promise<string> {
  const { flags, env } = launchIn(mode);
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--no-check", "--allow-read", ...flags, SCRIPT],
    env,
  }).output();
  assertEquals(success, true, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout).trim();
}

Deno.test("a training in the strict build leaves the same bits in both launch modes", async () => {
  const [byDefault, fast] = [await trainIn("default"), await trainIn("fast")];
  assertMatch(byDefault, /^default \d{6,} [0-9a-f]{64}$/);
  assertEquals(fast, byDefault.replace("default", "fast"));
});
