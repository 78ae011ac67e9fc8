import { assertEquals, assertRejects } from "@std/assert";
import { DataError, openDataset } from "../../src/data/mod.ts";
import { makeSubset } from "../../tools/make_subset.ts";

const countsOf = (labels: Uint8Array) => {
  const counts = new Array(10).fill(0);
  for (const label of labels) counts[label]++;
  return counts;
};

Deno.test("makeSubset() writes a dataset with the classes' shares, and the same one for the same seed", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const [whole, ...parts] = await Promise.all([
      openDataset("sign-language-digits"),
      ...[["a", 1], ["b", 1], ["c", 2]].map(async ([name, seed]) => {
        await makeSubset("sign-language-digits", `${folder}/${name}`, { train: 200, test: 1e6, seed: Number(seed) });
        return await openDataset(`${folder}/${name}`);
      }),
    ]);
    const [first, same, other] = parts;
    assertEquals([first!.train.count, first!.test.count], [200, whole.test.count]);
    assertEquals(first!.fingerprint, same!.fingerprint);
    assertEquals(first!.fingerprint === other!.fingerprint, false);
    const { name, classes, augmentation, licence, height, width, channels } = whole;
    assertEquals(
      [first!.name, first!.classes, first!.augmentation, first!.licence, first!.height, first!.width, first!.channels],
      [name, classes, augmentation, licence, height, width, channels],
    );
    const expected = countsOf(whole.train.labels).map((count) => count * 200 / whole.train.count);
    countsOf(first!.train.labels).forEach((count, i) => assertEquals(Math.abs(count - expected[i]!) < 1, true));
    // Every image is one of the whole, with its label.
    const size = 32 * 32 * 3;
    const keyOf = ({ pixels, labels }: typeof whole.train, i: number) =>
      `${labels[i]} ${pixels.read(i * size, (i + 1) * size).join()}`;
    const known = new Set(Array.from({ length: whole.train.count }, (_, i) => keyOf(whole.train, i)));
    assertEquals(Array.from({ length: 200 }, (_, i) => known.has(keyOf(first!.train, i))).every(Boolean), true);
    await Deno.remove(`${folder}/a/info.json`);
    await makeSubset(`${folder}/a`, `${folder}/of-a`, { train: 50, test: 50, seed: 0 });
    assertEquals((await openDataset(`${folder}/of-a`)).attribution, "");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("makeSubset() of what is no dataset says so", async () => {
  await assertRejects(() => makeSubset("runs/absent", "runs/never", { train: 1, test: 1, seed: 0 }), DataError);
});
