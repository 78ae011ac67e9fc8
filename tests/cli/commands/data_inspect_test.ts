import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { decodeImage } from "../../../src/data/mod.ts";
import { withPictures } from "../../data/inspect/_folder.ts";
import { assertFails, rootstock, rootstockJson } from "../_command.ts";

Deno.test("data inspect describes an embedded dataset", async () => {
  const digits = await rootstockJson(["data", "inspect", "uci-digits"]);
  assertEquals([digits.train, digits.classes.length, digits.format], [1438, 10, "idx"]);
  await assertFails(["data", "inspect", "no-such-data"], 1, ["no-such-data", "uci-digits"]);
  await assertFails(["data", "inspect"], 2, ["NAME|PATH"]);
});

Deno.test("data inspect says what is wrong with a folder, and writes a page and a sheet", () =>
  withPictures(async (folder) => {
    const [html, sheet] = [`${folder}/page.html`, `${folder}/sheet.png`];
    const { code, out } = await rootstock(["data", "inspect", folder, "--html", html, "--sheet", sheet]);
    assertEquals(code, 0);
    for (
      const words of [
        "! LEAK: 1 image",
        "test/cat/leak.jpg",
        "broken.jpg",
        "next: deno task transfer",
        `written: ${html}`,
        `written: ${sheet}`,
      ]
    ) {
      assertStringIncludes(out, words);
    }
    assert(out.split("\n").length <= 40);
    assertStringIncludes(await Deno.readTextFile(html), "Leaks: learnt and tested on");
    const { height, width } = await decodeImage(await Deno.readFile(sheet), sheet);
    assertEquals([height, width], [2 + 3 * 66, 2 + 12 * 66]);
    await assertFails(["data", "inspect", folder, "--html", `${folder}/absent/page.html`, "--quiet"], 1, ["page.html"]);
  }));
