import { Engine } from "../../engine/mod.ts";
import type { RawDataset, RawPart } from "../readers/reader.ts";
import type { CompleteImport } from "./settings.ts";

/**
 * Brings images that a file holds decoded to the size and the channels that are asked for, as pictures are.
 *
 * @param raw The images.
 * @param settings Side and channels; what is left out stays.
 * @returns Images of that size; the same where nothing changes.
 */
export async function resizeRaw(raw: RawDataset, { side, channels, fit }: CompleteImport): Promise<RawDataset> {
  const { train } = raw;
  const from = channelsOf(train);
  if (from === undefined) return raw;
  const shape = { height: side ?? train.height, width: side ?? train.width, channels: channels ?? from, fit };
  if (shape.height === train.height && shape.width === train.width && shape.channels === from) return raw;
  const engine = await Engine.start({ threads: 1 });
  try {
    const bytes = shape.height * shape.width * shape.channels;
    const resize = (part: RawPart): RawPart => {
      const { height, width, count, pixels } = part;
      const size = height * width * from;
      // Parts that contradict themselves or the first one are refused when all is checked.
      const isSame = height === train.height && width === train.width && part.channels === from;
      if (!isSame || pixels.length !== count * size) return part;
      const resized = new Uint8Array(count * bytes);
      for (let i = 0; i < count; i++) {
        const image = { pixels: pixels.subarray(i * size, (i + 1) * size), height, width, channels: from };
        resized.set(engine.preparePicture(image, shape).pixels, i * bytes);
      }
      return { ...part, pixels: resized, height: shape.height, width: shape.width, channels: shape.channels };
    };
    const { validation, test, info: { height: _h, width: _w, channels: _c, ...info } } = raw;
    return {
      ...raw,
      train: resize(train),
      validation: validation && resize(validation),
      test: test && resize(test),
      info,
    };
  } finally {
    engine.close();
  }
}

/** Channels of images that a network can take, once they are checked. */
function channelsOf({ channels }: RawPart): 1 | 3 | undefined {
  return channels === 1 || channels === 3 ? channels : undefined;
}
