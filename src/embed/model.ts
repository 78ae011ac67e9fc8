import type { Network, PictureShape } from "../engine/mod.ts";
import { type About, encodeNetwork, type Precision } from "../formats/mod.ts";
import { loadState, logitRows, rankClasses, withoutAuxiliaryHead } from "../network/mod.ts";
import { buildDerivedNetwork, type Cell, cellsOf, wholeSpace } from "../spaces/mod.ts";
import type { FinetuneOptions } from "./finetune.ts";
import { type ModelParts, shapeOf } from "./learnt_network.ts";
import { type Picture, preparePictures } from "./picture.ts";

/** A class and how likely it is. */
export interface Prediction {
  /** Name of the class. */
  readonly label: string;
  /** From 0 to 1. */
  readonly probability: number;
}

/** What is told of a picture. */
export interface PredictOptions {
  /** Classes to name, the likeliest first; all if left out. */
  readonly top?: number | undefined;
}

/** Images that go through the network together. */
const BATCH = 64;

/** A network that names what pictures show. */
export class Model {
  readonly #parts: ModelParts;
  readonly #network: Network;

  /** See `load`. */
  constructor(parts: ModelParts) {
    const { engine, learnt, program } = parts;
    this.#parts = parts;
    this.#network = engine.compile(program, { batch: BATCH, isInference: true });
    loadState(this.#network, withoutAuxiliaryHead(learnt.state));
  }

  /** Names of the classes, in the order of the logits. */
  get classes(): readonly string[] {
    return this.#parts.learnt.classes;
  }

  /** To what pictures are brought: height and width in pixels, 1 (grey) or 3 channels, and whether they are cropped or padded. */
  get shape(): PictureShape {
    return shapeOf(this.#parts.learnt);
  }

  /** What its file says for people: name, terms of use, model card; each may be absent. */
  get about(): About {
    return this.#parts.learnt.about ?? {};
  }

  /** Its architecture as graphs, for a picture. */
  get cells(): readonly Cell[] {
    const { genotype, space } = this.#parts.learnt;
    return cellsOf(genotype, space.name);
  }

  /**
   * Names what a picture shows.
   *
   * @param picture Its pixels, or an encoded file where there is a decoder.
   * @param options How many classes to name.
   * @returns The likeliest classes, the likeliest first; probabilities of all classes add up to 1.
   * @throws {TypeError | RangeError} If the picture cannot be read, or `top` is not a whole number from 1.
   * @example The likeliest classes of a picture
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { load } from "./mod.ts";
   *
   * const model = await load(await Deno.readFile("data/zoo/gtsrb20/network.safetensors"));
   * const predictions = await model.predict({ data: new Uint8Array(4 * 64 * 48), width: 64, height: 48 }, { top: 3 });
   * assertEquals(predictions.length, 3);
   * assertEquals(Object.keys(predictions[0]!), ["label", "probability"]);
   * ```
   */
  async predict(picture: Picture, options: PredictOptions = {}): Promise<Prediction[]> {
    const [prediction] = await this.predictBatch([picture], options);
    return prediction!;
  }

  /**
   * Names what pictures show. Answers are those of {@linkcode predict}, bit for bit.
   *
   * @param pictures The pictures, of any sizes.
   * @param options How many classes to name.
   * @returns For each picture, in order, its likeliest classes.
   * @throws {TypeError | RangeError} If a picture cannot be read, or `top` is not a whole number from 1.
   * @example Two pictures at once
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { load } from "./mod.ts";
   *
   * const model = await load(await Deno.readFile("data/zoo/gtsrb20/network.safetensors"));
   * const black = { data: new Uint8Array(4 * 32 * 32), width: 32, height: 32 };
   * const white = { ...black, data: black.data.map(() => 255) };
   * const [ofBlack, ofWhite] = await model.predictBatch([black, white]);
   * assertEquals(ofWhite, await model.predict(white));
   * assertEquals(ofBlack!.length, model.classes.length);
   * ```
   */
  async predictBatch(
    pictures: readonly Picture[],
    { top = this.classes.length }: PredictOptions = {},
  ): Promise<Prediction[][]> {
    if (!Number.isInteger(top) || top < 1) {
      throw new RangeError(`Cannot predict: top is ${top}, expected a whole number from 1`);
    }
    const rows = await this.logits(pictures);
    return rows.map((row) =>
      rankClasses(row, this.classes).slice(0, top).map(({ class: label, probability }) => ({ label, probability }))
    );
  }

  /**
   * What the network says of pictures before it becomes probabilities. They are the same bits wherever the same build of the kernels
   * runs; probabilities depend on the runtime's `Math.exp` in their last digit.
   *
   * @param pictures The pictures.
   * @returns For each picture, in order, one number a class.
   * @throws {TypeError | RangeError} If a picture cannot be read.
   * @example Probabilities follow from them
   * ```ts
   * import { assertAlmostEquals } from "@std/assert";
   * import { load } from "./mod.ts";
   *
   * const model = await load(await Deno.readFile("data/zoo/gtsrb20/network.safetensors"));
   * const picture = { data: new Uint8Array(4 * 32 * 32).fill(90), width: 32, height: 32 };
   * const [logits] = await model.logits([picture]);
   * const [first, second] = await model.predict(picture);
   * const [highest, next] = logits!.toSorted().reverse();
   * assertAlmostEquals(Math.log(first!.probability / second!.probability), highest! - next!, 1e-5);
   * ```
   */
  async logits(pictures: readonly Picture[]): Promise<Float32Array[]> {
    const { engine, decode, learnt: { mean, std } } = this.#parts;
    const { shape } = this;
    const rows: Float32Array[] = [];
    for (let first = 0; first < pictures.length; first += BATCH) {
      const chunk = pictures.slice(first, first + BATCH);
      const pixels = await preparePictures(chunk, { engine, shape, decode });
      const images = engine.loadImages(pixels, { ...shape, count: chunk.length });
      try {
        rows.push(...logitRows(this.#network, { images, mean, std }));
      } finally {
        images.free();
      }
    }
    return rows;
  }

  /**
   * Learns from pictures: a new network for classes of their own, on the body of this one, which stays as it is.
   *
   * First a head is fitted in closed form. Then all weights learn from half of the pictures, and the other half tells how well, epoch by
   * epoch; then from all of them. The result is that of the command `traditional` with the same pictures and seed, bit for bit. What
   * learns is loaded with the first call. The caller's thread is busy in between: a page does this in a worker.
   *
   * @param pictures The pictures, at least 4.
   * @param labels Name of the class of each. Any names: those that the network knows as well as new ones.
   * @param options Order of the classes, epochs, seed, whom to tell, when to stop.
   * @returns A model for these classes alone.
   * @throws {RangeError} If labels, classes and pictures do not fit each other, or there are too few; before anything is learnt.
   * @throws The signal's reason, if it is aborted.
   * @example Dark and light, told apart at once
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { load } from "./mod.ts";
   *
   * const model = await load(await Deno.readFile("data/zoo/gtsrb20/network.safetensors"));
   * const plain = (grey: number) => ({ data: new Uint8Array(4 * 32 * 32).fill(grey), width: 32, height: 32 });
   * const pictures = [0, 20, 40, 60, 190, 210, 230, 250].map(plain);
   * const labels = pictures.map((_, i) => i < 4 ? "dark" : "light");
   * const mine = await model.finetune(pictures, labels, { epochs: 0 });
   * assertEquals(mine.classes, ["dark", "light"]);
   * assertEquals((await mine.predict(plain(30)))[0]!.label, "dark");
   * ```
   */
  async finetune(
    pictures: readonly Picture[],
    labels: readonly string[],
    options: FinetuneOptions = {},
  ): Promise<Model> {
    const { finetune } = await import("./finetune.ts");
    const learnt = await finetune(this.#parts, { pictures, labels }, options);
    return new Model({ ...this.#parts, learnt, program: buildDerivedNetwork(learnt) });
  }

  /**
   * Writes the network as a file that {@linkcode load} and the command line read.
   *
   * @param options `precision`: how it holds the weights, `f32` if left out.
   * @returns The file, `.rootstock`. Equal networks give equal bytes.
   * @example A file of half the size
   * ```ts
   * import { assert, assertEquals } from "@std/assert";
   * import { load } from "./mod.ts";
   *
   * const bytes = await Deno.readFile("data/zoo/gtsrb20/network.safetensors");
   * const model = await load(bytes);
   * const small = await model.save({ precision: "f16" });
   * assert(small.length < 0.6 * bytes.length);
   * assertEquals((await load(small)).classes, model.classes);
   * ```
   */
  async save(options: { precision?: Precision | undefined } = {}): Promise<Uint8Array<ArrayBuffer>> {
    const { state, fit: _, space, ...description } = this.#parts.learnt;
    // What else the supernet's edges held is of no interest to a network that was cut out of it.
    return await encodeNetwork({ description: { ...description, space: wholeSpace(space) }, tensors: state }, options);
  }

  /** Frees the network's memory; the model must not be used afterwards. */
  free(): void {
    this.#network.free();
  }
}
