import { assertEquals } from "@std/assert";
import { sha256 } from "../../src/formats/sha256.ts";

Deno.test("sha256() is that of FIPS 180-4", async () => {
  const found = await sha256(new TextEncoder().encode("abc"));
  assertEquals(found, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
});
