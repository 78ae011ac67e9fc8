import { assertEquals } from "@std/assert";
import { findPictures } from "../../src/data/find_pictures.ts";
import { makeLink } from "../run/_traps.ts";
import { assertDataError, withFolder } from "./_folder.ts";

async function withTree(use: (folder: string) => Promise<void>): Promise<void> {
  await withFolder(async (folder) => {
    await Deno.mkdir(`${folder}/a/.hidden`, { recursive: true });
    await Deno.mkdir(`${folder}/b[1]`);
    for (const name of ["a/2.PNG", "a/10.jpg", "a/note.txt", "a/.hidden/x.png", "b[1]/c.webp", ".d.png", "a.png"]) {
      await Deno.writeTextFile(`${folder}/${name}`, "");
    }
    await use(folder);
  });
}

const find = (...operands: string[]) => Array.fromAsync(findPictures(operands));

Deno.test("findPictures() takes files as they are and folders with all below, in order", () =>
  withTree(async (folder) => {
    const inside = ["a/10.jpg", "a/2.PNG", "a.png", "b[1]/c.webp"].map((name) => `${folder}/${name}`);
    assertEquals(await find(folder), inside);
    assertEquals(await find(`${folder}/`), inside);
    assertEquals(await find(`${folder}/a/note.txt`, `${folder}/.d.png`, "absent.png"), [
      `${folder}/a/note.txt`,
      `${folder}/.d.png`,
      "absent.png",
    ]);
    await Deno.mkdir(`${folder}/empty`);
    await assertDataError(() => find(`${folder}/empty`), "empty", "no picture");
  }));

Deno.test("findPictures() expands patterns, and takes a file or folder whose name looks like one", () =>
  withTree(async (folder) => {
    assertEquals(await find(`${folder}/**/*.{jpg,webp}`), [`${folder}/a/10.jpg`, `${folder}/b[1]/c.webp`]);
    assertEquals(await find(`${folder}/*.png`), [`${folder}/a.png`]);
    assertEquals(await find(`${folder}/a/?.PNG`), [`${folder}/a/2.PNG`]);
    assertEquals(await find(`${folder}/b[1]`), [`${folder}/b[1]/c.webp`]);
    assertEquals(await find(`${folder}/b[1]/c.webp`), [`${folder}/b[1]/c.webp`]);
    await assertDataError(() => find(`${folder}/*.gif`), "*.gif", "no picture");
    assertEquals(await find("tests/data/find_pictures_tes[t].ts"), ["tests/data/find_pictures_test.ts"]);
    assertEquals(await find("deno.jso?"), ["deno.json"]);
  }));

Deno.test("findPictures() follows a link to a file and none to a folder", () =>
  withTree(async (folder) => {
    await makeLink(".", `${folder}/a/loop`);
    await makeLink("2.PNG", `${folder}/a/linked.png`);
    await makeLink("nowhere", `${folder}/a/broken.png`);
    assertEquals(await find(`${folder}/a`), ["10.jpg", "2.PNG", "linked.png"].map((name) => `${folder}/a/${name}`));
  }));
