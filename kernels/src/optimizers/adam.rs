//! Adam (Kingma & Ba 2015) for small vectors, with L2 weight decay added to the gradient as in PyTorch's `Adam`.

/// Settings of one step.
#[derive(Clone, Copy, Debug)]
pub struct Adam {
    /// Step size.
    pub learning_rate: f64,
    /// Decay of the first moment.
    pub beta1: f64,
    /// Decay of the second moment.
    pub beta2: f64,
    /// Added to the root of the second moment.
    pub epsilon: f64,
    /// L2 penalty.
    pub weight_decay: f64,
}

/// Step number `steps` (from 1): moments and values are updated in place. All slices have the same length.
pub fn step(settings: Adam, steps: u32, values: &mut [f32], gradient: &[f32], first: &mut [f32], second: &mut [f32]) {
    let correction1 = 1.0 - settings.beta1.powi(steps as i32);
    let correction2 = 1.0 - settings.beta2.powi(steps as i32);
    for i in 0..values.len() {
        let g = gradient[i] as f64 + settings.weight_decay * values[i] as f64;
        let m = settings.beta1 * first[i] as f64 + (1.0 - settings.beta1) * g;
        let v = settings.beta2 * second[i] as f64 + (1.0 - settings.beta2) * g * g;
        first[i] = m as f32;
        second[i] = v as f32;
        let denominator = (v / correction2).sqrt() + settings.epsilon;
        values[i] = (values[i] as f64 - settings.learning_rate * (m / correction1) / denominator) as f32;
    }
}
