import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { withEngine } from "./_tiny.ts";

Deno.test("ImageStore keeps its sizes and refuses bytes that do not fit them", () =>
  withEngine((engine) => {
    const shape = { count: 2, height: 3, width: 4, channels: 3 };
    const images = engine.loadImages(new Uint8Array(72), shape);
    assertEquals({ ...shape, count: images.count, width: images.width }, shape);
    assertThrows(() => engine.loadImages(new Uint8Array(71), shape), RangeError, "found 71 bytes, expected 2x3x4x3");
    images.free();
  }));

Deno.test("ImageStore.statistics() measures each channel of the chosen images in units of byte/255", () =>
  withEngine((engine) => {
    // Three images of two pixels; the second is left out.
    const pixels = new Uint8Array([0, 51, 255, 102, 51, 255, 9, 9, 9, 9, 9, 9, 0, 153, 255, 102, 153, 255]);
    const images = engine.loadImages(pixels, { count: 3, height: 1, width: 2, channels: 3 });
    const { mean, std } = images.statistics(new Uint32Array([0, 2]));
    const expected = { mean: [0.2, 0.4, 1], std: [0.2, 0.2, 0] };
    for (let c = 0; c < 3; c++) {
      assertAlmostEquals(mean[c]!, expected.mean[c]!, 1e-6);
      // A constant channel's deviation may be kept off 0, which images are divided by.
      if (c < 2) assertAlmostEquals(std[c]!, expected.std[c]!, 1e-6);
    }
    images.free();
  }));
