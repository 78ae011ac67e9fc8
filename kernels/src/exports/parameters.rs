//! Parameters, running statistics, whole-vector arithmetic.

use super::{with_network, Answer, Network};
use crate::optimizers::sgd;
use crate::parameters::slot;
use wasm_bindgen::prelude::*;

/// Gives all parameters PyTorch's default initial values, keyed by the seed.
#[wasm_bindgen]
pub fn network_initialise(handle: u32, seed: u32, seed_high: u32) -> Answer<()> {
    with_network(handle, |network| {
        let seed = seed as u64 | (seed_high as u64) << 32;
        network.parameters.initialise(&network.executor.program, seed);
        Ok(())
    })
}

/// Logical elements of a parameter; `what` is a slot: 0 values, 1 gradients, 2 momentum, others as allocated.
#[wasm_bindgen]
pub fn parameter_read(handle: u32, parameter: u32, what: u32) -> Answer<Vec<f32>> {
    with_network(handle, |network| network.parameters.read(parameter as usize, what as usize))
}

/// Writes the logical elements of a parameter.
#[wasm_bindgen]
pub fn parameter_write(handle: u32, parameter: u32, what: u32, data: &[f32]) -> Answer<()> {
    with_network(handle, |network| network.parameters.write(parameter as usize, what as usize, data))
}

fn norm_range(network: &Network, norm: u32) -> Result<core::ops::Range<usize>, String> {
    let record = network.executor.program.norms.get(norm as usize).ok_or_else(|| format!("Cannot use norm {norm}: it does not exist"))?;
    let first = network.parameters.arrangement.norm_offset[norm as usize];
    Ok(first..first + network.executor.program.tensors[record.tensor].channels)
}

/// Running mean (`variance` false) or variance of a norm.
#[wasm_bindgen]
pub fn running_read(handle: u32, norm: u32, variance: bool) -> Answer<Vec<f32>> {
    with_network(handle, |network| {
        let range = norm_range(network, norm)?;
        Ok(network.parameters.running[variance as usize].as_slice()[range].to_vec())
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
        network.parameters.running[variance as usize].as_mut_slice()[range].copy_from_slice(data);
        Ok(())
    })
}

/// Freezes exactly the parameters listed: SGD leaves them alone.
#[wasm_bindgen]
pub fn parameters_freeze(handle: u32, list: &[u32]) -> Answer<()> {
    with_network(handle, |network| {
        let parameters = &mut network.parameters;
        parameters.frozen.fill(false);
        for &parameter in list {
            let storage = parameters.arrangement.storage_of.get(parameter as usize).copied();
            let storage = storage.ok_or_else(|| format!("Cannot freeze parameter {parameter}: it does not exist"))?;
            parameters.frozen[storage] = true;
        }
        Ok(())
    })
}

/// One SGD step; returns the gradients' norm before clipping (clip 0: none).
#[wasm_bindgen]
pub fn sgd_step(handle: u32, learning_rate: f32, momentum: f32, weight_decay: f32, clip: f32) -> Answer<f64> {
    with_network(handle, |network| {
        let settings = sgd::Sgd { learning_rate, momentum, weight_decay, clip };
        sgd::step(&mut network.parameters, settings)
    })
}

/// A new slot of zeros, as long as all parameters together.
#[wasm_bindgen]
pub fn slot_allocate(handle: u32) -> Answer<u32> {
    with_network(handle, |network| network.parameters.allocate().map(|slot| slot as u32))
}

/// Frees a slot (not values, gradients or momentum).
#[wasm_bindgen]
pub fn slot_free(handle: u32, index: u32) -> Answer<()> {
    with_network(handle, |network| {
        if index as usize > slot::MOMENTUM {
            if let Some(slot) = network.parameters.slots.get_mut(index as usize) {
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
        let parameters = &mut network.parameters;
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
    with_network(handle, |network| Ok(sgd::square_norm(network.parameters.slot(x as usize)?.as_slice()).sqrt()))
}

/// For each parameter the mean cosine between two slots' columns of output channels.
#[wasm_bindgen]
pub fn slot_cosines(handle: u32, x: u32, y: u32) -> Answer<Vec<f64>> {
    with_network(handle, |network| network.parameters.cosines(&network.executor.program, x as usize, y as usize))
}
