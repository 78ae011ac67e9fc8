//! Depthwise convolution of one channel block (8 channels) of one image: gradient of the window. Layout as in [`super::depthwise`].

use super::blocks::BLOCK;
use super::depthwise::{Plane, Window};
use crate::vector::{opaque, Lanes, F4, F8};

/// Adds the products of input column `j` of a tile with the upstream gradients that meet it to the sums of a window row.
/// Columns that no output of the tile reads are skipped at compile time (strides, dilations).
#[inline(always)]
unsafe fn column_products<L: Lanes, const SW: usize, const S_IN: usize, const D: usize, const T: usize>(
    j: usize,
    input: *const f32,
    upstream: &[L; T],
    sums: &mut [L; SW],
) {
    let meets = |t: usize| j >= t * S_IN && (j - t * S_IN).is_multiple_of(D) && (j - t * S_IN) / D < SW;
    if !(0..T).any(meets) {
        return;
    }
    let value = L::load(input.add(j * BLOCK));
    for t in 0..T {
        if meets(t) {
            let s = (j - t * S_IN) / D;
            sums[s] = upstream[t].mul_add(value, sums[s]);
        }
    }
}

/// Calls a function with each literal as its first argument: a loop that is unrolled whatever the compiler thinks of its length.
macro_rules! each {
    ($call:path, $rest:tt, $($literal:literal)*) => { $(each!(@call $call, $literal, $rest);)* };
    (@call $call:path, $literal:literal, ($($argument:expr),*)) => { $call($literal, $($argument),*) };
}

/// Adds the products of window row `r` of a tile to its sums, and steps to the inputs of the next one.
#[inline(always)]
unsafe fn row_products<L: Lanes, const SW: usize, const S_IN: usize, const D: usize, const T: usize, const RW: usize>(
    r: usize,
    input: &mut *const f32,
    step: usize,
    upstream: &[L; T],
    sums: &mut [[L; SW]; RW],
) {
    if r < RW {
        each!(column_products::<L, SW, S_IN, D, T>, (*input, upstream, &mut sums[r]), 0 1 2 3 4 5 6 7 8 9 10 11 12 13);
        *input = opaque(input.add(step));
    }
}

/// Gradient of window rows `r..r+RW`: `dk[r,s] += Σ_hw dy[h,w] · x[S_in·h + D·r, S_in·w + D·s]`; T columns of dy are in
/// registers while the inputs stream by once. Sums run over h, then w, whatever the tile.
#[inline(always)]
unsafe fn window_rows<L: Lanes, const SW: usize, const S_IN: usize, const D: usize, const T: usize, const RW: usize>(
    x: *const f32,
    dy: *const f32,
    gradient: *mut f32,
    plane: Plane,
) {
    const { assert!((T - 1) * S_IN + (SW - 1) * D < 14) };
    let mut sums = [[L::zero(); SW]; RW];
    for row in 0..plane.rows {
        let input_row = x.add(row * S_IN * plane.input_pitch);
        let gradient_row = dy.add(row * plane.output_pitch);
        let mut column = 0;
        while column < plane.columns {
            let upstream = opaque(gradient_row.add(column * BLOCK));
            let mut input = opaque(input_row.add(column * S_IN * BLOCK));
            let mut d = [L::zero(); T];
            for t in 0..T {
                d[t] = L::load(upstream.add(t * BLOCK));
            }
            // Unrolled by hand: where the compiler leaves it a loop, sums live in memory (measured: a quarter of the speed).
            each!(row_products::<L, SW, S_IN, D, T, RW>, (&mut input, D * plane.input_pitch, &d, &mut sums), 0 1 2);
            column += T;
        }
    }
    // Through memory: loads of the gradient between the stores would keep V8 from packing pairs of lanes.
    let sums = core::hint::black_box(sums);
    for r in 0..RW {
        for s in 0..SW {
            let to = gradient.add((r * SW + s) * BLOCK);
            sums[r][s].add(L::load(to)).store(to);
        }
    }
}

/// Window gradient of one block, `RW` window rows at a time: with fewer sums in flight than the multiplier is deep, it waits
/// for itself (measured: 33 GFLOP/s one row at a time, 50 with three). `dy` must hold zeros from `columns` up to the next
/// multiple of `T`.
#[inline(never)]
unsafe fn window_gradient<L: Lanes, const SW: usize, const S_IN: usize, const D: usize, const T: usize, const RW: usize>(
    x: *const f32,
    dy: *const f32,
    gradient: *mut f32,
    plane: Plane,
) {
    let taps = core::hint::black_box(SW);
    let mut lane = 0;
    while lane < BLOCK {
        let mut r = 0;
        while r < taps {
            let (input, to) = (x.add(r * D * plane.input_pitch + lane), gradient.add(r * SW * BLOCK + lane));
            if taps - r >= RW {
                window_rows::<L, SW, S_IN, D, T, RW>(input, dy.add(lane), to, plane);
                r += RW;
            } else {
                window_rows::<L, SW, S_IN, D, T, 1>(input, dy.add(lane), to, plane);
                r += 1;
            }
        }
        lane += L::COUNT;
    }
}

/// Weight gradient of one block: `dk += …`; x as in [`super::depthwise::forward`], dy: `[rows][output_pitch][8]`, zero behind each row's end
/// up to the next multiple of 8 pixels. The tiles are the fastest of bench/explorer in either launch mode.
/// Safety: as [`super::depthwise::forward`].
pub unsafe fn weight_gradient(wide: bool, window: Window, x: *const f32, dy: *const f32, dk: *mut f32, plane: Plane) {
    match (window.kernel, window.stride, window.dilation, wide) {
        (3, 1, 1, false) => window_gradient::<F4, 3, 1, 1, 4, 3>(x, dy, dk, plane),
        (3, 1, 1, true) => window_gradient::<F8, 3, 1, 1, 2, 3>(x, dy, dk, plane),
        (3, 1, 2, false) => window_gradient::<F4, 3, 1, 2, 4, 3>(x, dy, dk, plane),
        (3, 1, 2, true) => window_gradient::<F8, 3, 1, 2, 2, 3>(x, dy, dk, plane),
        (3, 2, 1, _) => window_gradient::<F8, 3, 2, 1, 2, 3>(x, dy, dk, plane),
        (3, 2, 2, _) => window_gradient::<F8, 3, 2, 2, 2, 3>(x, dy, dk, plane),
        (5, 1, 1, false) => window_gradient::<F4, 5, 1, 1, 4, 2>(x, dy, dk, plane),
        (5, 1, 1, true) => window_gradient::<F8, 5, 1, 1, 4, 2>(x, dy, dk, plane),
        (5, 1, 2, false) => window_gradient::<F4, 5, 1, 2, 4, 2>(x, dy, dk, plane),
        (5, 1, 2, true) => window_gradient::<F8, 5, 1, 2, 4, 2>(x, dy, dk, plane),
        (5, 2, 1, false) => window_gradient::<F4, 5, 2, 1, 2, 2>(x, dy, dk, plane),
        (5, 2, 1, true) => window_gradient::<F8, 5, 2, 1, 2, 2>(x, dy, dk, plane),
        (5, 2, 2, false) => window_gradient::<F4, 5, 2, 2, 2, 2>(x, dy, dk, plane),
        (5, 2, 2, true) => window_gradient::<F8, 5, 2, 2, 2, 2>(x, dy, dk, plane),
        _ => unreachable!("window was validated"),
    }
}
