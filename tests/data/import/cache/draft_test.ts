import { assertEquals } from "@std/assert";
import { namesIn } from "../../../../src/data/import/cache/cache_folder.ts";
import { Draft } from "../../../../src/data/import/cache/draft.ts";
import { withFolder } from "../../_folder.ts";

const longAgo = new Date(Date.now() - 3_600_000);

Deno.test("Draft.moveTo() moves a folder whole, and yields to what is there", async () => {
  await withFolder((folder) => {
    for (const text of ["first", "second"]) {
      using draft = Draft.begin(folder);
      Deno.writeTextFileSync(`${draft.folder}/file`, text);
      draft.moveTo(`${folder}/place`);
    }
    assertEquals(namesIn(folder), ["place"]);
    assertEquals(namesIn(`${folder}/place`), ["file"]);
    assertEquals(Deno.readTextFileSync(`${folder}/place/file`), "first");
    return Promise.resolve();
  });
});

Deno.test("Draft.sweep() removes what nobody is making any more, and nothing else", async () => {
  await withFolder((folder) => {
    const old = (name: string, files: string[]) => {
      Deno.mkdirSync(`${folder}/${name}`);
      for (const file of files) Deno.writeTextFileSync(`${folder}/${name}/${file}`, "");
      Deno.utimeSync(`${folder}/${name}`, longAgo, longAgo);
    };
    old("killed", ["lock", "pixels.bin"]);
    old("killed-at-once", []);
    Deno.mkdirSync(`${folder}/just-begun`);
    using draft = Draft.begin(folder);
    Deno.utimeSync(draft.folder, longAgo, longAgo);
    Draft.sweep(folder);
    assertEquals(namesIn(folder), ["just-begun", draft.folder.split("/").at(-1)!].sort());
    return Promise.resolve();
  });
});
