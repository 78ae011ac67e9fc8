import { assertEquals, assertThrows } from "@std/assert";
import { crc32 } from "node:zlib";
import { DataError } from "../../../src/data/mod.ts";
import { type Slots, slotsInFile, slotsInMemory } from "../../../src/data/import/slots.ts";
import { withFolder } from "../_folder.ts";

function useSlots(slots: Slots): void {
  for (const slot of [3, 0, 2]) slots.write(slot, new Uint8Array(4).fill(slot + 1));
  assertEquals([...slots.read(2)], [3, 3, 3, 3]);
  slots.writeAt(4, slots.read(3));
  const { pixels, checksum } = slots.finish(12);
  assertEquals([...pixels.read(0, pixels.length)], [1, 1, 1, 1, 4, 4, 4, 4, 3, 3, 3, 3]);
  assertEquals(checksum, crc32(pixels.read(0, 12)));
}

Deno.test("slotsInMemory() and slotsInFile() keep images wherever they are put", async () => {
  useSlots(slotsInMemory(4, 4));
  await withFolder((folder) => {
    const path = `${folder}/pixels`;
    {
      using slots = slotsInFile(path, 4);
      useSlots(slots);
    }
    assertEquals(Deno.readFileSync(path).length, 12);
    assertThrows(() => slotsInFile(path, 4), Deno.errors.AlreadyExists);
    return Promise.resolve();
  });
});

Deno.test("slotsInMemory() says what to do where there is not so much memory", () => {
  assertThrows(() => slotsInMemory(2 ** 30, 2 ** 20), DataError, "Cannot hold 1048576.0 GiB of images in memory");
});
