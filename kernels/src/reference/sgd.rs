//! Twin of `optimizers/sgd.rs`: `torch.nn.utils.clip_grad_norm_`, then `torch.optim.SGD(momentum, weight_decay)`.

use crate::optimizers::sgd::Sgd;

/// `sqrt(Σ g²)` over all parameters (`total_norm`).
pub fn norm(gradient: &[f32]) -> f64 {
    gradient.iter().map(|&value| (value as f64).powi(2)).sum::<f64>().sqrt()
}

/// One step over the parameters that take part, all in one vector; returns new values and velocities.
///
/// `g ← g · min(1, clip / (norm + 1e-6)) + decay · w`, the factor only if clip > 0; `v ← momentum · v + g`; `w ← w - rate · v`.
pub fn step(settings: Sgd, values: &[f32], gradient: &[f32], velocity: &[f32]) -> (Vec<f64>, Vec<f64>) {
    let factor = if settings.clip > 0.0 { (settings.clip as f64 / (norm(gradient) + 1e-6)).min(1.0) } else { 1.0 };
    let (mut new_values, mut new_velocity) = (Vec::new(), Vec::new());
    for i in 0..values.len() {
        let w = values[i] as f64;
        let g = gradient[i] as f64 * factor + settings.weight_decay as f64 * w;
        let v = settings.momentum as f64 * velocity[i] as f64 + g;
        new_velocity.push(v);
        new_values.push(w - settings.learning_rate as f64 * v);
    }
    (new_values, new_velocity)
}
