import { assertEquals } from "@std/assert";
import { Engine } from "../../src/engine/mod.ts";
import { openDataset } from "../../src/data/mod.ts";
import { measureNormalisation } from "../../src/data/normalisation.ts";

Deno.test("measureNormalisation() of known pixels is their mean and deviation", () => {
  assertEquals(measureNormalisation(Uint8Array.of(0, 255), 1), { mean: [0.5], std: [0.5] });
  const colours = Uint8Array.of(255, 0, 51, 255, 0, 51, 255, 255, 51, 255, 255, 51);
  assertEquals(measureNormalisation(colours, 3), { mean: [1, 0.5, 0.2], std: [0, 0.5, 0] });
});

Deno.test("measureNormalisation() is that of the kernels to the last bit", async () => {
  const engine = await Engine.start({ build: "single", threads: 1 });
  try {
    for (const name of ["uci-digits", "sign-language-digits"]) {
      const { train, height, width, channels, normalisation } = await openDataset(name);
      const store = engine.loadImages(train.images, { count: train.count, height, width, channels });
      const indices = Uint32Array.from({ length: train.count }, (_, i) => i);
      assertEquals(normalisation, store.statistics(indices));
    }
  } finally {
    engine.close();
  }
});
