import { assert, assertEquals } from "@std/assert";
import { decodeSafetensors } from "../../src/formats/mod.ts";
import { openSignatures, verifyZoo } from "../../src/zoo/mod.ts";
import { listFiles, ROOT } from "./_sources.ts";

/** Most bytes of the zoo: a clone is to stay small. */
const MOST_BYTES = 40e6;

Deno.test("the zoo that comes with the project is sound, signed, and at most 40 MB", async () => {
  const checks = await verifyZoo();
  assertEquals(checks.filter(({ isSound }) => !isSound), []);
  for (const { name } of checks) assert((await openSignatures(name)) !== undefined, `${name} is not signed`);
  const files = await listFiles("data/zoo/", "");
  const sizes = await Promise.all(files.map(async (file) => (await Deno.stat(new URL(file, ROOT))).size));
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  assert(files.length >= 5 && bytes <= MOST_BYTES, `${bytes} bytes in ${files.length} files`);
});

Deno.test("the zoo holds no pictures: bytes are labels, or features of no more than a row an image", async () => {
  const files = await listFiles("data/zoo/", ".safetensors");
  assert(files.length >= 10);
  for (const file of files) {
    const { tensors } = decodeSafetensors(await Deno.readFile(new URL(file, ROOT)), { file });
    for (const [name, { shape, data }] of tensors) {
      if (!(data instanceof Uint8Array)) continue;
      const isKnown = /^\d+\.labels$/.test(name) && shape.length === 1 ||
        /^\d+\.features$/.test(name) && shape.length === 2 && shape[1] === 128;
      assert(isKnown, `${file} holds bytes: ${name} [${shape}]`);
    }
  }
});
