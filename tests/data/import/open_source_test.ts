import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { DataError, type Dataset, openDataset, type OpenOptions } from "../../../src/data/mod.ts";
import { namesIn } from "../../../src/data/import/cache/cache_folder.ts";
import { releaseContents } from "../../../src/data/import/cache/in_use.ts";
import { assertDataError, withFolder } from "../_folder.ts";
import { cutPicture, picture, writePhotos } from "./_photos.ts";

interface Place {
  readonly photos: string;
  readonly cache: string;
  /** Opens the photos; tells how many were decoded, and what was said. */
  open(options?: OpenOptions): Promise<{ dataset: Dataset; decoded: number; lines: string[] }>;
}

/** A folder of twenty photos beside an empty cache. */
async function withPhotos(use: (place: Place) => Promise<void>): Promise<void> {
  await withFolder(async (folder) => {
    const [photos, cache] = [`${folder}/photos`, `${folder}/cache`];
    writePhotos(photos);
    try {
      await use({
        photos,
        cache,
        async open(options = {}) {
          let decoded = 0;
          const lines: string[] = [];
          const dataset = await openDataset(photos, {
            cache,
            ...options,
            onProgress: ({ phase, done }) => phase === "decode" ? decoded = done : 0,
            onNotice: (line) => lines.push(line),
          });
          return { dataset, decoded, lines };
        },
      });
    } finally {
      releaseContents();
    }
  });
}

/** What a network learns and is tested from. */
function content({ fingerprint, classes, height, width, channels, train, test }: Dataset) {
  const bytes = [train, test].map(({ pixels, labels }) => [[...labels], [...pixels.read(0, pixels.length)]]);
  return { fingerprint, classes, height, width, channels, bytes };
}

Deno.test("openDataset() decodes photos once, and finds them again", async () => {
  await withPhotos(async ({ open, cache }) => {
    const first = await open();
    assertEquals(first.decoded, 20);
    const { train, test, classes, height, channels, images, name } = first.dataset;
    assertEquals([train.count, test.count, classes, height, channels], [16, 4, ["cat", "dog"], 32, 3]);
    assertEquals([images.fit, images.side, name], ["crop", undefined, "photos"]);
    const again = await open();
    assertEquals([again.decoded, again.lines], [0, []]);
    assertEquals(content(again.dataset), content(first.dataset));
    // What the pictures suggested can be asked for, as a trained network does.
    const like = { height: 32, width: 32, channels: 3 as const };
    for (const options of [{ like }, { import: { side: 32, channels: 3 } }] as const) {
      const found = await open(options);
      assertEquals([found.decoded, content(found.dataset)], [0, content(first.dataset)]);
    }
    // Another test part needs no other pictures.
    const other = await open({ import: { splitSeed: 1, testPortion: 0.4 } });
    assertEquals([other.decoded, other.dataset.test.count], [0, 8]);
    assertNotEquals(other.dataset.fingerprint, first.dataset.fingerprint);
    assertEquals(
      (await open({ import: { splitSeed: 1, testPortion: 0.4 } })).dataset.fingerprint,
      other.dataset.fingerprint,
    );
    assertEquals(namesIn(`${cache}/v1/drafts`), []);
    assertEquals(namesIn(`${cache}/v1/contents`).length, 1);
  });
});

Deno.test("openDataset() decodes anew what was changed, or is asked for in another way", async () => {
  await withPhotos(async ({ open, photos }) => {
    const first = await open();
    for (const settings of [{ side: 16 }, { channels: 1 }, { fit: "pad" }] as const) {
      const { decoded, dataset } = await open({ import: settings });
      assertEquals(decoded, 20, JSON.stringify(settings));
      assertNotEquals(dataset.fingerprint, first.dataset.fingerprint);
    }
    Deno.writeFileSync(`${photos}/cat/0.png`, picture(99));
    const changed = await open();
    assertEquals(changed.decoded, 20);
    assertNotEquals(changed.dataset.fingerprint, first.dataset.fingerprint);
    Deno.writeTextFileSync(
      `${photos}/info.json`,
      JSON.stringify({ height: 64, augmentation: { cropPadding: 8, flip: true, cutout: 3 } }),
    );
    const { dataset } = await open();
    // In pixels of images half as large.
    assertEquals(dataset.augmentation, { cropPadding: 4, flip: true, cutout: 2 });
    assertEquals(dataset.fingerprint, changed.dataset.fingerprint);
  });
});

Deno.test("openDataset() finds a flipped bit of its cache, says so and decodes again", async () => {
  await withPhotos(async ({ open, cache }) => {
    const first = await open();
    const [name] = namesIn(`${cache}/v1/contents`);
    for (const file of ["pixels.bin", "labels.bin", "content.json"]) {
      releaseContents();
      const path = `${cache}/v1/contents/${name}/${file}`;
      const bytes = Deno.readFileSync(path);
      bytes[bytes.length - 9]! ^= 1;
      Deno.writeFileSync(path, bytes);
      const found = await open();
      assertEquals(found.decoded, 20, file);
      assert(found.lines[0]!.endsWith("is damaged: its pictures are decoded again"), found.lines[0]);
      assertEquals(content(found.dataset), content(first.dataset));
    }
    // A fingerprint that is not as it was written is taken again.
    const split = `${cache}/v1/contents/${name}/split-0-0.2.json`;
    Deno.writeTextFileSync(split, Deno.readTextFileSync(split).replace(/[0-9a-f]{8}"/, '00000000"'));
    const found = await open();
    assertEquals([found.decoded, found.dataset.fingerprint], [0, first.dataset.fingerprint]);
  });
});

Deno.test("openDataset() does without a cache that cannot be written, in one line", async () => {
  await withPhotos(async ({ open, cache }) => {
    const first = await open();
    Deno.writeTextFileSync(`${cache}/taken`, "");
    const { decoded, lines, dataset } = await open({ cache: `${cache}/taken` });
    assertEquals(decoded, 20);
    const said = lines.filter((line) => line.includes("cannot be written"));
    assertEquals(said.length, 1);
    assert(said[0]!.startsWith(`The cache ${cache}/taken cannot be written (`), said[0]);
    assert(said[0]!.endsWith("photos is decoded in memory"), said[0]);
    assertEquals(content(dataset), content(first.dataset));
  });
});

Deno.test("openDataset() lists what cannot be read, now and from the cache", async () => {
  await withPhotos(async ({ open, photos }) => {
    Deno.writeFileSync(`${photos}/dog/3.png`, cutPicture(3));
    const first = await open();
    assertEquals(first.dataset.unreadable.map(({ name }) => name), ["dog/3.png"]);
    assertEquals(first.lines.length, 2);
    const again = await open();
    assertEquals(again.dataset.unreadable, first.dataset.unreadable);
    assertEquals([again.dataset.train.count, again.dataset.test.count], [15, 4]);
  });
});

Deno.test("openDataset() keeps parts, and warns of classes that nothing is tested on", async () => {
  await withPhotos(async ({ open, photos }) => {
    Deno.removeSync(`${photos}/dog`, { recursive: true });
    Deno.mkdirSync(`${photos}/dog`);
    Deno.writeFileSync(`${photos}/dog/only.png`, picture(5));
    const { dataset, lines } = await open();
    assertEquals([...dataset.train.labels].includes(1), true);
    assertEquals(lines.at(-1), `${photos}: no test image of a class, whose accuracy stays unknown: dog`);
    for (const part of ["train", "test"]) {
      Deno.mkdirSync(`${photos}/${part}`);
    }
    Deno.renameSync(`${photos}/cat`, `${photos}/train/cat`);
    Deno.renameSync(`${photos}/dog`, `${photos}/train/dog`);
    for (const name of ["cat", "dog"]) {
      Deno.mkdirSync(`${photos}/test/${name}`);
      Deno.writeFileSync(`${photos}/test/${name}/x.png`, picture(name === "cat" ? 1 : 2));
    }
    const parted = await open();
    assertEquals([parted.dataset.train.count, parted.dataset.test.count, parted.lines.length], [11, 2, 1]);
    assertEquals((await open()).dataset.fingerprint, parted.dataset.fingerprint);
  });
});

Deno.test("openDataset() refuses photos that change while they are read", async () => {
  await withPhotos(async ({ photos, cache }) => {
    const onProgress = () => Deno.writeFileSync(`${photos}/cat/0.png`, picture(Math.floor(1000 * Math.random())));
    await assertDataError(() => openDataset(photos, { cache, onProgress }), photos, "was changed while it was read");
    assertEquals(namesIn(`${cache}/v1/sources`), []);
    assertEquals(namesIn(`${cache}/v1/drafts`), []);
  });
});

Deno.test("openDataset() stops when it is asked to, and leaves nothing half done", async () => {
  await withPhotos(async ({ open, photos, cache }) => {
    const stop = new Error("stop");
    const onProgress = () => {
      throw stop;
    };
    assertEquals(await assertRejects(() => openDataset(photos, { cache, onProgress })), stop);
    assertEquals(namesIn(`${cache}/v1/drafts`), []);
    assertEquals((await open()).decoded, 20);
    await assertRejects(() => open({ import: { side: 4 } }), DataError, "the side is 4");
  });
});
