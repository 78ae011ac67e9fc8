import { assertEquals } from "@std/assert";
import { assertFails, rootstockJson } from "../_command.ts";

Deno.test("data list and data inspect describe the embedded datasets", async () => {
  const { datasets } = await rootstockJson(["data", "list"]);
  const names = datasets.map(({ name }: { name: string }) => name);
  assertEquals(names, ["fashion-mnist-12k", "uci-digits", "sign-language-digits"]);
  const digits = await rootstockJson(["data", "inspect", "uci-digits"]);
  assertEquals([digits.train, digits.classes.length], [1438, 10]);
  await assertFails(["data", "inspect", "no-such-data"], 1, ["no-such-data", "uci-digits"]);
  await assertFails(["data", "inspect"], 2, ["NAME|DIR"]);
});
