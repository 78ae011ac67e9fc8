import { type AdamOptions, AdamState } from "./adam.ts";
import {
  type DatasetDistance,
  datasetDistance,
  type DistanceOptions,
  type LabelledFeatures,
} from "./dataset_distance.ts";
import { type ImageShape, type ImageStore, ResidentImages } from "./image_store.ts";
import { HOST } from "./host.ts";
import {
  type Build,
  detectBuild,
  type Host,
  type Kernels,
  type LaunchMode,
  loadKernels,
  type Workers,
} from "./kernels.ts";
import { type CompileOptions, Network, type StepResult } from "./network.ts";
import type { Program } from "./program_builder.ts";
import { seedWords } from "./seed.ts";
import { type ReadImages, StreamedImages } from "./streamed_images.ts";
import type { JoinMessage } from "./worker.ts";

/** Size of a picture. */
export interface PictureSize {
  /** Height in pixels. */
  height: number;
  /** Width in pixels. */
  width: number;
  /** 1 grey, 3 colour. */
  channels: 1 | 3;
}

/** A picture as a decoder returns it. */
export interface DecodedPicture {
  /** Bytes, [height, width, channels] row-major. */
  readonly pixels: Uint8Array;
  /** Height in pixels, up to 65,535. */
  readonly height: number;
  /** Width in pixels, up to 65,535. */
  readonly width: number;
  /** 1 grey, 2 grey and alpha, 3 colour, 4 colour and alpha. */
  readonly channels: 1 | 2 | 3 | 4;
}

/** What a picture is prepared to be. */
export interface PictureShape {
  /** Height in pixels, up to 1,024. */
  readonly height: number;
  /** Width in pixels, up to 1,024. */
  readonly width: number;
  /** 1 grey, 3 colour. */
  readonly channels: 1 | 3;
  /** What becomes of another aspect: `crop` cuts off what reaches over it, `pad` adds white; the same on both sides. */
  readonly fit: "crop" | "pad";
}

/** A linear classifier and how well it predicts images that are left out. */
export interface ClassifierFit {
  /** [classes, features] row-major. */
  weights: Float32Array;
  /** One a class. */
  biases: Float32Array;
  /** Mean cross-entropy, in nats. */
  loss: number;
  /** Share of right predictions. */
  accuracy: number;
}

/** How to start an engine. */
export interface EngineOptions {
  /** Default: relaxed where the runtime has relaxed SIMD, else strict; single where threads cannot share memory. */
  build?: Build | undefined;
  /** Default: one a core. One whatever is asked for in the single build and without workers. Results do not depend on it. */
  threads?: number | undefined;
  /** What the engine runs in. Default: Deno. */
  host?: Host | undefined;
}

/** Most threads; a batch is cut into 16 groups, so more would idle. */
const MOST_THREADS = 16;

/**
 * The kernels in memory, with their team of threads.
 *
 * The calling thread is one of the team: a run blocks it until the team has finished.
 */
export class Engine {
  /** The build that runs. */
  readonly build: Build;
  /** Threads, this one included. */
  readonly threads: number;
  /** How the process was launched. */
  readonly mode: LaunchMode;
  readonly #kernels: Kernels;
  readonly #memory: WebAssembly.Memory;
  readonly #workers: Worker[];
  readonly #stores = new Set<ImageStore>();
  #look: (() => void) | undefined;

  private constructor(
    { mode }: Host,
    build: Build,
    { kernels, memory, workers }: { kernels: Kernels; memory: WebAssembly.Memory; workers: Worker[] },
  ) {
    this.build = build;
    this.threads = workers.length + 1;
    this.mode = mode;
    this.#kernels = kernels;
    this.#memory = memory;
    this.#workers = workers;
  }

  /**
   * Loads the kernels and starts the threads.
   *
   * @param options Build, number of threads, and the runtime.
   * @throws {RangeError} If the number of threads is not between 1 and 16.
   * @throws {Error} If the kernels cannot be loaded.
   * @example Mean and deviation of two black and two white pixels
   * ```ts
   * import { assertAlmostEquals } from "@std/assert";
   * import { Engine } from "./mod.ts";
   *
   * const engine = await Engine.start({ threads: 1 });
   * const images = engine.loadImages(Uint8Array.of(0, 255, 255, 0), { count: 1, height: 2, width: 2, channels: 1 });
   * const { mean, std } = images.statistics(Uint32Array.of(0));
   * assertAlmostEquals(mean[0]!, 0.5, 1e-6);
   * assertAlmostEquals(std[0]!, 0.5, 1e-6);
   * engine.close();
   * ```
   */
  static async start(options: EngineOptions = {}): Promise<Engine> {
    const { host = HOST } = options;
    const build = options.build ?? detectBuild(host);
    const wanted = options.threads ?? Math.min(MOST_THREADS, host.cores);
    if (!Number.isInteger(wanted) || wanted < 1 || wanted > MOST_THREADS) {
      throw new RangeError(`Cannot start ${wanted} threads: expected 1 to ${MOST_THREADS}`);
    }
    const team = build === "single" ? undefined : host.workers;
    const threads = team ? wanted : 1;
    const { module, kernels, memory } = await loadKernels(host, build);
    kernels.team_resize(threads);
    const jobs = kernels.team_jobs();
    const join = (index: number) => joinTeam(team!, { module, memory, script: team!.scriptOf(build), index, jobs });
    const workers = await Promise.all(Array.from({ length: threads - 1 }, (_, i) => join(i + 1)));
    return new Engine(host, build, { kernels, memory, workers });
  }

  /**
   * Copies images into the kernels' memory.
   *
   * @param pixels Bytes, [count, height, width, channels] row-major.
   * @param shape Their sizes; 1 or 3 channels.
   * @throws {RangeError} If the number of bytes does not fit the shape.
   */
  loadImages(pixels: Uint8Array, shape: ImageShape): ResidentImages {
    const { count, height, width, channels } = shape;
    if (pixels.length !== count * height * width * channels) {
      throw new RangeError(
        `Cannot load images: found ${pixels.length} bytes, expected ${count}x${height}x${width}x${channels}`,
      );
    }
    const images = this.makeImages(shape);
    images.write(0, pixels);
    return images;
  }

  /**
   * Makes room for images in the kernels' memory, to be written one after the other.
   *
   * @param shape Their sizes; 1 or 3 channels.
   * @throws {Error} If memory does not suffice.
   */
  makeImages(shape: ImageShape): ResidentImages {
    const store = new ResidentImages(this.#kernels, this.#memory, shape, (freed) => void this.#stores.delete(freed));
    this.#stores.add(store);
    return store;
  }

  /**
   * Images that are read batch by batch while they are used, for more of them than memory should hold. What is computed of them has
   * the same bits.
   *
   * @param shape Their sizes; 1 or 3 channels.
   * @param read Reads images by their indices, at once.
   */
  streamImages(shape: ImageShape, read: ReadImages): StreamedImages {
    const onFree = (freed: ImageStore) => void this.#stores.delete(freed);
    const store = new StreamedImages(this.#kernels, this.#memory, shape, { read, onFree });
    this.#stores.add(store);
    return store;
  }

  /**
   * Compiles a program.
   *
   * @param program From a {@linkcode ProgramBuilder}.
   * @param options Images a run, memory, and whether it only infers.
   * @throws {Error} If the program is not valid or does not fit; one line says why.
   */
  compile(program: Program, options: CompileOptions): Network {
    return new Network(this.#kernels, program, {
      ...options,
      wide: this.mode === "fast",
      beforePass: () => this.#look?.(),
    });
  }

  /** Random order of 0..count-1, a function of (seed, epoch). */
  permutation(count: number, seed: number, epoch: number): Uint32Array {
    return this.#kernels.permutation(count, ...seedWords(seed), epoch);
  }

  /** Standard normal numbers, a function of (seed, stream). */
  normals(count: number, seed: number, stream: number): Float32Array {
    return this.#kernels.normals(count, ...seedWords(seed), stream);
  }

  /**
   * Resizes a picture (bilinear with antialiasing) and converts its channels: colour to grey as luma, grey by replication.
   *
   * @param pixels Bytes, [height, width, channels] row-major.
   * @param from Its size; channels 1 or 3.
   * @param to The size wanted.
   * @returns As many bytes as the size wanted has.
   * @throws {Error} If a size is out of range or does not fit the bytes.
   */
  resize(pixels: Uint8Array, from: PictureSize, to: PictureSize): Uint8Array<ArrayBuffer> {
    const sizes = [from, to].flatMap(({ height, width, channels }) => [height, width, channels]);
    return this.#kernels.resize_picture(pixels, Uint32Array.from(sizes)) as Uint8Array<ArrayBuffer>;
  }

  /**
   * Prepares a picture as a dataset or a network takes it: alpha on white, cropped or padded to the aspect wanted, resized by
   * Lanczos' filter with antialiasing, grey as luma of the resized colours. The bytes are those of Pillow.
   *
   * @param picture The picture.
   * @param shape The size and channels wanted, and what becomes of another aspect.
   * @returns As many bytes as the shape wanted has, and whether every pixel of the picture is grey (channels 3 apart or less).
   * @throws {Error} If a size is out of range or does not fit the bytes.
   */
  preparePicture(picture: DecodedPicture, shape: PictureShape): { pixels: Uint8Array<ArrayBuffer>; isGrey: boolean } {
    const sizes = [picture, shape].flatMap(({ height, width, channels }) => [height, width, channels]);
    const answer = this.#kernels.prepare_picture(
      picture.pixels,
      Uint32Array.of(...sizes, Number(shape.fit === "pad")),
    ) as Uint8Array<ArrayBuffer>;
    const end = answer.length - 1;
    return { pixels: answer.subarray(0, end), isGrey: answer[end] === 1 };
  }

  /**
   * Fits a linear classifier in closed form: linear discriminant analysis with a regularised covariance, penalty and scale of
   * the logits chosen by leave-one-out cross-entropy.
   *
   * @param features [images, features] row-major.
   * @param labels Class of each image.
   * @param classes Number of classes.
   * @returns Weights [classes, features], biases, and the leave-one-out loss (nats) and accuracy.
   * @throws {Error} If sizes do not fit each other, a label is out of range, or a feature is not finite.
   */
  fitClassifier(features: Float32Array, labels: Uint32Array, classes: number): ClassifierFit {
    this.#look?.();
    const fit = this.#kernels.fit_classifier(features, labels, classes);
    const end = fit.length - 2;
    return {
      weights: fit.slice(0, end - classes),
      biases: fit.slice(end - classes, end),
      loss: fit[end]!,
      accuracy: fit[end + 1]!,
    };
  }

  /**
   * Evaluates a linear classifier on rows of features: the same bits as a network's forward pass with that head.
   *
   * @param features [images, features] row-major.
   * @param labels Class of each image.
   * @param head Weights [classes, features] and biases.
   * @returns Mean cross-entropy in nats, images whose first largest logit is their label, images.
   * @throws {Error} If sizes do not fit each other, or a label is out of range.
   */
  evaluateClassifier(
    features: Float32Array,
    labels: Uint32Array,
    { weights, biases }: Pick<ClassifierFit, "weights" | "biases">,
  ): StepResult {
    const [loss, correct] = this.#kernels.evaluate_classifier(features, labels, weights, biases);
    return { loss: loss!, correct: correct!, count: labels.length };
  }

  /**
   * Optimal-transport dataset distance (Alvarez-Melis & Fusi, NeurIPS 2020) with classes as Gaussians.
   *
   * Two labelled images differ by |x − x'|² + W²(y, y'): features, and the classes' means and biased covariances. Squares
   * are not halved, and no root is taken of the result. It is debiased: zero for a dataset with itself, and symmetric, both
   * up to rounding; the order of images and the numbers of classes do not matter. The regularisation is a share of the mean
   * cost, so features may be scaled. Takes 8·(nm + d(n + m)) bytes for n and m images of d features (or 16·k² a thread for
   * classes of up to k images, if that is more), and the cube of k in time: 2,000 images of 784 pixels a side are a matter of seconds.
   *
   * @param first Up to 8,192 images, up to 2,048 a class.
   * @param second As many features an image.
   * @param options Regularisation and when to stop.
   * @returns The distance and what it is made of. Same bits for any number of threads.
   * @throws {Error} If sizes do not fit each other, a label or setting is out of range, or a feature is not finite.
   * @example A dataset is near itself and far from its negative
   * ```ts
   * import { assert, assertAlmostEquals } from "@std/assert";
   * import { Engine } from "./mod.ts";
   *
   * const engine = await Engine.start({ threads: 1 });
   * const features = Float32Array.of(0, 0, 0.1, 0, 1, 1, 1, 0.9);
   * const points = { features, labels: [0, 0, 1, 1], classes: 2 };
   * const far = { ...points, features: features.map((x) => -x) };
   * assertAlmostEquals(engine.datasetDistance(points, points).distance, 0, 1e-6);
   * assert(engine.datasetDistance(points, far).distance > 0.1);
   * engine.close();
   * ```
   */
  datasetDistance(first: LabelledFeatures, second: LabelledFeatures, options: DistanceOptions = {}): DatasetDistance {
    this.#look?.();
    return datasetDistance(this.#kernels, first, second, options);
  }

  /**
   * Has somebody look up from the work: before every forward pass of a network, every fit and every distance, until disposed of.
   * Steps that learn are left alone.
   *
   * @param look What it throws ends the work there.
   * @returns To be disposed of.
   */
  lookUp(look: () => void): Disposable {
    const before = this.#look;
    this.#look = look;
    return { [Symbol.dispose]: () => void (this.#look = before) };
  }

  /** Adam over a small vector (alpha). */
  adam(size: number, options: AdamOptions): AdamState {
    return new AdamState(this.#kernels, size, options);
  }

  /** Images in memory, a copy of the set: whoever works for a time on an engine can free those that came since. */
  imageStores(): Set<ImageStore> {
    return new Set(this.#stores);
  }

  /** Bytes of wasm memory; it never shrinks, so this is the peak. */
  memoryBytes(): number {
    return this.#memory.buffer.byteLength;
  }

  /** Stops the threads. The engine and all that came from it must not be used afterwards. */
  close(): void {
    this.#kernels.team_stop();
    for (const worker of this.#workers) worker.terminate();
  }
}

function joinTeam(workers: Workers, message: JoinMessage): Promise<Worker> {
  const worker = workers.start(`rootstock ${message.index}`);
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) =>
      data.ready ? resolve(worker) : reject(new Error(`Cannot start a thread: ${data.error}`));
    worker.onerror = (event) => {
      event.preventDefault();
      reject(new Error(`Cannot start a thread: ${event.message}`));
    };
    worker.postMessage(message);
  });
}
