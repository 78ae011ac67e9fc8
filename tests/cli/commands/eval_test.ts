import { assertEquals } from "@std/assert";
import { inTrained } from "../../pipelines/_folder.ts";
import { assertFails, rootstockJson } from "../_command.ts";

Deno.test("eval finds the accuracy that the training reported", () =>
  inTrained(async ({ folder, data, trained, result }) => {
    assertEquals((await rootstockJson(["eval", "--from", trained])).testAccuracy, result.testAccuracy);
    assertEquals((await rootstockJson(["eval", "--from", trained, "--data", data])).count, 40);
    await assertFails(["eval"], 2, ["--from"]);
    await assertFails(["eval", "--from", folder], 1, ["network.safetensors"]);
    await assertFails(["eval", "--from", trained, "--data", "sign-language-digits"], 1, ["3 channels"]);
  }));
