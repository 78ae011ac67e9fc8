import { assertEquals, assertNotEquals } from "@std/assert";
import { countClasses } from "../../src/data/labels.ts";
import { openDataset } from "../../src/data/mod.ts";

const embedded = [
  {
    name: "fashion-mnist-12k",
    size: [28, 28, 1],
    train: new Array(10).fill(1000),
    test: new Array(10).fill(200),
    fingerprint: "2a63c5a77d559e556ab3dbbd4a49e88d7c47f3cc3d12fc50ca4097982d5b1bb3",
    flip: true,
  },
  {
    name: "uci-digits",
    size: [28, 28, 1],
    train: [142, 146, 142, 146, 145, 146, 145, 143, 139, 144],
    test: [36, 36, 35, 37, 36, 36, 36, 36, 35, 36],
    fingerprint: "959725bdc8e5dd6dd6203ef60173387000929e05b177d1636f45ffbb93215678",
    flip: false,
  },
  {
    name: "sign-language-digits",
    size: [32, 32, 3],
    train: [164, 165, 165, 165, 166, 166, 166, 165, 166, 163],
    test: [41, 41, 41, 41, 41, 41, 41, 41, 42, 41],
    fingerprint: "6ad99aecd6d61d96c663be67ae17d85820d81d0f8d07e16664d72dc99c243c2f",
    flip: false,
  },
];

for (const expected of embedded) {
  Deno.test(`openDataset() opens ${expected.name} with the content that it was shipped with`, async () => {
    const dataset = await openDataset(expected.name);
    const { name, height, width, channels, classes, train, test, augmentation, fingerprint } = dataset;
    assertEquals(name, expected.name);
    assertEquals([height, width, channels], expected.size);
    assertEquals(countClasses(train.labels, classes.length), expected.train);
    assertEquals(countClasses(test.labels, classes.length), expected.test);
    for (const part of [train, test]) assertEquals(part.pixels.length, part.count * height * width * channels);
    assertEquals(augmentation, { cropPadding: 2, flip: expected.flip, cutout: 0 });
    assertEquals(fingerprint, expected.fingerprint);
    assertNotEquals(dataset.attribution, "");
  });
}
