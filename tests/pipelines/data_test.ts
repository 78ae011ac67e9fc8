import { assertEquals, assertRejects } from "@std/assert";
import { DataError } from "../../src/data/mod.ts";
import { inspectData } from "../../src/pipelines/data.ts";
import { inDigits } from "./_folder.ts";

Deno.test("inspectData() describes a folder and refuses one that is not there", () =>
  inDigits(async (folder, data) => {
    const { inspection: { train, test, classes, format }, pictures } = await inspectData(data);
    assertEquals([train, test, classes.length, format, pictures], [96, 40, 10, "idx", undefined]);
    await assertRejects(() => inspectData(`${folder}/absent`), DataError, "absent");
  }));
