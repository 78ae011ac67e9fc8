import { assert, assertEquals } from "@std/assert";
import { download } from "../../../src/data/fetch/download.ts";
import { assertDataError, withFolder } from "../_folder.ts";
import { cutAfter, known, serve, someBytes, withRange } from "./_server.ts";

const content = someBytes(300_000);

const isThere = (path: string) => Deno.stat(path).then(() => true, () => false);

Deno.test("download() follows redirects, tells how far it is, and leaves nothing but the file", () =>
  withFolder(async (folder) => {
    await using server = serve((request) =>
      request.path === "/data.bin"
        ? withRange(content, request)
        : new Response(null, { status: 302, headers: { location: "/data.bin" } })
    );
    const told: number[] = [];
    const path = `${folder}/data.bin`;
    await download(known(content, `${server.address}/old`), path, { onProgress: (bytes) => told.push(bytes) });
    assertEquals(await Deno.readFile(path), content);
    assertEquals(told.at(-1), content.length);
    assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name), ["data.bin"]);
  }));

Deno.test("download() goes on where the connection was cut, and where an earlier process ended", () =>
  withFolder(async (folder) => {
    const path = `${folder}/data.bin`;
    await Deno.writeFile(`${path}.part`, content.subarray(0, 1000));
    await using server = serve((request, count) =>
      count < 3 ? cutAfter(content, 50_000, request) : withRange(content, request)
    );
    await download(known(content, `${server.address}/data.bin`), path);
    assertEquals(await Deno.readFile(path), content);
    assertEquals(server.requests.map(({ range }) => range), ["bytes=1000-", "bytes=51000-", "bytes=101000-"]);
  }));

Deno.test("download() starts over where the server knows no ranges, or has nothing beyond what is there", () =>
  withFolder(async (folder) => {
    const path = `${folder}/data.bin`;
    await using plain = serve(() => new Response(content));
    await Deno.writeFile(`${path}.part`, someBytes(1234));
    await download(known(content, `${plain.address}/data.bin`), path);
    assertEquals(await Deno.readFile(path), content);
    await using ranged = serve((request) => withRange(content.subarray(0, 100), request));
    const short = { ...known(content.subarray(0, 100), `${ranged.address}/data.bin`), bytes: 150, roundedTo: 50 };
    await Deno.writeFile(`${path}.part`, someBytes(150));
    await download(short, path);
    assertEquals(await Deno.readFile(path), content.subarray(0, 100));
  }));

Deno.test("download() starts over once when what an earlier process left does not belong to the file", () =>
  withFolder(async (folder) => {
    const path = `${folder}/data.bin`;
    await Deno.writeFile(`${path}.part`, new Uint8Array(1000));
    await using server = serve((request) => withRange(content, request));
    await download(known(content, `${server.address}/data.bin`), path);
    assertEquals(await Deno.readFile(path), content);
    assertEquals(server.requests.map(({ range }) => range), ["bytes=1000-", null]);
  }));

Deno.test("download() refuses other content, other sizes, errors and silence, in one line, and no file appears", () =>
  withFolder(async (folder) => {
    const path = `${folder}/data.bin`;
    const other = content.slice();
    other[5]! ^= 1;
    const endless = () => {
      const body = new ReadableStream({ pull: (controller) => controller.enqueue(content) });
      return new Response(body);
    };
    const answers: [words: string[], answer: () => Response][] = [
      [["sha256 differs"], () => new Response(other)],
      [["announces 1000 bytes", "expected 300000"], () => new Response(content.subarray(0, 1000))],
      [["more than the published 300000"], endless],
      [["HTTP 404"], () => new Response("no", { status: 404 })],
      [["redirects"], () => new Response(null, { status: 301, headers: { location: "/again" } })],
      [["redirects"], () => new Response(null, { status: 301, headers: { location: "file:///etc/passwd" } })],
      [["sent nothing"], () => new Response(new ReadableStream({ start: (to) => to.enqueue(content.subarray(0, 9)) }))],
    ];
    for (const [words, answer] of answers) {
      await using server = serve(answer);
      const file = known(content, `${server.address}/data.bin`);
      await assertDataError(() => download(file, path, { patience: 150 }), "data.bin", ...words);
      assert(!await isThere(path), words[0]);
      await Deno.remove(`${path}.part`);
    }
    assertEquals(answers.length, 7);
  }));

Deno.test("download() asks the next address when one cannot give it", () =>
  withFolder(async (folder) => {
    await using server = serve((request) =>
      request.path === "/bad" ? new Response("no", { status: 503 }) : withRange(content, request)
    );
    const path = `${folder}/data.bin`;
    await download(known(content, `${server.address}/bad`, `${server.address}/good`), path);
    assertEquals(await Deno.readFile(path), content);
  }));

Deno.test("download() says which task may use the network where it may not", () =>
  withFolder((folder) =>
    assertDataError(
      () => download(known(content, "http://data.example/data.bin"), `${folder}/data.bin`),
      "data.example",
      "deno task fetch",
      "--from",
    )
  ));
