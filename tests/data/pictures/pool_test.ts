import { assert, assertEquals, assertRejects } from "@std/assert";
import { DataError, PicturePool, registerDecoder } from "../../../src/data/mod.ts";
import { assertDataError } from "../_folder.ts";
import { png } from "../_pictures.ts";

const shape = { height: 1, width: 1, channels: 3, fit: "crop" } as const;

function pixel(...values: number[]): Uint8Array<ArrayBuffer> {
  return png({ width: 1, height: 1, colourType: values.length === 1 ? 0 : 2, rows: Uint8Array.of(0, ...values) });
}

/** A valid picture that takes the decoder a while. */
function large(side: number): Uint8Array<ArrayBuffer> {
  return png({ width: side, height: side, rows: new Uint8Array(side * (side + 1)) });
}

Deno.test("PicturePool prepares many pictures at a time, each answer to its question", async () => {
  using pool = await PicturePool.start({ workers: 2 });
  const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => pool.prepare(pixel(i, 0, 9), `${i}`, shape)));
  answers.forEach(({ pixels, isGrey, height, width }, i) => {
    assertEquals([[...pixels], isGrey, height, width], [[i, 0, 9], false, 1, 1]);
  });
  assert((await pool.prepare(pixel(7), "grey", shape)).isGrey);
});

Deno.test("PicturePool leaves the caller's bytes alone, also where they are part of others", async () => {
  using pool = await PicturePool.start({ workers: 1 });
  const whole = new Uint8Array(500);
  const file = pixel(1, 2, 3);
  whole.set(file, 100);
  const part = whole.subarray(100, 100 + file.length);
  assertEquals([...(await pool.prepare(part, "a.png", shape)).pixels], [1, 2, 3]);
  assertEquals(part, file);
});

Deno.test("PicturePool tells of a broken picture and goes on", async () => {
  using pool = await PicturePool.start({ workers: 1 });
  const good = pixel(1, 2, 3);
  const results = await Promise.allSettled([
    pool.prepare(good.slice(0, 40), "cut.png", shape),
    pool.prepare(good, "good.png", shape),
    pool.prepare(new TextEncoder().encode("no picture"), "a\nb.txt", shape),
  ]);
  assertEquals(results.map(({ status }) => status), ["rejected", "fulfilled", "rejected"]);
  await assertDataError(() => Promise.reject((results[0] as PromiseRejectedResult).reason), "cut.png", "it is cut");
  await assertDataError(() => Promise.reject((results[2] as PromiseRejectedResult).reason), "a b.txt", "neither");
});

Deno.test("PicturePool says when a shape is no shape: not the picture's fault", async () => {
  using pool = await PicturePool.start({ workers: 1 });
  const error = await assertRejects(() => pool.prepare(pixel(1), "a.png", { ...shape, width: 0 }), Error, "1x0x3");
  assert(!(error instanceof DataError));
  // Its kernels may have failed, so the worker was replaced.
  assertEquals([...(await pool.prepare(pixel(5), "a.png", shape)).pixels], [5, 5, 5]);
});

Deno.test("PicturePool gives up a picture that takes too long, and no other", async () => {
  using pool = await PicturePool.start({ workers: 1, patienceMs: 1 });
  const slow = pool.prepare(large(8000), "slow.png", shape);
  const next = pool.prepare(pixel(4), "next.png", shape);
  await assertDataError(() => slow, "slow.png", "it was given up");
  // It had its turn in a new worker, which may itself take longer than that to start.
  const outcome = await next.then(({ pixels }) => `${pixels}`, ({ message }: Error) => message);
  assert(outcome === "4,4,4" || /next.png.*it was given up/.test(outcome), outcome);
});

Deno.test("PicturePool works on one large picture at a time, and on others meanwhile", async () => {
  using pool = await PicturePool.start({ workers: 2 });
  const file = large(4200);
  const order: string[] = [];
  const prepare = async (name: string, bytes: Uint8Array<ArrayBuffer>) => {
    const { pixels } = await pool.prepare(bytes, name, shape);
    order.push(name);
    return pixels[0];
  };
  const small = ["a", "b", "c", "d", "e", "f"].map((name) => prepare(name, pixel(9)));
  const both = await Promise.all([prepare("first", file), prepare("second", file), ...small]);
  assertEquals(both, [0, 0, ...small.map(() => 9)]);
  assertEquals(order.at(-1), "second");
});

Deno.test("PicturePool decodes types that were registered, which its workers do not know", async () => {
  registerDecoder({
    name: "DOT",
    recognises: (bytes) => bytes[0] === 68 && bytes[1] === 79,
    measure: () => ({ height: 1, width: 1 }),
    decode: (bytes) => ({ pixels: bytes.slice(2, 3), height: 1, width: 1, channels: 1 }),
  });
  using pool = await PicturePool.start({ workers: 1 });
  assertEquals([...(await pool.prepare(Uint8Array.of(68, 79, 33), "a.dot", shape)).pixels], [33, 33, 33]);
});

Deno.test("PicturePool rejects what is unfinished when it is closed, and all that comes later", async () => {
  const pool = await PicturePool.start({ workers: 1 });
  const unfinished = ["a", "b", "c"].map((name) => pool.prepare(pixel(1), name, shape));
  pool.close();
  for (const promise of unfinished) await assertRejects(() => promise, Error, "closed");
  await assertRejects(() => pool.prepare(pixel(1), "d", shape), Error, "closed");
});

Deno.test("PicturePool.start() refuses numbers of workers that are none", async () => {
  for (const workers of [0, -1, 1.5, NaN]) {
    await assertRejects(() => PicturePool.start({ workers }), RangeError, `Cannot start ${workers} picture workers`);
  }
});
