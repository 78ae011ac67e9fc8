import { assertEquals, assertStringIncludes } from "@std/assert";
import { encodeSafetensors } from "../../../src/formats/mod.ts";
import { sha256 } from "../../../src/formats/sha256.ts";
import { inTwoZoo, unsign } from "../../pipelines/_zoo.ts";
import { assertFails, rootstock, rootstockJson } from "../_command.ts";

Deno.test("select ranks the zoo, says what it leaves out, and zoo sign mends that", () =>
  inTwoZoo(async ({ folder, zoo, data }) => {
    const args = ["select", "--target", data, "--zoo", zoo, "--build", "strict"];
    const document = await rootstockJson([...args, "--images", "60", "--seed", "1"]);
    assertEquals(document.ranking.map(({ name }: { name: string }) => name), ["digits", "clothes"]);
    assertEquals([document.command, document.target, document.images, document.seed], ["select", data, 60, 1]);
    await unsign(`${zoo}/digits`);
    const { code, out, error } = await rootstock(args, { write: "--deny-write" });
    assertEquals(code, 0);
    assertStringIncludes(out, "few-clothes");
    assertStringIncludes(error, "digits is left out: it has no signature");
    const sign = ["zoo", "sign", "digits", "--zoo", zoo];
    await assertFails(sign, 2, ["--data", "missing"]);
    await assertFails([...sign, "--data", data], 1, ["holds other images"]);
    await rootstockJson([...sign, "--data", `${folder}/few-digits`]);
    assertEquals((await rootstockJson(args)).unsigned, []);

    await signAsBefore(`${zoo}/digits`);
    const { code: ranked, error: line } = await rootstock(args, { write: "--deny-write" });
    assertEquals(ranked, 0);
    assertEquals(
      line.replace(zoo, "zoo"),
      'Left out: Cannot read zoo/digits/signature.safetensors: format is "rootstock-signature-1", expected ' +
        "rootstock-signature-2: sign it anew with: deno task rootstock zoo sign digits --data …\n",
    );
    await rootstockJson([...sign, "--data", `${folder}/few-digits`]);
    assertEquals((await rootstockJson(args)).problems, []);
  }));

/** Gives an entry a signature as version 0.2.0 made them. */
async function signAsBefore(entry: string): Promise<void> {
  const sources = JSON.stringify([{ name: "few-digits", classes: ["0"] }]);
  const bytes = encodeSafetensors(new Map(), { format: "rootstock-signature-1", sources });
  const card = JSON.parse(await Deno.readTextFile(`${entry}/card.json`));
  card.files["signature.safetensors"] = { sha256: await sha256(bytes), sizeBytes: bytes.length };
  await Deno.writeTextFile(`${entry}/card.json`, JSON.stringify(card));
  await Deno.writeFile(`${entry}/signature.safetensors`, bytes);
}

Deno.test("select refuses a wrong command line", async () => {
  await assertFails(["select"], 2, ["--target", "missing"]);
  await assertFails(["select", "--target", "no-such-data"], 1, ["no-such-data"]);
  await assertFails(["select", "--target", "uci-digits", "--features", "pixels"], 2, ["--features"]);
  await assertFails(["select", "--target", "uci-digits", "--epsilon", "0"], 2, ["--epsilon"]);
});
