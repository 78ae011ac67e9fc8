/* @ts-self-types="./rootstock_kernels.d.ts" */

/**
 * A batch of images and how to prepare it.
 */
export class BatchOptions {
    __destroy_into_raw() {
        const ptr = this.__wbg_ptr;
        this.__wbg_ptr = 0;
        BatchOptionsFinalization.unregister(this);
        return ptr;
    }
    free() {
        const ptr = this.__destroy_into_raw();
        wasm.__wbg_batchoptions_free(ptr, 0);
    }
    /**
     * All off.
     */
    constructor() {
        const ret = wasm.batchoptions_new();
        this.__wbg_ptr = ret;
        BatchOptionsFinalization.register(this, this.__wbg_ptr, this);
        return this;
    }
    /**
     * 0: forward only; 1: mixing gradient; 2: classifiers' weights; 3: weights, without what only terms of mixing weight 0 depend on; 4: all weights; 5: forward
     * only, measuring the importance of mixed terms.
     * @returns {number}
     */
    get backward() {
        const ret = wasm.__wbg_get_batchoptions_backward(this.__wbg_ptr);
        return ret >>> 0;
    }
    /**
     * CutMix of images, likewise.
     * @returns {number}
     */
    get cutmix() {
        const ret = wasm.__wbg_get_batchoptions_cutmix(this.__wbg_ptr);
        return ret;
    }
    /**
     * Drop-path probability.
     * @returns {number}
     */
    get drop_path() {
        const ret = wasm.__wbg_get_batchoptions_drop_path(this.__wbg_ptr);
        return ret;
    }
    /**
     * Key of augmentation.
     * @returns {number}
     */
    get epoch() {
        const ret = wasm.__wbg_get_batchoptions_epoch(this.__wbg_ptr);
        return ret >>> 0;
    }
    /**
     * Share of the loss that all classes have alike, 0 up to 1.
     * @returns {number}
     */
    get label_smoothing() {
        const ret = wasm.__wbg_get_batchoptions_label_smoothing(this.__wbg_ptr);
        return ret;
    }
    /**
     * Mixup of images: parameter of the Beta distribution of the shares, 0 for none.
     * @returns {number}
     */
    get mixup() {
        const ret = wasm.__wbg_get_batchoptions_mixup(this.__wbg_ptr);
        return ret;
    }
    /**
     * Seed, high word.
     * @returns {number}
     */
    get seed_high() {
        const ret = wasm.__wbg_get_batchoptions_seed_high(this.__wbg_ptr);
        return ret >>> 0;
    }
    /**
     * Seed, low word.
     * @returns {number}
     */
    get seed() {
        const ret = wasm.__wbg_get_batchoptions_seed(this.__wbg_ptr);
        return ret >>> 0;
    }
    /**
     * Share of this batch in running statistics, 0 to 1; 0 leaves them alone.
     * @returns {number}
     */
    get statistics_momentum() {
        const ret = wasm.__wbg_get_batchoptions_statistics_momentum(this.__wbg_ptr);
        return ret;
    }
    /**
     * Key of drop-path.
     * @returns {number}
     */
    get step() {
        const ret = wasm.__wbg_get_batchoptions_step(this.__wbg_ptr);
        return ret;
    }
    /**
     * Batch statistics instead of running ones.
     * @returns {boolean}
     */
    get training() {
        const ret = wasm.__wbg_get_batchoptions_training(this.__wbg_ptr);
        return ret !== 0;
    }
    /**
     * 0: forward only; 1: mixing gradient; 2: classifiers' weights; 3: weights, without what only terms of mixing weight 0 depend on; 4: all weights; 5: forward
     * only, measuring the importance of mixed terms.
     * @param {number} arg0
     */
    set backward(arg0) {
        wasm.__wbg_set_batchoptions_backward(this.__wbg_ptr, arg0);
    }
    /**
     * CutMix of images, likewise.
     * @param {number} arg0
     */
    set cutmix(arg0) {
        wasm.__wbg_set_batchoptions_cutmix(this.__wbg_ptr, arg0);
    }
    /**
     * Drop-path probability.
     * @param {number} arg0
     */
    set drop_path(arg0) {
        wasm.__wbg_set_batchoptions_drop_path(this.__wbg_ptr, arg0);
    }
    /**
     * Key of augmentation.
     * @param {number} arg0
     */
    set epoch(arg0) {
        wasm.__wbg_set_batchoptions_epoch(this.__wbg_ptr, arg0);
    }
    /**
     * Share of the loss that all classes have alike, 0 up to 1.
     * @param {number} arg0
     */
    set label_smoothing(arg0) {
        wasm.__wbg_set_batchoptions_label_smoothing(this.__wbg_ptr, arg0);
    }
    /**
     * Mixup of images: parameter of the Beta distribution of the shares, 0 for none.
     * @param {number} arg0
     */
    set mixup(arg0) {
        wasm.__wbg_set_batchoptions_mixup(this.__wbg_ptr, arg0);
    }
    /**
     * Seed, high word.
     * @param {number} arg0
     */
    set seed_high(arg0) {
        wasm.__wbg_set_batchoptions_seed_high(this.__wbg_ptr, arg0);
    }
    /**
     * Seed, low word.
     * @param {number} arg0
     */
    set seed(arg0) {
        wasm.__wbg_set_batchoptions_seed(this.__wbg_ptr, arg0);
    }
    /**
     * Share of this batch in running statistics, 0 to 1; 0 leaves them alone.
     * @param {number} arg0
     */
    set statistics_momentum(arg0) {
        wasm.__wbg_set_batchoptions_statistics_momentum(this.__wbg_ptr, arg0);
    }
    /**
     * Key of drop-path.
     * @param {number} arg0
     */
    set step(arg0) {
        wasm.__wbg_set_batchoptions_step(this.__wbg_ptr, arg0);
    }
    /**
     * Batch statistics instead of running ones.
     * @param {boolean} arg0
     */
    set training(arg0) {
        wasm.__wbg_set_batchoptions_training(this.__wbg_ptr, arg0);
    }
}
if (Symbol.dispose) BatchOptions.prototype[Symbol.dispose] = BatchOptions.prototype.free;

/**
 * One Adam step. `state`: values, first moments, second moments, one after another; returns the new state.
 * @param {Float32Array | number[]} state
 * @param {Float32Array | number[]} gradient
 * @param {number} steps
 * @param {Float64Array | number[]} settings
 * @returns {Float32Array}
 */
export function adam_step(state, gradient, steps, settings) {
    const val4 = +steps;
    let ptr0, len0, ptr1, len1, ptr2, len2;
    try {
        ptr0 = passArrayF32ToWasm0(state, wasm.__wbindgen_malloc);
        len0 = WASM_VECTOR_LEN;
        ptr1 = passArrayF32ToWasm0(gradient, wasm.__wbindgen_malloc);
        len1 = WASM_VECTOR_LEN;
        ptr2 = passArrayF64ToWasm0(settings, wasm.__wbindgen_malloc);
        len2 = WASM_VECTOR_LEN;
    } catch (e) {
        if (ptr2) { wasm.__wbindgen_free(ptr2, len2 * 8, 8); }
        if (ptr1) { wasm.__wbindgen_free(ptr1, len1 * 4, 4); }
        if (ptr0) { wasm.__wbindgen_free(ptr0, len0 * 4, 4); }
        throw e;
    }
    const ret = wasm.adam_step(ptr0, len0, ptr1, len1, val4, ptr2, len2);
    if (ret[3]) {
        throw takeFromExternrefTable0(ret[2]);
    }
    var v5 = getArrayF32FromWasm0(ret[0], ret[1]).slice();
    wasm.__wbindgen_free(ret[0], ret[1] * 4, 4);
    return v5;
}

/**
 * Distance between two labelled sets of features (`[points][features]`). `classes`: of the first, of the second; `settings`:
 * epsilon, tolerance, iterations. Returns distance, epsilon; value, updates, violation and mean cost between, within the first
 * and within the second; then the squared distances of the classes, `[first][second]`.
 * @param {Float32Array | number[]} first
 * @param {Uint32Array | number[]} first_labels
 * @param {Float32Array | number[]} second
 * @param {Uint32Array | number[]} second_labels
 * @param {Uint32Array | number[]} classes
 * @param {Float64Array | number[]} settings
 * @returns {Float64Array}
 */
export function dataset_distance(first, first_labels, second, second_labels, classes, settings) {
    let ptr0, len0, ptr1, len1, ptr2, len2, ptr3, len3, ptr4, len4, ptr5, len5;
    try {
        ptr0 = passArrayF32ToWasm0(first, wasm.__wbindgen_malloc);
        len0 = WASM_VECTOR_LEN;
        ptr1 = passArray32ToWasm0(first_labels, wasm.__wbindgen_malloc);
        len1 = WASM_VECTOR_LEN;
        ptr2 = passArrayF32ToWasm0(second, wasm.__wbindgen_malloc);
        len2 = WASM_VECTOR_LEN;
        ptr3 = passArray32ToWasm0(second_labels, wasm.__wbindgen_malloc);
        len3 = WASM_VECTOR_LEN;
        ptr4 = passArray32ToWasm0(classes, wasm.__wbindgen_malloc);
        len4 = WASM_VECTOR_LEN;
        ptr5 = passArrayF64ToWasm0(settings, wasm.__wbindgen_malloc);
        len5 = WASM_VECTOR_LEN;
    } catch (e) {
        if (ptr5) { wasm.__wbindgen_free(ptr5, len5 * 8, 8); }
        if (ptr4) { wasm.__wbindgen_free(ptr4, len4 * 4, 4); }
        if (ptr3) { wasm.__wbindgen_free(ptr3, len3 * 4, 4); }
        if (ptr2) { wasm.__wbindgen_free(ptr2, len2 * 4, 4); }
        if (ptr1) { wasm.__wbindgen_free(ptr1, len1 * 4, 4); }
        if (ptr0) { wasm.__wbindgen_free(ptr0, len0 * 4, 4); }
        throw e;
    }
    const ret = wasm.dataset_distance(ptr0, len0, ptr1, len1, ptr2, len2, ptr3, len3, ptr4, len4, ptr5, len5);
    if (ret[3]) {
        throw takeFromExternrefTable0(ret[2]);
    }
    var v7 = getArrayF64FromWasm0(ret[0], ret[1]).slice();
    wasm.__wbindgen_free(ret[0], ret[1] * 8, 8);
    return v7;
}

/**
 * A linear classifier's mean cross-entropy on rows of features, and how many rows it gets right.
 * @param {Float32Array | number[]} features
 * @param {Uint32Array | number[]} labels
 * @param {Float32Array | number[]} weights
 * @param {Float32Array | number[]} biases
 * @returns {Float64Array}
 */
export function evaluate_classifier(features, labels, weights, biases) {
    let ptr0, len0, ptr1, len1, ptr2, len2, ptr3, len3;
    try {
        ptr0 = passArrayF32ToWasm0(features, wasm.__wbindgen_malloc);
        len0 = WASM_VECTOR_LEN;
        ptr1 = passArray32ToWasm0(labels, wasm.__wbindgen_malloc);
        len1 = WASM_VECTOR_LEN;
        ptr2 = passArrayF32ToWasm0(weights, wasm.__wbindgen_malloc);
        len2 = WASM_VECTOR_LEN;
        ptr3 = passArrayF32ToWasm0(biases, wasm.__wbindgen_malloc);
        len3 = WASM_VECTOR_LEN;
    } catch (e) {
        if (ptr3) { wasm.__wbindgen_free(ptr3, len3 * 4, 4); }
        if (ptr2) { wasm.__wbindgen_free(ptr2, len2 * 4, 4); }
        if (ptr1) { wasm.__wbindgen_free(ptr1, len1 * 4, 4); }
        if (ptr0) { wasm.__wbindgen_free(ptr0, len0 * 4, 4); }
        throw e;
    }
    const ret = wasm.evaluate_classifier(ptr0, len0, ptr1, len1, ptr2, len2, ptr3, len3);
    if (ret[3]) {
        throw takeFromExternrefTable0(ret[2]);
    }
    var v5 = getArrayF64FromWasm0(ret[0], ret[1]).slice();
    wasm.__wbindgen_free(ret[0], ret[1] * 8, 8);
    return v5;
}

/**
 * Bytes as features: byte / 255.
 * @param {Uint8Array | number[]} bytes
 * @returns {Float32Array}
 */
export function features_of_bytes(bytes) {
    const ptr0 = passArray8ToWasm0(bytes, wasm.__wbindgen_malloc);
    const len0 = WASM_VECTOR_LEN;
    const ret = wasm.features_of_bytes(ptr0, len0);
    var v2 = getArrayF32FromWasm0(ret[0], ret[1]).slice();
    wasm.__wbindgen_free(ret[0], ret[1] * 4, 4);
    return v2;
}

/**
 * A linear classifier in closed form: weights `[classes][features]`, biases, leave-one-out loss and accuracy.
 * @param {Float32Array | number[]} features
 * @param {Uint32Array | number[]} labels
 * @param {number} classes
 * @returns {Float32Array}
 */
export function fit_classifier(features, labels, classes) {
    const val3 = +classes;
    let ptr0, len0, ptr1, len1;
    try {
        ptr0 = passArrayF32ToWasm0(features, wasm.__wbindgen_malloc);
        len0 = WASM_VECTOR_LEN;
        ptr1 = passArray32ToWasm0(labels, wasm.__wbindgen_malloc);
        len1 = WASM_VECTOR_LEN;
    } catch (e) {
        if (ptr1) { wasm.__wbindgen_free(ptr1, len1 * 4, 4); }
        if (ptr0) { wasm.__wbindgen_free(ptr0, len0 * 4, 4); }
        throw e;
    }
    const ret = wasm.fit_classifier(ptr0, len0, ptr1, len1, val3);
    if (ret[3]) {
        throw takeFromExternrefTable0(ret[2]);
    }
    var v4 = getArrayF32FromWasm0(ret[0], ret[1]).slice();
    wasm.__wbindgen_free(ret[0], ret[1] * 4, 4);
    return v4;
}

/**
 * Frees images.
 * @param {number} handle
 */
export function images_free(handle) {
    wasm.images_free(handle);
}

/**
 * Makes room for images; their bytes go to `images_pointer`.
 * @param {number} count
 * @param {number} height
 * @param {number} width
 * @param {number} channels
 * @returns {number}
 */
export function images_new(count, height, width, channels) {
    const ret = wasm.images_new(count, height, width, channels);
    if (ret[2]) {
        throw takeFromExternrefTable0(ret[1]);
    }
    return ret[0] >>> 0;
}

/**
 * Byte address of the first pixel.
 * @param {number} handle
 * @returns {number}
 */
export function images_pointer(handle) {
    const ret = wasm.images_pointer(handle);
    if (ret[2]) {
        throw takeFromExternrefTable0(ret[1]);
    }
    return ret[0] >>> 0;
}

/**
 * Sums of each channel's bytes over the given images, then of their squares.
 * @param {number} handle
 * @param {Uint32Array | number[]} indices
 * @returns {Float64Array}
 */
export function images_sums(handle, indices) {
    const val2 = +handle;
    const ptr0 = passArray32ToWasm0(indices, wasm.__wbindgen_malloc);
    const len0 = WASM_VECTOR_LEN;
    const ret = wasm.images_sums(val2, ptr0, len0);
    if (ret[3]) {
        throw takeFromExternrefTable0(ret[2]);
    }
    var v3 = getArrayF64FromWasm0(ret[0], ret[1]).slice();
    wasm.__wbindgen_free(ret[0], ret[1] * 8, 8);
    return v3;
}

/**
 * Bytes of activations and gradients planned.
 * @param {number} handle
 * @returns {number}
 */
export function network_activation_bytes(handle) {
    const ret = wasm.network_activation_bytes(handle);
    if (ret[2]) {
        throw takeFromExternrefTable0(ret[1]);
    }
    return ret[0];
}

/**
 * Compiles a program for batches of up to `batch` images within `limit` bytes of activations (0: no limit), for training or
 * with `inference` for forward passes with running statistics only.
 * @param {Uint32Array | number[]} words
 * @param {number} batch
 * @param {number} limit
 * @param {boolean} inference
 * @returns {number}
 */
export function network_compile(words, batch, limit, inference) {
    const val2 = +batch;
    const val3 = +limit;
    const val4 = +inference;
    const ptr0 = passArray32ToWasm0(words, wasm.__wbindgen_malloc);
    const len0 = WASM_VECTOR_LEN;
    const ret = wasm.network_compile(ptr0, len0, val2, val3, val4);
    if (ret[2]) {
        throw takeFromExternrefTable0(ret[1]);
    }
    return ret[0] >>> 0;
}

/**
 * Pooled features that the last run's main classifier read: `[images][features]`.
 * @param {number} handle
 * @returns {Float32Array}
 */
export function network_features(handle) {
    const ret = wasm.network_features(handle);
    if (ret[3]) {
        throw takeFromExternrefTable0(ret[2]);
    }
    var v1 = getArrayF32FromWasm0(ret[0], ret[1]).slice();
    wasm.__wbindgen_free(ret[0], ret[1] * 4, 4);
    return v1;
}

/**
 * Frees a network and its parameters.
 * @param {number} handle
 */
export function network_free(handle) {
    wasm.network_free(handle);
}

/**
 * Losses of the last run's images, then 1 for each that was right, else 0: `[2][images]`.
 * @param {number} handle
 * @returns {Float64Array}
 */
export function network_image_outcomes(handle) {
    const ret = wasm.network_image_outcomes(handle);
    if (ret[3]) {
        throw takeFromExternrefTable0(ret[2]);
    }
    var v1 = getArrayF64FromWasm0(ret[0], ret[1]).slice();
    wasm.__wbindgen_free(ret[0], ret[1] * 8, 8);
    return v1;
}

/**
 * Images of a batch as the network reads them, by the arguments of [`network_run`]: `[images][height][width][channels]`.
 * @param {number} handle
 * @param {number} images
 * @param {Uint32Array | number[]} indices
 * @param {Uint32Array | number[]} keys
 * @param {Uint32Array | number[]} labels
 * @param {Float32Array | number[]} class_weights
 * @param {Uint32Array | number[]} parts
 * @param {Float32Array | number[]} preparations
 * @param {BatchOptions} options
 * @returns {Float32Array}
 */
export function network_images(handle, images, indices, keys, labels, class_weights, parts, preparations, options) {
    _assertClass(options, BatchOptions);
    const val7 = +handle;
    const val8 = +images;
    let ptr0, len0, ptr1, len1, ptr2, len2, ptr3, len3, ptr4, len4, ptr5, len5;
    try {
        ptr0 = passArray32ToWasm0(indices, wasm.__wbindgen_malloc);
        len0 = WASM_VECTOR_LEN;
        ptr1 = passArray32ToWasm0(keys, wasm.__wbindgen_malloc);
        len1 = WASM_VECTOR_LEN;
        ptr2 = passArray32ToWasm0(labels, wasm.__wbindgen_malloc);
        len2 = WASM_VECTOR_LEN;
        ptr3 = passArrayF32ToWasm0(class_weights, wasm.__wbindgen_malloc);
        len3 = WASM_VECTOR_LEN;
        ptr4 = passArray32ToWasm0(parts, wasm.__wbindgen_malloc);
        len4 = WASM_VECTOR_LEN;
        ptr5 = passArrayF32ToWasm0(preparations, wasm.__wbindgen_malloc);
        len5 = WASM_VECTOR_LEN;
    } catch (e) {
        if (ptr5) { wasm.__wbindgen_free(ptr5, len5 * 4, 4); }
        if (ptr4) { wasm.__wbindgen_free(ptr4, len4 * 4, 4); }
        if (ptr3) { wasm.__wbindgen_free(ptr3, len3 * 4, 4); }
        if (ptr2) { wasm.__wbindgen_free(ptr2, len2 * 4, 4); }
        if (ptr1) { wasm.__wbindgen_free(ptr1, len1 * 4, 4); }
        if (ptr0) { wasm.__wbindgen_free(ptr0, len0 * 4, 4); }
        throw e;
    }
    const ret = wasm.network_images(val7, val8, ptr0, len0, ptr1, len1, ptr2, len2, ptr3, len3, ptr4, len4, ptr5, len5, options.__wbg_ptr);
    if (ret[3]) {
        throw takeFromExternrefTable0(ret[2]);
    }
    var v9 = getArrayF32FromWasm0(ret[0], ret[1]).slice();
    wasm.__wbindgen_free(ret[0], ret[1] * 4, 4);
    return v9;
}

/**
 * Gives all parameters PyTorch's default initial values, keyed by the seed.
 * @param {number} handle
 * @param {number} seed
 * @param {number} seed_high
 */
export function network_initialise(handle, seed, seed_high) {
    const ret = wasm.network_initialise(handle, seed, seed_high);
    if (ret[1]) {
        throw takeFromExternrefTable0(ret[0]);
    }
}

/**
 * Logits of the last run's main classifier: `[images][classes]`.
 * @param {number} handle
 * @returns {Float32Array}
 */
export function network_logits(handle) {
    const ret = wasm.network_logits(handle);
    if (ret[3]) {
        throw takeFromExternrefTable0(ret[2]);
    }
    var v1 = getArrayF32FromWasm0(ret[0], ret[1]).slice();
    wasm.__wbindgen_free(ret[0], ret[1] * 4, 4);
    return v1;
}

/**
 * Gradient of the last backward pass with respect to the mixing weights; after a pass that measured, the importance of their terms.
 * @param {number} handle
 * @returns {Float32Array}
 */
export function network_mixing_gradient(handle) {
    const ret = wasm.network_mixing_gradient(handle);
    if (ret[3]) {
        throw takeFromExternrefTable0(ret[2]);
    }
    var v1 = getArrayF32FromWasm0(ret[0], ret[1]).slice();
    wasm.__wbindgen_free(ret[0], ret[1] * 4, 4);
    return v1;
}

/**
 * Seconds, floating-point operations, bytes and calls of each kind of work since profiling began, summed over threads.
 * @param {number} handle
 * @returns {Float64Array}
 */
export function network_profile(handle) {
    const ret = wasm.network_profile(handle);
    if (ret[3]) {
        throw takeFromExternrefTable0(ret[2]);
    }
    var v1 = getArrayF64FromWasm0(ret[0], ret[1]).slice();
    wasm.__wbindgen_free(ret[0], ret[1] * 8, 8);
    return v1;
}

/**
 * Runs a batch. `keys`: the number of each image in its dataset, on which random changes depend; empty if `indices` are these.
 * `class_weights`: of each class, by which its images count in the loss; empty if all count alike.
 * `parts`: the dataset of each image, empty if all are of one. `preparations`: a row a dataset, means and standard
 * deviations of the network's input channels, then pixels of padding before a random crop, 1 to mirror half of the images,
 * side of the square that is erased, least share of a random part that is resized (1: none), and by how much brightness,
 * contrast and saturation change. Empty labels: logits only.
 * Returns [loss, correct].
 * @param {number} handle
 * @param {number} images
 * @param {Uint32Array | number[]} indices
 * @param {Uint32Array | number[]} keys
 * @param {Uint32Array | number[]} labels
 * @param {Float32Array | number[]} class_weights
 * @param {Uint32Array | number[]} parts
 * @param {Float32Array | number[]} preparations
 * @param {BatchOptions} options
 * @returns {Float64Array}
 */
export function network_run(handle, images, indices, keys, labels, class_weights, parts, preparations, options) {
    _assertClass(options, BatchOptions);
    const val7 = +handle;
    const val8 = +images;
    let ptr0, len0, ptr1, len1, ptr2, len2, ptr3, len3, ptr4, len4, ptr5, len5;
    try {
        ptr0 = passArray32ToWasm0(indices, wasm.__wbindgen_malloc);
        len0 = WASM_VECTOR_LEN;
        ptr1 = passArray32ToWasm0(keys, wasm.__wbindgen_malloc);
        len1 = WASM_VECTOR_LEN;
        ptr2 = passArray32ToWasm0(labels, wasm.__wbindgen_malloc);
        len2 = WASM_VECTOR_LEN;
        ptr3 = passArrayF32ToWasm0(class_weights, wasm.__wbindgen_malloc);
        len3 = WASM_VECTOR_LEN;
        ptr4 = passArray32ToWasm0(parts, wasm.__wbindgen_malloc);
        len4 = WASM_VECTOR_LEN;
        ptr5 = passArrayF32ToWasm0(preparations, wasm.__wbindgen_malloc);
        len5 = WASM_VECTOR_LEN;
    } catch (e) {
        if (ptr5) { wasm.__wbindgen_free(ptr5, len5 * 4, 4); }
        if (ptr4) { wasm.__wbindgen_free(ptr4, len4 * 4, 4); }
        if (ptr3) { wasm.__wbindgen_free(ptr3, len3 * 4, 4); }
        if (ptr2) { wasm.__wbindgen_free(ptr2, len2 * 4, 4); }
        if (ptr1) { wasm.__wbindgen_free(ptr1, len1 * 4, 4); }
        if (ptr0) { wasm.__wbindgen_free(ptr0, len0 * 4, 4); }
        throw e;
    }
    const ret = wasm.network_run(val7, val8, ptr0, len0, ptr1, len1, ptr2, len2, ptr3, len3, ptr4, len4, ptr5, len5, options.__wbg_ptr);
    if (ret[3]) {
        throw takeFromExternrefTable0(ret[2]);
    }
    var v9 = getArrayF64FromWasm0(ret[0], ret[1]).slice();
    wasm.__wbindgen_free(ret[0], ret[1] * 8, 8);
    return v9;
}

/**
 * Sets the mixing weights.
 * @param {number} handle
 * @param {Float32Array | number[]} weights
 */
export function network_set_mixing(handle, weights) {
    const val2 = +handle;
    const ptr0 = passArrayF32ToWasm0(weights, wasm.__wbindgen_malloc);
    const len0 = WASM_VECTOR_LEN;
    const ret = wasm.network_set_mixing(val2, ptr0, len0);
    if (ret[1]) {
        throw takeFromExternrefTable0(ret[0]);
    }
}

/**
 * Starts profiling runs of a network from zero, or stops it.
 * @param {number} handle
 * @param {boolean} profiled
 */
export function network_set_profiled(handle, profiled) {
    const ret = wasm.network_set_profiled(handle, profiled);
    if (ret[1]) {
        throw takeFromExternrefTable0(ret[0]);
    }
}

/**
 * Chooses the kernel variants for launches without bounds checks, or those for launches with them. Same results.
 * @param {number} handle
 * @param {boolean} wide
 */
export function network_set_wide(handle, wide) {
    const ret = wasm.network_set_wide(handle, wide);
    if (ret[1]) {
        throw takeFromExternrefTable0(ret[0]);
    }
}

/**
 * Standard normal numbers, keyed by (seed, key).
 * @param {number} count
 * @param {number} seed
 * @param {number} seed_high
 * @param {number} key
 * @returns {Float32Array}
 */
export function normals(count, seed, seed_high, key) {
    const ret = wasm.normals(count, seed, seed_high, key);
    var v1 = getArrayF32FromWasm0(ret[0], ret[1]).slice();
    wasm.__wbindgen_free(ret[0], ret[1] * 4, 4);
    return v1;
}

/**
 * Logical elements of a parameter; `what` is a slot: 0 values, 1 gradients, 2 momentum, others as allocated.
 * @param {number} handle
 * @param {number} parameter
 * @param {number} what
 * @returns {Float32Array}
 */
export function parameter_read(handle, parameter, what) {
    const ret = wasm.parameter_read(handle, parameter, what);
    if (ret[3]) {
        throw takeFromExternrefTable0(ret[2]);
    }
    var v1 = getArrayF32FromWasm0(ret[0], ret[1]).slice();
    wasm.__wbindgen_free(ret[0], ret[1] * 4, 4);
    return v1;
}

/**
 * Writes the logical elements of a parameter.
 * @param {number} handle
 * @param {number} parameter
 * @param {number} what
 * @param {Float32Array | number[]} data
 */
export function parameter_write(handle, parameter, what, data) {
    const val2 = +handle;
    const val3 = +parameter;
    const val4 = +what;
    const ptr0 = passArrayF32ToWasm0(data, wasm.__wbindgen_malloc);
    const len0 = WASM_VECTOR_LEN;
    const ret = wasm.parameter_write(val2, val3, val4, ptr0, len0);
    if (ret[1]) {
        throw takeFromExternrefTable0(ret[0]);
    }
}

/**
 * Freezes exactly the parameters listed: SGD leaves them alone.
 * @param {number} handle
 * @param {Uint32Array | number[]} list
 */
export function parameters_freeze(handle, list) {
    const val2 = +handle;
    const ptr0 = passArray32ToWasm0(list, wasm.__wbindgen_malloc);
    const len0 = WASM_VECTOR_LEN;
    const ret = wasm.parameters_freeze(val2, ptr0, len0);
    if (ret[1]) {
        throw takeFromExternrefTable0(ret[0]);
    }
}

/**
 * Random order of `0..count`, keyed by (seed, epoch).
 * @param {number} count
 * @param {number} seed
 * @param {number} seed_high
 * @param {number} epoch
 * @returns {Uint32Array}
 */
export function permutation(count, seed, seed_high, epoch) {
    const ret = wasm.permutation(count, seed, seed_high, epoch);
    var v1 = getArrayU32FromWasm0(ret[0], ret[1]).slice();
    wasm.__wbindgen_free(ret[0], ret[1] * 4, 4);
    return v1;
}

/**
 * The same over images that are given, `[count][height][width][channels]` bytes.
 * @param {Uint8Array | number[]} pixels
 * @param {number} channels
 * @returns {Float64Array}
 */
export function pixel_sums(pixels, channels) {
    const val2 = +channels;
    const ptr0 = passArray8ToWasm0(pixels, wasm.__wbindgen_malloc);
    const len0 = WASM_VECTOR_LEN;
    const ret = wasm.pixel_sums(ptr0, len0, val2);
    if (ret[3]) {
        throw takeFromExternrefTable0(ret[2]);
    }
    var v3 = getArrayF64FromWasm0(ret[0], ret[1]).slice();
    wasm.__wbindgen_free(ret[0], ret[1] * 8, 8);
    return v3;
}

/**
 * Prepares a decoded picture; sizes: height, width, channels before and after, and 1 to pad rather than crop. One byte follows the
 * pixels: 1 if the whole source is grey.
 * @param {Uint8Array | number[]} pixels
 * @param {Uint32Array | number[]} sizes
 * @returns {Uint8Array}
 */
export function prepare_picture(pixels, sizes) {
    let ptr0, len0, ptr1, len1;
    try {
        ptr0 = passArray8ToWasm0(pixels, wasm.__wbindgen_malloc);
        len0 = WASM_VECTOR_LEN;
        ptr1 = passArray32ToWasm0(sizes, wasm.__wbindgen_malloc);
        len1 = WASM_VECTOR_LEN;
    } catch (e) {
        if (ptr1) { wasm.__wbindgen_free(ptr1, len1 * 4, 4); }
        if (ptr0) { wasm.__wbindgen_free(ptr0, len0 * 1, 1); }
        throw e;
    }
    const ret = wasm.prepare_picture(ptr0, len0, ptr1, len1);
    if (ret[3]) {
        throw takeFromExternrefTable0(ret[2]);
    }
    var v3 = getArrayU8FromWasm0(ret[0], ret[1]).slice();
    wasm.__wbindgen_free(ret[0], ret[1] * 1, 1);
    return v3;
}

/**
 * Resizes a picture, `[height][width][channels]` bytes; sizes: height, width, channels before and after.
 * @param {Uint8Array | number[]} pixels
 * @param {Uint32Array | number[]} sizes
 * @returns {Uint8Array}
 */
export function resize_picture(pixels, sizes) {
    let ptr0, len0, ptr1, len1;
    try {
        ptr0 = passArray8ToWasm0(pixels, wasm.__wbindgen_malloc);
        len0 = WASM_VECTOR_LEN;
        ptr1 = passArray32ToWasm0(sizes, wasm.__wbindgen_malloc);
        len1 = WASM_VECTOR_LEN;
    } catch (e) {
        if (ptr1) { wasm.__wbindgen_free(ptr1, len1 * 4, 4); }
        if (ptr0) { wasm.__wbindgen_free(ptr0, len0 * 1, 1); }
        throw e;
    }
    const ret = wasm.resize_picture(ptr0, len0, ptr1, len1);
    if (ret[3]) {
        throw takeFromExternrefTable0(ret[2]);
    }
    var v3 = getArrayU8FromWasm0(ret[0], ret[1]).slice();
    wasm.__wbindgen_free(ret[0], ret[1] * 1, 1);
    return v3;
}

/**
 * Running mean (`variance` false) or variance of a norm.
 * @param {number} handle
 * @param {number} norm
 * @param {boolean} variance
 * @returns {Float32Array}
 */
export function running_read(handle, norm, variance) {
    const ret = wasm.running_read(handle, norm, variance);
    if (ret[3]) {
        throw takeFromExternrefTable0(ret[2]);
    }
    var v1 = getArrayF32FromWasm0(ret[0], ret[1]).slice();
    wasm.__wbindgen_free(ret[0], ret[1] * 4, 4);
    return v1;
}

/**
 * Writes a running mean or variance.
 * @param {number} handle
 * @param {number} norm
 * @param {boolean} variance
 * @param {Float32Array | number[]} data
 */
export function running_write(handle, norm, variance, data) {
    const val2 = +handle;
    const val3 = +norm;
    const val4 = +variance;
    const ptr0 = passArrayF32ToWasm0(data, wasm.__wbindgen_malloc);
    const len0 = WASM_VECTOR_LEN;
    const ret = wasm.running_write(val2, val3, val4, ptr0, len0);
    if (ret[1]) {
        throw takeFromExternrefTable0(ret[0]);
    }
}

/**
 * One SGD step; returns the gradients' norm before clipping (clip 0: none).
 * @param {number} handle
 * @param {number} learning_rate
 * @param {number} momentum
 * @param {number} weight_decay
 * @param {number} clip
 * @returns {number}
 */
export function sgd_step(handle, learning_rate, momentum, weight_decay, clip) {
    const ret = wasm.sgd_step(handle, learning_rate, momentum, weight_decay, clip);
    if (ret[2]) {
        throw takeFromExternrefTable0(ret[1]);
    }
    return ret[0];
}

/**
 * A new slot of zeros, as long as all parameters together.
 * @param {number} handle
 * @returns {number}
 */
export function slot_allocate(handle) {
    const ret = wasm.slot_allocate(handle);
    if (ret[2]) {
        throw takeFromExternrefTable0(ret[1]);
    }
    return ret[0] >>> 0;
}

/**
 * `y ← scale·x + keep·y`.
 * @param {number} handle
 * @param {number} scale
 * @param {number} x
 * @param {number} keep
 * @param {number} y
 */
export function slot_combine(handle, scale, x, keep, y) {
    const ret = wasm.slot_combine(handle, scale, x, keep, y);
    if (ret[1]) {
        throw takeFromExternrefTable0(ret[0]);
    }
}

/**
 * `to ← from`.
 * @param {number} handle
 * @param {number} from
 * @param {number} to
 */
export function slot_copy(handle, from, to) {
    const ret = wasm.slot_copy(handle, from, to);
    if (ret[1]) {
        throw takeFromExternrefTable0(ret[0]);
    }
}

/**
 * For each parameter the mean cosine between two slots' columns of output channels.
 * @param {number} handle
 * @param {number} x
 * @param {number} y
 * @returns {Float64Array}
 */
export function slot_cosines(handle, x, y) {
    const ret = wasm.slot_cosines(handle, x, y);
    if (ret[3]) {
        throw takeFromExternrefTable0(ret[2]);
    }
    var v1 = getArrayF64FromWasm0(ret[0], ret[1]).slice();
    wasm.__wbindgen_free(ret[0], ret[1] * 8, 8);
    return v1;
}

/**
 * Frees a slot (not values, gradients or momentum).
 * @param {number} handle
 * @param {number} index
 */
export function slot_free(handle, index) {
    const ret = wasm.slot_free(handle, index);
    if (ret[1]) {
        throw takeFromExternrefTable0(ret[0]);
    }
}

/**
 * Euclidean norm of a slot.
 * @param {number} handle
 * @param {number} x
 * @returns {number}
 */
export function slot_norm(handle, x) {
    const ret = wasm.slot_norm(handle, x);
    if (ret[2]) {
        throw takeFromExternrefTable0(ret[1]);
    }
    return ret[0];
}

/**
 * Reports a lost worker, so that nobody waits for it.
 */
export function team_fail() {
    wasm.team_fail();
}

/**
 * Jobs started so far: pass it to `team_serve`.
 * @returns {number}
 */
export function team_jobs() {
    const ret = wasm.team_jobs();
    return ret >>> 0;
}

/**
 * Announces the number of threads (the caller included) before networks are compiled.
 * @param {number} threads
 */
export function team_resize(threads) {
    wasm.team_resize(threads);
}

/**
 * Body of worker thread `index`; returns after `team_stop`.
 * @param {number} index
 * @param {number} seen
 */
export function team_serve(index, seen) {
    wasm.team_serve(index, seen);
}

/**
 * Lets the workers return.
 */
export function team_stop() {
    wasm.team_stop();
}
function __wbg_get_imports() {
    const import0 = {
        __proto__: null,
        __wbg_Error_208446807d0d1e30: function(arg0, arg1) {
            const ret = Error(getStringFromWasm0(arg0, arg1));
            return ret;
        },
        __wbg___wbindgen_throw_4c88d8bf264fd984: function(arg0, arg1) {
            throw new Error(getStringFromWasm0(arg0, arg1));
        },
        __wbg_now_010947afa8bf3bf8: function() {
            const ret = performance.now();
            return ret;
        },
        __wbindgen_init_externref_table: function() {
            const table = wasm.__wbindgen_externrefs;
            table.set(0, undefined);
            table.set(1024, undefined);
            table.set(1025, null);
            table.set(1026, true);
            table.set(1027, false);
        },
    };
    return {
        __proto__: null,
        "./rootstock_kernels_bg.js": import0,
    };
}

const BatchOptionsFinalization = (typeof FinalizationRegistry === 'undefined')
    ? { register: () => {}, unregister: () => {} }
    : new FinalizationRegistry(ptr => wasm.__wbg_batchoptions_free(ptr, 1));

function _assertClass(instance, klass) {
    if (!(instance instanceof klass)) {
        throw new Error(`expected instance of ${klass.name}`);
    }
}

function getArrayF32FromWasm0(ptr, len) {
    ptr = ptr >>> 0;
    return getFloat32ArrayMemory0().subarray(ptr / 4, ptr / 4 + len);
}

function getArrayF64FromWasm0(ptr, len) {
    ptr = ptr >>> 0;
    return getFloat64ArrayMemory0().subarray(ptr / 8, ptr / 8 + len);
}

function getArrayU32FromWasm0(ptr, len) {
    ptr = ptr >>> 0;
    return getUint32ArrayMemory0().subarray(ptr / 4, ptr / 4 + len);
}

function getArrayU8FromWasm0(ptr, len) {
    ptr = ptr >>> 0;
    return getUint8ArrayMemory0().subarray(ptr / 1, ptr / 1 + len);
}

let cachedFloat32ArrayMemory0 = null;
function getFloat32ArrayMemory0() {
    if (cachedFloat32ArrayMemory0 === null || cachedFloat32ArrayMemory0.byteLength === 0) {
        cachedFloat32ArrayMemory0 = new Float32Array(wasm.memory.buffer);
    }
    return cachedFloat32ArrayMemory0;
}

let cachedFloat64ArrayMemory0 = null;
function getFloat64ArrayMemory0() {
    if (cachedFloat64ArrayMemory0 === null || cachedFloat64ArrayMemory0.byteLength === 0) {
        cachedFloat64ArrayMemory0 = new Float64Array(wasm.memory.buffer);
    }
    return cachedFloat64ArrayMemory0;
}

function getStringFromWasm0(ptr, len) {
    ptr = ptr >>> 0;
    return decodeText(getUint8ArrayMemory0().subarray(ptr, ptr + len));
}

let cachedUint32ArrayMemory0 = null;
function getUint32ArrayMemory0() {
    if (cachedUint32ArrayMemory0 === null || cachedUint32ArrayMemory0.byteLength === 0) {
        cachedUint32ArrayMemory0 = new Uint32Array(wasm.memory.buffer);
    }
    return cachedUint32ArrayMemory0;
}

let cachedUint8ArrayMemory0 = null;
function getUint8ArrayMemory0() {
    if (cachedUint8ArrayMemory0 === null || cachedUint8ArrayMemory0.byteLength === 0) {
        cachedUint8ArrayMemory0 = new Uint8Array(wasm.memory.buffer);
    }
    return cachedUint8ArrayMemory0;
}

function passArray32ToWasm0(arg, malloc) {
    const ptr = malloc(arg.length * 4, 4) >>> 0;
    getUint32ArrayMemory0().set(arg, ptr / 4);
    WASM_VECTOR_LEN = arg.length;
    return ptr;
}

function passArray8ToWasm0(arg, malloc) {
    const ptr = malloc(arg.length * 1, 1) >>> 0;
    getUint8ArrayMemory0().set(arg, ptr / 1);
    WASM_VECTOR_LEN = arg.length;
    return ptr;
}

function passArrayF32ToWasm0(arg, malloc) {
    const ptr = malloc(arg.length * 4, 4) >>> 0;
    getFloat32ArrayMemory0().set(arg, ptr / 4);
    WASM_VECTOR_LEN = arg.length;
    return ptr;
}

function passArrayF64ToWasm0(arg, malloc) {
    const ptr = malloc(arg.length * 8, 8) >>> 0;
    getFloat64ArrayMemory0().set(arg, ptr / 8);
    WASM_VECTOR_LEN = arg.length;
    return ptr;
}

function takeFromExternrefTable0(idx) {
    const value = wasm.__wbindgen_externrefs.get(idx);
    wasm.__externref_table_dealloc(idx);
    return value;
}

let cachedTextDecoder = new TextDecoder('utf-8', { ignoreBOM: true });
cachedTextDecoder.decode();
const MAX_SAFARI_DECODE_BYTES = 2146435072;
let numBytesDecoded = 0;
function decodeText(bytes) {
    numBytesDecoded += bytes.length;
    if (numBytesDecoded >= MAX_SAFARI_DECODE_BYTES) {
        cachedTextDecoder = new TextDecoder('utf-8', { ignoreBOM: true });
        cachedTextDecoder.decode();
        numBytesDecoded = bytes.length;
    }
    return cachedTextDecoder.decode(bytes);
}

let WASM_VECTOR_LEN = 0;

let wasmModule, wasmInstance, wasm;
function __wbg_finalize_init(instance, module) {
    wasmInstance = instance;
    wasm = instance.exports;
    wasmModule = module;
    cachedFloat32ArrayMemory0 = null;
    cachedFloat64ArrayMemory0 = null;
    cachedUint32ArrayMemory0 = null;
    cachedUint8ArrayMemory0 = null;
    wasm.__wbindgen_start();
    return wasm;
}

async function __wbg_load(module, imports) {
    if (typeof Response === 'function' && module instanceof Response) {
        if (!module.ok) {
            throw new Error(`failed to fetch Wasm: ${module.status} ${module.statusText} fetching '${module.url}'`);
        }

        if (typeof WebAssembly.instantiateStreaming === 'function') {
            try {
                return await WebAssembly.instantiateStreaming(module, imports);
            } catch (e) {
                const validResponse = expectedResponseType(module.type);

                if (validResponse && module.headers.get('Content-Type') !== 'application/wasm') {
                    console.warn("`WebAssembly.instantiateStreaming` failed because your server does not serve Wasm with `application/wasm` MIME type. Falling back to `WebAssembly.instantiate` which is slower. Original error:\n", e);

                } else { throw e; }
            }
        }

        const bytes = await module.arrayBuffer();
        return await WebAssembly.instantiate(bytes, imports);
    } else {
        const instance = await WebAssembly.instantiate(module, imports);

        if (instance instanceof WebAssembly.Instance) {
            return { instance, module };
        } else {
            return instance;
        }
    }

    function expectedResponseType(type) {
        switch (type) {
            case 'basic': case 'cors': case 'default': return true;
        }
        return false;
    }
}

function initSync(module) {
    if (wasm !== undefined) return wasm;


    if (module !== undefined) {
        if (Object.getPrototypeOf(module) === Object.prototype) {
            ({module} = module)
        } else {
            console.warn('using deprecated parameters for `initSync()`; pass a single object instead')
        }
    }

    const imports = __wbg_get_imports();
    if (!(module instanceof WebAssembly.Module)) {
        module = new WebAssembly.Module(module);
    }
    const instance = new WebAssembly.Instance(module, imports);
    return __wbg_finalize_init(instance, module);
}

let __wbg_init_promise;
async function __wbg_init(module_or_path) {
    if (wasm !== undefined) return wasm;
    if (__wbg_init_promise === undefined) {
        __wbg_init_promise = __wbg_init_once(module_or_path);
        __wbg_init_promise.catch(() => { __wbg_init_promise = undefined; });
    }
    return __wbg_init_promise;
}

async function __wbg_init_once(module_or_path) {

    if (module_or_path !== undefined) {
        if (Object.getPrototypeOf(module_or_path) === Object.prototype) {
            ({module_or_path} = module_or_path)
        } else {
            console.warn('using deprecated parameters for the initialization function; pass a single object instead')
        }
    }

    if (module_or_path === undefined) {
        module_or_path = new URL('rootstock_kernels_bg.wasm', import.meta.url);
    }
    const imports = __wbg_get_imports();

    if (typeof module_or_path === 'string' || (typeof Request === 'function' && module_or_path instanceof Request) || (typeof URL === 'function' && module_or_path instanceof URL)) {
        module_or_path = fetch(module_or_path);
    }

    const { instance, module } = await __wbg_load(await module_or_path, imports);

    return __wbg_finalize_init(instance, module);
}

export { initSync, __wbg_init as default };
