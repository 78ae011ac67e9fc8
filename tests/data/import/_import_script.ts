// An import in a process of its own, for tests that kill it: prints a byte for each picture, and its fingerprint at the end.
import { openDataset } from "../../../src/data/mod.ts";

const [photos, cache] = Deno.args as [string, string];
const say = (text: string) => Deno.stdout.writeSync(new TextEncoder().encode(text));
const { fingerprint } = await openDataset(photos, {
  cache,
  onProgress: ({ phase }) => phase === "decode" && say("."),
});
say(`\n${fingerprint}\n`);
