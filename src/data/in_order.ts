/**
 * Works on several items at a time and gives the results in the order of the items.
 *
 * @param items The items; no more of them are taken than are worked on.
 * @param options `most`: how many are worked on at a time, at least 1; `work`: what is done with one.
 * @returns The results, one an item.
 * @throws Whatever `items` or `work` throws, when its turn comes.
 * @example Three at a time
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { inOrder } from "./mod.ts";
 *
 * const squares = inOrder([1, 2, 3, 4], { most: 3, work: (number) => Promise.resolve(number * number) });
 * assertEquals(await Array.fromAsync(squares), [1, 4, 9, 16]);
 * ```
 */
export async function* inOrder<Item, Result>(
  items: Iterable<Item> | AsyncIterable<Item>,
  { most, work }: { most: number; work: (item: Item) => Promise<Result> },
): AsyncGenerator<Result> {
  const pending: Promise<Result>[] = [];
  for await (const item of items) {
    const result = work(item);
    // It may fail long before its turn: then it is told, and not before.
    result.catch(() => {});
    pending.push(result);
    if (pending.length >= most) yield await pending.shift()!;
  }
  for (const result of pending) yield await result;
}
