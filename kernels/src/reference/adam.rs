//! Twin of `optimizers/adam.rs`: `torch.optim.Adam(lr, betas, eps, weight_decay)`.

use crate::optimizers::adam::Adam;

/// Values and both moments of one parameter vector; zeros but for the values at first.
#[derive(Clone, Debug)]
pub struct State {
    /// Values.
    pub values: Vec<f64>,
    /// First moment (`exp_avg`).
    pub first: Vec<f64>,
    /// Second moment (`exp_avg_sq`).
    pub second: Vec<f64>,
}

/// Step number t, from 1: `g ← g + decay · w; m ← β₁m + (1-β₁)g; v ← β₂v + (1-β₂)g²; w ← w - rate · m̂ / (sqrt(v̂) + ε)` with
/// `m̂ = m/(1-β₁ᵗ)`, `v̂ = v/(1-β₂ᵗ)`.
pub fn step(settings: Adam, t: u32, state: &mut State, gradient: &[f32]) {
    for i in 0..gradient.len() {
        let g = gradient[i] as f64 + settings.weight_decay * state.values[i];
        state.first[i] = settings.beta1 * state.first[i] + (1.0 - settings.beta1) * g;
        state.second[i] = settings.beta2 * state.second[i] + (1.0 - settings.beta2) * g * g;
        let m = state.first[i] / (1.0 - settings.beta1.powf(t as f64));
        let v = state.second[i] / (1.0 - settings.beta2.powf(t as f64));
        state.values[i] -= settings.learning_rate * m / (v.sqrt() + settings.epsilon);
    }
}
