//! Matrix products over pixels, the arithmetic of every convolution but the depthwise one.
//!
//! Activations come as channel blocks `[ceil(C/8)][P][8]` (P pixels), weights as `[ceil(K/8)][C][8]`: input rows of eight
//! outputs each. Letters: C channels in, K channels out, P pixels.

use super::blocks::{Blocks, BlocksMut, BLOCK};
use crate::vector::{opaque, Lanes, F4, F8};
use core::ops::Range;
use core::sync::atomic::{compiler_fence, Ordering};

/// Which input rows feed a block of eight outputs; in blocks of eight input channels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rows {
    /// First input block.
    pub first: usize,
    /// One past the last input block.
    pub last: usize,
}

/// Tile of `P` pixels × eight outputs: `y[p] = Σ_c x[p,c] · w[c]`, c ascending.
///
/// Four inputs are loaded at once and spread by shuffles: a quarter of the accesses that loading each into all lanes takes.
/// That matters twice: by default every access costs a bounds check, and V8's revectoriser packs what is left
/// (measured with 8 pixels, GFLOP/s by default / native trust: 41–45 / 54–72; by splat loads, 4 pixels × 16 outputs: 34 / 40).
#[inline(always)]
unsafe fn tile<const P: usize>(x: Blocks, w: *const f32, y: *mut f32, blocks: usize) {
    let mut sums = [F8::zero(); P];
    let (mut input, mut weights) = (x.start, w);
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
    for p in 0..P {
        sums[p].store(y.add(p * BLOCK));
    }
}

/// Adds the products of lane `LANE` of each pixel with a row of weights to the pixels' sums.
#[inline(always)]
pub(super) unsafe fn add_row<const P: usize, const LANE: usize>(sums: &mut [F8; P], four: &[F4; P], rows: *const f32) {
    let row = F8::load(rows.add(LANE * BLOCK));
    for p in 0..P {
        sums[p] = F8::splat_lane::<LANE>(four[p]).mul_add(row, sums[p]);
    }
}

/// Rows of pixels and how far apart they begin, in elements.
#[derive(Clone, Copy)]
pub struct Lines {
    /// Number of rows.
    pub rows: usize,
    /// Pixels of a row.
    pub pixels: usize,
    /// From one input row to the next.
    pub x_pitch: usize,
    /// From one output row to the next.
    pub y_pitch: usize,
}

impl Lines {
    /// One row.
    pub fn one(pixels: usize) -> Lines {
        Lines { rows: 1, pixels, x_pitch: 0, y_pitch: 0 }
    }
}

/// Tile of `P` pixels × `K` blocks of eight outputs, `U` input channels a step: [`tile`] for launches without bounds checks.
///
/// There an access is cheap and eight sums fill half of the registers, so each input is read into all lanes where it is needed.
/// `steps`, 8 / `U`, must be hidden from the compiler: unrolled, the sums of several channels are kept waiting and spill (measured
/// with 4 pixels × 16 outputs, GFLOP/s with 1, 2, 4 channels a step: 79–84, 48, 24; 8 pixels × 8 outputs: 70–73, 75–79, 61–65).
#[inline(always)]
unsafe fn wide_tile<const P: usize, const K: usize, const U: usize>(x: Blocks, w: Blocks, y: BlocksMut, blocks: usize, steps: usize) {
    let mut sums = [[F8::zero(); P]; K];
    // A pointer a block of outputs: both halves of eight lanes are then at constant offsets, as packing wants them.
    let mut weights: [*const f32; K] = core::array::from_fn(|k| w.at(k));
    let mut input = x.start;
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
    for k in 0..K {
        let to = y.at(k);
        for p in 0..P {
            sums[k][p].store(to.add(p * BLOCK));
            // Keeps the two halves of a store beside each other: V8 packs no others.
            compiler_fence(Ordering::SeqCst);
        }
    }
}

#[inline(never)]
unsafe fn wide_strip<const P: usize, const K: usize, const U: usize>(x: Blocks, w: Blocks, y: BlocksMut, blocks: usize, lines: Lines) {
    let steps = core::hint::black_box(BLOCK / U);
    for row in 0..lines.rows {
        let (x, y) = (x.skip(row * lines.x_pitch), y.skip(row * lines.y_pitch));
        if lines.pixels < P {
            for k in 0..K {
                rest(x, w.at(k), y.at(k), blocks, 0..lines.pixels);
            }
            continue;
        }
        let mut p = 0;
        while p < lines.pixels {
            // The last tile may overlap the one before, as in `rest`.
            p = p.min(lines.pixels - P);
            wide_tile::<P, K, U>(x.skip(p * BLOCK), w, y.skip(p * BLOCK), blocks, steps);
            p += P;
        }
    }
}

#[inline(never)]
unsafe fn strip(x: Blocks, w: *const f32, y: *mut f32, blocks: usize, lines: Lines) {
    for row in 0..lines.rows {
        let (x, y) = (x.skip(row * lines.x_pitch), y.add(row * lines.y_pitch));
        let mut p = 0;
        while p + 8 <= lines.pixels {
            tile::<8>(x.skip(p * BLOCK), w, y.add(p * BLOCK), blocks);
            p += 8;
        }
        if p < lines.pixels {
            rest(x, w, y, blocks, p..lines.pixels);
        }
    }
}

/// The last pixels of a row, at most seven, out of the way of the tile that matters. Tiles may overlap what is before them: they
/// compute it again, to the same bits, in less time than smaller tiles would take for the rest alone.
#[inline(never)]
unsafe fn rest(x: Blocks, w: *const f32, y: *mut f32, blocks: usize, pixels: Range<usize>) {
    let mut p = pixels.start;
    while p < pixels.end {
        if pixels.end >= 4 {
            p = p.min(pixels.end - 4);
            tile::<4>(x.skip(p * BLOCK), w, y.add(p * BLOCK), blocks);
            p += 4;
        } else {
            tile::<1>(x.skip(p * BLOCK), w, y.add(p * BLOCK), blocks);
            p += 1;
        }
    }
}

/// Forward pass: `y[p,k] = Σ_c x[p,c] · w[c,k]`, c ascending within `rows(k / 8)`.
///
/// x: `[·][stride]`, w: `[K/8][C][8]`, y: `[K/8][stride]`, its blocks `outputs` overwritten. With w transposed this is the input
/// gradient. `wide`: for launches without bounds checks, where pairs of output blocks share what they read. Same bits whatever the
/// tile.
/// Safety: the pointers span what the sizes say; y overlaps neither.
pub unsafe fn forward(wide: bool, x: Blocks, w: Blocks, y: BlocksMut, outputs: Range<usize>, lines: Lines, rows: impl Fn(usize) -> Rows) {
    let mut k = outputs.start;
    while k < outputs.end {
        let range = rows(k);
        let (input, to, blocks) = (x.tail(range.first), y.tail(k), range.last - range.first);
        let weights = w.tail(k).skip(range.first * BLOCK * BLOCK);
        let pair = wide && k + 1 < outputs.end && rows(k + 1) == range;
        match (wide, pair) {
            (false, _) => strip(input, weights.start, to.start, blocks, lines),
            (true, false) => wide_strip::<8, 1, 2>(input, weights, to, blocks, lines),
            (true, true) => wide_strip::<4, 2, 1>(input, weights, to, blocks, lines),
        }
        k += 1 + pair as usize;
    }
}

/// `4·H` input rows × `K` blocks of outputs of the weight gradient over all pixels, p ascending.
#[inline(never)]
unsafe fn gradient_tile<const H: usize, const K: usize>(x: *const f32, dy: Blocks, dw: BlocksMut, pixels: usize) {
    let mut sums = [[[F8::zero(); 4]; H]; K];
    // A pointer a block of outputs, as in `wide_tile`.
    let mut upstream: [*const f32; K] = core::array::from_fn(|k| dy.at(k));
    let mut input = x;
    for _ in 0..pixels {
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
    // Through memory: loads of dw between the stores would keep V8 from packing pairs of lanes.
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

/// Weight gradient: `dw[c,k] += Σ_p x[p,c] · dy[p,k]`, p ascending; layouts as in [`forward`].
///
/// `wide`: eight sums a tile, of two blocks of outputs or of all rows of a block of inputs; they fit the registers once V8 packs
/// pairs of lanes, and are then enough to keep the multipliers busy. Else four. Same bits.
/// Safety: as [`forward`].
pub unsafe fn weight_gradient(
    wide: bool,
    x: Blocks,
    dy: Blocks,
    dw: BlocksMut,
    outputs: usize,
    pixels: usize,
    rows: impl Fn(usize) -> Rows,
) {
    let mut k = 0;
    while k < outputs {
        let range = rows(k);
        let pair = wide && k + 1 < outputs && rows(k + 1) == range;
        let upstream = dy.tail(k);
        for block in range.first..range.last {
            let input = x.at(block);
            let gradient = dw.tail(k).skip(block * BLOCK * BLOCK);
            let lower = gradient.skip(4 * BLOCK);
            match (wide, pair) {
                (true, false) => gradient_tile::<2, 1>(input, upstream, gradient, pixels),
                (true, true) => {
                    gradient_tile::<1, 2>(input, upstream, gradient, pixels);
                    gradient_tile::<1, 2>(input.add(4), upstream, lower, pixels);
                }
                (false, _) => {
                    gradient_tile::<1, 1>(input, upstream, gradient, pixels);
                    gradient_tile::<1, 1>(input.add(4), upstream, lower, pixels);
                }
            }
        }
        k += 1 + pair as usize;
    }
}

/// Transposes packed weights `[outputs][8·inputs][8]` into `[inputs][8·outputs][8]` (counts of blocks), for the input gradient.
/// Safety: both hold `inputs·outputs·64` elements and do not overlap.
pub unsafe fn transpose(w: *const f32, inputs: usize, outputs: usize, to: *mut f32) {
    for k in 0..outputs {
        for c in 0..inputs * BLOCK {
            for lane in 0..BLOCK {
                let value = *w.add((k * inputs * BLOCK + c) * BLOCK + lane);
                *to.add(((c / BLOCK) * outputs * BLOCK + k * BLOCK + lane) * BLOCK + c % BLOCK) = value;
            }
        }
    }
}
