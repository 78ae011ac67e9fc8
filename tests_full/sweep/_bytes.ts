import { timeless } from "../../tests/pipelines/_runs.ts";

/** All of a study's trials that must be the same bits, whatever befell its workers. */
export async function bytesOf(out: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for await (const { name } of Deno.readDir(`${out}/trials`)) {
    const result = timeless(JSON.parse(await Deno.readTextFile(`${out}/trials/${name}/result.json`)));
    const digest = await crypto.subtle.digest(
      "SHA-256",
      await Deno.readFile(`${out}/trials/${name}/supernet.safetensors`),
    );
    found.set(name, JSON.stringify(result) + new Uint8Array(digest).toHex());
  }
  return found;
}
