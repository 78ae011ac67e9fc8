import type { ResultStore } from "../../src/store/mod.ts";

/** A store in memory. */
export function storeOf(objects: Map<string, Uint8Array<ArrayBuffer>>): ResultStore {
  const put = (name: string, bytes: Uint8Array) => Promise.resolve(void objects.set(name, new Uint8Array(bytes)));
  return {
    url: "s3://results",
    at: (name) => `s3://results/${name}`,
    has: (name) => Promise.resolve(objects.has(name)),
    get: (name) => Promise.resolve(objects.get(name)),
    put,
    putFirst: async (name, bytes) => !objects.has(name) && (await put(name, bytes), true),
    remove: (name) => Promise.resolve(void objects.delete(name)),
    close() {},
  };
}
