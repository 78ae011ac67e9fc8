import { assert, assertEquals } from "@std/assert";
import { type CacheOptions, ImportCache } from "../../../../src/data/import/cache/cache.ts";
import { namesIn } from "../../../../src/data/import/cache/cache_folder.ts";
import { CONTENT_FILES } from "../../../../src/data/import/cache/content.ts";
import { releaseContents } from "../../../../src/data/import/cache/in_use.ts";
import { withFolder } from "../../_folder.ts";
import { plain, someImages } from "./_content.ts";
import { keep, recordOf } from "./_keep.ts";

async function withCache(use: (cache: ImportCache, folder: string) => void, options?: CacheOptions): Promise<void> {
  await withFolder((folder) => {
    try {
      use(new ImportCache(`${folder}/cache`, options), folder);
    } finally {
      releaseContents();
    }
    return Promise.resolve();
  });
}

Deno.test("ImportCache.find() returns what keep() was given; one content of two sources is kept once", async () => {
  await withCache((cache) => {
    assertEquals(cache.find("k1"), "absent");
    keep(cache, "k1", recordOf("photos", "c1"), someImages());
    keep(cache, "k2", recordOf("photos.zip", "c1"), someImages());
    for (const [key, path] of [["k1", "photos"], ["k2", "photos.zip"]] as const) {
      const found = cache.find(key);
      assert(typeof found !== "string");
      assertEquals(found.record, recordOf(path, "c1"));
      assertEquals(plain(found.images), plain(someImages()));
    }
    assertEquals(namesIn(cache.paths.contents), ["c1"]);
    assertEquals(namesIn(cache.paths.drafts), []);
  });
});

Deno.test("ImportCache.find() finds damage, removes it, and can keep the source anew", async () => {
  await withCache((cache) => {
    for (const file of [`${cache.paths.contents}/c1/${CONTENT_FILES.pixels}`, `${cache.paths.sources}/k1.json`]) {
      keep(cache, "k1", recordOf("photos", "c1"), someImages());
      releaseContents();
      const bytes = Deno.readFileSync(file);
      bytes[bytes.length >> 1]! ^= 4;
      Deno.writeFileSync(file, bytes);
      assertEquals(cache.find("k1"), "damaged");
      assertEquals(cache.find("k1"), "absent");
    }
    keep(cache, "k1", recordOf("photos", "c1"), someImages());
    assert(typeof cache.find("k1") !== "string");
    // Another source of the same content finds it gone.
    Deno.removeSync(`${cache.paths.contents}/c1`, { recursive: true });
    assertEquals(cache.find("k1"), "absent");
  });
});

Deno.test("ImportCache.keep() replaces a content that was damaged since", async () => {
  await withCache((cache) => {
    keep(cache, "k1", recordOf("photos", "c1"), someImages());
    releaseContents();
    const file = `${cache.paths.contents}/c1/${CONTENT_FILES.pixels}`;
    Deno.writeFileSync(file, new Uint8Array(Deno.statSync(file).size).fill(255));
    keep(cache, "k2", recordOf("photos.zip", "c1"), someImages());
    const found = cache.find("k2");
    assert(typeof found !== "string");
    assertEquals(plain(found.images), plain(someImages()));
  });
});

Deno.test("ImportCache.keep() removes what was used longest ago once there is too much, but nothing in use", async () => {
  const bytes = 1000;
  await withCache((cache) => {
    const useAt = (content: string, second: number) =>
      Deno.utimeSync(`${cache.paths.contents}/${content}/${CONTENT_FILES.header}`, second, second);
    keep(cache, "k1", recordOf("one", "c1"), someImages());
    keep(cache, "k2", recordOf("two", "c2"), someImages());
    // Both are this process's.
    assertEquals(namesIn(cache.paths.contents), ["c1", "c2"]);
    releaseContents();
    useAt("c1", 2000);
    useAt("c2", 1000);
    keep(cache, "k3", recordOf("three", "c3"), someImages());
    assertEquals(namesIn(cache.paths.contents), ["c3"]);
    assertEquals(namesIn(cache.paths.sources), ["k3.json"]);
    releaseContents();
    keep(new ImportCache(cache.paths.root, { maximumBytes: 3 * bytes }), "k4", recordOf("four", "c4"), someImages());
    releaseContents();
    assertEquals(namesIn(cache.paths.contents), ["c3", "c4"]);
    // Used last, however long it has been there.
    assert(typeof cache.find("k3") !== "string");
    useAt("c4", 1000);
    releaseContents();
    keep(new ImportCache(cache.paths.root, { maximumBytes: 2.2 * bytes }), "k5", recordOf("five", "c5"), someImages());
    assertEquals(namesIn(cache.paths.contents), ["c3", "c5"]);
  }, { maximumBytes: bytes });
});

Deno.test("ImportCache.fingerprintOf() remembers a fingerprint for each way to divide a content", async () => {
  await withCache((cache) => {
    const [even, odd] = [{ splitSeed: 0, testPortion: 0.2 }, { splitSeed: 1, testPortion: 0.2 }];
    // Nobody minds where it cannot be written.
    cache.rememberFingerprint("c1", even, "f0");
    assertEquals(cache.fingerprintOf("c1", even), undefined);
    keep(cache, "k1", recordOf("one", "c1"), someImages());
    cache.rememberFingerprint("c1", even, "f0");
    cache.rememberFingerprint("c1", odd, "f1");
    assertEquals([even, odd].map((split) => cache.fingerprintOf("c1", split)), ["f0", "f1"]);
    assertEquals(cache.fingerprintOf("c1", { splitSeed: 0, testPortion: 0.25 }), undefined);
  });
});
