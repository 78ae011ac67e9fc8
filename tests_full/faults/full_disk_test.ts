import { assert, assertEquals, assertMatch } from "@std/assert";
import { commandOf, finish, inFaults, inNamespace, quoted, type Work } from "./_faults.ts";

/** What a shell prints between the two attempts. */
const AGAIN = "=== again";

/**
 * Works on a disk of so many KiB, then on the same one with room enough.
 *
 * @returns Exit codes of both, what the first said on standard error, and what the second left, as `endOf` tells it.
 */
async function onDisk(kibibytes: number, work: Work, folder: string) {
  const [disk, copy] = [`${folder}/disk`, `${folder}/copy`];
  await Deno.mkdir(disk, { recursive: true });
  const run = quoted(commandOf(work, `${disk}/out`));
  const { code, out, error } = await inNamespace(`
    mount -t tmpfs -o size=${kibibytes}k none '${disk}' || exit 77
    ${run}; echo "${AGAIN} $?"
    mount -o remount,size=256m '${disk}' || exit 77
    ${run} >&2; echo "${AGAIN} $?"
    rm -rf '${copy}'; cp -r '${disk}/out' '${copy}'
  `);
  assertEquals(code, 0, `a namespace with a small disk is needed: ${error}`);
  const [first, second] = [...out.matchAll(new RegExp(`${AGAIN} (\\d+)`, "g"))].map(([, digits]) => Number(digits));
  return { first: first!, second: second!, error, copy };
}

for (const kind of ["search", "train", "transfer"]) {
  Deno.test(`${kind} on a disk that is full at any moment says so in a line and goes on to the same bits`, () =>
    inFaults(async (folder, all) => {
      const work = all[kind]!;
      const whole = await finish(work, `${folder}/whole`);
      let refused = 0;
      // From a disk that holds nothing to one that holds all: every write is once the one that finds no room.
      for (let kibibytes = 4;; kibibytes += 4 + Math.floor(kibibytes / 6)) {
        const { first, second, error, copy } = await onDisk(kibibytes, work, folder);
        assertEquals(second, 0, `${kibibytes} KiB: ${error}`);
        // What was finished is told again, not done again.
        assertEquals(await finish(work, copy), whole, `${kibibytes} KiB`);
        if (first === 0) break;
        assertEquals(first, 1, error);
        assertMatch(error, /^Cannot [^\n]*no space is left on the disk\n$/);
        refused++;
      }
      assert(refused > 10, `${refused} disks were too small`);
    }));
}

Deno.test("import on a disk that is full at any moment gives the same images", () =>
  inFaults(async (folder, { import: work }) => {
    const disk = `${folder}/disk`;
    await Deno.mkdir(disk);
    const whole = await finish(work!, `${folder}/whole`);
    const run = quoted(commandOf(work!, `${disk}/cache`));
    for (let kibibytes = 4; kibibytes <= 256; kibibytes += 12) {
      const { code, out, error } = await inNamespace(`
        mount -t tmpfs -o size=${kibibytes}k none '${disk}' || exit 77
        ${run} || exit 1
        mount -o remount,size=256m '${disk}' && ${run}
      `);
      // Whether there is room to keep them or not, the images are the same; and nothing half is taken for whole.
      assertEquals([code, out], [0, whole + whole], `${kibibytes} KiB: ${error}`);
    }
  }));
