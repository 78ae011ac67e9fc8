import { assert, assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { writeDigits } from "./_digits.ts";
import { runKilled } from "./_killed.ts";
import { runSearch, runTransfer, timeless } from "./_runs.ts";

const SCRIPT = fileURLToPath(new URL("./_transfer_script.ts", import.meta.url));

Deno.test("transfer() killed at random moments and resumed ends in the same result.json", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const [target, source, out] = [`${folder}/few-digits`, `${folder}/source`, `${folder}/killed`];
    await writeDigits(target);
    await runSearch(source, { data: target, seed: 7 });
    const { curve } = await runTransfer(`${folder}/whole`, {
      target,
      source: { name: source },
      search: { validations: 2 },
    });
    assert(curve.some(({ epoch }) => !Number.isInteger(epoch)));

    await runKilled(SCRIPT, [out, target, source]);
    const read = async (run: string) => JSON.parse(await Deno.readTextFile(`${folder}/${run}/result.json`));
    assertEquals(timeless(await read("killed")), timeless(await read("whole")));
    for (const file of ["genotype.json", "supernet.safetensors", "network.safetensors"]) {
      assertEquals(await Deno.readFile(`${out}/${file}`), await Deno.readFile(`${folder}/whole/${file}`), file);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
