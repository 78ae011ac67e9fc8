import { assertEquals } from "@std/assert";
import { rootstockJson } from "../_command.ts";

Deno.test("data list describes the embedded datasets", async () => {
  const { datasets } = await rootstockJson(["data", "list"]);
  const names = datasets.map(({ name }: { name: string }) => name);
  assertEquals(names, ["fashion-mnist-12k", "uci-digits", "sign-language-digits"]);
});
