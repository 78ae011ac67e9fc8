/**
 * A worker of a {@linkcode PicturePool}: decodes and prepares one picture after the other.
 *
 * @module
 */
import { Engine } from "../../engine/mod.ts";
import { DataError } from "../errors.ts";
import { type PictureAnswer, type PictureJob, READY } from "./job.ts";
import { decodePicture, prepareImage } from "./prepare.ts";

/** A worker's own side of its messages, which the types of a page do not know. */
const self = globalThis as unknown as {
  onmessage: (event: MessageEvent<PictureJob>) => void;
  postMessage(answer: PictureAnswer | typeof READY, transfer?: Transferable[]): void;
};

/** Memory of the kernels above which the worker is replaced, since it never shrinks, in bytes. */
const MOST_KEPT_BYTES = 2 ** 27;

let engine: Promise<Engine> | undefined;
let last: Promise<void> = Promise.resolve();

// Decoding waits where code is loaded; answers keep the order of the jobs all the same.
self.onmessage = ({ data }) => {
  last = last.then(async () => {
    const answer = await work(data);
    self.postMessage(answer, answer.prepared ? [answer.prepared.pixels.buffer] : []);
  });
};

self.postMessage(READY);

async function work({ content, name, shape }: PictureJob): Promise<PictureAnswer> {
  let isSpent = false;
  try {
    const kernels = await (engine ??= Engine.start({ build: "single", threads: 1 }));
    const image = content instanceof Uint8Array ? await decodePicture(content, name) : content;
    isSpent = true;
    const prepared = prepareImage(kernels, image, shape);
    isSpent = kernels.memoryBytes() > MOST_KEPT_BYTES;
    return { prepared, isSpent };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { message, isPictureAtFault: error instanceof DataError, isSpent };
  }
}
