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
