import type * as crypto from "node:crypto";
import type * as zlib from "node:zlib";

/** Node's checksums and compression, loaded when they are first asked for: it takes 20 ms, of a start too that needs none. */
export function nodeZlib(): typeof zlib {
  return load("node:zlib");
}

/** Node's hashes, loaded when they are first asked for. */
export function nodeCrypto(): typeof crypto {
  return load("node:crypto");
}

// Also the mention of Node's process makes Deno load what belongs to it.
const load: typeof globalThis.process.getBuiltinModule = (name: string) => globalThis.process.getBuiltinModule(name);
