import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { withEngine } from "./_tiny.ts";

Deno.test("ResidentImages keeps its sizes and refuses bytes that do not fit them", () =>
  withEngine((engine) => {
    const shape = { count: 2, height: 3, width: 4, channels: 3 };
    const images = engine.loadImages(new Uint8Array(72), shape);
    assertEquals({ ...shape, count: images.count, width: images.width }, shape);
    assertThrows(() => engine.loadImages(new Uint8Array(71), shape), RangeError, "found 71 bytes, expected 2x3x4x3");
    images.free();
  }));

Deno.test("ResidentImages.statistics() measures each channel of the chosen images in units of byte/255", () =>
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

Deno.test("ResidentImages.write() puts images in their place and refuses those that do not fit", () =>
  withEngine((engine) => {
    const images = engine.makeImages({ count: 3, height: 1, width: 2, channels: 1 });
    images.write(1, new Uint8Array([51, 102, 153, 204]));
    assertAlmostEquals(images.statistics(new Uint32Array([0])).mean[0]!, 0, 1e-9);
    assertAlmostEquals(images.statistics(new Uint32Array([1])).mean[0]!, 0.3, 1e-9);
    assertAlmostEquals(images.statistics(new Uint32Array([2])).mean[0]!, 0.7, 1e-9);
    assertThrows(() => images.write(2, new Uint8Array(4)), RangeError, "Cannot write 4 bytes at image 2");
    assertThrows(() => images.write(-1, new Uint8Array(2)), RangeError, "there are 3 images");
  }));
