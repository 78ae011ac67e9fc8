import { assert, assertEquals } from "@std/assert";
import { openDataset } from "../../../src/data/mod.ts";
import { namesIn } from "../../../src/data/import/cache/cache_folder.ts";
import { releaseContents } from "../../../src/data/import/cache/in_use.ts";
import { launchIn } from "../../_launch.ts";
import { withFolder } from "../_folder.ts";
import { writePhotos } from "./_photos.ts";

const SCRIPT = new URL("./_import_script.ts", import.meta.url).pathname;

function spawnImport(photos: string, cache: string): Deno.ChildProcess {
  const { flags, env } = launchIn();
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--no-check", "--allow-read", "--allow-write", ...flags, SCRIPT, photos, cache],
    env,
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
}

/** Ends a process at once when it has printed so many bytes, a moment later. */
async function killAfter(child: Deno.ChildProcess, bytes: number, lingerMs: number): Promise<boolean> {
  let left = bytes;
  for await (const { length } of child.stdout) {
    left -= length;
    if (left > 0) continue;
    await new Promise((resolve) => setTimeout(resolve, lingerMs));
    try {
      child.kill("SIGKILL");
    } catch (error) {
      // It has ended meanwhile.
      if (!(error instanceof TypeError)) throw error;
    }
    break;
  }
  return !(await child.status).success;
}

Deno.test("an import that is killed at any moment leaves a cache that works, and no rest for long", async () => {
  await withFolder(async (folder) => {
    const [photos, cache] = [`${folder}/photos`, `${folder}/cache`];
    writePhotos(photos);
    const { fingerprint } = await openDataset(photos, { cache: `${folder}/other` });
    let kills = 0;
    // In the middle of the decoding, at its end, and in the moments after it, when all comes to its place.
    for (const [bytes, lingerMs] of [[3, 0], [15, 2], [21, 0], [21, 6 * Math.random()]] as const) {
      if (await killAfter(spawnImport(photos, cache), bytes, lingerMs)) kills++;
      const { train, test } = await openDataset(photos, { cache: `${folder}/read-${bytes}` });
      assertEquals([train.count, test.count], [16, 4]);
    }
    assert(kills >= 2, `${kills} processes were killed`);
    assertEquals((await openDataset(photos, { cache })).fingerprint, fingerprint);
    const drafts = `${cache}/v1/drafts`;
    const longAgo = new Date(Date.now() - 3_600_000);
    for (const name of namesIn(drafts)) Deno.utimeSync(`${drafts}/${name}`, longAgo, longAgo);
    await openDataset(photos, { cache, import: { side: 16 } });
    assertEquals(namesIn(drafts), []);
    releaseContents();
  });
});

Deno.test("two processes import the same at the same time, and keep it once", async () => {
  await withFolder(async (folder) => {
    const [photos, cache] = [`${folder}/photos`, `${folder}/cache`];
    writePhotos(photos);
    const outputs = await Promise.all([1, 2].map(() => spawnImport(photos, cache).output()));
    assertEquals(outputs.map(({ success }) => success), [true, true]);
    const fingerprints = outputs.map(({ stdout }) => new TextDecoder().decode(stdout).trim().split("\n").at(-1));
    const { fingerprint } = await openDataset(photos, { cache, onProgress: () => assert(false, "decoded again") });
    assertEquals(fingerprints, [fingerprint, fingerprint]);
    assertEquals(namesIn(`${cache}/v1/drafts`), []);
    assertEquals(namesIn(`${cache}/v1/contents`).length, 1);
    releaseContents();
  });
});
