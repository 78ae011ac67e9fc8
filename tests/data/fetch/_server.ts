import { createHash } from "node:crypto";
import type { KnownFile } from "../../../src/data/fetch/known_dataset.ts";

/** What a server did with a request. */
export interface Request {
  path: string;
  range: string | null;
}

/** A server of this machine while a test runs. */
export interface Server extends AsyncDisposable {
  /** Its address, without a slash at the end. */
  readonly address: string;
  /** What was asked, in order. */
  readonly requests: readonly Request[];
}

/** Starts a server whose answers a test makes. */
export function serve(handle: (request: Request, count: number) => Response | Promise<Response>): Server {
  const requests: Request[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (asked) => {
    const request = { path: new URL(asked.url).pathname, range: asked.headers.get("range") };
    requests.push(request);
    return handle(request, requests.length);
  });
  return {
    address: `http://127.0.0.1:${server.addr.port}`,
    requests,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** Bytes that repeat only after a while. */
export function someBytes(count: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: count }, (_, i) => (i * 2654435761) >>> 13);
}

/** A file as the table would list it. */
export function known(content: Uint8Array, ...addresses: string[]): KnownFile {
  const hex = createHash("sha256").update(content).digest("hex");
  return { name: "data.bin", addresses, bytes: content.length, checksum: { algorithm: "sha256", hex } };
}

/** Answers as servers do that know ranges. */
export function withRange(content: Uint8Array<ArrayBuffer>, { range }: Request): Response {
  const from = Number(/^bytes=(\d+)-$/.exec(range ?? "")?.[1] ?? 0);
  if (range === null) return new Response(content);
  if (from >= content.length) return new Response(null, { status: 416 });
  const headers = { "content-range": `bytes ${from}-${content.length - 1}/${content.length}` };
  return new Response(content.subarray(from), { status: 206, headers });
}

/** Answers with the first bytes and then breaks the connection. */
export function cutAfter(content: Uint8Array<ArrayBuffer>, count: number, { range }: Request): Response {
  const from = Number(/^bytes=(\d+)-$/.exec(range ?? "")?.[1] ?? 0);
  const body = new ReadableStream({
    async start(controller) {
      controller.enqueue(content.subarray(from, from + count));
      await new Promise((resolve) => setTimeout(resolve, 20));
      controller.error(new Error("cut"));
    },
  });
  if (range === null) return new Response(body);
  const headers = { "content-range": `bytes ${from}-${content.length - 1}/${content.length}` };
  return new Response(body, { status: 206, headers });
}
