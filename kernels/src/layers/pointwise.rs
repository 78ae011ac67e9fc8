//! Matrix products over pixels, the arithmetic of every convolution but the depthwise one.
//!
//! Activations come as channel blocks `[ceil(C/8)][P][8]` (P pixels), weights as `[ceil(K/8)][C][8]`: input rows of eight
//! outputs each. Letters: C channels in, K channels out, P pixels.

use crate::vector::{Lanes, F8};

const BLOCK: usize = 8;

/// Which input rows feed a block of eight outputs; in blocks of eight input channels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rows {
    /// First input block.
    pub first: usize,
    /// One past the last input block.
    pub last: usize,
}

/// Tile of `P` pixels × `B` blocks of outputs: `y[b][p] = Σ_c x[p,c] · w[b][c]`, c ascending.
#[inline(always)]
unsafe fn tile<const P: usize, const B: usize>(
    x: *const f32,
    x_block: usize,
    w: *const f32,
    w_block: usize,
    y: *mut f32,
    y_block: usize,
    blocks: usize,
) {
    let mut sums = [[F8::zero(); B]; P];
    let (mut input, mut weights) = (x, w);
    for _ in 0..blocks {
        for c in 0..BLOCK {
            let mut row = [F8::zero(); B];
            for b in 0..B {
                row[b] = F8::load(weights.add(b * w_block + c * BLOCK));
            }
            for p in 0..P {
                let value = F8::load_splat(input.add(p * BLOCK + c));
                for b in 0..B {
                    sums[p][b] = value.mul_add(row[b], sums[p][b]);
                }
            }
        }
        input = input.add(x_block);
        weights = weights.add(BLOCK * BLOCK);
    }
    for p in 0..P {
        for b in 0..B {
            sums[p][b].store(y.add(b * y_block + p * BLOCK));
        }
    }
}

#[inline(never)]
unsafe fn strip<const P: usize, const B: usize>(
    x: *const f32,
    x_block: usize,
    w: *const f32,
    w_block: usize,
    y: *mut f32,
    y_block: usize,
    blocks: usize,
    pixels: usize,
) {
    let mut p = 0;
    while p + P <= pixels {
        tile::<P, B>(x.add(p * BLOCK), x_block, w, w_block, y.add(p * BLOCK), y_block, blocks);
        p += P;
    }
    while p < pixels {
        tile::<1, B>(x.add(p * BLOCK), x_block, w, w_block, y.add(p * BLOCK), y_block, blocks);
        p += 1;
    }
}

/// Forward pass: `y[p,k] = Σ_c x[p,c] · w[c,k]`, c ascending within `rows(k / 8)`.
///
/// x: `[·][x_block]`, w: `[K/8][w_rows][8]`, y: `[K/8][y_block]`, overwritten; block strides count elements.
/// With w transposed this is the input gradient. Same bits whatever the tile.
/// Safety: the pointers span what the sizes say; y overlaps neither.
pub unsafe fn forward(
    wide: bool,
    x: *const f32,
    x_block: usize,
    w: *const f32,
    w_rows: usize,
    y: *mut f32,
    y_block: usize,
    outputs: usize,
    pixels: usize,
    rows: impl Fn(usize) -> Rows,
) {
    let w_block = w_rows * BLOCK;
    let mut k = 0;
    while k < outputs {
        let range = rows(k);
        let input = x.add(range.first * x_block);
        let weights = w.add(k * w_block + range.first * BLOCK * BLOCK);
        let output = y.add(k * y_block);
        let blocks = range.last - range.first;
        if wide && k + 1 < outputs && rows(k + 1) == range {
            strip::<4, 2>(input, x_block, weights, w_block, output, y_block, blocks, pixels);
            k += 2;
        } else {
            strip::<4, 1>(input, x_block, weights, w_block, output, y_block, blocks, pixels);
            k += 1;
        }
    }
}

/// Four input rows × `B` blocks of the weight gradient over all pixels, p ascending.
#[inline(never)]
unsafe fn gradient_tile<const B: usize>(x: *const f32, dy: *const f32, y_block: usize, dw: *mut f32, w_block: usize, pixels: usize) {
    let mut sums = [[F8::zero(); B]; 4];
    let (mut input, mut upstream) = (x, dy);
    for _ in 0..pixels {
        let mut d = [F8::zero(); B];
        for b in 0..B {
            d[b] = F8::load(upstream.add(b * y_block));
        }
        for c in 0..4 {
            let value = F8::load_splat(input.add(c));
            for b in 0..B {
                sums[c][b] = value.mul_add(d[b], sums[c][b]);
            }
        }
        input = input.add(BLOCK);
        upstream = upstream.add(BLOCK);
    }
    for c in 0..4 {
        for b in 0..B {
            let to = dw.add(b * w_block + c * BLOCK);
            sums[c][b].add(F8::load(to)).store(to);
        }
    }
}

/// Weight gradient: `dw[c,k] += Σ_p x[p,c] · dy[p,k]`, p ascending; layouts as in [`forward`].
/// Safety: as [`forward`].
pub unsafe fn weight_gradient(
    wide: bool,
    x: *const f32,
    x_block: usize,
    dy: *const f32,
    y_block: usize,
    dw: *mut f32,
    w_rows: usize,
    outputs: usize,
    pixels: usize,
    rows: impl Fn(usize) -> Rows,
) {
    let w_block = w_rows * BLOCK;
    let mut k = 0;
    while k < outputs {
        let range = rows(k);
        let pair = wide && k + 1 < outputs && rows(k + 1) == range;
        for half in 2 * range.first..2 * range.last {
            let input = x.add((half / 2) * x_block + (half % 2) * 4);
            let upstream = dy.add(k * y_block);
            let gradient = dw.add(k * w_block + half * 4 * BLOCK);
            if pair {
                gradient_tile::<2>(input, upstream, y_block, gradient, w_block, pixels);
            } else {
                gradient_tile::<1>(input, upstream, y_block, gradient, w_block, pixels);
            }
        }
        k += if pair { 2 } else { 1 };
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
