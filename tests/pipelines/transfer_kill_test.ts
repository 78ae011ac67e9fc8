import { assert, assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { launchIn } from "../_launch.ts";
import { writeDigits } from "./_digits.ts";
import { runSearch, runTransfer, timeless } from "./_runs.ts";

const SCRIPT = fileURLToPath(new URL("./_transfer_script.ts", import.meta.url));
const KILLS = 6;

Deno.test("transfer() killed at random moments and resumed ends in the same result.json", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const [target, source, out] = [`${folder}/few-digits`, `${folder}/source`, `${folder}/killed`];
    await writeDigits(target);
    await runSearch(source, { data: target, seed: 7 });
    await runTransfer(`${folder}/whole`, { target, source });

    const { flags, env } = launchIn();
    let kills = 0;
    while (true) {
      const child = new Deno.Command(Deno.execPath(), {
        args: [
          "run",
          "--no-prompt",
          "--no-check",
          "--allow-read",
          "--allow-write",
          ...flags,
          SCRIPT,
          out,
          target,
          source,
        ],
        env,
        stdout: "null",
        stderr: "piped",
      }).spawn();
      // Each is let live a little longer than the one before; the last ones are left alone, so that the test ends.
      const delay = kills < KILLS ? 150 + 100 * kills + Math.random() * 200 : undefined;
      const timer = delay === undefined ? undefined : setTimeout(() => child.kill("SIGKILL"), delay);
      const { success, signal, stderr } = await child.output();
      clearTimeout(timer);
      if (success) break;
      assertEquals(signal, "SIGKILL", new TextDecoder().decode(stderr));
      kills++;
    }
    assert(kills > 1, `${kills} processes were killed before one had finished, expected several`);
    const read = async (run: string) => JSON.parse(await Deno.readTextFile(`${folder}/${run}/result.json`));
    assertEquals(timeless(await read("killed")), timeless(await read("whole")));
    for (const file of ["genotype.json", "supernet.safetensors", "network.safetensors"]) {
      assertEquals(await Deno.readFile(`${out}/${file}`), await Deno.readFile(`${folder}/whole/${file}`), file);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
