import { assertEquals } from "@std/assert";
import { AUGMENTATION_NAMES, defaultAugmentation, namedAugmentation } from "../../src/data/mod.ts";

Deno.test("defaultAugmentation() shifts by a sixteenth of the smaller side and does nothing else", () => {
  assertEquals(defaultAugmentation(28, 28), { cropPadding: 2, flip: false, cutout: 0 });
  assertEquals(defaultAugmentation(64, 32), { cropPadding: 2, flip: false, cutout: 0 });
  assertEquals(defaultAugmentation(8, 8).cropPadding, 1);
  assertEquals(defaultAugmentation(256, 256).cropPadding, 16);
});

Deno.test("namedAugmentation() has a full set of values for every name, each stronger than the one before", () => {
  const rows = AUGMENTATION_NAMES.map((name) => namedAugmentation(name, { height: 96, width: 128 }));
  const scale = { cropPadding: 0, flip: true, cutout: 0, cropScale: 0.35 };
  assertEquals(rows, [
    { cropPadding: 0, flip: false, cutout: 0 },
    { cropPadding: 0, flip: true, cutout: 0 },
    { cropPadding: 12, flip: true, cutout: 0 },
    scale,
    { ...scale, jitter: { brightness: 0.4, contrast: 0.4, saturation: 0.4 } },
  ]);
});
