import { assert, assertEquals } from "@std/assert";
import { inDigits } from "../../pipelines/_folder.ts";
import { runSearch } from "../../pipelines/_runs.ts";
import { assertFails, rootstockJson } from "../_command.ts";

Deno.test("transfer refuses a wrong prior and a source that does not exist", () =>
  inDigits(async (folder, data) => {
    const args = ["transfer", "--target", data, "--out", `${folder}/run`, "--quiet"];
    await assertFails([...args, "--prior", "half"], 2, ["--prior", '"half"', "both, weights, alpha, none"]);
    await assertFails([...args, "--prior-strength", "2"], 2, ["--prior-strength", "from 0 to 1"]);
    await assertFails([...args, "--source", "no-such-entry"], 1, ["no-such-entry"]);
    await runSearch(`${folder}/source`, { data });
    const warm = ["--source", `${folder}/source`, "--epochs", "2", "--warm-up", "2"];
    await assertFails([...args, ...warm], 1, ["warm-up"]);
    const small = ["--source", `${folder}/source`, "--epochs", "1", "--warm-up", "0", "--max-parameters"];
    await assertFails([...args, ...small, "many"], 2, ["--max-parameters", "or source"]);
    await assertFails([...args, ...small, "10", "--out", `${folder}/other`], 1, ["at most 10 parameters"]);
  }));

Deno.test("transfer prints one document with the test accuracy of the derived network", () =>
  inDigits(async (folder, data) => {
    await runSearch(`${folder}/source`, { data });
    const flags = "--epochs 2 --train-epochs 1 --batch 16 --train-batch 16 --build strict --quiet".split(" ");
    const args = ["transfer", "--target", data, "--source", `${folder}/source`, "--out", `${folder}/run`, ...flags];
    const document = await rootstockJson(args);
    assert(document.testAccuracy >= 0 && document.testAccuracy <= 1);
    assertEquals([document.command, document.prior, document.epochs], ["transfer", "both", 3]);
  }));
