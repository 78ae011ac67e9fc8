import { assertEquals, assertNotEquals } from "@std/assert";
import { countClasses } from "../../src/data/labels.ts";
import { openDataset } from "../../src/data/mod.ts";

const embedded = [
  {
    name: "fashion-mnist-12k",
    size: [28, 28, 1],
    train: new Array(10).fill(1000),
    test: new Array(10).fill(200),
    fingerprint: "f86b2517810541a0579d650b077b4c4d966e7477095530ffb82b5e05ddb0ff38",
    flip: true,
  },
  {
    name: "uci-digits",
    size: [28, 28, 1],
    train: [142, 146, 142, 146, 145, 146, 145, 143, 139, 144],
    test: [36, 36, 35, 37, 36, 36, 36, 36, 35, 36],
    fingerprint: "b05e9da94453fa2cf101d995506ca324f3e6b49195158c9fa93b54643f38c54e",
    flip: false,
  },
  {
    name: "sign-language-digits",
    size: [32, 32, 3],
    train: [164, 165, 165, 165, 166, 166, 166, 165, 166, 163],
    test: [41, 41, 41, 41, 41, 41, 41, 41, 42, 41],
    fingerprint: "9850d40a139483f5309348fdd31d9b02e708605ce204f12999573f473be9193a",
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
    for (const part of [train, test]) assertEquals(part.images.length, part.count * height * width * channels);
    assertEquals(augmentation, { cropPadding: 2, flip: expected.flip, cutout: 0 });
    assertEquals(fingerprint, expected.fingerprint);
    assertNotEquals(dataset.attribution, "");
  });
}
