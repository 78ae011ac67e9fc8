import { assertEquals } from "@std/assert";
import { buildClassTree, findInfo, isPictureName } from "../../../src/data/readers/class_tree.ts";
import type { DatasetInfo } from "../../../src/data/info.ts";
import { assertDataError } from "../_folder.ts";

/** A path that ends in a slash is a folder. */
const items = (...paths: string[]) => paths.map((path) => ({ path, isFolder: path.endsWith("/") }));

const build = (paths: string[], info: DatasetInfo = {}) =>
  buildClassTree(items(...paths), { path: "set", info, infoOrigin: "set/info.json" });

const show = ({ classes, pictures }: ReturnType<typeof build>) =>
  pictures.map(({ name, part, label }) => `${part} ${classes[label]} ${name}`);

const fails = (paths: string[], ...words: string[]) =>
  assertDataError(() => Promise.resolve().then(() => build(paths)), "set", ...words);

Deno.test("buildClassTree() sorts classes and pictures by code units", () => {
  const tree = build(["b/2.jpg", "b/10.jpg", "B/x.png", "a/sub/y.gif", "a/z.gif"]);
  assertEquals(tree.classes, ["B", "a", "b"]);
  assertEquals(show(tree), [
    "train B B/x.png",
    "train a a/sub/y.gif",
    "train a a/z.gif",
    "train b b/10.jpg",
    "train b b/2.jpg",
  ]);
  assertEquals(tree.items, [2, 3, 4, 1, 0]);
  assertEquals(build(["2/a.jpg", "10/a.jpg"]).classes, ["10", "2"]);
});

Deno.test("buildClassTree() knows the names of parts in any case", () => {
  for (
    const [names, part] of [[["test", "Testing"], "test"], [["VAL", "valid", "validation"], "validation"]] as const
  ) {
    for (const name of names) {
      const tree = build(["Training/a/1.jpg", "Training/b/1.jpg", `${name}/b/1.jpg`]);
      assertEquals(show(tree), ["train a Training/a/1.jpg", "train b Training/b/1.jpg", `${part} b ${name}/b/1.jpg`]);
    }
  }
});

Deno.test("buildClassTree() takes a folder with the name of a part for a class where it is one", () => {
  assertEquals(build(["bus/1.jpg", "train/1.jpg"]).classes, ["bus", "train"]);
});

Deno.test("buildClassTree() steps through folders that hold everything", () => {
  const tree = build(["x/photos/a/1.jpg", "x/photos/b/1.jpg", "x/readme.txt", "x/photos/"]);
  assertEquals(show(tree), ["train a x/photos/a/1.jpg", "train b x/photos/b/1.jpg"]);
  assertEquals(tree.ignored, ["x/readme.txt"]);
  assertEquals(build(["x/train/a/1.jpg", "x/train/b/1.jpg", "x/test/a/1.jpg"]).pictures.length, 3);
});

Deno.test("buildClassTree() passes over files of the system, and counts what is no picture of a class", () => {
  const hidden = ["__MACOSX/a/._1.jpg", "a/.x.jpg", ".git/a/1.jpg", "a/Thumbs.db", "a/desktop.ini", "a/@eaDir/1.jpg"];
  const tree = build(["a/1.jpg", "b/1.jpg", "cover.jpg", "a/notes.txt", "info.json", ...hidden]);
  assertEquals(tree.pictures.length, 2);
  assertEquals(tree.ignored, ["a/notes.txt", "cover.jpg"]);
});

Deno.test("buildClassTree() composes characters, so that archives of every system agree", () => {
  const tree = build(["e\u0301/1.jpg", "a/1.jpg", "\u00e9/2.jpg"]);
  assertEquals(tree.classes, ["a", "\u00e9"]);
  assertEquals(tree.pictures.map(({ name }) => name), ["a/1.jpg", "\u00e9/1.jpg", "\u00e9/2.jpg"]);
});

Deno.test("buildClassTree() lets no control character out", async () => {
  const tree = build(["a\u001b[2J/1.jpg", "b/\u0007x.jpg"]);
  assertEquals(tree.classes, ["a [2J", "b"]);
  assertEquals(tree.pictures[1]!.name, "b/ x.jpg");
  await fails(["\u0007/1.jpg", "a/1.jpg"], "nothing that can be printed");
  await fails(
    ["train/a\u009b.jpg", "train/b/1.jpg"],
    "train/a .jpg stands in no class folder, expected train/CLASS/a .jpg",
  );
});

Deno.test("buildClassTree() takes the last of two items of one path", () => {
  assertEquals(build(["a/1.jpg", "b/1.jpg", "a/1.jpg"]).items, [2, 1]);
});

Deno.test("buildClassTree() gives classes the order of the information", async () => {
  const tree = build(["a/1.jpg", "b/1.jpg", "c/1.jpg"], { classes: ["c", "a", "b"] });
  assertEquals(show(tree), ["train c c/1.jpg", "train a a/1.jpg", "train b b/1.jpg"]);
  assertEquals(tree.pictures.map(({ label }) => label), [0, 1, 2]);
  for (
    const [classes, word] of [[["a", "b", "x"], '"x"'], [["a", "b"], '"c"'], [["a", "b", "c", "d"], '"d"']] as const
  ) {
    await assertDataError(
      () => Promise.resolve().then(() => build(["a/1.jpg", "b/1.jpg", "c/1.jpg"], { classes: [...classes] })),
      "set/info.json",
      word,
    );
  }
});

Deno.test("buildClassTree() says what is wrong with a tree", async () => {
  await fails([], "found no file, expected class folders");
  await fails(["a/1.txt", "b/1.txt"], "2 files, none of them a picture");
  await fails(["1.jpg", "2.jpg"], "2 pictures stand in no class folders");
  await fails(["a/1.jpg", "a/2.jpg"], 'found one class ("a"), expected 2 to 256');
  await fails(Array.from({ length: 257 }, (_, i) => `c${i}/1.jpg`), "257 classes");
  await fails(
    ["train/a/1.jpg", "train/b/1.jpg", "test/1.jpg"],
    "test/1.jpg stands in no class folder",
    "test/CLASS/1.jpg",
  );
  await fails(["train/a/1.jpg", "train/b/1.jpg", "extra/a/1.jpg"], "beside train", "pictures in extra");
  await fails(["test/a/1.jpg", "test/b/1.jpg"], "found test pictures only");
});

Deno.test("buildClassTree() names a class that has nothing to learn from, and where it has pictures", async () => {
  await fails(["a/1.jpg", "b/1.jpg", "c/", "c/x.txt"], 'class "c" has no pictures');
  await fails(["train/a/1.jpg", "train/b/1.jpg", "test/c/1.jpg"], 'class "c" has pictures in test, but none in train');
  await fails(["train/a/1.jpg", "train/b/1.jpg", "train/c/"], 'class "c" has no pictures');
  // A part may lack one.
  assertEquals(build(["train/a/1.jpg", "train/b/1.jpg", "test/b/", "test/a/1.jpg"]).pictures.length, 3);
});

Deno.test("findInfo() finds the information at the root or beside the classes", () => {
  assertEquals(findInfo(items("a/1.jpg", "b/1.jpg", "info.json")), 2);
  assertEquals(findInfo(items("x/a/1.jpg", "info.json", "x/b/1.jpg", "x/info.json")), 3);
  assertEquals(findInfo(items("x/a/1.jpg", "info.json", "x/b/1.jpg")), 1);
  assertEquals(findInfo(items("a/1.jpg", "b/1.jpg", "b/info.json")), undefined);
});

Deno.test("isPictureName() goes by the ending", () => {
  for (const name of ["a.jpg", "A.JPEG", "a.tif", "x.heic", "a.apng", "b/c.ppm"]) {
    assertEquals(isPictureName(name), true, name);
  }
  for (const name of ["jpg", "a.jpg.txt", "a.json", "a.svg", ""]) assertEquals(isPictureName(name), false, name);
});
