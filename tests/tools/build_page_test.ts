import { assert, assertEquals } from "@std/assert";
import { readText } from "../rules/_sources.ts";

Deno.test("the page has the packages of the project, in their versions", async () => {
  const { imports: own, compilerOptions } = JSON.parse(await readText("tools/page.json"));
  const { imports: all } = JSON.parse(await readText("deno.json"));
  const browser = JSON.parse(await readText("tools/browser.json"));
  const { imports: embed } = JSON.parse(await readText("tools/embed.json"));
  for (const [name, target] of Object.entries(own)) {
    if (name in embed) assertEquals(target, embed[name], name);
    else if (name in all) assertEquals(target, all[name], name);
    else assertEquals(name, "comlink");
  }
  assert(Object.keys(embed).every((name) => name in own));
  assertEquals(compilerOptions, browser.compilerOptions);
});

Deno.test("the page's document has neither scripts nor styles of its own, and asks nobody else", async () => {
  const html = await readText("page/index.html");
  assert(html.includes('content="POLICY"'));
  assert(!/<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=|https?:/.test(html));
});

Deno.test("every control of the page has a name", async () => {
  const html = await readText("page/index.html");
  const labelled = new Set(Array.from(html.matchAll(/<label[^>]*\bfor="([\w-]+)"/g), ([, id]) => id));
  const within = Array.from(html.matchAll(/<label[^>]*>(?:(?!<\/label>)[\s\S])*<\/label>/g), ([label]) => label).join();
  const controls = Array.from(html.matchAll(/<(?:input|select|canvas|video|progress)\b[^>]*>/g), ([tag]) => tag);
  assert(controls.length > 10);
  const unnamed = controls.filter((tag) => {
    const [, id] = /\bid="([\w-]+)"/.exec(tag) ?? [];
    return !tag.includes("aria-label=") && !labelled.has(id) && !within.includes(tag);
  });
  assertEquals(unnamed, []);
});
