import { assertEquals } from "@std/assert";
import { lookAt } from "../../../src/data/files.ts";
import { labelsTableReader } from "../../../src/data/readers/labels_table.ts";
import { assertDataError, withFolder } from "../_folder.ts";
import { contents, list, writeTree } from "./_listing.ts";

const PICTURES = { "p/a.jpg": "A", "p/b.jpg": "B", "c.jpg": "C" };
const TABLE = "file,label,split\np/b.jpg,dog,train\nc.jpg,cat,train\np/a.jpg,cat,Test\n";

Deno.test("labelsTableReader keeps the order of the rows, and reads pictures beside the table", async () => {
  await withFolder(async (folder) => {
    const lines = TABLE.split("\n").slice(1, -1).map((line) => line.split(","));
    const json = lines.map(([path, label, split]) => JSON.stringify({ path, label, split })).join("\n");
    await writeTree(folder, { ...PICTURES, "t.csv": TABLE, "t.jsonl": json, "table": TABLE });
    for (const name of ["t.csv", "t.jsonl", "table"]) {
      const listing = await list(`${folder}/${name}`);
      assertEquals(listing.classes, ["cat", "dog"]);
      assertEquals(await contents(listing), [["train", 1, "B"], ["train", 0, "C"], ["test", 0, "A"]]);
      assertEquals(listing.pictures[0]!.name, "p/b.jpg");
    }
    const found = (await lookAt(`${folder}/t.csv`))!;
    const files = [`${folder}/t.csv`, `${folder}/p/b.jpg`, `${folder}/c.jpg`, `${folder}/p/a.jpg`];
    assertEquals(await labelsTableReader.filesOf!(found), files);
    await writeTree(folder, { "info.json": '{"classes": ["dog", "cat"]}' });
    assertEquals((await list(`${folder}/t.csv`)).classes, ["dog", "cat"]);
    assertEquals((await labelsTableReader.filesOf!(found))![1], `${folder}/info.json`);
  });
});

Deno.test("labelsTableReader makes a missing picture its own trouble", async () => {
  await withFolder(async (folder) => {
    await writeTree(folder, { "c.jpg": "C", "t.csv": TABLE });
    const [first, second] = await contents(await list(`${folder}/t.csv`));
    assertEquals(first![2], `Cannot read ${folder}/p/b.jpg: there is no such file or folder`);
    assertEquals(second![2], "C");
  });
});

Deno.test("labelsTableReader refuses paths that lead elsewhere, unknown parts and labels that differ", async () => {
  await withFolder(async (folder) => {
    const fails = async (rows: string, ...words: string[]) => {
      await writeTree(folder, { "t.csv": `path,label,split\n${rows}\n` });
      await assertDataError(() => list(`${folder}/t.csv`), `${folder}/t.csv: `, ...words);
    };
    for (
      const path of [
        "/etc/passwd",
        "../x.jpg",
        "a/../../x.jpg",
        "C:\\x.jpg",
        "https://x/y.jpg",
        "..\\x.jpg",
        "\\\\x\\y",
        "x\0.jpg",
      ]
    ) {
      await fails(`${path},a,train`, "row 1 names", "within the table's folder");
    }
    await fails("a.jpg,a,train\nb.jpg,b,fold3", 'row 2 has part "fold3"');
    await fails("a.jpg,a,train\na.jpg,b,train", "row 2 gives a.jpg another label than row 1");
    for (const same of ["./p/a.jpg", "p//a.jpg", "p/./a.jpg"]) {
      await fails(`p/a.jpg,a,train\n${same},b,train`, `row 2 gives ${same} another label than row 1`);
    }
    await fails("a.jpg,a,train\nb.jpg,b,train\na.jpg,a,test", "row 3 gives a.jpg another part than row 1");
    await fails("a.jpg,a,test\nb.jpg,b,test", "none of them to train on");
    await Deno.writeFile(`${folder}/t.csv`, Uint8Array.of(0xff, 0xfe));
    await assertDataError(() => list(`${folder}/t.csv`), "no text in UTF-8");
  });
});
