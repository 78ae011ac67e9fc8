import { assert, assertEquals, assertMatch } from "@std/assert";
import { openBoard } from "../../src/queue/mod.ts";
import { jobOf } from "../../tests/queue/_contract.ts";
import { type ServerKind, withServer } from "./_servers.ts";

for (const kind of ["redis", "postgres"] satisfies ServerKind[]) {
  Deno.test(`${kind}: the board shows a queue to this machine, and changes nothing`, () =>
    withServer(kind, async (server) => {
      const queue = await server.open("board");
      await queue.enqueue([jobOf(1), jobOf(2)]);
      await (await queue.claim("anna"))!.finish(1);
      await using board = await openBoard(server.url("board"), { port: 0 });
      const page = await (await fetch(board.url)).text();
      assertMatch(page, /<title>Rootstock<\/title>/);
      const [, script] = /<script[^>]* src="([^"]+\.js)"/.exec(page)!;
      const asset = await fetch(new URL(script!, board.url));
      assertEquals(asset.status, 200);
      assert((await asset.text()).length > 10_000);
      const api = `${board.url}api/queues`;
      const { queues: [shown] } = await (await fetch(`${api}?activeQueue=jobs&status=latest&page=1`)).json();
      assertEquals([shown.counts.completed, shown.counts.waiting, shown.jobs.length], [1, 1, 2]);
      assert(!JSON.stringify(shown).includes("s3cret"));
      // What would change something is refused, as is a page that calls this machine by another name.
      for (const action of ["pause", "retry/completed", "empty"]) {
        const { status, body } = await fetch(`${api}/jobs/${action}`, { method: "PUT" });
        await body?.cancel();
        assert(status >= 400, action);
      }
      const { hostname, port } = new URL(board.url);
      assertMatch(await ask(hostname, Number(port), "evil.example"), /^HTTP\/1\.1 403 /);
      assertEquals((await queue.list()).map(({ state }) => state).sort(), ["finished", "waiting"]);
      await queue.close();
    }));
}

/** Asks for a page by another name of the host. */
async function ask(hostname: string, port: number, host: string): Promise<string> {
  using connection = await Deno.connect({ hostname, port });
  const request = `GET /api/queues HTTP/1.1\r\nHost: ${host}:${port}\r\nConnection: close\r\n\r\n`;
  await connection.write(new TextEncoder().encode(request));
  const buffer = new Uint8Array(4096);
  return new TextDecoder().decode(buffer.subarray(0, await connection.read(buffer) ?? 0));
}
