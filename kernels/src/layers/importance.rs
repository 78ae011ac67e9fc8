//! How much a tensor's channels tell of a pixel: the importance of a candidate operation by what it puts out.

use super::blocks::{Blocks, BLOCK};
use super::elementwise::View;
use crate::vector::{Lanes, F8};
use core::hint::black_box;

/// `Σ_p 3 (C − 1) / (C · v_p²)`, v being the unbiased variance over the channels of the view of pixel p: the mean over channels of
/// `3 (x − mean)² / deviation⁶`. Infinite where a pixel's channels are all the same, as are those of a single channel.
/// Source: `iim_hook` of the IS-DARTS code base (He et al., AAAI 2024).
/// x: read, blocks of the tensor's elements. Error: f64, of views of one rounding.
/// Safety: the blocks span `channels` channels of `pixels` pixels each, and the view as many coefficients.
#[inline(never)]
pub unsafe fn inverse_spread(x: Blocks, view: &View, channels: usize, pixels: usize) -> f64 {
    let count = channels as f64;
    let mut total = 0.0;
    for p in 0..pixels {
        let (mut sum, mut squares) = (0.0, 0.0);
        for b in 0..channels.div_ceil(BLOCK) {
            let (scale, shift) = view.coefficients(b);
            let mut lanes = [0f32; BLOCK];
            F8::load(x.at(b).add(p * BLOCK)).mul_add(scale, shift).store(lanes.as_mut_ptr());
            // Lanes of the last block that are no channels have no spread.
            for lane in 0..black_box(BLOCK.min(channels - b * BLOCK)) {
                let value = lanes[lane] as f64;
                sum += value;
                squares += value * value;
            }
        }
        let variance = (squares - sum * sum / count) / (count - 1.0);
        total += if variance > 0.0 { 3.0 * (count - 1.0) / (count * variance * variance) } else { f64::INFINITY };
    }
    total
}
