//! Full convolutions of stride 1 of one image over padded planes: forward pass, input gradient and weight gradient.
//!
//! A plane is `[ceil(C/8)][rows][pitch][8]` with a border of zeros, so that a tap of the window is an offset: what patches would be
//! gathered for is read in place. Weights are those of [`super::pointwise`]: input rows of eight outputs each, tap by tap. The
//! input gradient is the forward pass over the outputs' gradient, with weights transposed and taps in the opposite order.

use super::blocks::{Blocks, BlocksMut, BLOCK};
use super::pointwise::add_row;
use crate::vector::{opaque, Lanes, F4, F8};
use core::ops::Range;
use core::sync::atomic::{compiler_fence, Ordering};

/// One pixel of the window; offsets count elements.
#[derive(Clone, Copy, Default)]
pub struct Tap {
    /// From the window's first pixel to this one.
    pub input: usize,
    /// From the first weight of a block of outputs to the first one of this tap.
    pub weights: usize,
}

/// Rows of pixels and how far apart they begin, in elements, and what a window reads.
#[derive(Clone, Copy)]
pub struct Plane<'a> {
    /// Pixels of the window, in the order of the sums.
    pub taps: &'a [Tap],
    /// Output rows.
    pub rows: usize,
    /// Output columns.
    pub columns: usize,
    /// From one input row to the next.
    pub x_pitch: usize,
    /// From one output row to the next.
    pub y_pitch: usize,
}

/// Tile of `P` neighbouring pixels × eight outputs: `y[p] = Σ_tap Σ_c x[p + tap, c] · w[tap, c]`, taps, then c ascending.
/// As `tile` of [`super::pointwise`], which says why inputs are spread by shuffles.
#[inline(always)]
unsafe fn tile<const P: usize>(x: Blocks, w: *const f32, y: *mut f32, blocks: usize, taps: &[Tap]) {
    let mut sums = [F8::zero(); P];
    for tap in taps {
        let (mut input, mut weights) = (x.start.add(tap.input), w.add(tap.weights));
        for _ in 0..blocks {
            for half in 0..2 {
                let mut four = [F4::zero(); P];
                for p in 0..P {
                    four[p] = F4::load(input.add(p * BLOCK + half * 4));
                }
                let rows = weights.add(half * 4 * BLOCK);
                add_row::<P, 0>(&mut sums, &four, rows);
                add_row::<P, 1>(&mut sums, &four, rows);
                add_row::<P, 2>(&mut sums, &four, rows);
                add_row::<P, 3>(&mut sums, &four, rows);
            }
            input = input.add(x.stride);
            weights = weights.add(BLOCK * BLOCK);
        }
    }
    for p in 0..P {
        sums[p].store(y.add(p * BLOCK));
    }
}

/// Tile of `P` pixels × `K` blocks of eight outputs, `U` input channels a step, for launches without bounds checks: as `wide_tile` of
/// [`super::pointwise`]. `steps`, 8 / `U`, must be hidden from the compiler.
#[inline(always)]
unsafe fn wide_tile<const P: usize, const K: usize, const U: usize>(
    x: Blocks,
    w: Blocks,
    y: BlocksMut,
    blocks: usize,
    taps: &[Tap],
    steps: usize,
) {
    let mut sums = [[F8::zero(); P]; K];
    for tap in taps {
        let mut weights: [*const f32; K] = core::array::from_fn(|k| w.at(k).add(tap.weights));
        let mut input = x.start.add(tap.input);
        for _ in 0..blocks {
            let mut values = input;
            for _ in 0..steps {
                for u in 0..U {
                    let mut row = [F8::zero(); K];
                    for k in 0..K {
                        row[k] = F8::load(weights[k].add(u * BLOCK));
                    }
                    for p in 0..P {
                        let value = F8::load_splat(values.add(p * BLOCK + u));
                        for k in 0..K {
                            sums[k][p] = value.mul_add(row[k], sums[k][p]);
                        }
                    }
                }
                values = opaque(values.add(U));
                for k in 0..K {
                    weights[k] = opaque(weights[k].add(U * BLOCK));
                }
            }
            input = input.add(x.stride);
        }
    }
    for k in 0..K {
        let to = y.at(k);
        for p in 0..P {
            sums[k][p].store(to.add(p * BLOCK));
            // As in `wide_tile` of pointwise.
            compiler_fence(Ordering::SeqCst);
        }
    }
}

#[inline(never)]
unsafe fn wide_strip<const P: usize, const K: usize, const U: usize>(x: Blocks, w: Blocks, y: BlocksMut, blocks: usize, plane: Plane) {
    let steps = core::hint::black_box(BLOCK / U);
    for row in 0..plane.rows {
        let (x, y) = (x.skip(row * plane.x_pitch), y.skip(row * plane.y_pitch));
        if plane.columns < P {
            for k in 0..K {
                rest(x, w.at(k), y.at(k), blocks, plane.taps, 0..plane.columns);
            }
            continue;
        }
        let mut p = 0;
        while p < plane.columns {
            // The last tile may overlap the one before, as in `rest`.
            p = p.min(plane.columns - P);
            wide_tile::<P, K, U>(x.skip(p * BLOCK), w, y.skip(p * BLOCK), blocks, plane.taps, steps);
            p += P;
        }
    }
}

#[inline(never)]
unsafe fn strip(x: Blocks, w: *const f32, y: *mut f32, blocks: usize, plane: Plane) {
    for row in 0..plane.rows {
        let (x, y) = (x.skip(row * plane.x_pitch), y.add(row * plane.y_pitch));
        let mut p = 0;
        while p + 8 <= plane.columns {
            tile::<8>(x.skip(p * BLOCK), w, y.add(p * BLOCK), blocks, plane.taps);
            p += 8;
        }
        if p < plane.columns {
            rest(x, w, y, blocks, plane.taps, p..plane.columns);
        }
    }
}

/// The last pixels of a row, at most seven. Tiles may overlap what is before them, and compute it again to the same bits.
#[inline(never)]
unsafe fn rest(x: Blocks, w: *const f32, y: *mut f32, blocks: usize, taps: &[Tap], pixels: Range<usize>) {
    let mut p = pixels.start;
    while p < pixels.end {
        if pixels.end >= 4 {
            p = p.min(pixels.end - 4);
            tile::<4>(x.skip(p * BLOCK), w, y.add(p * BLOCK), blocks, taps);
            p += 4;
        } else {
            tile::<1>(x.skip(p * BLOCK), w, y.add(p * BLOCK), blocks, taps);
            p += 1;
        }
    }
}

/// Forward pass over blocks `outputs`: `y[p,k] = Σ_tap Σ_c x[p + tap, c] · w[k, tap, c]`, taps in their order, then c ascending.
///
/// x: planes of `blocks` input blocks from the first pixel of the first window on; y: `outputs` blocks are overwritten; w: a stride
/// an output block. `wide`: for launches without bounds checks, where pairs of output blocks share what they read. Same bits
/// whatever the tile, and those of [`super::pointwise::forward`] over gathered patches.
/// Safety: the pointers span what the sizes say; y overlaps neither.
pub unsafe fn forward(wide: bool, x: Blocks, w: Blocks, y: BlocksMut, blocks: usize, outputs: Range<usize>, plane: Plane) {
    let mut k = outputs.start;
    while k < outputs.end {
        let (weights, to) = (w.tail(k), y.tail(k));
        let pair = wide && k + 1 < outputs.end;
        match (wide, pair) {
            (false, _) => strip(x, weights.start, to.start, blocks, plane),
            (true, false) => wide_strip::<8, 1, 2>(x, weights, to, blocks, plane),
            (true, true) => wide_strip::<4, 2, 1>(x, weights, to, blocks, plane),
        }
        k += 1 + pair as usize;
    }
}

/// `4·H` input rows of a tap × `K` blocks of outputs of the weight gradient over all pixels, row by row.
#[inline(never)]
unsafe fn gradient_tile<const H: usize, const K: usize>(x: *const f32, dy: Blocks, dw: BlocksMut, plane: Plane) {
    let mut sums = [[[F8::zero(); 4]; H]; K];
    for row in 0..plane.rows {
        let mut upstream: [*const f32; K] = core::array::from_fn(|k| dy.at(k).add(row * plane.y_pitch));
        let mut input = x.add(row * plane.x_pitch);
        for _ in 0..plane.columns {
            let mut d = [F8::zero(); K];
            for k in 0..K {
                d[k] = F8::load(upstream[k]);
                upstream[k] = opaque(upstream[k].add(BLOCK));
            }
            for h in 0..H {
                let four = F4::load(input.add(4 * h));
                let values = [F8::splat_lane::<0>(four), F8::splat_lane::<1>(four), F8::splat_lane::<2>(four), F8::splat_lane::<3>(four)];
                for k in 0..K {
                    for c in 0..4 {
                        sums[k][h][c] = values[c].mul_add(d[k], sums[k][h][c]);
                    }
                }
            }
            input = opaque(input.add(BLOCK));
        }
    }
    // Through memory, as in `gradient_tile` of pointwise.
    let sums = core::hint::black_box(sums);
    for k in 0..K {
        for h in 0..H {
            for c in 0..4 {
                let to = dw.at(k).add((4 * h + c) * BLOCK);
                sums[k][h][c].add(F8::load(to)).store(to);
            }
        }
    }
}

/// Weight gradient: `dw[k, tap, c] += Σ_p x[p + tap, c] · dy[p,k]`, p ascending; layouts as in [`forward`], dy as y.
/// Safety: as [`forward`].
pub unsafe fn weight_gradient(wide: bool, x: Blocks, dy: Blocks, dw: BlocksMut, blocks: usize, outputs: usize, plane: Plane) {
    let mut k = 0;
    while k < outputs {
        let pair = wide && k + 1 < outputs;
        let upstream = dy.tail(k);
        for tap in plane.taps {
            for block in 0..blocks {
                let input = x.at(block).add(tap.input);
                let gradient = dw.tail(k).skip(tap.weights + block * BLOCK * BLOCK);
                let lower = gradient.skip(4 * BLOCK);
                match (wide, pair) {
                    (true, false) => gradient_tile::<2, 1>(input, upstream, gradient, plane),
                    (true, true) => {
                        gradient_tile::<1, 2>(input, upstream, gradient, plane);
                        gradient_tile::<1, 2>(input.add(4), upstream, lower, plane);
                    }
                    (false, _) => {
                        gradient_tile::<1, 1>(input, upstream, gradient, plane);
                        gradient_tile::<1, 1>(input.add(4), upstream, lower, plane);
                    }
                }
            }
        }
        k += 1 + pair as usize;
    }
}
