import { assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { readCheckpoint, writeCheckpoint } from "../../src/run/checkpoint.ts";
import { encodeSafetensors, FormatError, type TensorLike } from "../../src/formats/mod.ts";
import { RunError } from "../../src/run/mod.ts";
import { inFolder } from "./_folder.ts";

const CHECKPOINT = {
  tensors: new Map<string, TensorLike>([["x", { shape: [2], data: Float32Array.of(0.1, -0) }]]),
  progress: { epoch: 3, tally: { loss: 0.1 + 0.2 } },
};

Deno.test("readCheckpoint() gives back what was written, bit for bit", () =>
  inFolder(async (folder) => {
    const path = join(folder, "checkpoint.safetensors");
    assertEquals(await readCheckpoint(path), undefined);
    await writeCheckpoint(path, CHECKPOINT, 17);
    assertEquals(await readCheckpoint(path), { checkpoint: CHECKPOINT, eventBytes: 17 });
  }));

Deno.test("readCheckpoint() refuses damaged files and other safetensors", () =>
  inFolder(async (folder) => {
    const path = join(folder, "checkpoint.safetensors");
    await writeCheckpoint(path, CHECKPOINT, 17);
    const whole = await Deno.readFile(path);
    await Deno.writeFile(path, whole.subarray(0, whole.length - 1));
    await assertRejects(() => readCheckpoint(path), FormatError, "cut off");
    for (
      const metadata of [
        {},
        { format: "pt" },
        { format: "rootstock-checkpoint-1", progress: "{}" },
        { format: "rootstock-checkpoint-1", progress: "{", eventBytes: "1" },
        { format: "rootstock-checkpoint-1", progress: "{}", eventBytes: "-1" },
      ]
    ) {
      await Deno.writeFile(path, encodeSafetensors(CHECKPOINT.tensors, metadata as Record<string, string>));
      await assertRejects(() => readCheckpoint(path), RunError, `Cannot read ${path}: `);
    }
  }));

Deno.test("readCheckpoint() refuses numbers that are not finite, and a file of which a bit was flipped", () =>
  inFolder(async (folder) => {
    const path = join(folder, "checkpoint.safetensors");
    for (const broken of [NaN, Infinity, -Infinity]) {
      const tensors = new Map([["x", { shape: [2], data: Float32Array.of(0, broken) }]]);
      await writeCheckpoint(path, { tensors, progress: {} }, 0);
      await assertRejects(() => readCheckpoint(path), FormatError, `number 1 of x is ${broken}`);
    }
    await writeCheckpoint(path, CHECKPOINT, 17);
    const whole = await Deno.readFile(path);
    // The last bytes are numbers, those before them text.
    for (const place of [whole.length - 1, whole.length - 8, new TextDecoder().decode(whole).indexOf("17")]) {
      const damaged = whole.slice();
      damaged[place]! ^= 1;
      await Deno.writeFile(path, damaged);
      await assertRejects(() => readCheckpoint(path), FormatError, "the file is damaged");
    }
  }));

Deno.test("readCheckpoint() takes one of an earlier version, which has no checksum", () =>
  inFolder(async (folder) => {
    const path = join(folder, "checkpoint.safetensors");
    const metadata = { format: "rootstock-checkpoint-1", progress: '{"epoch":3}', eventBytes: "17" };
    await Deno.writeFile(path, encodeSafetensors(CHECKPOINT.tensors, metadata));
    const found = await readCheckpoint(path);
    assertEquals(found, { checkpoint: { tensors: CHECKPOINT.tensors, progress: { epoch: 3 } }, eventBytes: 17 });
  }));
