//! Stochastic gradient descent with momentum, weight decay and clipping by the global gradient norm.

use crate::parameters::{slot, Parameters};
use crate::vector::{Lanes, F8};

/// Settings of one step.
#[derive(Clone, Copy, Debug)]
pub struct Sgd {
    /// Step size.
    pub learning_rate: f32,
    /// Share of the old velocity.
    pub momentum: f32,
    /// L2 penalty added to the gradient after clipping (PyTorch's order).
    pub weight_decay: f32,
    /// Largest global gradient norm; 0 for no clipping.
    pub clip: f32,
}

/// Sum of squares in f64, in order.
pub fn square_norm(values: &[f32]) -> f64 {
    let mut lanes = [0f64; 8];
    for chunk in values.chunks(8) {
        for (lane, &value) in lanes.iter_mut().zip(chunk) {
            *lane += value as f64 * value as f64;
        }
    }
    lanes.iter().sum()
}

/// One step over every storage that is not frozen: `g ← clip(g) + decay·w; v ← momentum·v + g; w ← w - rate·v`.
/// Returns the norm of the gradients before clipping (`torch.nn.utils.clip_grad_norm_`, its 1e-6 included).
///
/// # Errors
/// When a slot is missing.
pub fn step(parameters: &mut Parameters, settings: Sgd) -> Result<f64, String> {
    let mut squares = 0.0;
    let gradients = parameters.slot(slot::GRADIENTS)?.as_slice();
    for (i, storage) in parameters.arrangement.storages.iter().enumerate() {
        if !parameters.frozen[i] {
            squares += square_norm(&gradients[storage.offset..][..storage.length]);
        }
    }
    let norm = squares.sqrt();
    let limit = settings.clip as f64 / (norm + 1e-6);
    let factor = if settings.clip > 0.0 && limit < 1.0 { limit as f32 } else { 1.0 };
    let (values, velocity) = (parameters.slot_mut(slot::VALUES)?.pointer(), parameters.slot(slot::MOMENTUM)?.pointer());
    let gradients = parameters.slot(slot::GRADIENTS)?.pointer();
    for (i, storage) in parameters.arrangement.storages.iter().enumerate() {
        if parameters.frozen[i] {
            continue;
        }
        let mut at = storage.offset;
        while at < storage.offset + storage.length {
            // Safety: storages lie inside the arenas and are multiples of 16 elements long.
            unsafe {
                let w = F8::load(values.add(at));
                let g = F8::load(gradients.add(at)).mul(F8::splat(factor)).add(w.mul(F8::splat(settings.weight_decay)));
                let v = F8::load(velocity.add(at)).mul(F8::splat(settings.momentum)).add(g);
                v.store(velocity.add(at));
                w.sub(v.mul(F8::splat(settings.learning_rate))).store(values.add(at));
            }
            at += 8;
        }
    }
    Ok(norm)
}
