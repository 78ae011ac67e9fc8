import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { fileURLToPath } from "node:url";
import { inStudy, sweepJson } from "../../tests/cli/commands/_sweep.ts";
import { launchIn } from "../../tests/_launch.ts";
import { inNamespace, quoted } from "../faults/_faults.ts";
import { bytesOf } from "./_bytes.ts";
import { type ServerKind, withServer } from "./_servers.ts";

const MAIN = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));
const TRIALS = 2;

for (const kind of ["redis", "postgres"] satisfies ServerKind[]) {
  Deno.test(`a disk that is full sets no trial of ${kind}'s queue aside: each goes on when there is room, with the same bytes`, () =>
    inStudy({ repeats: TRIALS }, (folder, file) =>
      withServer(kind, async (server) => {
        const [one, disk, copy, cache] = ["one", "disk", "copy", "cache"].map((name) => `${folder}/${name}`);
        await sweepJson(["sweep", file, "--out", one!, "--threads", "1", "--cache", cache!], folder);
        await Deno.mkdir(disk!);
        const url = server.url("disk");
        const given = ["--queue", url, "--out", `${disk}/out`, "--cache", cache!];
        const permissions = [
          "--allow-read",
          "--allow-write",
          "--allow-net=127.0.0.1",
          `--allow-run=${Deno.execPath()}`,
        ];
        const run = (...args: string[]) =>
          quoted([
            Deno.execPath(),
            "run",
            "--no-prompt",
            "--no-check",
            "--ignore-env",
            ...permissions,
            ...launchIn().flags,
            MAIN,
            ...args,
            ...given,
          ]);
        const { code, out, error } = await inNamespace(`
          mount -t tmpfs -o size=256m none '${disk}' || exit 77
          ${run("sweep", file, "--workers", "0", "--quiet")} || exit 1
          mount -o remount,size=24k '${disk}' || exit 77
          ${run("worker", "--threads", "1", "--until-empty")} 2> '${folder}/said' & worker=$!
          until grep -q 'no space is left on the disk; goes on in' '${folder}/said'; do
            kill -0 $worker || exit 1; sleep 0.5
          done
          mount -o remount,size=256m '${disk}' || exit 77
          wait $worker; echo "ended $?"
          cp -r '${disk}/out' '${copy}'
        `);
        assertEquals(code, 0, `a namespace with a small disk is needed: ${error}`);
        assertStringIncludes(out, "ended 0");
        assertEquals(await bytesOf(copy!), await bytesOf(one!));
        const queue = await server.open("disk");
        const statuses = await queue.list();
        await queue.close();
        assertEquals(statuses.map(({ state }) => state), ["finished", "finished"]);
        const attempts = statuses.reduce((sum, status) => sum + status.attempts, 0);
        assert(attempts > TRIALS, "the disk was never full");
        console.log(`${kind}: ${attempts} attempts at ${TRIALS} trials`);
      })));
}
