import { assert } from "@std/assert";
import { fileURLToPath } from "node:url";
import { decodeNetwork } from "../../src/formats/mod.ts";
import { attackNetwork } from "../../tests/formats/_attack.ts";

const ZOO = fileURLToPath(new URL("../../data/zoo/", import.meta.url));

Deno.test("30,000 damaged files of networks are refused in one line, or are what was written", async () => {
  const file = `${ZOO}gtsrb20/network.safetensors`;
  const { description, tensors } = await decodeNetwork(await Deno.readFile(file), { file });
  // A few tensors of each kind: with all of them nearly every change would meet a weight.
  const few = [...tensors].filter(([name]) => /^(stem|classifier|cells\.0\._ops\.[01])\./.test(name));
  const { read, refused } = await attackNetwork({ description, tensors: new Map(few) }, { count: 30_000, seed: 2026 });
  assert(read > 0 && refused > 10_000, `${read} read, ${refused} refused`);
});
