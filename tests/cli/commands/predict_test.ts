import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { inTrained } from "../../pipelines/_folder.ts";
import { writePictures } from "../../pipelines/_pictures.ts";
import { assertFails, rootstock, rootstockJson } from "../_command.ts";

Deno.test("predict classifies an IDX file as it does the dataset's test images", () =>
  inTrained(async ({ data, trained }) => {
    const args = ["predict", "--from", trained, "--top", "3"];
    const { predictions } = await rootstockJson([...args, `${data}/test-images.idx`]);
    assertEquals([predictions.length, predictions[0].top.length], [40, 3]);
    assertEquals((await rootstockJson([...args, "--data", data])).predictions, predictions);
    await assertFails(args, 2, ["--data"]);
    await assertFails([...args, "--csv", "--jsonl", "x.png"], 2, ["--csv", "--jsonl"]);
    await assertFails([...args, `${data}/info.json`], 1, ["info.json", "PNG"]);
    await assertFails([...args, `${data}/absent.png`], 1, ["absent.png"]);
    await assertFails([...args, `${data}/*.gif`], 1, ["*.gif", "no picture"]);
  }));

Deno.test("predict keeps the pictures of a dataset decoded where --cache says", () =>
  inTrained(async ({ folder, data, trained }) => {
    const cache = `${folder}/cache`;
    const photos = `${folder}/photos`;
    for (const name of ["a", "b"]) await writePictures(data, `${photos}/${name}`, 5);
    await rootstockJson(["predict", "--from", trained, "--data", photos, "--cache", cache]);
    assert((await Array.fromAsync(Deno.readDir(`${cache}/v1/contents`))).length > 0);
  }));

Deno.test("predict takes folders and patterns; a broken picture is one line, the others are answered", () =>
  inTrained(async ({ folder, data, trained }) => {
    const pictures = `${folder}/pictures`;
    const paths = await writePictures(data, pictures, 6);
    const { predictions } = await rootstockJson(["predict", "--from", trained, pictures]);
    assertEquals(predictions.map(({ image }: { image: string }) => image), paths);
    await Deno.writeTextFile(`${pictures}/002b.jpg`, "no picture");
    const { code, out, error } = await rootstock([
      "predict",
      "--from",
      trained,
      "--jsonl",
      `${pictures}/**/*.{png,jpg}`,
    ]);
    assertEquals(code, 1);
    assertEquals(out.trimEnd().split("\n").map((line) => JSON.parse(line)), predictions);
    assertEquals(error.trimEnd().split("\n").length, 1);
    assertStringIncludes(error, "002b.jpg");
    const csv = await rootstock(["predict", "--from", trained, "--csv", ...paths]);
    assertEquals([csv.code, csv.error], [0, ""]);
    const [heading, ...rows] = csv.out.trimEnd().split("\n");
    assertEquals(heading, "image,class,probability");
    assert(rows.every((row, i) => row.startsWith(`${paths[i]},${predictions[i].class},`)));
  }));
