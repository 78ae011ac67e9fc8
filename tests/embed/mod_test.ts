import { assertEquals } from "@std/assert";
import { load } from "../../src/embed/mod.ts";
import { askEverything } from "./_everywhere.js";
import expected from "./_everywhere.json" with { type: "json" };
import { NETWORK } from "./_pictures.ts";

Deno.test("predictions and what is learnt are the bits that every runtime gives", async () => {
  assertEquals(await askEverything(load, await Deno.readFile(NETWORK)), expected);
});
