//! Depthwise convolution of one channel block (8 channels) of one image, forward and backward.
//!
//! Axis letters: H, W space; R, S window. A block is `[rows][pitch][8]`: pixels 8 elements apart, so that every access
//! of an unrolled tile is a constant offset from one moving pointer, whatever the number of channels.

use crate::vector::{Lanes, F8};

/// Elements of one pixel of one channel block.
pub const BLOCK: usize = 8;

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

/// Correlates a block with an R×S window: `y[h,w] = Σ_rs k[r,s] · x[S_in·h + D·r, S_in·w + D·s]`.
///
/// `S_in` is the stride, `D` the dilation, `OS` the distance in pixels between neighbouring outputs (2 writes one
/// parity class of a strided input gradient), `T` the tile: outputs a pass holds in registers. Rows of outputs are
/// written in order and in whole tiles, so up to `T-1` pixels past the end of a row are overwritten: the caller leaves
/// that room, and readable input behind it. With `ACCUMULATE`, adds to `y`. Sums run over r, then s, whatever `T`:
/// every tile gives the same bits. `taps` is the number of window rows, passed at run time so that the row loop stays a
/// loop (fully unrolled windows spill in V8).
#[inline(always)]
unsafe fn correlate<
    L: Lanes,
    const SW: usize,
    const S_IN: usize,
    const D: usize,
    const OS: usize,
    const T: usize,
    const ACCUMULATE: bool,
>(
    x: *const f32,
    window: *const f32,
    y: *mut f32,
    plane: Plane,
    taps: usize,
) {
    for row in 0..plane.rows {
        let input_row = x.add(row * S_IN * plane.input_pitch);
        let output_row = y.add(row * plane.output_pitch);
        let mut column = 0;
        while column < plane.columns {
            let output = output_row.add(column * OS * BLOCK);
            let mut sums = [L::zero(); T];
            if ACCUMULATE {
                for t in 0..T {
                    sums[t] = L::load(output.add(t * OS * BLOCK));
                }
            }
            let mut input = input_row.add(column * S_IN * BLOCK);
            let mut weights = window;
            for _ in 0..taps {
                let mut k = [L::zero(); SW];
                for s in 0..SW {
                    k[s] = L::load(weights.add(s * BLOCK));
                }
                for j in 0..(T - 1) * S_IN + (SW - 1) * D + 1 {
                    // Columns that no output of the tile reads are skipped at compile time (strides, dilations).
                    let mut value = None;
                    for t in 0..T {
                        if j >= t * S_IN && (j - t * S_IN).is_multiple_of(D) && (j - t * S_IN) / D < SW {
                            let v = match value {
                                Some(v) => v,
                                None => L::load(input.add(j * BLOCK)),
                            };
                            value = Some(v);
                            sums[t] = k[(j - t * S_IN) / D].mul_add(v, sums[t]);
                        }
                    }
                }
                input = input.add(D * plane.input_pitch);
                weights = weights.add(SW * BLOCK);
            }
            for t in 0..T {
                sums[t].store(output.add(t * OS * BLOCK));
            }
            column += T;
        }
    }
}

/// Window gradient of one block: `dk[r,s] += Σ_hw dy[h,w] · x[S_in·h + D·r, S_in·w + D·s]`.
///
/// `dy` must hold zeros from `columns` up to the next multiple of `T`. Sums run over h, then w, whatever `T`.
#[inline(always)]
unsafe fn window_gradient<L: Lanes, const SW: usize, const S_IN: usize, const D: usize, const T: usize>(
    x: *const f32,
    dy: *const f32,
    gradient: *mut f32,
    plane: Plane,
    taps: usize,
) {
    for r in 0..taps {
        let mut sums = [L::zero(); SW];
        for row in 0..plane.rows {
            let input_row = x.add((row * S_IN + r * D) * plane.input_pitch);
            let gradient_row = dy.add(row * plane.output_pitch);
            let mut column = 0;
            while column < plane.columns {
                let input = input_row.add(column * S_IN * BLOCK);
                let upstream = gradient_row.add(column * BLOCK);
                let mut d = [L::zero(); T];
                for t in 0..T {
                    d[t] = L::load(upstream.add(t * BLOCK));
                }
                for j in 0..(T - 1) * S_IN + (SW - 1) * D + 1 {
                    let mut value = None;
                    for t in 0..T {
                        if j >= t * S_IN && (j - t * S_IN).is_multiple_of(D) && (j - t * S_IN) / D < SW {
                            let v = match value {
                                Some(v) => v,
                                None => L::load(input.add(j * BLOCK)),
                            };
                            value = Some(v);
                            let s = (j - t * S_IN) / D;
                            sums[s] = d[t].mul_add(v, sums[s]);
                        }
                    }
                }
                column += T;
            }
        }
        for s in 0..SW {
            let to = gradient.add((r * SW + s) * BLOCK);
            sums[s].add(L::load(to)).store(to);
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

    /// Zero pixels that [`input_gradient`] needs around the upstream gradient.
    pub fn gradient_padding(self) -> usize {
        if self.stride == 1 {
            self.padding()
        } else {
            2
        }
    }

    /// Output side for an input side.
    pub fn output(self, side: usize) -> usize {
        (side - 1) / self.stride + 1
    }
}

/// Most outputs that a tile writes past the end of a row, in pixels (strided classes included).
pub const OVERRUN: usize = 16;

/// Outputs a pass holds in registers, eight lanes each. Measured against eight outputs of four lanes, which load every input
/// twice: 2.2 times as fast by default, and V8's revectoriser packs these.
const TILE: usize = 4;

// One outlined function per variant: inlined into one dispatcher, the variants would share (and spill) its registers.
#[inline(never)]
unsafe fn pass<L: Lanes, const SW: usize, const S_IN: usize, const D: usize, const OS: usize, const T: usize, const ACCUMULATE: bool>(
    x: *const f32,
    k: *const f32,
    y: *mut f32,
    plane: Plane,
    taps: usize,
) {
    correlate::<L, SW, S_IN, D, OS, T, ACCUMULATE>(x, k, y, plane, taps)
}

#[inline(never)]
unsafe fn gradient_pass<L: Lanes, const SW: usize, const S_IN: usize, const D: usize, const T: usize>(
    x: *const f32,
    dy: *const f32,
    dk: *mut f32,
    plane: Plane,
    taps: usize,
) {
    window_gradient::<L, SW, S_IN, D, T>(x, dy, dk, plane, taps)
}

/// Forward pass of one block: `y = correlate(x, k)`.
///
/// x: `[H+2p][input_pitch][8]` zero-padded; k: `[K·K][8]`; y: `[rows][output_pitch][8]`, overwritten.
/// Safety: room for [`OVERRUN`] pixels behind the last input and output row.
pub unsafe fn forward(window: Window, x: *const f32, k: *const f32, y: *mut f32, plane: Plane) {
    match (window.kernel, window.stride, window.dilation) {
        (3, 1, 1) => pass::<F8, 3, 1, 1, 1, TILE, false>(x, k, y, plane, 3),
        (3, 1, 2) => pass::<F8, 3, 1, 2, 1, TILE, false>(x, k, y, plane, 3),
        (3, 2, 1) => pass::<F8, 3, 2, 1, 1, TILE, false>(x, k, y, plane, 3),
        (3, 2, 2) => pass::<F8, 3, 2, 2, 1, TILE, false>(x, k, y, plane, 3),
        (5, 1, 1) => pass::<F8, 5, 1, 1, 1, TILE, false>(x, k, y, plane, 5),
        (5, 1, 2) => pass::<F8, 5, 1, 2, 1, TILE, false>(x, k, y, plane, 5),
        (5, 2, 1) => pass::<F8, 5, 2, 1, 1, TILE, false>(x, k, y, plane, 5),
        (5, 2, 2) => pass::<F8, 5, 2, 2, 1, TILE, false>(x, k, y, plane, 5),
        _ => unreachable!("window was validated"),
    }
}

/// Weight gradient of one block: `dk += …`; x as in [`forward`], dy: `[rows][output_pitch][8]`, zero behind each row's end
/// up to the next multiple of 8 pixels.
/// Safety: as [`forward`].
pub unsafe fn weight_gradient(window: Window, x: *const f32, dy: *const f32, dk: *mut f32, plane: Plane) {
    match (window.kernel, window.stride, window.dilation) {
        (3, 1, 1) => gradient_pass::<F8, 3, 1, 1, TILE>(x, dy, dk, plane, 3),
        (3, 1, 2) => gradient_pass::<F8, 3, 1, 2, TILE>(x, dy, dk, plane, 3),
        (3, 2, 1) => gradient_pass::<F8, 3, 2, 1, TILE>(x, dy, dk, plane, 3),
        (3, 2, 2) => gradient_pass::<F8, 3, 2, 2, TILE>(x, dy, dk, plane, 3),
        (5, 1, 1) => gradient_pass::<F8, 5, 1, 1, TILE>(x, dy, dk, plane, 5),
        (5, 1, 2) => gradient_pass::<F8, 5, 1, 2, TILE>(x, dy, dk, plane, 5),
        (5, 2, 1) => gradient_pass::<F8, 5, 2, 1, TILE>(x, dy, dk, plane, 5),
        (5, 2, 2) => gradient_pass::<F8, 5, 2, 2, TILE>(x, dy, dk, plane, 5),
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

/// Input gradient of one block: `dx += …`.
///
/// dy: `[q + Ho + q][dy_pitch][8]` with `q = gradient_padding()` zero pixels around; packed: from [`pack_backward`];
/// dx: `[height][dx_pitch][8]`, added to, `dx_pitch >= width` rounded up to 16.
/// Safety: room for [`OVERRUN`] pixels behind the last row of dy and dx.
pub unsafe fn input_gradient(
    window: Window,
    dy: *const f32,
    dy_pitch: usize,
    packed: *const f32,
    dx: *mut f32,
    dx_pitch: usize,
    height: usize,
    width: usize,
) {
    let plane = |rows, columns, out| Plane { input_pitch: dy_pitch, output_pitch: out, rows, columns };
    if window.stride == 1 {
        let plane = plane(height, width, dx_pitch);
        match (window.kernel, window.dilation) {
            (3, 1) => pass::<F8, 3, 1, 1, 1, TILE, true>(dy, packed, dx, plane, 3),
            (3, 2) => pass::<F8, 3, 1, 2, 1, TILE, true>(dy, packed, dx, plane, 3),
            (5, 1) => pass::<F8, 5, 1, 1, 1, TILE, true>(dy, packed, dx, plane, 5),
            (5, 2) => pass::<F8, 5, 1, 2, 1, TILE, true>(dy, packed, dx, plane, 5),
            _ => unreachable!("window was validated"),
        }
        return;
    }
    let q = window.gradient_padding();
    if window.dilation == 2 {
        // Padding is even, so only even inputs meet a tap: one dense correlation, written to every second pixel.
        let origin = q - (window.kernel - 1) / 2;
        let dy = dy.add(origin * dy_pitch + origin * BLOCK);
        let plane = plane(height.div_ceil(2), width.div_ceil(2), 2 * dx_pitch);
        match window.kernel {
            3 => pass::<F8, 3, 1, 1, 2, TILE, true>(dy, packed, dx, plane, 3),
            _ => pass::<F8, 5, 1, 1, 2, TILE, true>(dy, packed, dx, plane, 5),
        }
        return;
    }
    let mut packed = packed;
    for class in 0..4 {
        let (v, h) = (parity_class(window, class / 2), parity_class(window, class % 2));
        let row = (q as isize + v.shift) as usize;
        let column = (q as isize + h.shift) as usize;
        let from = dy.add(row * dy_pitch + column * BLOCK);
        let to = dx.add((class / 2) * dx_pitch + (class % 2) * BLOCK);
        let plane = plane((height + 1 - class / 2) / 2, (width + 1 - class % 2) / 2, 2 * dx_pitch);
        match h.taps {
            1 => pass::<F8, 1, 1, 1, 2, TILE, true>(from, packed, to, plane, v.taps),
            2 => pass::<F8, 2, 1, 1, 2, TILE, true>(from, packed, to, plane, v.taps),
            _ => pass::<F8, 3, 1, 1, 2, TILE, true>(from, packed, to, plane, v.taps),
        }
        packed = packed.add(v.taps * h.taps * BLOCK);
    }
}
