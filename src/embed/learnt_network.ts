import type { Engine, PictureShape, Program } from "../engine/mod.ts";
import { FormatError, type NetworkDescription, type NetworkFile } from "../formats/mod.ts";
import { buildDerivedNetwork, checkWeights, type TrainedNetwork, trainedNetworkOf } from "../spaces/mod.ts";
import type { Decoder } from "./picture.ts";

/** All that is known of a network: what its file says, and how its pictures come to their aspect. */
export type LearntNetwork = TrainedNetwork & NetworkDescription & Pick<PictureShape, "fit">;

/** What a model is made of. */
export interface ModelParts {
  /** Runs it. */
  readonly engine: Engine;
  /** Decodes encoded pictures. */
  readonly decode: Decoder | undefined;
  /** The network. */
  readonly learnt: LearntNetwork;
  /** The same for the engine. */
  readonly program: Program;
}

/**
 * The network of a file, checked before any memory is taken for it.
 *
 * @param network The file, read.
 * @param file What it is called in messages.
 * @returns The network, and the same for the engine.
 * @throws {FormatError} If what it holds does not fit together; one line.
 */
export function openNetwork(network: NetworkFile, file: string): Pick<ModelParts, "learnt" | "program"> {
  try {
    const learnt = { ...network.description, ...trainedNetworkOf(network), fit: fitOf(network.description) };
    const program = buildDerivedNetwork(learnt);
    checkWeights(learnt.state, program.parameters);
    return { learnt, program };
  } catch (cause) {
    throw new FormatError(`Cannot read ${file}: ${(cause as Error).message}`, { cause });
  }
}

/** How its pictures came to their aspect; files of before pictures could be imported do not say. */
function fitOf({ images }: NetworkDescription): PictureShape["fit"] {
  const fit = (images as { fit?: unknown } | null | undefined)?.fit ?? "crop";
  if (fit === "crop" || fit === "pad") return fit;
  throw new TypeError(`the fit of its images: found ${JSON.stringify(fit)}, expected crop or pad`);
}

/**
 * To what a network's pictures are brought.
 *
 * @param learnt The network.
 * @returns Height and width in pixels, 1 (grey) or 3 channels, and whether pictures are cropped or padded.
 */
export function shapeOf({ space: { height, width }, mean, fit }: LearntNetwork): PictureShape {
  return { height, width, channels: mean.length === 1 ? 1 : 3, fit };
}
