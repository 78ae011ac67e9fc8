//! Depthwise convolution of one channel block (8 channels) of one image: forward pass and input gradient.
//!
//! Axis letters: H, W space; R, S window. A block is `[rows][pitch][8]`: pixels 8 elements apart, so that every access
//! of an unrolled tile is a constant offset from one moving pointer, whatever the number of channels.

use super::blocks::BLOCK;
use crate::vector::{opaque, Lanes, F4, F8};
use core::sync::atomic::{compiler_fence, Ordering};

/// Where a tile pass reads and writes; lengths count f32 elements.
#[derive(Clone, Copy)]
pub struct Plane {
    /// Elements from one input row to the next.
    pub input_pitch: usize,
    /// Elements from one output row to the next.
    pub output_pitch: usize,
    /// Output rows.
    pub rows: usize,
    /// Output columns (of the class written, see `OS`).
    pub columns: usize,
}

/// `T` neighbouring outputs of a row: `y[t] = Σ_rs k[r,s] · x[S_in·t + D·r rows down, D·s]`, r, then s ascending.
///
/// Window and input are loaded where they are used: the sums alone fill the registers, and every other arrangement that
/// was tried (window row or inputs kept) spills for some windows (bench/explorer: 45 against 24–46 GFLOP/s).
#[inline(always)]
unsafe fn tile<
    L: Lanes,
    const SW: usize,
    const S_IN: usize,
    const D: usize,
    const OS: usize,
    const T: usize,
    const ACCUMULATE: bool,
    const WIDE: bool,
>(
    x: *const f32,
    window: *const f32,
    y: *mut f32,
    input_pitch: usize,
    taps: usize,
) {
    let mut sums = [L::zero(); T];
    if ACCUMULATE {
        for t in 0..T {
            sums[t] = L::load(y.add(t * OS * BLOCK));
        }
    }
    let (mut input, mut weights) = (x, window);
    for _ in 0..taps {
        if WIDE && SW > 3 {
            // One tap a turn (such windows have as many columns as rows): inputs that several taps share would be kept, and spill.
            let mut shifted = input;
            for _ in 0..taps {
                let k = L::load(weights);
                for t in 0..T {
                    sums[t] = k.mul_add(L::load(shifted.add(t * S_IN * BLOCK)), sums[t]);
                }
                (shifted, weights) = (opaque(shifted.add(D * BLOCK)), opaque(weights.add(BLOCK)));
            }
        } else {
            for s in 0..SW {
                let k = L::load(weights.add(s * BLOCK));
                for t in 0..T {
                    sums[t] = k.mul_add(L::load(input.add((t * S_IN + s * D) * BLOCK)), sums[t]);
                }
            }
            weights = weights.add(SW * BLOCK);
        }
        input = input.add(D * input_pitch);
        if WIDE {
            (input, weights) = (opaque(input), opaque(weights));
        }
    }
    for t in 0..T {
        sums[t].store(y.add(t * OS * BLOCK));
        compiler_fence(Ordering::SeqCst);
    }
}

/// The end of a row, out of the way: V8 does not pack pairs of lanes where two tiles share a function.
#[inline(never)]
unsafe fn short_tile<
    L: Lanes,
    const SW: usize,
    const S_IN: usize,
    const D: usize,
    const OS: usize,
    const ACCUMULATE: bool,
    const WIDE: bool,
>(
    x: *const f32,
    window: *const f32,
    y: *mut f32,
    input_pitch: usize,
    taps: usize,
) {
    tile::<L, SW, S_IN, D, OS, 4, ACCUMULATE, WIDE>(x, window, y, input_pitch, taps)
}

/// Correlates a block with an R×S window: `y[h,w] = Σ_rs k[r,s] · x[S_in·h + D·r, S_in·w + D·s]`.
///
/// `S_in` is the stride, `D` the dilation, `OS` the distance in pixels between neighbouring outputs (2 writes one
/// parity class of a strided input gradient). Rows of outputs are written in order and in whole tiles, so up to seven
/// outputs past the end of a row are overwritten: the caller leaves that room, and readable input behind it. With
/// `ACCUMULATE`, adds to `y`. `WIDE` is for launches without bounds checks, where V8 packs pairs of lanes if addresses let it. Lanes,
/// tiles and `WIDE` change no bits. `taps` is the number of window rows.
///
/// One outlined function per variant: inlined into one dispatcher, the variants would share (and spill) its registers.
#[inline(never)]
unsafe fn correlate<
    L: Lanes,
    const SW: usize,
    const S_IN: usize,
    const D: usize,
    const OS: usize,
    const ACCUMULATE: bool,
    const WIDE: bool,
>(
    x: *const f32,
    window: *const f32,
    y: *mut f32,
    plane: Plane,
    taps: usize,
) {
    // Hidden from the compiler: it would unroll the loop over window rows, and V8 spills what comes out of that.
    let taps = core::hint::black_box(taps);
    for row in 0..plane.rows {
        let mut lane = 0;
        while lane < BLOCK {
            let input = x.add(row * S_IN * plane.input_pitch + lane);
            let output = y.add(row * plane.output_pitch + lane);
            let mut column = 0;
            while column < plane.columns {
                let (from, to) = (input.add(column * S_IN * BLOCK), output.add(column * OS * BLOCK));
                if plane.columns - column > 4 {
                    tile::<L, SW, S_IN, D, OS, 8, ACCUMULATE, WIDE>(from, window.add(lane), to, plane.input_pitch, taps);
                    column += 8;
                } else {
                    short_tile::<L, SW, S_IN, D, OS, ACCUMULATE, WIDE>(from, window.add(lane), to, plane.input_pitch, taps);
                    column += 4;
                }
            }
            lane += L::COUNT;
        }
    }
}

/// A depthwise window: 3×3 or 5×5, dilation 1 or 2, stride 1 or 2, "same" padding `D·(K-1)/2`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Window side, 3 or 5.
    pub kernel: usize,
    /// Distance between taps, 1 or 2.
    pub dilation: usize,
    /// Distance between neighbouring outputs in the input, 1 or 2.
    pub stride: usize,
}

impl Window {
    /// Zero pixels around the input.
    pub fn padding(self) -> usize {
        self.dilation * (self.kernel - 1) / 2
    }

    /// Output side for an input side.
    pub fn output(self, side: usize) -> usize {
        (side - 1) / self.stride + 1
    }
}

/// Zero pixels around every padded plane: the most that any window, forward or backward, looks beyond the image. One size for
/// all, so that planes keep their borders from one layer to the next.
pub const PADDING: usize = 4;

/// Most outputs that a tile writes past the end of a row, in pixels (strided classes included).
pub const OVERRUN: usize = 16;

/// Forward pass of one block: `y = correlate(x, k)`.
///
/// x: `[H+2p][input_pitch][8]` zero-padded; k: `[K·K][8]`; y: `[rows][output_pitch][8]`, overwritten.
/// `wide`: for launches without bounds checks, where V8 packs eight lanes into 256 bits. With checks, four lanes are faster for
/// small windows, whose loops are short (48 against 44 GFLOP/s), eight for large ones (57 against 56, 50 against 47). Same bits.
/// Safety: room for [`OVERRUN`] pixels behind the last input and output row.
pub unsafe fn forward(wide: bool, window: Window, x: *const f32, k: *const f32, y: *mut f32, plane: Plane) {
    match (window.kernel, window.stride, window.dilation, wide) {
        (3, 1, 1, false) => correlate::<F4, 3, 1, 1, 1, false, false>(x, k, y, plane, 3),
        (3, 1, 2, false) => correlate::<F4, 3, 1, 2, 1, false, false>(x, k, y, plane, 3),
        (3, 2, 1, false) => correlate::<F4, 3, 2, 1, 1, false, false>(x, k, y, plane, 3),
        (3, 1, 1, true) => correlate::<F8, 3, 1, 1, 1, false, true>(x, k, y, plane, 3),
        (3, 1, 2, true) => correlate::<F8, 3, 1, 2, 1, false, true>(x, k, y, plane, 3),
        (3, 2, 1, true) => correlate::<F8, 3, 2, 1, 1, false, true>(x, k, y, plane, 3),
        (3, 2, 2, false) => correlate::<F8, 3, 2, 2, 1, false, false>(x, k, y, plane, 3),
        (3, 2, 2, true) => correlate::<F8, 3, 2, 2, 1, false, true>(x, k, y, plane, 3),
        (5, 1, 1, false) => correlate::<F8, 5, 1, 1, 1, false, false>(x, k, y, plane, 5),
        (5, 1, 1, true) => correlate::<F8, 5, 1, 1, 1, false, true>(x, k, y, plane, 5),
        (5, 1, 2, false) => correlate::<F8, 5, 1, 2, 1, false, false>(x, k, y, plane, 5),
        (5, 1, 2, true) => correlate::<F8, 5, 1, 2, 1, false, true>(x, k, y, plane, 5),
        (5, 2, 1, false) => correlate::<F8, 5, 2, 1, 1, false, false>(x, k, y, plane, 5),
        (5, 2, 1, true) => correlate::<F8, 5, 2, 1, 1, false, true>(x, k, y, plane, 5),
        (5, 2, 2, false) => correlate::<F8, 5, 2, 2, 1, false, false>(x, k, y, plane, 5),
        (5, 2, 2, true) => correlate::<F8, 5, 2, 2, 1, false, true>(x, k, y, plane, 5),
        _ => unreachable!("window was validated"),
    }
}

/// The parity classes of a stride-2, dilation-1 input gradient: along one axis, inputs `2u + parity` meet the window
/// taps `first, first+2, …` (`taps` of them), the lowest of which, flipped, reads output `u + shift`.
#[derive(Clone, Copy)]
struct ParityClass {
    first: usize,
    taps: usize,
    shift: isize,
}

fn parity_class(window: Window, parity: usize) -> ParityClass {
    let p = window.padding();
    let first = (parity + p) % 2;
    let taps = (window.kernel - first).div_ceil(2);
    ParityClass { first, taps, shift: ((parity + p - first) / 2) as isize - (taps as isize - 1) }
}

/// Repacks one block's window `[K·K][8]` as [`input_gradient`] reads it: flipped, and at stride 2 (dilation 1) split into
/// its four parity classes.
/// Safety: both hold K·K·8 elements and do not overlap.
pub unsafe fn pack_backward(window: Window, k: *const f32, packed: *mut f32) {
    let side = window.kernel;
    let copy = |r: usize, s: usize, to: usize| core::ptr::copy_nonoverlapping(k.add((r * side + s) * BLOCK), packed.add(to * BLOCK), BLOCK);
    let mut to = 0;
    if window.stride == 2 && window.dilation == 1 {
        for class in 0..4 {
            let (v, h) = (parity_class(window, class / 2), parity_class(window, class % 2));
            for i in (0..v.taps).rev() {
                for j in (0..h.taps).rev() {
                    copy(v.first + 2 * i, h.first + 2 * j, to);
                    to += 1;
                }
            }
        }
    } else {
        for r in (0..side).rev() {
            for s in (0..side).rev() {
                copy(r, s, to);
                to += 1;
            }
        }
    }
}

/// Input gradient of one block: `dx += …`, or with `accumulate` false, `dx = …`.
///
/// dy: first pixel of a plane with [`PADDING`] zero pixels around; packed: from [`pack_backward`]; dx: `[rows][output_pitch][8]`,
/// a pitch of at least the columns rounded up to 16. The plane is that of dx; its input is dy. `wide` as in [`forward`].
/// Safety: room for [`OVERRUN`] pixels behind the last row of dy and dx.
pub unsafe fn input_gradient(wide: bool, window: Window, dy: *const f32, packed: *const f32, dx: *mut f32, plane: Plane, accumulate: bool) {
    let Plane { input_pitch: dy_pitch, output_pitch: dx_pitch, rows: height, columns: width } = plane;
    if window.stride == 1 {
        let dy = dy.sub(window.padding() * (dy_pitch + BLOCK));
        if !accumulate {
            // The flipped window is a window like any other.
            return forward(wide, window, dy, packed, dx, plane);
        }
        match (window.kernel, window.dilation, wide) {
            (3, 1, false) => correlate::<F4, 3, 1, 1, 1, true, false>(dy, packed, dx, plane, 3),
            (3, 1, true) => correlate::<F8, 3, 1, 1, 1, true, true>(dy, packed, dx, plane, 3),
            (3, 2, false) => correlate::<F4, 3, 1, 2, 1, true, false>(dy, packed, dx, plane, 3),
            (3, 2, true) => correlate::<F8, 3, 1, 2, 1, true, true>(dy, packed, dx, plane, 3),
            (5, 1, false) => correlate::<F8, 5, 1, 1, 1, true, false>(dy, packed, dx, plane, 5),
            (5, 1, true) => correlate::<F8, 5, 1, 1, 1, true, true>(dy, packed, dx, plane, 5),
            (5, 2, false) => correlate::<F8, 5, 1, 2, 1, true, false>(dy, packed, dx, plane, 5),
            (5, 2, true) => correlate::<F8, 5, 1, 2, 1, true, true>(dy, packed, dx, plane, 5),
            _ => unreachable!("window was validated"),
        }
        return;
    }
    if !accumulate {
        // No pass writes all pixels at once.
        (0..height * dx_pitch).step_by(BLOCK).for_each(|i| F8::zero().store(dx.add(i)));
    }
    // Every second pixel of every second row.
    let sparse = |rows, columns| Plane { input_pitch: dy_pitch, output_pitch: 2 * dx_pitch, rows, columns };
    if window.dilation == 2 {
        // Padding is even, so only even inputs meet a tap: one dense correlation, written to every second pixel.
        let dy = dy.sub((window.kernel - 1) / 2 * (dy_pitch + BLOCK));
        let plane = sparse(height.div_ceil(2), width.div_ceil(2));
        match (window.kernel, wide) {
            (3, false) => correlate::<F8, 3, 1, 1, 2, true, false>(dy, packed, dx, plane, 3),
            (3, true) => correlate::<F8, 3, 1, 1, 2, true, true>(dy, packed, dx, plane, 3),
            (_, false) => correlate::<F8, 5, 1, 1, 2, true, false>(dy, packed, dx, plane, 5),
            (_, true) => correlate::<F8, 5, 1, 1, 2, true, true>(dy, packed, dx, plane, 5),
        }
        return;
    }
    let mut packed = packed;
    for class in 0..4 {
        let (v, h) = (parity_class(window, class / 2), parity_class(window, class % 2));
        let from = dy.offset(v.shift * dy_pitch as isize + h.shift * BLOCK as isize);
        let to = dx.add((class / 2) * dx_pitch + (class % 2) * BLOCK);
        let plane = sparse((height + 1 - class / 2) / 2, (width + 1 - class % 2) / 2);
        match (h.taps, wide) {
            (1, false) => correlate::<F8, 1, 1, 1, 2, true, false>(from, packed, to, plane, v.taps),
            (1, true) => correlate::<F8, 1, 1, 1, 2, true, true>(from, packed, to, plane, v.taps),
            (2, false) => correlate::<F8, 2, 1, 1, 2, true, false>(from, packed, to, plane, v.taps),
            (2, true) => correlate::<F8, 2, 1, 1, 2, true, true>(from, packed, to, plane, v.taps),
            (_, false) => correlate::<F8, 3, 1, 1, 2, true, false>(from, packed, to, plane, v.taps),
            (_, true) => correlate::<F8, 3, 1, 1, 2, true, true>(from, packed, to, plane, v.taps),
        }
        packed = packed.add(v.taps * h.taps * BLOCK);
    }
}
