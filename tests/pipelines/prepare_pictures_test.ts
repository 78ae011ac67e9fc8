import { assertEquals, assertRejects } from "@std/assert";
import { DataError } from "../../src/data/mod.ts";
import { preparePictures } from "../../src/pipelines/prepare_pictures.ts";

const shape = { height: 1, width: 2, channels: 1, fit: "crop" } as const;

/** Workers that answer with the picture's first two bytes, after a while, and count what they hold. */
function countingPool() {
  const held = { now: 0, most: 0 };
  return {
    held,
    workers: 2,
    async prepare(bytes: Uint8Array<ArrayBuffer>, name: string) {
      held.most = Math.max(held.most, ++held.now);
      await new Promise((resolve) => setTimeout(resolve, bytes[0]! % 3));
      held.now--;
      if (bytes[0] === 5) throw new DataError(`Cannot read ${name}: it is damaged`);
      if (bytes[0] === 99) throw new TypeError("a mistake");
      return { pixels: bytes.slice(0, 2), isGrey: true, height: 9, width: 9 };
    },
  };
}

async function* given(...values: number[]) {
  for (const value of values) yield { name: `picture ${value}`, bytes: Uint8Array.of(value, value, 0) };
}

Deno.test("preparePictures() cuts batches in order and holds no more pictures than keep the workers busy", async () => {
  const pool = countingPool();
  const values = Array.from({ length: 20 }, (_, i) => i);
  const batches = await Array.fromAsync(preparePictures(given(...values), { pool, shape, batch: 6 }));
  assertEquals(batches.map(({ images }) => images.length), [6, 6, 6, 2]);
  const broken = { image: "picture 5", error: "Cannot read picture 5: it is damaged" };
  assertEquals(batches.flatMap(({ images }) => images), values.map((i) => i === 5 ? broken : `picture ${i}`));
  assertEquals([...batches[0]!.pixels], [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]);
  assertEquals(pool.held.most <= 4, true);
});

Deno.test("preparePictures() does not take a mistake of the program for a broken picture", async () => {
  const pool = countingPool();
  await assertRejects(() => Array.fromAsync(preparePictures(given(1, 99), { pool, shape, batch: 1 })), TypeError);
});
