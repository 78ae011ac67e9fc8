import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { checkStore } from "../../src/store/open_store.ts";
import { DamagedObject, StoreTrouble } from "../../src/store/result_store.ts";
import { S3Store } from "../../src/store/s3_store.ts";
import { parseStoreAddress } from "../../src/store/store_address.ts";
import { sha256 } from "../../src/formats/mod.ts";

// What real servers do, which check signatures, is tested by tests_full/sweep/store_test.ts.

const KEYS = { accessKeyId: "me", secretAccessKey: "s3cret" };
const bytesOf = (text: string) => new TextEncoder().encode(text);
const refusal = (status: number, code: string) => new Response(`<Error><Code>${code}</Code></Error>`, { status });

/** What a server does instead of its work, once. */
type Whim = (request: Request) => Response | Promise<Response>;

/** A server that keeps objects, with whims. */
async function withStore(
  test: (given: { store: S3Store; whims: Whim[]; objects: Map<string, Uint8Array>; asked: string[] }) => Promise<void>,
) {
  const objects = new Map<string, Uint8Array<ArrayBuffer>>();
  const whims: Whim[] = [];
  const asked: string[] = [];
  const answer = async (request: Request): Promise<Response> => {
    const { pathname } = new URL(request.url);
    const body = new Uint8Array(await request.arrayBuffer());
    asked.push(`${request.method} ${pathname}`);
    assertEquals(request.headers.get("x-amz-content-sha256"), await sha256(body));
    assertMatch(request.headers.get("authorization") ?? "", /^AWS4-HMAC-SHA256 Credential=me\/\d{8}\/us-east-1\/s3\//);
    const whim = whims.shift();
    if (whim !== undefined) return await whim(request);
    const found = objects.get(pathname);
    if (request.method === "PUT") {
      if (found !== undefined && request.headers.get("if-none-match") === "*") {
        return refusal(412, "PreconditionFailed");
      }
      objects.set(pathname, body);
      return new Response(null);
    }
    if (request.method === "DELETE") {
      objects.delete(pathname);
      return new Response(null, { status: 204 });
    }
    return found === undefined ? refusal(404, "NoSuchKey") : new Response(found);
  };
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {}, onError: () => refusal(400, "Odd") },
    answer,
  );
  const url = `s3://results/team?endpoint=http://127.0.0.1:${server.addr.port}`;
  try {
    await test({ store: new S3Store(parseStoreAddress(url, () => undefined), KEYS), whims, objects, asked });
  } finally {
    await server.shutdown();
  }
}

Deno.test("objects are made, read, replaced and removed; of two that are to be the first one is", () =>
  withStore(async ({ store, objects }) => {
    assertEquals(await store.get("trials/t1.tar"), undefined);
    assertEquals(await store.putFirst("trials/t1.tar", bytesOf("one")), true);
    assertEquals(await store.putFirst("trials/t1.tar", bytesOf("two")), false);
    assertEquals(await store.get("trials/t1.tar"), bytesOf("one"));
    await store.put("trials/t1.tar", bytesOf(""));
    assertEquals([...objects], [["/results/team/trials/t1.tar", bytesOf("")]]);
    await store.remove("trials/t1.tar");
    assertEquals(objects.size, 0);
    assertEquals(store.at("trials/t1.tar"), "s3://results/team/trials/t1.tar");
  }));

Deno.test("a server that fails for the moment, is busy or cut off is asked again, and no longer than wanted", () =>
  withStore(async ({ store, whims, asked }) => {
    const cut = () => new Response(new ReadableStream({ pull: (controller) => controller.error(new Error("cut")) }));
    whims.push(() => refusal(503, "SlowDown"), () => refusal(409, "OperationAborted"), cut);
    await store.put("a", bytesOf("a"));
    assertEquals(asked.length, 4);
    whims.push(() => refusal(500, "InternalError"), () => refusal(500, "InternalError"));
    const error = await assertRejects(() => store.get("a", { seconds: 0 }), StoreTrouble);
    assertEquals(
      error.message,
      "Cannot use s3://results/team/a: the server answers 500 InternalError, expected 200",
    );
    const stop = AbortSignal.abort();
    await assertRejects(
      () => store.get("a", { signal: stop }),
      StoreTrouble,
      "Cannot reach store s3://results at http:",
    );
    assertEquals(asked.length, 5);
    assertEquals(await store.get("a"), bytesOf("a"));
  }));

Deno.test("a server that knows no conditions is asked what there is", () =>
  withStore(async ({ store, whims, asked }) => {
    whims.push(() => refusal(501, "NotImplemented"));
    assertEquals(await store.putFirst("a", bytesOf("one")), true);
    whims.push(() => refusal(501, "NotImplemented"));
    assertEquals(await store.putFirst("a", bytesOf("two")), false);
    assertEquals(await store.get("a"), bytesOf("one"));
    assertEquals(asked.map((line) => line.split(" ")[0]).join(), "PUT,HEAD,PUT,PUT,HEAD,GET");
  }));

Deno.test("what a server refuses is said at once in a line, without the key", () =>
  withStore(async ({ store, whims, asked }) => {
    const cases: [number, string, string][] = [
      [403, "SignatureDoesNotMatch", "expected AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY of somebody who may"],
      [403, "", "the server answers 403, expected AWS_ACCESS_KEY_ID"],
      [404, "NoSuchBucket", "expected a bucket that was made before"],
      [403, "RequestTimeTooSkewed", "expected the clocks of both"],
      [400, "AuthorizationHeaderMalformed", "expected the bucket's own region"],
    ];
    for (const [status, code, message] of cases) {
      whims.push(() => refusal(status, code));
      const error = await assertRejects(() => store.get("a"), StoreTrouble, message);
      assert(!/s3cret|\n/.test(error.message));
    }
    // Nobody is followed to another server.
    whims.push(() => new Response(null, { status: 307, headers: { location: "http://127.0.0.1:1/" } }));
    await assertRejects(() => store.put("a", bytesOf("a")), StoreTrouble, "the server answers 307");
    assertEquals(asked.length, cases.length + 1);
  }));

Deno.test("an object that would fill the memory is not read", () =>
  withStore(async ({ store, whims }) => {
    const huge = () =>
      new Response(new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(10)) }), {
        headers: { "content-length": String(3 * 2 ** 30) },
      });
    whims.push(huge);
    await assertRejects(() => store.get("a"), DamagedObject, "it is larger than 2147483648 bytes");
  }));

Deno.test("a server that has everything is no store", async () => {
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    () => new Response("<p>Welcome</p>"),
  );
  const address = parseStoreAddress(`s3://results?endpoint=http://127.0.0.1:${server.addr.port}`, () => undefined);
  const store = new S3Store(address, { accessKeyId: "me", secretAccessKey: "s3cret" });
  await assertRejects(() => checkStore(store), StoreTrouble, "has what nobody has put there, expected one of S3");
  store.close();
  await server.shutdown();
});
