import { assertEquals } from "@std/assert";
import { openPart } from "../../../src/data/fetch/part.ts";
import { makeLink } from "../../run/_traps.ts";
import { assertDataError, withFolder } from "../_folder.ts";

Deno.test("openPart() keeps what is there, appends, and moves the whole", () =>
  withFolder(async (folder) => {
    await Deno.writeFile(`${folder}/a.part`, Uint8Array.of(1, 2));
    using part = await openPart(`${folder}/a.part`);
    assertEquals(await part.size(), 2);
    await part.append(Uint8Array.of(3));
    await part.moveTo(`${folder}/a`);
    assertEquals(await Deno.readFile(`${folder}/a`), Uint8Array.of(1, 2, 3));
  }));

Deno.test("openPart() refuses a link, and a file that someone works on", () =>
  withFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/precious`, "kept");
    await makeLink(`${folder}/precious`, `${folder}/a.part`);
    await assertDataError(() => openPart(`${folder}/a.part`), "a.part", "no regular file");
    assertEquals(await Deno.readTextFile(`${folder}/precious`), "kept");
    using _first = await openPart(`${folder}/b.part`);
    await assertDataError(() => openPart(`${folder}/b.part`), "another process");
  }));
