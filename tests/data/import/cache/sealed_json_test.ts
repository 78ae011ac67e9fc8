import { assertEquals } from "@std/assert";
import { openSealed, sealJson } from "../../../../src/data/import/cache/sealed_json.ts";

Deno.test("openSealed() returns what sealJson() was given, and finds every flipped bit", () => {
  const value = { path: "photos", count: 3, list: [1, "zwei", null], nested: { isTrue: true } };
  const bytes = new TextEncoder().encode(sealJson(value));
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  assertEquals(openSealed(decode(bytes)), value);
  for (let bit = 0; bit < 8 * bytes.length; bit++) {
    const damaged = bytes.slice();
    damaged[bit >> 3]! ^= 1 << (bit & 7);
    assertEquals(openSealed(decode(damaged)), undefined, `bit ${bit}`);
  }
  for (const text of ["", "null", "{}", "[]", '{"crc32":0}', decode(bytes.subarray(1))]) {
    assertEquals(openSealed(text), undefined);
  }
});
