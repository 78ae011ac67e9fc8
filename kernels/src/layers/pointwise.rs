//! Matrix products over pixels, the arithmetic of every convolution but the depthwise one.
//!
//! Activations come as channel blocks `[ceil(C/8)][P][8]` (P pixels), weights as `[ceil(K/8)][C][8]`: input rows of eight
//! outputs each. Letters: C channels in, K channels out, P pixels.

use crate::vector::{Lanes, F4, F8};

const BLOCK: usize = 8;

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
/// (measured with 8 pixels, GFLOP/s by default / native trust: 41–45 / 54–70; by splat loads, 4 pixels × 16 outputs: 34 / 40).
#[inline(always)]
unsafe fn tile<const P: usize>(x: *const f32, x_block: usize, w: *const f32, y: *mut f32, blocks: usize) {
    let mut sums = [F8::zero(); P];
    let (mut input, mut weights) = (x, w);
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
        input = input.add(x_block);
        weights = weights.add(BLOCK * BLOCK);
    }
    for p in 0..P {
        sums[p].store(y.add(p * BLOCK));
    }
}

#[inline(always)]
unsafe fn add_row<const P: usize, const LANE: usize>(sums: &mut [F8; P], four: &[F4; P], rows: *const f32) {
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

#[inline(never)]
unsafe fn strip(x: *const f32, x_block: usize, w: *const f32, y: *mut f32, blocks: usize, lines: Lines) {
    for row in 0..lines.rows {
        let (x, y) = (x.add(row * lines.x_pitch), y.add(row * lines.y_pitch));
        let mut p = 0;
        while p + 8 <= lines.pixels {
            tile::<8>(x.add(p * BLOCK), x_block, w, y.add(p * BLOCK), blocks);
            p += 8;
        }
        rest(x.add(p * BLOCK), x_block, w, y.add(p * BLOCK), blocks, lines.pixels - p);
    }
}

/// The last pixels of a row, out of the way of the tile that matters.
#[inline(never)]
unsafe fn rest(x: *const f32, x_block: usize, w: *const f32, y: *mut f32, blocks: usize, pixels: usize) {
    match pixels {
        0 => {}
        1 => tile::<1>(x, x_block, w, y, blocks),
        2 => tile::<2>(x, x_block, w, y, blocks),
        3 => tile::<3>(x, x_block, w, y, blocks),
        4 => tile::<4>(x, x_block, w, y, blocks),
        5 => tile::<5>(x, x_block, w, y, blocks),
        6 => tile::<6>(x, x_block, w, y, blocks),
        _ => tile::<7>(x, x_block, w, y, blocks),
    }
}

/// Forward pass: `y[p,k] = Σ_c x[p,c] · w[c,k]`, c ascending within `rows(k / 8)`.
///
/// x: `[·][x_block]`, w: `[K/8][w_rows][8]`, y: `[K/8][y_block]`, its blocks `outputs` overwritten; block strides count elements.
/// With w transposed this is the input gradient. Same bits whatever the tile.
/// Safety: the pointers span what the sizes say; y overlaps neither.
pub unsafe fn forward(
    x: *const f32,
    x_block: usize,
    w: *const f32,
    w_rows: usize,
    y: *mut f32,
    y_block: usize,
    outputs: core::ops::Range<usize>,
    lines: Lines,
    rows: impl Fn(usize) -> Rows,
) {
    for k in outputs {
        let range = rows(k);
        let weights = w.add((k * w_rows + range.first * BLOCK) * BLOCK);
        strip(x.add(range.first * x_block), x_block, weights, y.add(k * y_block), range.last - range.first, lines);
    }
}

/// Four input rows × `K` blocks of outputs of the weight gradient over all pixels, p ascending. Strides in elements.
#[inline(never)]
unsafe fn gradient_tile<const K: usize>(x: *const f32, dy: *const f32, y_block: usize, dw: *mut f32, w_block: usize, pixels: usize) {
    let mut sums = [[F8::zero(); 4]; K];
    let (mut input, mut upstream) = (x, dy);
    for _ in 0..pixels {
        let four = F4::load(input);
        let values = [F8::splat_lane::<0>(four), F8::splat_lane::<1>(four), F8::splat_lane::<2>(four), F8::splat_lane::<3>(four)];
        for k in 0..K {
            let d = F8::load(upstream.add(k * y_block));
            for c in 0..4 {
                sums[k][c] = values[c].mul_add(d, sums[k][c]);
            }
        }
        input = input.add(BLOCK);
        upstream = upstream.add(BLOCK);
    }
    // Through memory: loads of dw between the stores would keep V8 from packing pairs of lanes.
    let sums = core::hint::black_box(sums);
    for k in 0..K {
        for c in 0..4 {
            let to = dw.add(k * w_block + c * BLOCK);
            sums[k][c].add(F8::load(to)).store(to);
        }
    }
}

/// Weight gradient: `dw[c,k] += Σ_p x[p,c] · dy[p,k]`, p ascending; layouts as in [`forward`].
///
/// `wide`: two blocks of outputs a tile, whose sums fit the registers once V8 packs pairs of lanes, and are then enough to keep
/// the multipliers busy; else one. Same bits.
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
        let upstream = dy.add(k * y_block);
        for block in range.first..range.last {
            for half in 0..2 {
                let input = x.add(block * x_block + half * 4);
                let gradient = dw.add(k * w_block + (block * BLOCK + half * 4) * BLOCK);
                if pair {
                    gradient_tile::<2>(input, upstream, y_block, gradient, w_block, pixels);
                } else {
                    gradient_tile::<1>(input, upstream, y_block, gradient, w_block, pixels);
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
