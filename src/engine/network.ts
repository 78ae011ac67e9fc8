import type { ImageStore } from "./image_store.ts";
import type { Kernels } from "./kernels.ts";
import { ParameterVectors, SLOT } from "./parameter_vectors.ts";
import type { Program } from "./program_builder.ts";
import { PROFILE_KINDS, type ProfileRow } from "./profile.ts";
import { seedWords } from "./seed.ts";

/** Random changes to training images. */
export interface Augmentation {
  /** Zero pixels added around before a crop back to size at a random place; 0 for none. */
  cropPadding: number;
  /** Mirror half of the images, left to right. */
  flip: boolean;
  /** Side in pixels of a square that is set to the mean; 0 for none. */
  cutout: number;
  /**
   * Least share of the image's area that a random part of 3:4 to 4:3 keeps, which is then brought to the whole size, in place of
   * the padded crop; 1, or left out, for none. Source: torchvision's `RandomResizedCrop`.
   */
  cropScale?: number | undefined;
  /** Random colours; left out for none. */
  jitter?: Jitter | undefined;
}

/**
 * How far colours change, 0 to 1 each: factors of brightness, contrast and saturation, applied in this order, are drawn evenly from
 * 1 − x to 1 + x. Grey images have no saturation. Source: torchvision's `ColorJitter`, whose order is random.
 */
export interface Jitter {
  /** Of all values. */
  brightness: number;
  /** Of the distance from the mean grey of the image. */
  contrast: number;
  /** Of the distance from the grey of the pixel. */
  saturation: number;
}

/**
 * How each image of a batch is mixed with the next one of its dataset there, the first following the last; labels are mixed alike.
 * Of both, each image has one by equal chance.
 */
export interface Mixing {
  /** Mixup (Zhang et al., ICLR 2018): parameter of the Beta distribution of the shares, up to 2; 0 for none. */
  mixup: number;
  /** CutMix (Yun et al., ICCV 2019), likewise. */
  cutmix: number;
}

/** How the images of one dataset become numbers. */
export interface Preparation {
  /** Mean of each image channel, in units of byte/255. */
  mean: readonly number[];
  /** Standard deviation of each image channel, in units of byte/255. */
  std: readonly number[];
  /** Random changes; none by default. */
  augment?: Augmentation;
}

/** A batch: which images, and how they become numbers. */
export interface BatchSource extends Preparation {
  /** Where they are. */
  images: ImageStore;
  /** Which ones. */
  indices: Uint32Array;
  /** Their classes, aligned with `indices`; none when only logits are wanted. */
  labels?: Uint32Array;
  /**
   * Weight of each class, by which its images count in the mean loss and its gradients: `weight` of PyTorch's `CrossEntropyLoss`. All
   * count alike if left out.
   */
  classWeights?: Float32Array | undefined;
  /** Share of the loss that all classes have alike, 0 up to 1: `label_smoothing` of PyTorch's `CrossEntropyLoss`; 0 if left out. */
  labelSmoothing?: number | undefined;
  /** How images are mixed; not at all if left out. */
  mixing?: Mixing | undefined;
  /**
   * For images of several datasets: how those of each are prepared, in place of the batch's own mean, deviation and changes,
   * and the dataset of each image, aligned with `indices`.
   */
  parts?: { preparations: readonly Preparation[]; of: Uint32Array };
  /** Seed of augmentation and drop-path. */
  seed: number;
  /** Key of augmentation, with seed and image. */
  epoch: number;
}

/** What a batch gave. */
export interface StepResult {
  /** Mean over the batch, auxiliary losses included with their weight; NaN without labels. */
  loss: number;
  /** Images whose largest logit is their label. */
  correct: number;
  /** Images. */
  count: number;
}

/** How to run forward. */
export interface ForwardOptions {
  /** Batch statistics (moving the running ones) instead of running statistics. */
  training: boolean;
  /** Drop-path probability; default 0. */
  dropPath?: number;
  /** Key of drop-path, with the seed. */
  step?: number;
  /**
   * Share of this batch in running statistics, 0 to 1; default 0.1, as in PyTorch. 0 leaves them alone, and without training
   * they never move.
   */
  statisticsMomentum?: number;
  /** Whether the importance of mixed terms is measured ({@linkcode Network.termImportance}), in forward passes only. */
  measuresTerms?: boolean;
}

/** How to run forward and backward. */
export interface BackwardOptions extends Omit<ForwardOptions, "training" | "measuresTerms"> {
  /**
   * All weights; or those of classifiers alone, which skips the body's backward pass; or none, for mixing gradients only.
   *
   * `live`: all weights again, but what only terms of mixing weight 0 depend on is not run, and its weights' gradients are 0, as
   * they would be anyway. Mixing gradients are right for terms of other weights then, and running statistics stay.
   */
  weightGradients: boolean | "head" | "live";
}

/** What the kernels call them. */
const WEIGHT_GRADIENTS = new Map<BackwardOptions["weightGradients"], number>([
  [false, 1],
  ["head", 2],
  ["live", 3],
  [true, 4],
]);

/** Beside these: a forward pass that leaves the importance of terms where a backward pass leaves mixing gradients. */
const MEASURES_TERMS = 5;

/** PyTorch's default share of a batch in running statistics. */
const STATISTICS_MOMENTUM = 0.1;

/** Settings of one SGD step. */
export interface SgdOptions {
  /** Step size. */
  learningRate: number;
  /** Share of the old velocity. */
  momentum: number;
  /** L2 penalty. */
  weightDecay: number;
  /** Largest global gradient norm; 0 for no clipping. */
  clip: number;
}

/** A state-dict name and its shape. */
export interface NamedShape {
  /** As in the reference implementation's state dict. */
  readonly name: string;
  /** PyTorch's shape. */
  readonly shape: readonly number[];
}

interface NormBuffer extends NamedShape {
  readonly norm: number;
  readonly isVariance: boolean;
}

/** For what a program is compiled. */
export interface CompileOptions {
  /** Most images a run. */
  batch: number;
  /**
   * Most bytes of activations: cells are recomputed in the backward pass as far as needed. Default 1.4 GiB, or more if the network
   * needs it.
   */
  memoryBytes?: number | undefined;
  /** Only forward passes with running statistics, which then take a few MiB a thread and stay in the cache. */
  isInference?: boolean | undefined;
}

/** A compiled network and its parameters. */
export class Network {
  /** Trainable parameters, in the program's order. */
  readonly parameters: readonly NamedShape[];
  /** Running means and variances; a norm shared by several names appears under each. */
  readonly buffers: readonly NamedShape[];
  /** Number of mixing weights. */
  readonly mixingCount: number;
  /** Whole-vector arithmetic. */
  readonly vectors: ParameterVectors;
  /** Most images a run. */
  readonly batch: number;
  readonly #kernels: Kernels;
  readonly #beforePass: () => void;
  readonly #handle: number;
  readonly #channels: number;
  readonly #parameterIndex: Map<string, number>;
  readonly #bufferIndex: Map<string, NormBuffer>;

  /** See `Engine.compile`. */
  constructor(
    kernels: Kernels,
    program: Program,
    options: CompileOptions & { wide: boolean; beforePass?: () => void },
  ) {
    this.#beforePass = options.beforePass ?? (() => {});
    this.#kernels = kernels;
    this.#handle = kernels.network_compile(
      program.words,
      options.batch,
      options.memoryBytes ?? 0,
      options.isInference ?? false,
    );
    kernels.network_set_wide(this.#handle, options.wide);
    this.#channels = program.inputChannels;
    this.batch = options.batch;
    this.parameters = program.parameters.map(({ name, shape }) => ({ name, shape }));
    this.#parameterIndex = new Map(program.parameters.map(({ name }, i) => [name, i]));
    const buffers: NormBuffer[] = [];
    program.norms.forEach(({ names, channels }, norm) => {
      for (const name of names) {
        buffers.push({ name: `${name}.running_mean`, shape: [channels], norm, isVariance: false });
        buffers.push({ name: `${name}.running_var`, shape: [channels], norm, isVariance: true });
      }
    });
    this.buffers = buffers.map(({ name, shape }) => ({ name, shape }));
    this.#bufferIndex = new Map(buffers.map((buffer) => [buffer.name, buffer]));
    this.mixingCount = program.mixingCount;
    this.vectors = new ParameterVectors(kernels, this.#handle);
  }

  /** Sets the mixing weights of all terms; `weights` has `mixingCount` finite numbers. */
  setMixing(weights: Float32Array): void {
    this.#kernels.network_set_mixing(this.#handle, weights);
  }

  /** Gradient of the last backward pass with respect to the mixing weights. */
  mixingGradient(): Float32Array {
    return this.#kernels.network_mixing_gradient(this.#handle);
  }

  /**
   * How little each mixing weight's terms tell apart, if the last pass measured it: the mean over images, pixels and terms of
   * 3 (C − 1) / (C v²), v being the variance over a pixel's channels. Infinite for a weight without terms. Source: IS-DARTS (He et al., 2024), section 3.2.
   */
  termImportance(): Float32Array {
    return this.#kernels.network_mixing_gradient(this.#handle);
  }

  /**
   * Runs a batch forward.
   *
   * @throws {Error} If the batch does not fit the network; nothing has changed then.
   */
  forward(source: BatchSource, options: ForwardOptions): StepResult {
    this.#beforePass();
    return this.#run(source, options, options.training, options.measuresTerms ? MEASURES_TERMS : 0);
  }

  /**
   * Runs a batch forward (batch statistics) and backward: gradients of the mean loss.
   *
   * @throws {Error} If the batch does not fit the network or has no labels; nothing has changed then.
   */
  backward(source: BatchSource, options: BackwardOptions): StepResult {
    const code = WEIGHT_GRADIENTS.get(options.weightGradients)!;
    return this.#run(source, options, true, code);
  }

  /**
   * Assembles a batch as the network would read it: varied, normalised, mixed.
   *
   * @returns Numbers, [images, height, width, channels] row-major.
   * @throws {Error} If the batch does not fit the network.
   */
  assemble(source: BatchSource): Float32Array {
    return this.#call(source, {}, false, 0, this.#kernels.network_images);
  }

  #run(source: BatchSource, options: Partial<ForwardOptions>, training: boolean, backward: number): StepResult {
    const [loss, correct] = this.#call(source, options, training, backward, this.#kernels.network_run);
    return { loss: source.labels ? loss! : NaN, correct: correct!, count: source.indices.length };
  }

  #call<Answer>(
    source: BatchSource,
    options: Partial<ForwardOptions>,
    training: boolean,
    backward: number,
    call: (...given: Parameters<Kernels["network_run"]>) => Answer,
  ): Answer {
    const batch = new this.#kernels.BatchOptions();
    try {
      [batch.seed, batch.seed_high] = seedWords(source.seed);
      batch.epoch = source.epoch;
      batch.step = options.step ?? 0;
      batch.drop_path = options.dropPath ?? 0;
      batch.training = training;
      batch.statistics_momentum = options.statisticsMomentum ?? STATISTICS_MOMENTUM;
      batch.backward = backward;
      batch.label_smoothing = source.labelSmoothing ?? 0;
      batch.mixup = source.mixing?.mixup ?? 0;
      batch.cutmix = source.mixing?.cutmix ?? 0;
      const { handle, indices, keys } = source.images.place(source.indices);
      return call(
        this.#handle,
        handle,
        indices,
        keys,
        source.labels ?? new Uint32Array(),
        source.classWeights ?? new Float32Array(),
        source.parts?.of ?? new Uint32Array(),
        new Float32Array(
          (source.parts?.preparations ?? [source]).flatMap((part) => this.#prepare(source.images, part)),
        ),
        batch,
      );
    } finally {
      batch.free();
    }
  }

  /**
   * A dataset's row for the kernels: means and deviations per network channel (a grey image's are replicated, a colour
   * image's averaged for a grey network), then the random changes.
   */
  #prepare({ channels }: ImageStore, { mean, std, augment }: Preparation): number[] {
    if (mean.length !== channels || std.length !== channels) {
      throw new RangeError(`Cannot normalise: found ${mean.length} means, expected ${channels}`);
    }
    const adapt = (values: readonly number[]) => {
      if (values.length === this.#channels) return [...values];
      if (values.length === 1) return Array(this.#channels).fill(values[0]!) as number[];
      return [values.reduce((sum, value) => sum + value, 0) / values.length];
    };
    const { cropPadding = 0, flip = false, cutout = 0, cropScale = 1, jitter } = augment ?? {};
    const { brightness = 0, contrast = 0, saturation = 0 } = jitter ?? {};
    const changes = [cropPadding, Number(flip), cutout, cropScale, brightness, contrast, saturation];
    return [...adapt(mean), ...adapt(std), ...changes];
  }

  /** Loss of each image of the last run, divided by what its classes weigh, and whether its largest logit was its label; means nothing without labels. */
  imageOutcomes(): { losses: Float64Array; hits: boolean[] } {
    const outcomes = this.#kernels.network_image_outcomes(this.#handle);
    const count = outcomes.length / 2;
    return { losses: outcomes.slice(0, count), hits: Array.from(outcomes.subarray(count), (hit) => hit === 1) };
  }

  /** Logits of the last run's main classifier, [images, classes] row-major. */
  logits(): Float32Array {
    return this.#kernels.network_logits(this.#handle);
  }

  /** Pooled features that the last run's main classifier read, [images, features] row-major. */
  features(): Float32Array {
    return this.#kernels.network_features(this.#handle);
  }

  /** PyTorch's default initial values, a function of the seed; momentum 0, running statistics 0 and 1. */
  initialise(seed: number): void {
    this.#kernels.network_initialise(this.#handle, ...seedWords(seed));
  }

  /** One step of SGD over all parameters that are not frozen. */
  sgdStep({ learningRate, momentum, weightDecay, clip }: SgdOptions): { gradientNorm: number } {
    return { gradientNorm: this.#kernels.sgd_step(this.#handle, learningRate, momentum, weightDecay, clip) };
  }

  /**
   * Freezes exactly the named parameters: `sgdStep` leaves them alone.
   *
   * @throws {RangeError} If a name does not exist.
   */
  freeze(names: readonly string[]): void {
    this.#kernels.parameters_freeze(this.#handle, new Uint32Array(names.map((name) => this.#parameter(name))));
  }

  /**
   * Elements of a parameter or buffer in PyTorch's order.
   *
   * @param name State-dict name.
   * @param what Its value (default), the last gradient, SGD's momentum, or a slot of `vectors`; buffers have values only.
   * @throws {RangeError} If the name does not exist.
   */
  read(name: string, what: "value" | "gradient" | "momentum" | number = "value"): Float32Array {
    const buffer = this.#bufferIndex.get(name);
    if (buffer) return this.#kernels.running_read(this.#handle, buffer.norm, buffer.isVariance);
    return this.#kernels.parameter_read(this.#handle, this.#parameter(name), slotOf(what));
  }

  /**
   * Writes a parameter or buffer.
   *
   * @param name State-dict name.
   * @param data All elements in PyTorch's order.
   * @param what Value (default), momentum, or a slot of `vectors`.
   * @throws {RangeError} If the name does not exist.
   * @throws {Error} If the number of elements differs.
   */
  write(name: string, data: Float32Array, what: "value" | "momentum" | number = "value"): void {
    const buffer = this.#bufferIndex.get(name);
    if (buffer) return this.#kernels.running_write(this.#handle, buffer.norm, buffer.isVariance, data);
    this.#kernels.parameter_write(this.#handle, this.#parameter(name), slotOf(what), data);
  }

  /** Bytes of activations and gradients that the memory plan holds. */
  activationBytes(): number {
    return this.#kernels.network_activation_bytes(this.#handle);
  }

  /** Chooses kernel variants by lanes; strict results are the same. For benchmarks and tests: compile picks by launch mode. */
  setWide(isWide: boolean): void {
    this.#kernels.network_set_wide(this.#handle, isWide);
  }

  /** Starts profiling from zero, or stops it; profiled runs take about a percent longer. */
  setProfiled(isProfiled: boolean): void {
    this.#kernels.network_set_profiled(this.#handle, isProfiled);
  }

  /** Where the time went since profiling began, by kind of work, over all threads. */
  profile(): ProfileRow[] {
    const table = this.#kernels.network_profile(this.#handle);
    return PROFILE_KINDS.map((kind, i) => {
      const [seconds, flops, bytes, calls] = table.subarray(4 * i, 4 * i + 4);
      return { kind, seconds: seconds!, flops: flops!, bytes: bytes!, calls: calls! };
    });
  }

  /** Frees the network and its parameters. */
  free(): void {
    this.#kernels.network_free(this.#handle);
  }

  #parameter(name: string): number {
    const index = this.#parameterIndex.get(name);
    if (index === undefined) throw new RangeError(`Cannot find parameter ${name}: the network has no such name`);
    return index;
  }
}

function slotOf(what: "value" | "gradient" | "momentum" | number): number {
  if (typeof what === "number") return what;
  return { value: SLOT.values, gradient: SLOT.gradients, momentum: SLOT.momentum }[what];
}
