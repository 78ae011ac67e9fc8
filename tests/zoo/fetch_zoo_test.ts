import { assert, assertEquals, assertRejects } from "@std/assert";
import { DataError } from "../../src/data/mod.ts";
import { fetchZoo, verifyZoo } from "../../src/zoo/mod.ts";
import { serve } from "../data/fetch/_server.ts";

const DATA = new URL("../../data", import.meta.url);
const NAME = "math-symbols";

/** Serves the project's own data/, with a change to what is sent. */
function serveData(change: (path: string, bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>) {
  return serve(async ({ path }) => new Response(change(path, await Deno.readFile(new URL(`${DATA}${path.slice(5)}`)))));
}

const out = await Deno.makeTempDir({ prefix: "zoo-" });

Deno.test.afterAll(() => Deno.remove(out, { recursive: true }));

Deno.test("fetchZoo() refuses what is not the published file, and leaves no entry", async () => {
  await using server = serveData((path, bytes) => {
    if (path.endsWith("network.safetensors")) bytes[bytes.length - 1]! ^= 1;
    return bytes;
  });
  const words = `Cannot fetch zoo/${NAME}/network.safetensors: what ${new URL(server.address).host} gives is not the`;
  await assertRejects(() => fetchZoo({ from: `${server.address}/data`, names: [NAME], out }), DataError, words);
  const [entry] = await verifyZoo(undefined, `${out}/zoo`);
  assertEquals(entry?.isSound, false);
});

Deno.test("fetchZoo() goes on with what is missing, and gives a sound entry", async () => {
  await using server = serveData((_, bytes) => bytes);
  const fetched = await fetchZoo({ from: `${server.address}/data/`, names: [NAME], out });
  assertEquals([fetched.zoo, fetched.entries], [`${out}/zoo`, [NAME]]);
  assert(server.requests.some(({ path }) => path === `/data/zoo/${NAME}/network.safetensors`));
  assert(!server.requests.some(({ path }) => path.endsWith("embedding.safetensors")), "it was there");
  assertEquals((await verifyZoo(undefined, `${out}/zoo`)).map(({ name, isSound }) => [name, isSound]), [[NAME, true]]);
});

Deno.test("fetchZoo() names what it cannot use", async () => {
  await assertRejects(
    () => fetchZoo({ from: "https://x.invalid/", names: ["math-symbol"] }),
    DataError,
    "math-symbols",
  );
  await assertRejects(() => fetchZoo({ from: "data/", names: [NAME], out }), DataError, 'from "data/": expected an');
});
