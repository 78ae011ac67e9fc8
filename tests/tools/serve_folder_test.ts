import { assertEquals, assertMatch } from "@std/assert";
import { answerFrom } from "../../tools/_serve_folder.ts";

async function withFolder(work: (ask: (path: string, method?: string) => Promise<Response>) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  await Deno.writeTextFile(`${folder}/index.html`, "<!doctype html>");
  await Deno.writeTextFile(`${folder}/a-b.js`, "1");
  await Deno.writeTextFile(`${folder}/secret`, "2");
  await work((path, method = "GET") => answerFrom(folder, { method, url: `http://127.0.0.1${path}` }));
  await Deno.remove(folder, { recursive: true });
}

Deno.test("files have their type, and headers that isolate the page and let it do little", async () => {
  await withFolder(async (ask) => {
    for (const [path, type] of [["/", /^text\/html/], ["/a-b.js?1", /^text\/javascript/]] as const) {
      const response = await ask(path);
      assertEquals(response.status, 200);
      assertMatch(response.headers.get("content-type")!, type);
      assertEquals(response.headers.get("cross-origin-opener-policy"), "same-origin");
      assertEquals(response.headers.get("cross-origin-embedder-policy"), "require-corp");
      assertMatch(
        response.headers.get("content-security-policy")!,
        /^default-src 'self'; script-src 'self' 'wasm-unsafe/,
      );
      await response.body?.cancel();
    }
    assertEquals(await (await ask("/", "HEAD")).text(), "");
  });
});

Deno.test("nothing else is given away", async () => {
  await withFolder(async (ask) => {
    for (const path of ["/secret", "/no.js", "/../deno.json", "/%2e%2e/deno.json", "/a/b.js", "//a-b.js"]) {
      assertEquals((await ask(path)).status, 404, path);
    }
    assertEquals((await ask("/", "POST")).status, 405);
  });
});
