import { assert, assertEquals } from "@std/assert";
import { inspectImages } from "../../../src/data/inspect/inspection.ts";
import type { Survey, SurveyedImage } from "../../../src/data/inspect/survey.ts";
import { Thumbnails } from "../../../src/data/inspect/thumbnails.ts";
import { noise } from "./_noise.ts";

const readable = (label: number, part: SurveyedImage["part"], height: number, width: number): SurveyedImage => ({
  name: `${label}/${part}/${height}x${width}`,
  part,
  label,
  digest: `${label}${part}${height}${width}`,
  type: height > 100 ? "JPEG" : "PNG",
  height,
  width,
  isGrey: width === 40,
});

function survey(images: SurveyedImage[]): Survey {
  const thumbnails = new Thumbnails();
  images.forEach((image, i) => thumbnails.add(image.error === undefined ? noise(i) : undefined));
  return { classes: ["a", "b", "c"], images, thumbnails };
}

Deno.test("inspectImages() counts classes, types, sizes and colours of what can be read", () => {
  const images = [
    ...Array.from({ length: 12 }, (_, i) => readable(0, "train", 100 + i, 150)),
    readable(1, "train", 40, 40),
    readable(1, "validation", 50, 60),
    readable(1, "test", 3000, 2000),
    { name: "bad", part: "train", label: 1, digest: undefined, height: 0, width: 0, isGrey: false, error: "Cannot" },
  ] satisfies SurveyedImage[];
  const { inspection, groups } = inspectImages(survey(images));
  assertEquals(inspection.images, { readable: 15, unreadable: 1 });
  assertEquals(inspection.unreadable, [{ name: "bad", part: "train", class: "b", reason: "Cannot" }]);
  assertEquals(inspection.classes[1], { name: "b", train: 1, validation: 1, test: 1 });
  assertEquals([inspection.imbalance, inspection.tinyClasses], [12, ["b", "c"]]);
  assertEquals(Object.entries(inspection.types), [["JPEG", 12], ["PNG", 3]]);
  assertEquals(inspection.colour, { grey: 1, colour: 14 });
  const { shortSide, histogram, suggested, aspect } = inspection.sizes;
  assertEquals([shortSide, suggested], [{ least: 40, median: 105, most: 2000 }, 96]);
  assertEquals([histogram[0], histogram[1]], [{ from: 32, below: 48, count: 1 }, { from: 48, below: 64, count: 1 }]);
  assertEquals(histogram.reduce((sum, { count }) => sum + count, 0), 15);
  assertEquals(histogram.at(-1), { from: 1536, below: 2048, count: 1 });
  assert(aspect.least < 0.7 && aspect.most > 1.4);
  assertEquals(groups, []);
  assertEquals(JSON.parse(JSON.stringify(inspection)), inspection);
});

Deno.test("inspectImages() counts leaks, conflicts and what could be left out", () => {
  const twin = { ...readable(0, "train", 90, 90), digest: "same" };
  const images = [twin, { ...twin, part: "test" as const }, twin, { ...twin, label: 2 }, readable(1, "train", 91, 91)];
  const { inspection: { duplicates } } = inspectImages(survey(images));
  const { groups, ...counts } = duplicates;
  assertEquals(counts, { superfluous: 3, leaks: 1, conflicts: 1, isWhole: true });
  assertEquals(groups[0]!.images.map((image) => image.class), ["a", "a", "a", "c"]);
});

Deno.test("inspectImages() takes a dataset of which nothing can be read", () => {
  const bad = { ...readable(0, "train", 0, 0), digest: undefined, error: "Cannot" };
  const { inspection } = inspectImages(survey([bad]));
  assertEquals([inspection.images.readable, inspection.sizes.histogram, inspection.imbalance], [0, [], 1]);
});
