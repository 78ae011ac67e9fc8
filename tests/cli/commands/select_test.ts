import { assertEquals, assertStringIncludes } from "@std/assert";
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
  }));

Deno.test("select refuses a wrong command line", async () => {
  await assertFails(["select"], 2, ["--target", "missing"]);
  await assertFails(["select", "--target", "no-such-data"], 1, ["no-such-data"]);
  await assertFails(["select", "--target", "uci-digits", "--features", "sounds"], 2, [
    "--features",
    "pixels, supernet",
  ]);
  await assertFails(["select", "--target", "uci-digits", "--epsilon", "0"], 2, ["--epsilon"]);
});
