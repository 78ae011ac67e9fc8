import { assertEquals, assertRejects } from "@std/assert";
import { FolderQueue } from "../../src/queue/folder_queue.ts";
import { DEFAULT_QUEUE } from "../../src/queue/queue.ts";
import { jobOf, testContract } from "./_contract.ts";

async function inFolder(test: (folder: string) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

testContract({
  name: "folder",
  leaseSeconds: 0.05,
  use: (test) => inFolder((folder) => test((options) => new FolderQueue(`${folder}/queue`, options))),
});

Deno.test("a damaged job keeps nobody from the others, and a list names it", () =>
  inFolder(async (folder) => {
    const open = () => new FolderQueue(`${folder}/queue`, DEFAULT_QUEUE);
    await open().enqueue([jobOf(1), jobOf(2)]);
    await Deno.writeTextFile(`${folder}/queue/jobs/t1/0.json`, `{"nonce": "n", "type": "dance"}`);
    assertEquals((await open().claim("anna"))!.job.id, "t2");
    await assertRejects(() => open().list(), Error, 't1/0.json: type is "dance", expected one of enqueue');
  }));
