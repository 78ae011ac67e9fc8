//! The only wasm-bindgen surface: validate, then call. Handles are indices; a wrong one is an error, never a trap.

use crate::batch::{Augmentation, Images, Normalisation};
use crate::executor::{Executor, Outcome, Request, WeightGradients};
use crate::layers::ridge;
use crate::optimizers::{adam, sgd};
use crate::parameters::{slot, Arrangement, Parameters};
use crate::program::Program;
use crate::random;
use crate::team::Team;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;

static TEAM: Team = Team::new();

struct Network {
    executor: Executor,
    parameters: Rc<RefCell<Parameters>>,
    last: Outcome,
}

#[derive(Default)]
struct Registry {
    images: Vec<Option<Images>>,
    networks: Vec<Option<Network>>,
}

thread_local! {
    // Only thread 0 holds handles; the others see what they need through the team's job.
    static REGISTRY: RefCell<Registry> = RefCell::default();
}

type Answer<T> = Result<T, JsError>;

fn fail<T>(result: Result<T, String>) -> Answer<T> {
    result.map_err(|message| JsError::new(&message))
}

fn keep<T>(list: &mut Vec<Option<T>>, item: T) -> u32 {
    match list.iter().position(Option::is_none) {
        Some(free) => {
            list[free] = Some(item);
            free as u32
        }
        None => {
            list.push(Some(item));
            list.len() as u32 - 1
        }
    }
}

fn with_network<T>(handle: u32, work: impl FnOnce(&mut Network) -> Result<T, String>) -> Answer<T> {
    REGISTRY.with_borrow_mut(|registry| {
        let network = registry.networks.get_mut(handle as usize).and_then(Option::as_mut);
        fail(network.ok_or_else(|| format!("Cannot use network {handle}: it does not exist")).and_then(work))
    })
}

/// Announces the number of threads (the caller included) before networks are compiled.
#[wasm_bindgen]
pub fn team_resize(threads: u32) {
    TEAM.resize(threads as usize);
}

/// Jobs started so far: pass it to `team_serve`.
#[wasm_bindgen]
pub fn team_jobs() -> u32 {
    TEAM.jobs()
}

/// Body of worker thread `index`; returns after `team_stop`.
#[wasm_bindgen]
pub fn team_serve(index: u32, seen: u32) {
    TEAM.serve(index as usize, seen);
}

/// Reports a lost worker, so that nobody waits for it.
#[wasm_bindgen]
pub fn team_fail() {
    TEAM.fail();
}

/// Lets the workers return.
#[wasm_bindgen]
pub fn team_stop() {
    TEAM.stop();
}

/// Makes room for images; their bytes go to `images_pointer`.
#[wasm_bindgen]
pub fn images_new(count: u32, height: u32, width: u32, channels: u32) -> Answer<u32> {
    let images = fail(Images::new(count as usize, height as usize, width as usize, channels as usize))?;
    Ok(REGISTRY.with_borrow_mut(|registry| keep(&mut registry.images, images)))
}

fn with_images<T>(handle: u32, work: impl FnOnce(&Images) -> Result<T, String>) -> Answer<T> {
    REGISTRY.with_borrow(|registry| {
        let images = registry.images.get(handle as usize).and_then(Option::as_ref);
        fail(images.ok_or_else(|| format!("Cannot use images {handle}: they do not exist")).and_then(work))
    })
}

/// Byte address of the first pixel.
#[wasm_bindgen]
pub fn images_pointer(handle: u32) -> Answer<u32> {
    with_images(handle, |images| Ok(images.pixels.pointer() as usize as u32))
}

/// Means, then standard deviations, per channel over the given images, in units of byte/255.
#[wasm_bindgen]
pub fn images_statistics(handle: u32, indices: &[u32]) -> Answer<Vec<f64>> {
    with_images(handle, |images| {
        if let Some(index) = indices.iter().find(|&&i| i as usize >= images.count) {
            return Err(format!("Cannot read image {index}: there are {}", images.count));
        }
        let (mut mean, std) = images.statistics(indices);
        mean.extend(std);
        Ok(mean)
    })
}

/// Frees images.
#[wasm_bindgen]
pub fn images_free(handle: u32) {
    REGISTRY.with_borrow_mut(|registry| {
        if let Some(images) = registry.images.get_mut(handle as usize) {
            *images = None;
        }
    });
}

/// Compiles a program for batches of up to `batch` images within `limit` bytes of activations (0: no limit); with `share`
/// the parameters of another network with the same parameter table are used, else new ones are made.
#[wasm_bindgen]
pub fn network_compile(words: &[u32], batch: u32, limit: f64, share: Option<u32>) -> Answer<u32> {
    let program = fail(Program::decode(words))?;
    let arrangement = Arrangement::new(&program);
    let parameters = match share {
        Some(other) => {
            let shared = with_network(other, |network| Ok(network.parameters.clone()))?;
            if shared.borrow().arrangement != arrangement {
                return Err(JsError::new("Cannot share parameters: the networks have different parameters"));
            }
            shared
        }
        None => Rc::new(RefCell::new(fail(Parameters::new(&program, arrangement))?)),
    };
    let limit = (limit > 0.0).then_some((limit / 4.0) as usize);
    let executor = fail(Executor::new(program, &parameters.borrow(), batch as usize, limit, TEAM.threads()))?;
    let network = Network { executor, parameters, last: Outcome::default() };
    Ok(REGISTRY.with_borrow_mut(|registry| keep(&mut registry.networks, network)))
}

/// Frees a network (and its parameters, if no other network shares them).
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

/// Chooses the eight-lane kernel variants (for native-trust launches) or the four-lane ones. Strict results are the same.
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
    /// Zero pixels added around before a random crop.
    pub crop_padding: u32,
    /// Mirror half of the images.
    pub flip: bool,
    /// Side of the square that is erased; 0 for none.
    pub cutout: u32,
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
    /// Active head.
    pub head: u32,
    /// Batch statistics instead of running ones.
    pub training: bool,
    /// Whether running statistics move.
    pub update_statistics: bool,
    /// 0: forward only; 1: mixing gradient; 2: head's weights; 3: all weights.
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

/// Runs a batch. `normalisation`: means, then standard deviations, of the network's input channels. Empty labels: logits only.
/// Returns [loss, correct].
#[wasm_bindgen]
pub fn network_run(
    handle: u32,
    images: u32,
    indices: &[u32],
    labels: &[u32],
    normalisation: &[f32],
    options: &BatchOptions,
) -> Answer<Vec<f64>> {
    REGISTRY.with_borrow_mut(|registry| {
        let Registry { images: stores, networks } = registry;
        let network = networks.get_mut(handle as usize).and_then(Option::as_mut);
        let network = network.ok_or_else(|| JsError::new(&format!("Cannot use network {handle}: it does not exist")))?;
        let store = stores.get(images as usize).and_then(Option::as_ref);
        let store = store.ok_or_else(|| JsError::new(&format!("Cannot use images {images}: they do not exist")))?;
        let channels = network.executor.program.tensors[0].channels;
        if normalisation.len() != 2 * channels {
            return Err(JsError::new(&format!(
                "Cannot run: found {} means and deviations, expected {}",
                normalisation.len(),
                2 * channels
            )));
        }
        let mut norm = Normalisation { mean: [0.0; 4], std: [1.0; 4] };
        norm.mean[..channels].copy_from_slice(&normalisation[..channels]);
        norm.std[..channels].copy_from_slice(&normalisation[channels..]);
        let request = Request {
            images: store,
            indices,
            labels,
            augmentation: Augmentation {
                crop_padding: (options.crop_padding as usize).min(1024),
                flip: options.flip,
                cutout: (options.cutout as usize).min(2048),
            },
            normalisation: norm,
            seed: options.seed as u64 | (options.seed_high as u64) << 32,
            epoch: options.epoch,
            step: options.step.max(0.0) as u64,
            drop_path: options.drop_path,
            head: options.head as usize,
            training: options.training,
            update_statistics: options.update_statistics,
            backward: match options.backward {
                0 => None,
                1 => Some(WeightGradients::None),
                2 => Some(WeightGradients::Head),
                _ => Some(WeightGradients::All),
            },
        };
        let outcome = fail(network.executor.run(&mut network.parameters.borrow_mut(), &TEAM, &request))?;
        network.last = outcome;
        Ok(vec![outcome.loss, outcome.correct as f64])
    })
}

/// Logits of the last run's main classifier: `[images][classes]`.
#[wasm_bindgen]
pub fn network_logits(handle: u32) -> Answer<Vec<f32>> {
    with_network(handle, |network| Ok(network.executor.main_logits().to_vec()))
}

/// Pooled features that the last run's main classifier read: `[images][features]`.
#[wasm_bindgen]
pub fn network_features(handle: u32) -> Answer<Vec<f32>> {
    with_network(handle, |network| Ok(network.executor.main_features()))
}

/// A linear classifier in closed form: weights `[classes][features]`, biases, leave-one-out loss and accuracy.
#[wasm_bindgen]
pub fn fit_classifier(features: &[f32], labels: &[u32], classes: u32) -> Answer<Vec<f32>> {
    let fit = fail(ridge::fit(features, labels, classes as usize))?;
    Ok([fit.weights, fit.biases, vec![fit.loss as f32, fit.accuracy as f32]].concat())
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

/// Gradient of the last backward pass with respect to the mixing weights.
#[wasm_bindgen]
pub fn network_mixing_gradient(handle: u32) -> Answer<Vec<f32>> {
    with_network(handle, |network| Ok(network.executor.mixing_gradient_values()))
}

/// Gives all parameters PyTorch's default initial values, keyed by the seed.
#[wasm_bindgen]
pub fn network_initialise(handle: u32, seed: u32, seed_high: u32) -> Answer<()> {
    with_network(handle, |network| {
        let seed = seed as u64 | (seed_high as u64) << 32;
        network.parameters.borrow_mut().initialise(&network.executor.program, seed);
        Ok(())
    })
}

/// Logical elements of a parameter; `what` is a slot: 0 values, 1 gradients, 2 momentum, others as allocated.
#[wasm_bindgen]
pub fn parameter_read(handle: u32, parameter: u32, what: u32) -> Answer<Vec<f32>> {
    with_network(handle, |network| network.parameters.borrow().read(parameter as usize, what as usize))
}

/// Writes the logical elements of a parameter.
#[wasm_bindgen]
pub fn parameter_write(handle: u32, parameter: u32, what: u32, data: &[f32]) -> Answer<()> {
    with_network(handle, |network| network.parameters.borrow_mut().write(parameter as usize, what as usize, data))
}

fn norm_range(network: &Network, norm: u32) -> Result<core::ops::Range<usize>, String> {
    let record = network.executor.program.norms.get(norm as usize).ok_or_else(|| format!("Cannot use norm {norm}: it does not exist"))?;
    let first = network.parameters.borrow().arrangement.norm_offset[norm as usize];
    Ok(first..first + network.executor.program.tensors[record.tensor].channels)
}

/// Running mean (`variance` false) or variance of a norm.
#[wasm_bindgen]
pub fn running_read(handle: u32, norm: u32, variance: bool) -> Answer<Vec<f32>> {
    with_network(handle, |network| {
        let range = norm_range(network, norm)?;
        let parameters = network.parameters.borrow();
        Ok(parameters.running[variance as usize].as_slice()[range].to_vec())
    })
}

/// Writes a running mean or variance.
#[wasm_bindgen]
pub fn running_write(handle: u32, norm: u32, variance: bool, data: &[f32]) -> Answer<()> {
    with_network(handle, |network| {
        let range = norm_range(network, norm)?;
        if range.len() != data.len() {
            return Err(format!("Cannot write running statistics: found {} channels, expected {}", data.len(), range.len()));
        }
        network.parameters.borrow_mut().running[variance as usize].as_mut_slice()[range].copy_from_slice(data);
        Ok(())
    })
}

/// Freezes exactly the parameters listed: SGD leaves them alone.
#[wasm_bindgen]
pub fn parameters_freeze(handle: u32, list: &[u32]) -> Answer<()> {
    with_network(handle, |network| {
        let mut parameters = network.parameters.borrow_mut();
        parameters.frozen.fill(false);
        for &parameter in list {
            let storage = parameters.arrangement.storage_of.get(parameter as usize).copied();
            let storage = storage.ok_or_else(|| format!("Cannot freeze parameter {parameter}: it does not exist"))?;
            parameters.frozen[storage] = true;
        }
        Ok(())
    })
}

/// One SGD step of the body and the last run's head; returns the gradients' norm before clipping (clip 0: none).
#[wasm_bindgen]
pub fn sgd_step(handle: u32, learning_rate: f32, momentum: f32, weight_decay: f32, clip: f32) -> Answer<f64> {
    with_network(handle, |network| {
        let settings = sgd::Sgd { learning_rate, momentum, weight_decay, clip };
        sgd::step(&mut network.parameters.borrow_mut(), settings, network.executor.head)
    })
}

/// A new slot of zeros, as long as all parameters together.
#[wasm_bindgen]
pub fn slot_allocate(handle: u32) -> Answer<u32> {
    with_network(handle, |network| network.parameters.borrow_mut().allocate().map(|slot| slot as u32))
}

/// Frees a slot (not values, gradients or momentum).
#[wasm_bindgen]
pub fn slot_free(handle: u32, index: u32) -> Answer<()> {
    with_network(handle, |network| {
        if index as usize > slot::MOMENTUM {
            if let Some(slot) = network.parameters.borrow_mut().slots.get_mut(index as usize) {
                *slot = None;
            }
        }
        Ok(())
    })
}

/// `to ← from`.
#[wasm_bindgen]
pub fn slot_copy(handle: u32, from: u32, to: u32) -> Answer<()> {
    slot_combine(handle, 1.0, from, 0.0, to)
}

/// `y ← scale·x + keep·y`.
#[wasm_bindgen]
pub fn slot_combine(handle: u32, scale: f32, x: u32, keep: f32, y: u32) -> Answer<()> {
    with_network(handle, |network| {
        let mut parameters = network.parameters.borrow_mut();
        if x == y {
            let factor = scale + keep;
            parameters.slot_mut(y as usize)?.as_mut_slice().iter_mut().for_each(|value| *value *= factor);
            return Ok(());
        }
        let from = parameters.slot(x as usize)?.pointer();
        let to = parameters.slot_mut(y as usize)?.as_mut_slice();
        // Safety: distinct slots are distinct buffers of the same length.
        let from = unsafe { core::slice::from_raw_parts(from, to.len()) };
        if keep == 0.0 {
            to.iter_mut().zip(from).for_each(|(y, x)| *y = scale * x);
        } else {
            to.iter_mut().zip(from).for_each(|(y, x)| *y = scale * x + keep * *y);
        }
        Ok(())
    })
}

/// Euclidean norm of a slot.
#[wasm_bindgen]
pub fn slot_norm(handle: u32, x: u32) -> Answer<f64> {
    with_network(handle, |network| Ok(sgd::square_norm(network.parameters.borrow().slot(x as usize)?.as_slice()).sqrt()))
}

/// One Adam step. `state`: values, first moments, second moments, one after another; returns the new state.
#[wasm_bindgen]
pub fn adam_step(state: &[f32], gradient: &[f32], steps: u32, settings: &[f64]) -> Answer<Vec<f32>> {
    let count = gradient.len();
    let &[learning_rate, beta1, beta2, epsilon, weight_decay] = settings else {
        return Err(JsError::new(&format!("Cannot run Adam: found {} settings, expected 5", settings.len())));
    };
    if state.len() != 3 * count {
        return Err(JsError::new(&format!("Cannot run Adam: found a state of {} numbers, expected {}", state.len(), 3 * count)));
    }
    let mut state = state.to_vec();
    let (values, moments) = state.split_at_mut(count);
    let (first, second) = moments.split_at_mut(count);
    adam::step(adam::Adam { learning_rate, beta1, beta2, epsilon, weight_decay }, steps, values, gradient, first, second);
    Ok(state)
}

/// Random order of `0..count`, keyed by (seed, epoch).
#[wasm_bindgen]
pub fn permutation(count: u32, seed: u32, seed_high: u32, epoch: u32) -> Vec<u32> {
    random::permutation(count as usize, seed as u64 | (seed_high as u64) << 32, epoch)
}

/// Standard normal numbers, keyed by (seed, key).
#[wasm_bindgen]
pub fn normals(count: u32, seed: u32, seed_high: u32, key: u32) -> Vec<f32> {
    let generator = random::Generator::new(seed as u64 | (seed_high as u64) << 32, random::stream::NORMAL, key);
    (0..count as u64).map(|i| generator.normal(i)).collect()
}
