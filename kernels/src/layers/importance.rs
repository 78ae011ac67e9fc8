//! How much a tensor's channels tell of a pixel: the importance of a candidate operation by what it puts out.

use super::blocks::{Blocks, BLOCK};
use super::elementwise::View;
use crate::vector::{Lanes, F8};

unsafe fn horizontal_sum(lanes: F8) -> f64 {
    let mut values = [0f32; BLOCK];
    lanes.store(values.as_mut_ptr());
    values.iter().map(|&value| value as f64).sum()
}

/// `Σ_p 3 (C − 1) / (C · v_p²)`, v being the unbiased variance over the channels of the view of pixel p: the mean over channels of
/// `3 (x − mean)² / deviation⁶`. Infinite where a pixel's channels are all the same, as are those of a single channel.
/// Source: `iim_hook` of the IS-DARTS code base (He et al., AAAI 2024).
/// x: read, blocks of the tensor's elements. Error: f32 within a block, f64 between.
/// Safety: the blocks span `channels` channels of `pixels` pixels each, and the view as many coefficients.
pub unsafe fn inverse_spread(x: Blocks, view: &View, channels: usize, pixels: usize) -> f64 {
    let blocks = channels.div_ceil(BLOCK);
    // Lanes of the last block that are channels: those that fill it up have no spread.
    let filled: [f32; BLOCK] = core::array::from_fn(|lane| if (blocks - 1) * BLOCK + lane < channels { 1.0 } else { 0.0 });
    let filled = F8::load(filled.as_ptr());
    let seen = |b: usize, p: usize| {
        let (scale, shift) = view.coefficients(b);
        let value = F8::load(x.at(b).add(p * BLOCK)).mul_add(scale, shift);
        if b + 1 == blocks {
            value.mul(filled)
        } else {
            value
        }
    };
    let count = channels as f64;
    let mut total = 0.0;
    for p in 0..pixels {
        let mean = (0..blocks).map(|b| horizontal_sum(seen(b, p))).sum::<f64>() / count;
        let centre = F8::splat(mean as f32);
        let mut squares = 0.0;
        for b in 0..blocks {
            let away = seen(b, p).sub(if b + 1 == blocks { centre.mul(filled) } else { centre });
            squares += horizontal_sum(away.mul(away));
        }
        let variance = squares / (count - 1.0);
        total += if variance > 0.0 { 3.0 * (count - 1.0) / (count * variance * variance) } else { f64::INFINITY };
    }
    total
}
