import { assertEquals, assertRejects } from "@std/assert";
import { formatGenotype, randomGenotype } from "../../src/spaces/darts/genotype.ts";
import { readGenotype } from "../../src/stages/genotype_file.ts";
import { registerSpace } from "../../src/spaces/mod.ts";
import { LADDER } from "../spaces/_ladder.ts";

Deno.test("readGenotype() reads text and files, and names a file that is wrong", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const [genotype, file] = [randomGenotype(3), `${folder}/genotype.json`];
    await Deno.writeTextFile(file, JSON.stringify(genotype));
    assertEquals(await readGenotype(file, "darts"), genotype);
    assertEquals(await readGenotype(JSON.stringify(genotype), "darts"), genotype);
    assertEquals(await readGenotype(formatGenotype(genotype), "darts"), genotype);
    await Deno.writeTextFile(file, `{"normal": []}`);
    await assertRejects(() => readGenotype(file, "darts"), TypeError, file);
    await assertRejects(() => readGenotype(`${folder}/absent`, "darts"), Deno.errors.NotFound, "absent");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("readGenotype() reads the notation of any space, with brackets or without", async () => {
  registerSpace(LADDER);
  assertEquals(await readGenotype("skip-average", "ladder"), { steps: ["skip", "average"] });
  await assertRejects(() => readGenotype("skip-averag", "ladder"), Deno.errors.NotFound, "skip-averag");
});
