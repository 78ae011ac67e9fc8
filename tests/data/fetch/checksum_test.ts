import { assertEquals } from "@std/assert";
import { hasChecksum } from "../../../src/data/fetch/checksum.ts";
import { withFolder } from "../_folder.ts";

Deno.test("hasChecksum() knows the values of RFC 1321 and FIPS 180", () =>
  withFolder(async (folder) => {
    const path = `${folder}/abc`;
    await Deno.writeTextFile(path, "abc");
    const sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assertEquals(await hasChecksum(path, { algorithm: "md5", hex: "900150983cd24fb0d6963f7d28e17f72" }), true);
    assertEquals(await hasChecksum(path, { algorithm: "sha256", hex: sha256 }), true);
    assertEquals(await hasChecksum(path, { algorithm: "sha256", hex: sha256.replace("b", "a") }), false);
  }));
