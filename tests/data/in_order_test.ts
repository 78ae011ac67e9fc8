import { assertEquals, assertRejects } from "@std/assert";
import { inOrder } from "../../src/data/in_order.ts";

Deno.test("inOrder() gives results in order, whatever is ready first, and never works on more than it may", async () => {
  let [under, most, taken] = [0, 0, 0];
  function* items() {
    for (; taken < 20; taken++) yield taken;
  }
  const work = async (item: number) => {
    most = Math.max(most, ++under);
    await new Promise((resolve) => setTimeout(resolve, item % 3));
    under--;
    return item;
  };
  const found: number[] = [];
  for await (const item of inOrder(items(), { most: 4, work })) {
    found.push(item);
    assertEquals(taken <= item + 4, true);
  }
  assertEquals(found, Array.from({ length: 20 }, (_, i) => i));
  assertEquals(most, 4);
});

Deno.test("inOrder() fails when the turn of what failed comes", async () => {
  const results = inOrder([1, 2, 3], {
    most: 3,
    work: (item) => item === 2 ? Promise.reject(new Error("two")) : Promise.resolve(item),
  });
  assertEquals((await results.next()).value, 1);
  await assertRejects(() => results.next(), Error, "two");
});
