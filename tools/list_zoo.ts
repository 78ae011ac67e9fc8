/**
 * Renews `data/published.json`: the checksums of the cards of the project's zoo, by which `zoo fetch` knows it.
 *
 * @module
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { sha256 } from "../src/formats/mod.ts";
import { type CardFile, listZoo, zooFolder } from "../src/zoo/mod.ts";

const LIST = fileURLToPath(new URL("../data/published.json", import.meta.url));

/**
 * Measures the cards of a zoo.
 *
 * @param folder The zoo; that of the project if left out.
 * @returns Length and checksum of each card, by the name of its entry.
 */
export async function measureCards(folder: string = zooFolder()): Promise<Record<string, CardFile>> {
  const cards: Record<string, CardFile> = {};
  for (const { name } of (await listZoo(folder)).cards) {
    const bytes = await Deno.readFile(join(folder, name, "card.json"));
    cards[name] = { sha256: await sha256(bytes), sizeBytes: bytes.length };
  }
  return cards;
}

if (import.meta.main) {
  await Deno.writeTextFile(LIST, `${JSON.stringify(await measureCards(), null, 2)}\n`);
  console.log(LIST);
}
