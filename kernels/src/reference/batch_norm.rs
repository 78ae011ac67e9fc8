//! Twin of `layers/batch_norm.rs`: `torch.nn.functional.batch_norm(z, …, training=True, momentum, eps=1e-5)` of one channel.
//!
//! Works on all n values of the channel, as the paper states it (Ioffe & Szegedy 2015): two passes for the variance, the chain rule
//! through variance and mean for the gradient. The kernel works on sums.

/// Added to the variance.
const EPSILON: f64 = 1e-5;

/// `mean = Σz/n` and the biased variance `Σ(z - mean)²/n`.
pub fn statistics(z: &[f32]) -> (f64, f64) {
    let n = z.len() as f64;
    let mean = z.iter().map(|&value| value as f64).sum::<f64>() / n;
    let variance = z.iter().map(|&value| (value as f64 - mean).powi(2)).sum::<f64>() / n;
    (mean, variance)
}

/// `y[i] = gamma · (z[i] - mean) / sqrt(variance + eps) + beta`.
pub fn forward(z: &[f32], mean: f64, variance: f64, gamma: f64, beta: f64) -> Vec<f64> {
    z.iter().map(|&value| gamma * (value as f64 - mean) / (variance + EPSILON).sqrt() + beta).collect()
}

/// `running ← (1 - momentum) · running + momentum · batch`.
pub fn moved(running: f64, batch: f64, momentum: f64) -> f64 {
    (1.0 - momentum) * running + momentum * batch
}

/// Gradients of a channel.
#[derive(Clone, Debug)]
pub struct Gradients {
    /// Of the values: `[n]`.
    pub z: Vec<f64>,
    /// Of gamma.
    pub gamma: f64,
    /// Of beta.
    pub beta: f64,
}

/// Backward pass: g is the gradient of y. The six equations of the paper, in its order.
pub fn backward(z: &[f32], g: &[f32], gamma: f64) -> Gradients {
    let n = z.len() as f64;
    let (mean, variance) = statistics(z);
    let deviation = (variance + EPSILON).sqrt();
    let centred: Vec<f64> = z.iter().map(|&value| value as f64 - mean).collect();
    let d_normalised: Vec<f64> = g.iter().map(|&value| value as f64 * gamma).collect();
    let mut d_variance = 0.0;
    for i in 0..z.len() {
        d_variance += d_normalised[i] * centred[i] * -0.5 / deviation.powi(3);
    }
    let mut d_mean = 0.0;
    for i in 0..z.len() {
        d_mean += -d_normalised[i] / deviation + d_variance * -2.0 * centred[i] / n;
    }
    let mut gradients = Gradients { z: Vec::new(), gamma: 0.0, beta: 0.0 };
    for i in 0..z.len() {
        gradients.z.push(d_normalised[i] / deviation + d_variance * 2.0 * centred[i] / n + d_mean / n);
        gradients.gamma += g[i] as f64 * centred[i] / deviation;
        gradients.beta += g[i] as f64;
    }
    gradients
}
