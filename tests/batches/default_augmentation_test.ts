import { assertEquals } from "@std/assert";
import { defaultAugmentation } from "../../src/batches/mod.ts";

Deno.test("defaultAugmentation() shifts by a sixteenth of the smaller side and does nothing else", () => {
  assertEquals(defaultAugmentation(28, 28), { cropPadding: 2, flip: false, cutout: 0 });
  assertEquals(defaultAugmentation(64, 32), { cropPadding: 2, flip: false, cutout: 0 });
  assertEquals(defaultAugmentation(8, 8).cropPadding, 1);
  assertEquals(defaultAugmentation(256, 256).cropPadding, 16);
});
