import { assert, assertEquals, assertRejects } from "@std/assert";
import { pump } from "../../../src/data/import/pump.ts";

async function* numbers(count: number): AsyncGenerator<number> {
  for (let i = 0; i < count; i++) yield await Promise.resolve(i);
}

const pause = () => new Promise((resolve) => setTimeout(resolve, 0));

Deno.test("pump() works on every item, on no more at once than allowed", async () => {
  const done: number[] = [];
  let [underWay, most] = [0, 0];
  await pump(numbers(50), async (item) => {
    most = Math.max(most, ++underWay);
    await pause();
    underWay--;
    done.push(item);
  }, { items: 4, bytes: 1000, sizeOf: () => 1 });
  assertEquals(done.sort((a, b) => a - b), Array.from({ length: 50 }, (_, i) => i));
  assertEquals(most, 4);
});

Deno.test("pump() holds no more bytes than allowed, but for one item", async () => {
  let [bytes, most] = [0, 0];
  const sizeOf = (item: number) => item === 7 ? 500 : 40;
  await pump(numbers(20), async (item) => {
    most = Math.max(most, bytes += sizeOf(item));
    if (item === 7) assertEquals(bytes, 500);
    await pause();
    bytes -= sizeOf(item);
  }, { items: 100, bytes: 100, sizeOf });
  assertEquals(most, 500);
});

Deno.test("pump() throws what went wrong first, after what was under way has ended", async () => {
  let ended = 0;
  const work = async (item: number) => {
    await pause();
    if (item === 3) throw new Error("third");
    ended++;
  };
  await assertRejects(() => pump(numbers(100), work, { items: 2, bytes: 10, sizeOf: () => 1 }), Error, "third");
  assert(ended < 10);
  async function* broken() {
    yield* numbers(2);
    throw new Error("source");
  }
  const before = ended;
  await assertRejects(() => pump(broken(), work, { items: 8, bytes: 10, sizeOf: () => 1 }), Error, "source");
  assertEquals(ended, before + 2);
});
