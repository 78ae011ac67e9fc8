import { encode } from "fast-png";
import { openDataset } from "../../src/data/mod.ts";

/** Writes test images of a dataset as PNG files 000.png, 001.png … into a folder; returns their paths. */
export async function writePictures(data: string, folder: string, count: number): Promise<string[]> {
  const { test, height, width, channels } = await openDataset(data);
  await Deno.mkdir(folder, { recursive: true });
  const size = height * width * channels;
  const paths: string[] = [];
  for (let i = 0; i < Math.min(count, test.count); i++) {
    paths.push(`${folder}/${String(i).padStart(3, "0")}.png`);
    const data = test.pixels.read(i * size, (i + 1) * size);
    await Deno.writeFile(paths[i]!, encode({ height, width, channels, data }));
  }
  return paths;
}
