import { testContract } from "../../tests/queue/_contract.ts";
import { openQueue } from "../../src/queue/mod.ts";
import { Server, type ServerKind } from "./_servers.ts";

// Each server is started for the first test that is run, and killed after the last.
for (const kind of ["redis", "postgres"] satisfies ServerKind[]) {
  const server = new Server(kind);
  let started: Promise<void> | undefined;
  Deno.test.afterAll(() => started && server.remove());
  let spaces = 0;
  for (const tls of [false, true]) {
    testContract({
      name: tls ? `${kind} with TLS` : kind,
      leaseSeconds: 0.6,
      async use(test) {
        await (started ??= server.start());
        const space = `team${spaces++}`;
        await test((options) => openQueue(server.url(space, { tls }), options));
      },
    });
  }
}
