import { assertEquals } from "@std/assert";
import { AUGMENTATION_NAMES, namedAugmentation } from "../../src/data/mod.ts";

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
