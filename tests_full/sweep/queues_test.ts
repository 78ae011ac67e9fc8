import { testContract } from "../../tests/queue/_contract.ts";
import { openQueue } from "../../src/queue/mod.ts";
import { Server, type ServerKind } from "./_servers.ts";

// Each server is started for the first test, and killed after the last.
for (const kind of ["redis", "postgres"] satisfies ServerKind[]) {
  const server = new Server(kind);
  Deno.test.beforeAll(() => server.start());
  Deno.test.afterAll(() => server.remove());
  let spaces = 0;
  for (const tls of [false, true]) {
    testContract({
      name: tls ? `${kind} with TLS` : kind,
      leaseSeconds: 0.6,
      use(test) {
        const space = `team${spaces++}`;
        return test((options) => openQueue(server.url(space, { tls }), options));
      },
    });
  }
}
