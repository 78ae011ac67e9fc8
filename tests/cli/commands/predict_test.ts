import { assertEquals } from "@std/assert";
import { inTrained } from "../../pipelines/_folder.ts";
import { assertFails, rootstockJson } from "../_command.ts";

Deno.test("predict classifies an IDX file as it does the dataset's test images", () =>
  inTrained(async ({ data, trained }) => {
    const args = ["predict", "--from", trained, "--top", "3"];
    const { predictions } = await rootstockJson([...args, `${data}/test-images.idx`]);
    assertEquals([predictions.length, predictions[0].top.length], [40, 3]);
    assertEquals((await rootstockJson([...args, "--data", data])).predictions, predictions);
    await assertFails(args, 2, ["--data"]);
    await assertFails([...args, `${data}/info.json`], 1, ["info.json", "PNG"]);
    await assertFails([...args, `${data}/absent.png`], 1, ["absent.png"]);
  }));
