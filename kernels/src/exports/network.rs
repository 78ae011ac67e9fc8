//! Networks: compiling, running, reading what a run left.

use super::{fail, keep, with_network, Answer, Network, Registry, REGISTRY, TEAM};
use crate::batch::Preparation;
use crate::decode::decode;
use crate::executor::{Executor, Limits, Outcome, Purpose, Request, WeightGradients};
use crate::parameters::{Arrangement, Parameters};
use crate::variation::Mixing;
use wasm_bindgen::prelude::*;

/// Compiles a program for batches of up to `batch` images within `limit` bytes of activations (0: no limit), for training or
/// with `inference` for forward passes with running statistics only.
#[wasm_bindgen]
pub fn network_compile(words: &[u32], batch: u32, limit: f64, inference: bool) -> Answer<u32> {
    let program = fail(decode(words))?;
    let parameters = fail(Parameters::new(&program, Arrangement::new(&program)))?;
    let purpose = if inference { Purpose::Inference } else { Purpose::Training };
    let elements = (limit > 0.0).then_some((limit / 4.0) as usize);
    let limits = Limits { batch: batch as usize, elements, threads: TEAM.threads() };
    let executor = fail(Executor::new(program, &parameters, purpose, limits))?;
    let network = Network { executor, parameters, last: Outcome::default() };
    Ok(REGISTRY.with_borrow_mut(|registry| keep(&mut registry.networks, network)))
}

/// Frees a network and its parameters.
#[wasm_bindgen]
pub fn network_free(handle: u32) {
    REGISTRY.with_borrow_mut(|registry| {
        if let Some(network) = registry.networks.get_mut(handle as usize) {
            *network = None;
        }
    });
}

/// Bytes of activations and gradients planned.
#[wasm_bindgen]
pub fn network_activation_bytes(handle: u32) -> Answer<f64> {
    with_network(handle, |network| Ok(network.executor.activation_bytes() as f64))
}

/// Chooses the kernel variants for launches without bounds checks, or those for launches with them. Same results.
#[wasm_bindgen]
pub fn network_set_wide(handle: u32, wide: bool) -> Answer<()> {
    with_network(handle, |network| {
        network.executor.wide = wide;
        Ok(())
    })
}

/// Starts profiling runs of a network from zero, or stops it.
#[wasm_bindgen]
pub fn network_set_profiled(handle: u32, profiled: bool) -> Answer<()> {
    with_network(handle, |network| {
        network.executor.set_profiled(profiled);
        Ok(())
    })
}

/// Seconds, floating-point operations, bytes and calls of each kind of work since profiling began, summed over threads.
#[wasm_bindgen]
pub fn network_profile(handle: u32) -> Answer<Vec<f64>> {
    with_network(handle, |network| Ok(network.executor.profile()))
}

/// A batch of images and how to prepare it.
#[wasm_bindgen]
#[derive(Clone, Copy, Debug, Default)]
pub struct BatchOptions {
    /// Seed, low word.
    pub seed: u32,
    /// Seed, high word.
    pub seed_high: u32,
    /// Key of augmentation.
    pub epoch: u32,
    /// Key of drop-path.
    pub step: f64,
    /// Drop-path probability.
    pub drop_path: f32,
    /// Batch statistics instead of running ones.
    pub training: bool,
    /// Share of the loss that all classes have alike, 0 up to 1.
    pub label_smoothing: f64,
    /// Mixup of images: parameter of the Beta distribution of the shares, 0 for none.
    pub mixup: f32,
    /// CutMix of images, likewise.
    pub cutmix: f32,
    /// Share of this batch in running statistics, 0 to 1; 0 leaves them alone.
    pub statistics_momentum: f64,
    /// 0: forward only; 1: mixing gradient; 2: classifiers' weights; 3: weights, without what only terms of mixing weight 0 depend on; 4: all weights; 5: forward
    /// only, measuring the importance of mixed terms.
    pub backward: u32,
}

#[wasm_bindgen]
impl BatchOptions {
    /// All off.
    #[wasm_bindgen(constructor)]
    pub fn new() -> BatchOptions {
        BatchOptions::default()
    }
}

/// Arrays of a batch, as [`network_run`] takes them.
struct Arrays<'a> {
    indices: &'a [u32],
    keys: &'a [u32],
    labels: &'a [u32],
    class_weights: &'a [f32],
    parts: &'a [u32],
    preparations: &'a [f32],
}

/// Puts a request together, and has a network answer it.
fn answer<T>(
    (handle, images): (u32, u32),
    arrays: Arrays,
    options: &BatchOptions,
    work: impl FnOnce(&mut Network, &Request) -> Result<T, String>,
) -> Answer<T> {
    REGISTRY.with_borrow_mut(|registry| {
        let Registry { images: stores, networks } = registry;
        let network = networks.get_mut(handle as usize).and_then(Option::as_mut);
        let network = network.ok_or_else(|| JsError::new(&format!("Cannot use network {handle}: it does not exist")))?;
        let store = stores.get(images as usize).and_then(Option::as_ref);
        let store = store.ok_or_else(|| JsError::new(&format!("Cannot use images {images}: they do not exist")))?;
        let channels = network.executor.program.tensors[0].channels;
        let preparations = fail(Preparation::rows(arrays.preparations, channels))?;
        let request = Request {
            images: store,
            indices: arrays.indices,
            keys: arrays.keys,
            labels: arrays.labels,
            class_weights: arrays.class_weights,
            label_smoothing: options.label_smoothing,
            mixing: Mixing { mixup: options.mixup, cutmix: options.cutmix },
            parts: arrays.parts,
            preparations: &preparations,
            seed: options.seed as u64 | (options.seed_high as u64) << 32,
            epoch: options.epoch,
            step: options.step.max(0.0) as u64,
            drop_path: options.drop_path,
            training: options.training,
            statistics_momentum: options.statistics_momentum.clamp(0.0, 1.0),
            measures_terms: options.backward == 5,
            backward: match options.backward {
                0 | 5 => None,
                1 => Some(WeightGradients::None),
                2 => Some(WeightGradients::Head),
                3 => Some(WeightGradients::Live),
                _ => Some(WeightGradients::All),
            },
        };
        fail(work(network, &request))
    })
}

/// Runs a batch. `keys`: the number of each image in its dataset, on which random changes depend; empty if `indices` are these.
/// `class_weights`: of each class, by which its images count in the loss; empty if all count alike.
/// `parts`: the dataset of each image, empty if all are of one. `preparations`: a row a dataset, means and standard
/// deviations of the network's input channels, then pixels of padding before a random crop, 1 to mirror half of the images,
/// side of the square that is erased, least share of a random part that is resized (1: none), and by how much brightness,
/// contrast and saturation change. Empty labels: logits only.
/// Returns [loss, correct].
#[wasm_bindgen]
#[allow(clippy::too_many_arguments)]
pub fn network_run(
    handle: u32,
    images: u32,
    indices: &[u32],
    keys: &[u32],
    labels: &[u32],
    class_weights: &[f32],
    parts: &[u32],
    preparations: &[f32],
    options: &BatchOptions,
) -> Answer<Vec<f64>> {
    let arrays = Arrays { indices, keys, labels, class_weights, parts, preparations };
    answer((handle, images), arrays, options, |network, request| {
        let outcome = network.executor.run(&mut network.parameters, &TEAM, request)?;
        network.last = outcome;
        Ok(vec![outcome.loss, outcome.correct as f64])
    })
}

/// Images of a batch as the network reads them, by the arguments of [`network_run`]: `[images][height][width][channels]`.
#[wasm_bindgen]
#[allow(clippy::too_many_arguments)]
pub fn network_images(
    handle: u32,
    images: u32,
    indices: &[u32],
    keys: &[u32],
    labels: &[u32],
    class_weights: &[f32],
    parts: &[u32],
    preparations: &[f32],
    options: &BatchOptions,
) -> Answer<Vec<f32>> {
    let arrays = Arrays { indices, keys, labels, class_weights, parts, preparations };
    answer((handle, images), arrays, options, |network, request| network.executor.assembled(request))
}

/// Logits of the last run's main classifier: `[images][classes]`.
#[wasm_bindgen]
pub fn network_logits(handle: u32) -> Answer<Vec<f32>> {
    with_network(handle, |network| Ok(network.executor.main_logits().to_vec()))
}

/// Losses of the last run's images, then 1 for each that was right, else 0: `[2][images]`.
#[wasm_bindgen]
pub fn network_image_outcomes(handle: u32) -> Answer<Vec<f64>> {
    with_network(handle, |network| Ok(network.executor.image_outcomes()))
}

/// Pooled features that the last run's main classifier read: `[images][features]`.
#[wasm_bindgen]
pub fn network_features(handle: u32) -> Answer<Vec<f32>> {
    with_network(handle, |network| Ok(network.executor.main_features()))
}

/// Sets the mixing weights.
#[wasm_bindgen]
pub fn network_set_mixing(handle: u32, weights: &[f32]) -> Answer<()> {
    with_network(handle, |network| {
        let wanted = network.executor.mixing.len();
        if weights.len() != wanted || weights.iter().any(|w| !w.is_finite()) {
            return Err(format!("Cannot set mixing weights: found {} numbers, expected {wanted} finite ones", weights.len()));
        }
        network.executor.mixing.copy_from_slice(weights);
        Ok(())
    })
}

/// Gradient of the last backward pass with respect to the mixing weights; after a pass that measured, the importance of their terms.
#[wasm_bindgen]
pub fn network_mixing_gradient(handle: u32) -> Answer<Vec<f32>> {
    with_network(handle, |network| Ok(network.executor.mixing_gradient_values()))
}
