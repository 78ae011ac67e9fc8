import { assertEquals } from "@std/assert";
import { fileNameFor, partFiles } from "../../page/file_kinds.ts";

Deno.test("networks are told from pictures by the ends of their names", () => {
  const [cat, mine, dog] = [{ name: "cat.png" }, { name: "Mine.ROOTSTOCK" }, { name: "dog" }];
  assertEquals(partFiles([cat, mine, dog]), { networks: [mine], pictures: [cat, dog] });
});

Deno.test("a saved network's file has a name that every system takes", () => {
  assertEquals(fileNameFor("five, zero"), "five-zero.rootstock");
  assertEquals(fileNameFor("../Tasse für Öl"), "tasse-fu-r-o-l.rootstock");
  assertEquals(fileNameFor("猫"), "network.rootstock");
});
