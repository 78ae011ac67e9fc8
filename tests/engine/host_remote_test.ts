import { assertEquals, assertMatch } from "@std/assert";
import { serve } from "../data/fetch/_server.ts";

const ROOT = new URL("../../", import.meta.url);

/** Runs a script of code that comes from an address, as that of an installed package does. */
async function runRemote(permissions: (host: string) => readonly string[]): Promise<{ out: string; error: string }> {
  const types: Record<string, string> = {
    ts: "application/typescript",
    js: "text/javascript",
    wasm: "application/wasm",
  };
  await using server = serve(async ({ path }) => {
    const headers = { "content-type": types[path.split(".").at(-1)!]! };
    return new Response(await Deno.readFile(new URL(`.${path}`, ROOT)), { headers });
  });
  const folder = await Deno.makeTempDir({ prefix: "remote-" });
  try {
    await Deno.writeTextFile(
      `${folder}/main.ts`,
      `import { Engine } from "${server.address}/src/engine/mod.ts";
const engine = await Engine.start({ build: "strict", threads: 2 });
console.log(engine.build, engine.threads);
engine.close();
`,
    );
    const host = new URL(server.address).host;
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "--no-prompt",
        "--no-check",
        "--no-config",
        `--allow-import=${host}`,
        ...permissions(host),
        "main.ts",
      ],
      cwd: folder,
      env: { DENO_DIR: `${folder}/cache` },
    }).output();
    const decoder = new TextDecoder();
    return { out: decoder.decode(stdout), error: decoder.decode(stderr) };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("an engine whose code comes from an address fetches its kernels there, threads included", async () => {
  const { out, error } = await runRemote((host) => [`--allow-net=${host}`]);
  assertEquals(out, "strict 2\n", error);
});

Deno.test("an engine that may not fetch its kernels says what to allow", async () => {
  const { out, error } = await runRemote(() => []);
  assertEquals(out, "");
  assertMatch(
    error,
    /Cannot load the strict kernels: http:\S+ cannot be fetched: allow it with --allow-net=127\.0\.0\.1:\d+\n/,
  );
});
