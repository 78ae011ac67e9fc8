import { encode } from "fast-png";
import jpeg from "jpeg-js";
import { withFolder } from "../_folder.ts";

/** A picture of smooth colours, the same for the same seed. */
export function picture(seed: number, height: number, width: number): Uint8Array {
  const wave = (i: number) => Math.sin(seed * 12.9898 + i * 78.233) * 3;
  return Uint8Array.from({ length: height * width * 3 }, (_, i) => {
    const [x, y] = [Math.floor(i / 3) % width / width, Math.floor(i / 3 / width) / height];
    const level = Math.cos(wave(0) * 2 * x + wave(1) * 2 * y + wave(2)) + Math.cos(wave(3) * x - wave(4) * y + i % 3);
    return 128 + 60 * level;
  });
}

/** As a PNG file. */
export function asPng(data: Uint8Array, height: number, width: number): Uint8Array {
  return encode({ height, width, channels: 3, data });
}

/** As a JPEG file. */
export function asJpeg(pixels: Uint8Array, height: number, width: number, quality: number): Uint8Array {
  const data = Uint8Array.from(
    { length: height * width * 4 },
    (_, i) => i % 4 === 3 ? 255 : pixels[(i >> 2) * 3 + i % 4]!,
  );
  return jpeg.encode({ data, height, width }, quality).data;
}

/**
 * A folder of pictures with everything that should be found: a picture in train and, encoded anew and smaller, in test; a picture in
 * two classes; a broken file; a class of two pictures; a file that is no picture.
 */
export async function withPictures(use: (folder: string) => Promise<void>): Promise<void> {
  await withFolder(async (folder) => {
    const write = async (name: string, bytes: Uint8Array) => {
      await Deno.mkdir(`${folder}/${name}`.replace(/\/[^/]*$/, ""), { recursive: true });
      await Deno.writeFile(`${folder}/${name}`, bytes);
    };
    for (let i = 0; i < 12; i++) await write(`train/cat/${i}.png`, asPng(picture(i, 96, 128), 96, 128));
    for (let i = 0; i < 12; i++) await write(`train/dog/${i}.png`, asPng(picture(100 + i, 120, 90), 120, 90));
    for (let i = 0; i < 2; i++) await write(`train/emu/${i}.png`, asPng(picture(200 + i, 96, 96), 96, 96));
    for (let i = 0; i < 3; i++) await write(`test/cat/${i}.png`, asPng(picture(50 + i, 96, 128), 96, 128));
    await write("test/cat/leak.jpg", asJpeg(picture(3, 72, 96), 72, 96, 80));
    await write("test/dog/0.png", asPng(picture(150, 120, 90), 120, 90));
    await write("train/dog/as-cat.png", asPng(picture(5, 96, 128), 96, 128));
    await write("train/dog/broken.jpg", new TextEncoder().encode("no picture at all"));
    await write("train/dog/notes.txt", new TextEncoder().encode("notes"));
    await use(folder);
  });
}
