import { assertEquals } from "@std/assert";
import { request } from "../../../src/data/fetch/request.ts";
import { serve, someBytes, withRange } from "./_server.ts";

Deno.test("request() gives the rest of a file, its whole size, and all of it where that is not known", async () => {
  const content = someBytes(1000);
  await using server = serve((asked) => asked.path === "/rest" ? withRange(content, asked) : new Response(content));
  for (const [path, from] of [["rest", 900], ["whole", 0]] as const) {
    await using answer = await request(`${server.address}/${path}`, { from: 900, patience: 1000 });
    let bytes = 0;
    for await (const piece of answer.pieces()) bytes += piece.length;
    assertEquals([answer.from, answer.bytes, bytes], [from, 1000, 1000 - from]);
  }
});

Deno.test("request() leaves no timer behind when the answer is not read", async () => {
  await using server = serve(() => new Response(someBytes(1000)));
  await using answer = await request(server.address, { from: 0, patience: 60_000 });
  assertEquals(answer.bytes, 1000);
});
