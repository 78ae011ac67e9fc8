import { assertEquals } from "@std/assert";
import { inRounds, referenceRounds, supernetOf } from "../../tests/rounds/_rounds.ts";
import { spawnSweep } from "../../tests/cli/commands/_sweep.ts";
import { type ServerKind, withServer } from "../sweep/_servers.ts";
import { commandFor } from "./_command.ts";

for (const kind of ["redis", "postgres"] satisfies ServerKind[]) {
  Deno.test(`${kind} keeps the queue of a pretraining in rounds, which ends in the bits of one process`, () =>
    withServer(kind, (server) =>
      inRounds(async (folder, data) => {
        const one = await referenceRounds();
        const out = `${folder}/many`;
        const launch = { permissions: [`--allow-net=127.0.0.1:${server.port}`, "--ignore-env"] };
        const queue = ["--queue", server.url("rounds")];
        const workers = [1, 2].map(() =>
          spawnSweep(["worker", ...queue, "--out", out, "--threads", "1", "--quiet"], folder, launch)
        );
        const { code, stderr } = await spawnSweep([...commandFor(out, data), ...queue], folder, launch).output();
        workers.forEach((worker) => worker.kill("SIGINT"));
        const codes = await Promise.all(workers.map(async (worker) => (await worker.output()).code));
        assertEquals([code, ...codes], [0, 130, 130], new TextDecoder().decode(stderr));
        assertEquals(await supernetOf(out), one.supernet);
      })));
}
