import { assert, assertEquals } from "@std/assert";
import { embeddedFolder, shippedPath } from "../../src/data/registry.ts";
import { embeddedNames } from "../../src/data/mod.ts";

Deno.test("embeddedFolder() gives an absolute folder that exists for each name, and nothing for others", async () => {
  for (const name of embeddedNames) {
    const folder = embeddedFolder(name)!;
    assert((await Deno.stat(folder)).isDirectory);
    assert(folder.startsWith("/") || /^[A-Z]:/.test(folder));
  }
  for (const name of ["", "..", "fashion", "recipe", "../data/uci-digits"]) {
    assertEquals(embeddedFolder(name), undefined);
  }
});

Deno.test("shippedPath() leads beside the code, and to what was fetched where the code came without data", async () => {
  assert((await Deno.stat(shippedPath("zoo"))).isDirectory);
  for (const code of ["https://host/rootstock/src/data/registry.ts", "file:///nowhere/src/data/registry.ts"]) {
    assertEquals(shippedPath("zoo", code), "runs/data/zoo");
  }
});
