import { assertEquals } from "@std/assert";
import type { KnownDataset } from "../../../src/data/fetch/known_dataset.ts";
import { fetchDataset, fetchKnown, type FetchProgress, findFetched } from "../../../src/data/fetch/fetch_dataset.ts";
import { openDataset } from "../../../src/data/mod.ts";
import { assertDataError, gzip, idx, labels, withFolder, writeFiles } from "../_folder.ts";
import { known, serve, withRange } from "./_server.ts";

const content: Record<string, Uint8Array<ArrayBuffer>> = {
  "train-images-idx3-ubyte.gz": gzip(idx(6, 9, 8)),
  "train-labels-idx1-ubyte.gz": gzip(labels(0, 1, 2, 2, 1, 0)),
  "t10k-images-idx3-ubyte.gz": gzip(idx(3, 9, 8)),
  "t10k-labels-idx1-ubyte.gz": gzip(labels(2, 0, 1)),
};

function tiny(address: string): KnownDataset {
  return {
    name: "tiny",
    images: 9,
    files: Object.entries(content).map(([name, bytes]) => ({ ...known(bytes, `${address}/${name}`), name })),
    info: { description: "Nothing", classes: ["a", "b", "c"], source: "a test", licence: "none" },
  };
}

Deno.test("fetchKnown() fetches what is missing, and a reader opens it with its classes and licence", () =>
  withFolder(async (out) => {
    await using server = serve((request) => withRange(content[request.path.slice(1)]!, request));
    const told: FetchProgress[] = [];
    const fetched = await fetchKnown(tiny(server.address), { out, onProgress: (progress) => told.push(progress) });
    assertEquals(fetched.path, `${out}/tiny`);
    assertEquals(told.at(-1)!.done, fetched.bytes);
    const dataset = await openDataset(fetched.path);
    assertEquals([dataset.classes, dataset.licence, dataset.train.count], [["a", "b", "c"], "none", 6]);
    assertEquals(server.requests.length, 4);
    // A file that is damaged is fetched again; the others are there.
    await Deno.writeFile(`${out}/tiny/t10k-labels-idx1-ubyte.gz`, new Uint8Array(5));
    await fetchKnown(tiny(server.address), { out });
    assertEquals(server.requests.slice(4).map(({ path }) => path), ["/t10k-labels-idx1-ubyte.gz"]);
  }));

Deno.test("fetchKnown() takes files from a folder or a file, verified, without the network", () =>
  withFolder(async (out) => {
    const from = `${out}/downloads`;
    await Deno.mkdir(from);
    await writeFiles(from, content);
    const dataset = tiny("http://data.example");
    assertEquals((await openDataset((await fetchKnown(dataset, { out, from })).path)).test.count, 3);
    const [file] = dataset.files;
    const single = { ...dataset, name: "single", files: [file!] };
    const { path } = await fetchKnown(single, { out, from: `${from}/${file!.name}` });
    assertEquals(await Deno.readFile(path), content[file!.name]);
    await Deno.writeFile(`${from}/${file!.name}`, new Uint8Array(file!.bytes));
    const again = { ...dataset, name: "again" };
    await assertDataError(() => fetchKnown(again, { out, from }), file!.name, "sha256 differs");
    await assertDataError(() => fetchKnown(again, { out, from: `${from}/${file!.name}` }), "all 4 files");
    await assertDataError(() => fetchKnown(again, { out, from: `${out}/absent` }), "no such file");
    await assertDataError(() => fetchKnown(again, { out, from: out }), `no file ${file!.name}`);
  }));

Deno.test("fetchDataset() names what there is; findFetched() finds what is there as a whole", () =>
  withFolder(async (out) => {
    await assertDataError(() => fetchDataset("minst", { out }), "did you mean mnist?", "cifar-10");
    assertEquals(await findFetched("breastmnist", out), undefined);
    await Deno.mkdir(`${out}/breastmnist`);
    using file = await Deno.create(`${out}/breastmnist/breastmnist.npz`);
    await file.truncate(559_580);
    assertEquals((await findFetched("breastmnist", out))?.path, `${out}/breastmnist/breastmnist.npz`);
    await file.truncate(559_579);
    assertEquals(await findFetched("breastmnist", out), undefined);
    assertEquals(await findFetched("uci-digits", out), undefined);
  }));
