import { assertEquals, assertRejects } from "@std/assert";
import { completeImport, DataError, type ImportSettings, PicturePool } from "../../../src/data/mod.ts";
import { importPictures } from "../../../src/data/import/import_pictures.ts";
import { slotsInFile, slotsInMemory } from "../../../src/data/import/slots.ts";
import { withFolder } from "../_folder.ts";
import { cutPicture, listPictures, type MadePicture, picture } from "./_photos.ts";

const made: MadePicture[] = [
  { label: 1, part: "test", content: picture(0) },
  { label: 0, content: picture(1) },
  { label: 1, content: cutPicture(2) },
  { label: 1, content: picture(3) },
  { label: 0, part: "validation", content: picture(4) },
  { label: 0, content: new DataError("Cannot read 5.png: it is a device, expected a picture") },
  { label: 0, content: picture(6) },
];

async function importAll(pictures: readonly MadePicture[], settings: ImportSettings = {}) {
  const lines: string[] = [];
  const imported = await importPictures(listPictures(pictures), {
    path: "in",
    settings: completeImport(settings),
    makeSlots: slotsInMemory,
    onNotice: (line) => lines.push(line),
  });
  return { ...imported, lines };
}

/** Parts as names, labels and bytes. */
function plain({ images: { parts } }: Awaited<ReturnType<typeof importPictures>>) {
  return parts.map(({ name, labels, pixels }) => [name, [...labels], [...pixels.read(0, pixels.length)]]);
}

/** What the pool makes of pictures, one after the other. */
async function prepareAll(pictures: readonly MadePicture[], channels: 1 | 3): Promise<number[]> {
  using pool = await PicturePool.start({ workers: 1 });
  const shape = { height: 32, width: 32, channels, fit: "crop" } as const;
  const bytes: number[] = [];
  for (const { content } of pictures) {
    bytes.push(...(await pool.prepare(content as Uint8Array<ArrayBuffer>, "x", shape)).pixels);
  }
  return bytes;
}

Deno.test("importPictures() puts parts in order, leaves out what cannot be read and says so", async () => {
  const imported = await importAll(made);
  assertEquals(imported.images.channels, 3);
  assertEquals(plain(imported), [
    ["train", [0, 1, 0], await prepareAll([made[1]!, made[3]!, made[6]!], 3)],
    ["validation", [0], await prepareAll([made[4]!], 3)],
    ["test", [1], await prepareAll([made[0]!], 3)],
  ]);
  assertEquals(imported.unreadable.map(({ name }) => name), ["2.png", "5.png"]);
  assertEquals(imported.unreadable[1]!.reason, "it is a device, expected a picture");
  assertEquals(imported.lines.length, 2);
  assertEquals(imported.lines[0]!.startsWith("2 of 7 pictures cannot be read and are left out: 2.png: "), true);
  assertEquals(
    imported.lines[1],
    "in: 5 pictures become images of 32x32 pixels, in colour; " +
      "half of the pictures have a shorter side of at least 40, --image takes another size",
  );
});

Deno.test("importPictures() finds grey pictures, with the bytes that one channel asked for gives", async () => {
  const grey = [0, 1, 2, 3].map((seed) => ({ label: seed & 1, content: picture(seed, { channels: 1 } as never) }));
  grey[2] = { label: 0, content: cutPicture(2) };
  const found = await importAll(grey);
  assertEquals(found.images.channels, 1);
  assertEquals(plain(found), plain(await importAll(grey, { channels: 1 })));
  assertEquals(found.checksum, (await importAll(grey, { channels: 1 })).checksum);
  // One picture in colour is enough.
  assertEquals((await importAll([...grey, made[0]!, made[1]!])).images.channels, 3);
  await withFolder(async (folder) => {
    using slots = slotsInFile(`${folder}/pixels`, 32 * 32 * 3);
    const options = { path: "in", settings: completeImport(), makeSlots: () => slots };
    assertEquals(plain(await importPictures(listPictures(grey), options)), plain(found));
  });
});

Deno.test("importPictures() refuses a dataset of which most is lost, and passes on what ends it", async () => {
  const cut = [0, 1, 2].map((label) => ({ label: label & 1, content: cutPicture(label) }));
  await assertRejects(() => importAll(cut), DataError, "Cannot import in: only 0 of 3 pictures can be read");
  const stop = new RangeError("stop");
  const listing = listPictures(made);
  const stopped = importPictures(listing, {
    path: "in",
    settings: completeImport(),
    makeSlots: slotsInMemory,
    onProgress({ phase, done }) {
      if (phase === "decode" && done === 2) throw stop;
    },
  });
  assertEquals(await assertRejects(() => stopped), stop);
});
