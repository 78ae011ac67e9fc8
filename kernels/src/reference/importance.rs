//! Twin of `layers/importance.rs`. Tensors are `[C][P]`.

/// `Σ_p mean_c 3 (x[c,p] − mean)² / deviation⁶`, mean and (unbiased) deviation over the channels of each pixel; not a number counts as
/// infinite.
pub fn inverse_spread(x: &[f32], channels: usize, pixels: usize) -> f64 {
    let mut total = 0.0;
    for p in 0..pixels {
        let of: Vec<f64> = (0..channels).map(|c| x[c * pixels + p] as f64).collect();
        let mean = of.iter().sum::<f64>() / channels as f64;
        let variance = of.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (channels as f64 - 1.0);
        let deviation = variance.sqrt();
        let each = of.iter().map(|value| 3.0 * (value - mean).powi(2) / deviation.powi(6));
        let found = each.sum::<f64>() / channels as f64;
        total += if found.is_nan() { f64::INFINITY } else { found };
    }
    total
}
