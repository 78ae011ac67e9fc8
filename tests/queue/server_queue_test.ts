import { assertEquals, assertMatch } from "@std/assert";
import { fileURLToPath } from "node:url";

// What a queue does over real servers is tested by tests_full/sweep/queues_test.ts, with tests/queue/_contract.ts.

async function open(url: string, ...permissions: string[]): Promise<string> {
  const script = fileURLToPath(new URL("./_open.ts", import.meta.url));
  const args = ["run", "--no-prompt", "--no-check", "--quiet", "--allow-read", "--ignore-env", ...permissions, script];
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), { args: [...args, url] }).output();
  const decoder = new TextDecoder();
  return decoder.decode(stdout) + decoder.decode(stderr);
}

Deno.test("a server that is not there, and one that may not be reached, are named in a line", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  listener.close();
  const host = `127.0.0.1:${port}`;
  const [redis, postgres, forbidden] = await Promise.all([
    open(`redis://:secret@${host}`, `--allow-net=${host}`),
    open(`postgres://me:secret@${host}`, `--allow-net=${host}`),
    open(`redis://:secret@${host}`),
  ]);
  assertMatch(redis!, new RegExp(`^Cannot open queue redis://:…@${host}: [^\n]*ECONNREFUSED[^\n]*\n$`));
  assertMatch(postgres!, new RegExp(`^Cannot open queue postgres://me:…@${host}: [^\n]*ECONNREFUSED[^\n]*\n$`));
  assertEquals(
    forbidden,
    `Cannot reach ${host}: this task may not; expected deno task sweep:net, worker:net, compare:net or pretrain:net, with $ROOTSTOCK_QUEUE (docs/scale.md)\n`,
  );
});
