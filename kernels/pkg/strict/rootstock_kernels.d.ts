/* tslint:disable */
/* eslint-disable */

/**
 * A batch of images and how to prepare it.
 */
export class BatchOptions {
    free(): void;
    [Symbol.dispose](): void;
    /**
     * All off.
     */
    constructor();
    /**
     * 0: forward only; 1: mixing gradient; 2: classifiers' weights; 3: weights, without what only terms of mixing weight 0 depend on; 4: all weights; 5: forward
     * only, measuring the importance of mixed terms.
     */
    backward: number;
    /**
     * CutMix of images, likewise.
     */
    cutmix: number;
    /**
     * Drop-path probability.
     */
    drop_path: number;
    /**
     * Key of augmentation.
     */
    epoch: number;
    /**
     * Share of the loss that all classes have alike, 0 up to 1.
     */
    label_smoothing: number;
    /**
     * Mixup of images: parameter of the Beta distribution of the shares, 0 for none.
     */
    mixup: number;
    /**
     * Seed, high word.
     */
    seed_high: number;
    /**
     * Seed, low word.
     */
    seed: number;
    /**
     * Share of this batch in running statistics, 0 to 1; 0 leaves them alone.
     */
    statistics_momentum: number;
    /**
     * Key of drop-path.
     */
    step: number;
    /**
     * Batch statistics instead of running ones.
     */
    training: boolean;
}

/**
 * One Adam step. `state`: values, first moments, second moments, one after another; returns the new state.
 */
export function adam_step(state: Float32Array | number[], gradient: Float32Array | number[], steps: number, settings: Float64Array | number[]): Float32Array;

/**
 * Distance between two labelled sets of features (`[points][features]`). `classes`: of the first, of the second; `settings`:
 * epsilon, tolerance, iterations. Returns distance, epsilon; value, updates, violation and mean cost between, within the first
 * and within the second; then the squared distances of the classes, `[first][second]`.
 */
export function dataset_distance(first: Float32Array | number[], first_labels: Uint32Array | number[], second: Float32Array | number[], second_labels: Uint32Array | number[], classes: Uint32Array | number[], settings: Float64Array | number[]): Float64Array;

/**
 * A linear classifier's mean cross-entropy on rows of features, and how many rows it gets right.
 */
export function evaluate_classifier(features: Float32Array | number[], labels: Uint32Array | number[], weights: Float32Array | number[], biases: Float32Array | number[]): Float64Array;

/**
 * Bytes as features: byte / 255.
 */
export function features_of_bytes(bytes: Uint8Array | number[]): Float32Array;

/**
 * A linear classifier in closed form: weights `[classes][features]`, biases, leave-one-out loss and accuracy.
 */
export function fit_classifier(features: Float32Array | number[], labels: Uint32Array | number[], classes: number): Float32Array;

/**
 * Frees images.
 */
export function images_free(handle: number): void;

/**
 * Makes room for images; their bytes go to `images_pointer`.
 */
export function images_new(count: number, height: number, width: number, channels: number): number;

/**
 * Byte address of the first pixel.
 */
export function images_pointer(handle: number): number;

/**
 * Sums of each channel's bytes over the given images, then of their squares.
 */
export function images_sums(handle: number, indices: Uint32Array | number[]): Float64Array;

/**
 * Bytes of activations and gradients planned.
 */
export function network_activation_bytes(handle: number): number;

/**
 * Compiles a program for batches of up to `batch` images within `limit` bytes of activations (0: no limit), for training or
 * with `inference` for forward passes with running statistics only.
 */
export function network_compile(words: Uint32Array | number[], batch: number, limit: number, inference: boolean): number;

/**
 * Pooled features that the last run's main classifier read: `[images][features]`.
 */
export function network_features(handle: number): Float32Array;

/**
 * Frees a network and its parameters.
 */
export function network_free(handle: number): void;

/**
 * Losses of the last run's images, then 1 for each that was right, else 0: `[2][images]`.
 */
export function network_image_outcomes(handle: number): Float64Array;

/**
 * Images of a batch as the network reads them, by the arguments of [`network_run`]: `[images][height][width][channels]`.
 */
export function network_images(handle: number, images: number, indices: Uint32Array | number[], keys: Uint32Array | number[], labels: Uint32Array | number[], class_weights: Float32Array | number[], parts: Uint32Array | number[], preparations: Float32Array | number[], options: BatchOptions): Float32Array;

/**
 * Gives all parameters PyTorch's default initial values, keyed by the seed.
 */
export function network_initialise(handle: number, seed: number, seed_high: number): void;

/**
 * Logits of the last run's main classifier: `[images][classes]`.
 */
export function network_logits(handle: number): Float32Array;

/**
 * Gradient of the last backward pass with respect to the mixing weights; after a pass that measured, the importance of their terms.
 */
export function network_mixing_gradient(handle: number): Float32Array;

/**
 * Seconds, floating-point operations, bytes and calls of each kind of work since profiling began, summed over threads.
 */
export function network_profile(handle: number): Float64Array;

/**
 * Runs a batch. `keys`: the number of each image in its dataset, on which random changes depend; empty if `indices` are these.
 * `class_weights`: of each class, by which its images count in the loss; empty if all count alike.
 * `parts`: the dataset of each image, empty if all are of one. `preparations`: a row a dataset, means and standard
 * deviations of the network's input channels, then pixels of padding before a random crop, 1 to mirror half of the images,
 * side of the square that is erased, least share of a random part that is resized (1: none), and by how much brightness,
 * contrast and saturation change. Empty labels: logits only.
 * Returns [loss, correct].
 */
export function network_run(handle: number, images: number, indices: Uint32Array | number[], keys: Uint32Array | number[], labels: Uint32Array | number[], class_weights: Float32Array | number[], parts: Uint32Array | number[], preparations: Float32Array | number[], options: BatchOptions): Float64Array;

/**
 * Sets the mixing weights.
 */
export function network_set_mixing(handle: number, weights: Float32Array | number[]): void;

/**
 * Starts profiling runs of a network from zero, or stops it.
 */
export function network_set_profiled(handle: number, profiled: boolean): void;

/**
 * Chooses the kernel variants for launches without bounds checks, or those for launches with them. Same results.
 */
export function network_set_wide(handle: number, wide: boolean): void;

/**
 * Standard normal numbers, keyed by (seed, key).
 */
export function normals(count: number, seed: number, seed_high: number, key: number): Float32Array;

/**
 * Logical elements of a parameter; `what` is a slot: 0 values, 1 gradients, 2 momentum, others as allocated.
 */
export function parameter_read(handle: number, parameter: number, what: number): Float32Array;

/**
 * Writes the logical elements of a parameter.
 */
export function parameter_write(handle: number, parameter: number, what: number, data: Float32Array | number[]): void;

/**
 * Freezes exactly the parameters listed: SGD leaves them alone.
 */
export function parameters_freeze(handle: number, list: Uint32Array | number[]): void;

/**
 * Random order of `0..count`, keyed by (seed, epoch).
 */
export function permutation(count: number, seed: number, seed_high: number, epoch: number): Uint32Array;

/**
 * The same over images that are given, `[count][height][width][channels]` bytes.
 */
export function pixel_sums(pixels: Uint8Array | number[], channels: number): Float64Array;

/**
 * Prepares a decoded picture; sizes: height, width, channels before and after, and 1 to pad rather than crop. One byte follows the
 * pixels: 1 if the whole source is grey.
 */
export function prepare_picture(pixels: Uint8Array | number[], sizes: Uint32Array | number[]): Uint8Array;

/**
 * Resizes a picture, `[height][width][channels]` bytes; sizes: height, width, channels before and after.
 */
export function resize_picture(pixels: Uint8Array | number[], sizes: Uint32Array | number[]): Uint8Array;

/**
 * Running mean (`variance` false) or variance of a norm.
 */
export function running_read(handle: number, norm: number, variance: boolean): Float32Array;

/**
 * Writes a running mean or variance.
 */
export function running_write(handle: number, norm: number, variance: boolean, data: Float32Array | number[]): void;

/**
 * One SGD step; returns the gradients' norm before clipping (clip 0: none).
 */
export function sgd_step(handle: number, learning_rate: number, momentum: number, weight_decay: number, clip: number): number;

/**
 * A new slot of zeros, as long as all parameters together.
 */
export function slot_allocate(handle: number): number;

/**
 * `y ← scale·x + keep·y`.
 */
export function slot_combine(handle: number, scale: number, x: number, keep: number, y: number): void;

/**
 * `to ← from`.
 */
export function slot_copy(handle: number, from: number, to: number): void;

/**
 * For each parameter the mean cosine between two slots' columns of output channels.
 */
export function slot_cosines(handle: number, x: number, y: number): Float64Array;

/**
 * Frees a slot (not values, gradients or momentum).
 */
export function slot_free(handle: number, index: number): void;

/**
 * Euclidean norm of a slot.
 */
export function slot_norm(handle: number, x: number): number;

/**
 * Reports a lost worker, so that nobody waits for it.
 */
export function team_fail(): void;

/**
 * Jobs started so far: pass it to `team_serve`.
 */
export function team_jobs(): number;

/**
 * Announces the number of threads (the caller included) before networks are compiled.
 */
export function team_resize(threads: number): void;

/**
 * Body of worker thread `index`; returns after `team_stop`.
 */
export function team_serve(index: number, seen: number): void;

/**
 * Lets the workers return.
 */
export function team_stop(): void;

export type InitInput = RequestInfo | URL | Response | BufferSource | WebAssembly.Module;

export interface InitOutput {
    readonly __wbg_batchoptions_free: (a: number, b: number) => void;
    readonly __wbg_get_batchoptions_backward: (a: number) => number;
    readonly __wbg_get_batchoptions_cutmix: (a: number) => number;
    readonly __wbg_get_batchoptions_drop_path: (a: number) => number;
    readonly __wbg_get_batchoptions_epoch: (a: number) => number;
    readonly __wbg_get_batchoptions_label_smoothing: (a: number) => number;
    readonly __wbg_get_batchoptions_mixup: (a: number) => number;
    readonly __wbg_get_batchoptions_seed: (a: number) => number;
    readonly __wbg_get_batchoptions_seed_high: (a: number) => number;
    readonly __wbg_get_batchoptions_statistics_momentum: (a: number) => number;
    readonly __wbg_get_batchoptions_step: (a: number) => number;
    readonly __wbg_get_batchoptions_training: (a: number) => number;
    readonly __wbg_set_batchoptions_backward: (a: number, b: number) => void;
    readonly __wbg_set_batchoptions_cutmix: (a: number, b: number) => void;
    readonly __wbg_set_batchoptions_drop_path: (a: number, b: number) => void;
    readonly __wbg_set_batchoptions_epoch: (a: number, b: number) => void;
    readonly __wbg_set_batchoptions_label_smoothing: (a: number, b: number) => void;
    readonly __wbg_set_batchoptions_mixup: (a: number, b: number) => void;
    readonly __wbg_set_batchoptions_seed: (a: number, b: number) => void;
    readonly __wbg_set_batchoptions_seed_high: (a: number, b: number) => void;
    readonly __wbg_set_batchoptions_statistics_momentum: (a: number, b: number) => void;
    readonly __wbg_set_batchoptions_step: (a: number, b: number) => void;
    readonly __wbg_set_batchoptions_training: (a: number, b: number) => void;
    readonly adam_step: (a: number, b: number, c: number, d: number, e: number, f: number, g: number) => [number, number, number, number];
    readonly batchoptions_new: () => number;
    readonly dataset_distance: (a: number, b: number, c: number, d: number, e: number, f: number, g: number, h: number, i: number, j: number, k: number, l: number) => [number, number, number, number];
    readonly evaluate_classifier: (a: number, b: number, c: number, d: number, e: number, f: number, g: number, h: number) => [number, number, number, number];
    readonly features_of_bytes: (a: number, b: number) => [number, number];
    readonly fit_classifier: (a: number, b: number, c: number, d: number, e: number) => [number, number, number, number];
    readonly images_free: (a: number) => void;
    readonly images_new: (a: number, b: number, c: number, d: number) => [number, number, number];
    readonly images_pointer: (a: number) => [number, number, number];
    readonly images_sums: (a: number, b: number, c: number) => [number, number, number, number];
    readonly network_activation_bytes: (a: number) => [number, number, number];
    readonly network_compile: (a: number, b: number, c: number, d: number, e: number) => [number, number, number];
    readonly network_features: (a: number) => [number, number, number, number];
    readonly network_free: (a: number) => void;
    readonly network_image_outcomes: (a: number) => [number, number, number, number];
    readonly network_images: (a: number, b: number, c: number, d: number, e: number, f: number, g: number, h: number, i: number, j: number, k: number, l: number, m: number, n: number, o: number) => [number, number, number, number];
    readonly network_initialise: (a: number, b: number, c: number) => [number, number];
    readonly network_logits: (a: number) => [number, number, number, number];
    readonly network_mixing_gradient: (a: number) => [number, number, number, number];
    readonly network_profile: (a: number) => [number, number, number, number];
    readonly network_run: (a: number, b: number, c: number, d: number, e: number, f: number, g: number, h: number, i: number, j: number, k: number, l: number, m: number, n: number, o: number) => [number, number, number, number];
    readonly network_set_mixing: (a: number, b: number, c: number) => [number, number];
    readonly network_set_profiled: (a: number, b: number) => [number, number];
    readonly network_set_wide: (a: number, b: number) => [number, number];
    readonly normals: (a: number, b: number, c: number, d: number) => [number, number];
    readonly parameter_read: (a: number, b: number, c: number) => [number, number, number, number];
    readonly parameter_write: (a: number, b: number, c: number, d: number, e: number) => [number, number];
    readonly parameters_freeze: (a: number, b: number, c: number) => [number, number];
    readonly permutation: (a: number, b: number, c: number, d: number) => [number, number];
    readonly pixel_sums: (a: number, b: number, c: number) => [number, number, number, number];
    readonly prepare_picture: (a: number, b: number, c: number, d: number) => [number, number, number, number];
    readonly resize_picture: (a: number, b: number, c: number, d: number) => [number, number, number, number];
    readonly running_read: (a: number, b: number, c: number) => [number, number, number, number];
    readonly running_write: (a: number, b: number, c: number, d: number, e: number) => [number, number];
    readonly sgd_step: (a: number, b: number, c: number, d: number, e: number) => [number, number, number];
    readonly slot_allocate: (a: number) => [number, number, number];
    readonly slot_combine: (a: number, b: number, c: number, d: number, e: number) => [number, number];
    readonly slot_copy: (a: number, b: number, c: number) => [number, number];
    readonly slot_cosines: (a: number, b: number, c: number) => [number, number, number, number];
    readonly slot_free: (a: number, b: number) => [number, number];
    readonly slot_norm: (a: number, b: number) => [number, number, number];
    readonly team_fail: () => void;
    readonly team_jobs: () => number;
    readonly team_resize: (a: number) => void;
    readonly team_serve: (a: number, b: number) => void;
    readonly team_stop: () => void;
    readonly memory: WebAssembly.Memory;
    readonly __wbindgen_externrefs: WebAssembly.Table;
    readonly __wbindgen_malloc: (a: number, b: number) => number;
    readonly __wbindgen_free: (a: number, b: number, c: number) => void;
    readonly __externref_table_dealloc: (a: number) => void;
    readonly __wbindgen_thread_destroy: (a?: number, b?: number, c?: number) => void;
    readonly __wbindgen_start: (a: number) => void;
}

export type SyncInitInput = BufferSource | WebAssembly.Module;

/**
 * Instantiates the given `module`, which can either be bytes or
 * a precompiled `WebAssembly.Module`.
 *
 * @param {{ module: SyncInitInput, memory?: WebAssembly.Memory, thread_stack_size?: number }} module - Passing `SyncInitInput` directly is deprecated.
 * @param {WebAssembly.Memory} memory - Deprecated.
 *
 * @returns {InitOutput}
 */
export function initSync(module: { module: SyncInitInput, memory?: WebAssembly.Memory, thread_stack_size?: number } | SyncInitInput, memory?: WebAssembly.Memory): InitOutput;

/**
 * If `module_or_path` is {RequestInfo} or {URL}, makes a request and
 * for everything else, calls `WebAssembly.instantiate` directly.
 *
 * @param {{ module_or_path: InitInput | Promise<InitInput>, memory?: WebAssembly.Memory, thread_stack_size?: number }} module_or_path - Passing `InitInput` directly is deprecated.
 * @param {WebAssembly.Memory} memory - Deprecated.
 *
 * @returns {Promise<InitOutput>}
 */
export default function __wbg_init (module_or_path?: { module_or_path: InitInput | Promise<InitInput>, memory?: WebAssembly.Memory, thread_stack_size?: number } | InitInput | Promise<InitInput>, memory?: WebAssembly.Memory): Promise<InitOutput>;
