import { assertEquals, assertThrows } from "@std/assert";
import { type Dataset, decodeImage, openDataset, renderContactSheet } from "../../src/data/mod.ts";

/** Cuts the image at a row and column of the sheet out of it. */
function cell(sheet: { pixels: Uint8Array; width: number }, dataset: Dataset, row: number, column: number): number[] {
  const { height, width, channels } = dataset;
  const rows = Array.from({ length: height }, (_, y) => {
    const from = ((2 + row * (height + 2) + y) * sheet.width + 2 + column * (width + 2)) * channels;
    return [...sheet.pixels.subarray(from, from + width * channels)];
  });
  return rows.flat();
}

for (const name of ["uci-digits", "sign-language-digits"]) {
  Deno.test(`renderContactSheet() shows the first images of each class of ${name}`, async () => {
    const dataset = await openDataset(name);
    const { height, width, channels, test } = dataset;
    const png = Uint8Array.from(renderContactSheet(dataset, { part: "test", perClass: 3 }));
    const sheet = await decodeImage(png, "sheet.png");
    assertEquals([sheet.height, sheet.width, sheet.channels], [2 + 10 * (height + 2), 2 + 3 * (width + 2), channels]);
    for (const label of [0, 4, 9]) {
      const images = [...test.labels.keys()].filter((image) => test.labels[image] === label).slice(0, 3);
      images.forEach((image, column) => {
        const size = height * width * channels;
        assertEquals(cell(sheet, dataset, label, column), [...test.pixels.read(image * size, (image + 1) * size)]);
      });
    }
  });
}

Deno.test("renderContactSheet() refuses a senseless number of images", async () => {
  const dataset = await openDataset("uci-digits");
  for (const perClass of [0, 101, 1.5, NaN]) assertThrows(() => renderContactSheet(dataset, { perClass }), RangeError);
});
