/** How much may be under way at once. */
export interface PumpBounds {
  /** Most items. */
  readonly items: number;
  /** Most bytes, but for a single item. */
  readonly bytes: number;
}

/**
 * Works on the items of a stream, several at once, and holds no more of them than allowed.
 *
 * @param items The stream.
 * @param work What is done with each; in the order of the stream it begins, in any order it ends.
 * @param options Bounds, and the bytes of an item.
 * @throws What the stream or the work threw first; what is under way is waited for.
 */
export async function pump<Item>(
  items: AsyncIterable<Item>,
  work: (item: Item) => Promise<void>,
  { items: mostItems, bytes: mostBytes, sizeOf }: PumpBounds & { sizeOf: (item: Item) => number },
): Promise<void> {
  const underWay = new Set<Promise<void>>();
  let bytes = 0;
  let failure: { readonly error: unknown } | undefined;
  const begin = (item: Item) => {
    const size = sizeOf(item);
    bytes += size;
    const promise = work(item).catch((error) => {
      failure ??= { error };
    }).finally(() => {
      bytes -= size;
      underWay.delete(promise);
    });
    underWay.add(promise);
  };
  try {
    for await (const item of items) {
      while (underWay.size > 0 && (underWay.size >= mostItems || bytes + sizeOf(item) > mostBytes)) {
        await Promise.race(underWay);
      }
      if (failure) break;
      begin(item);
    }
  } finally {
    await Promise.all(underWay);
  }
  if (failure) throw failure.error;
}
