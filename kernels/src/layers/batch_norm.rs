//! Batch normalisation per channel: statistics from sums, the forward view, the backward coefficients (Ioffe & Szegedy 2015).
//!
//! All of it is scalar work in f64 between phases; the passes over pixels are in `elementwise.rs`.

/// Added to the variance, as PyTorch's default.
const EPSILON: f64 = 1e-5;

/// Mean and variance (biased) of a channel.
#[derive(Clone, Copy, Debug)]
pub struct Statistics {
    /// Mean.
    pub mean: f64,
    /// Biased variance.
    pub variance: f64,
    /// 1/sqrt(variance + eps).
    pub inverse_deviation: f64,
}

impl Statistics {
    /// From mean and variance.
    pub fn new(mean: f64, variance: f64) -> Statistics {
        Statistics { mean, variance, inverse_deviation: 1.0 / (variance + EPSILON).sqrt() }
    }
}

/// From Σz and Σz² over n values.
pub fn statistics(sum: f64, squares: f64, n: f64) -> Statistics {
    let mean = sum / n;
    Statistics::new(mean, (squares / n - mean * mean).max(0.0))
}

/// Variance back from [`Statistics::inverse_deviation`].
pub fn variance(inverse_deviation: f64) -> f64 {
    (1.0 / (inverse_deviation * inverse_deviation) - EPSILON).max(0.0)
}

/// Scale and shift of the view `scale·z + shift = gamma·(z - mean)·inverse_deviation + beta`.
pub fn view(statistics: Statistics, gamma: f64, beta: f64) -> (f32, f32) {
    let scale = gamma * statistics.inverse_deviation;
    (scale as f32, (beta - statistics.mean * scale) as f32)
}

/// A running statistic moved towards the batch's. `momentum`: share of the batch; PyTorch's default is 0.1.
pub fn moved(running: f32, batch: f64, momentum: f64) -> f32 {
    ((1.0 - momentum) * running as f64 + momentum * batch) as f32
}

/// Coefficients of `dz = gradient·g + value·z + constant`, and the gradients of gamma and beta.
#[derive(Clone, Copy, Debug)]
pub struct Backward {
    /// Factor of the upstream gradient.
    pub gradient: f32,
    /// Factor of the stored value.
    pub value: f32,
    /// Constant.
    pub constant: f32,
    /// d gamma = Σ g·ẑ.
    pub gamma: f32,
    /// d beta = Σ g.
    pub beta: f32,
}

/// From Σg and Σg·z over n values:
/// `dz = γσ⁻¹ (g - Σg/n - ẑ·Σgẑ/n)` with `ẑ = (z - mean)σ⁻¹`.
pub fn backward(statistics: Statistics, gamma: f64, sum: f64, dot: f64, n: f64) -> Backward {
    let inverse = statistics.inverse_deviation;
    let projected = inverse * (dot - statistics.mean * sum);
    let value = -gamma * inverse * inverse * projected / n;
    Backward {
        gradient: (gamma * inverse) as f32,
        value: value as f32,
        constant: (-gamma * inverse * sum / n - value * statistics.mean) as f32,
        gamma: projected as f32,
        beta: sum as f32,
    }
}
