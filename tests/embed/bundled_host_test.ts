import { assertEquals, assertRejects } from "@std/assert";
import { HOST } from "../../src/embed/bundled_host.ts";
import { readText } from "../rules/_sources.ts";

Deno.test("bundles have other files in the place of Deno's own, and a host that has nothing", async () => {
  const { imports } = JSON.parse(await readText("tools/embed.json")) as { imports: Record<string, string> };
  for (const path of Object.entries(imports).flat()) await readText(path.replace("../", ""));
  assertEquals(Object.keys(imports), ["../src/engine/host.ts", "../src/embed/own_code.js"]);
  await assertRejects(() => HOST.load("single"), Error, "expected it to be asked for");
});
