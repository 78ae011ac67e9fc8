//! The kernels as shipped, on planes of the size that a step gives them.

use crate::blocks::{Blocks, BlocksMut, BLOCK};
use crate::depthwise::{self, Plane, Window, PADDING};
use crate::pointwise::{self, Lines, Rows};
use crate::window_gradient;

/// Pixels of a band, as the executor cuts them.
const BAND: usize = 512;
const SIDE: usize = 32;
const PITCH: usize = (SIDE + 2 * PADDING) * BLOCK;

pub unsafe fn run(kernel: u32, shape: usize, wide: bool, repeats: u32, arena: *mut f32) -> f64 {
    match kernel {
        0..=2 => product(kernel, shape, wide, repeats, arena),
        3..=5 => windows(kernel, shape, wide, repeats, arena),
        _ => 0.0,
    }
}

/// Pointwise products of as many channels in as out: forward, weight gradient, input gradient into padded rows.
unsafe fn product(kernel: u32, channels: usize, wide: bool, repeats: u32, arena: *mut f32) -> f64 {
    let blocks = channels / BLOCK;
    if channels == 0 || channels % BLOCK != 0 || blocks > 8 {
        return 0.0;
    }
    // As many pixels as keep the planes in the first-level cache.
    let pixels = (BAND * 2 / blocks).min(BAND);
    let stride = pixels * BLOCK;
    let (x, w, y) = (arena as *const f32, arena.add(200_000), arena.add(90_000));
    let rows = |_| Rows { first: 0, last: blocks };
    let padded = Lines { rows: pixels / SIDE, pixels: SIDE, x_pitch: SIDE * BLOCK, y_pitch: PITCH };
    let (input, upstream) = (Blocks { start: x, stride }, Blocks { start: y, stride });
    let (matrix, gradient) = (Blocks { start: w, stride: channels * BLOCK }, BlocksMut { start: w, stride: channels * BLOCK });
    let (output, spread) = (BlocksMut { start: y, stride }, BlocksMut { start: y, stride: padded.rows * PITCH });
    for _ in 0..repeats {
        match kernel {
            0 => pointwise::forward(wide, input, matrix, output, 0..blocks, Lines::one(pixels), rows),
            1 => pointwise::weight_gradient(wide, input, upstream, gradient, blocks, pixels, rows),
            _ => pointwise::forward(wide, input, matrix, spread, 0..blocks, padded, rows),
        }
    }
    (2 * channels * channels * pixels) as f64
}

/// Depthwise convolutions of one block: forward, weight gradient, input gradient. Shape: kernel·100 + stride·10 + dilation.
unsafe fn windows(kernel: u32, shape: usize, wide: bool, repeats: u32, arena: *mut f32) -> f64 {
    let window = Window { kernel: shape / 100, stride: shape / 10 % 10, dilation: shape % 10 };
    let is_known = matches!((window.kernel, window.stride, window.dilation), (3 | 5, 1 | 2, 1 | 2));
    if !is_known {
        return 0.0;
    }
    let side = SIDE / window.stride;
    let corner = PADDING * (PITCH + BLOCK);
    let x = arena.add(corner);
    let seen = x.sub(window.padding() * (PITCH + BLOCK)) as *const f32;
    let (y, k) = (arena.add(60_000), arena.add(120_000));
    let packed = arena.add(121_000);
    depthwise::pack_backward(window, k, packed);
    let plane = Plane { input_pitch: PITCH, output_pitch: SIDE * BLOCK, rows: side, columns: side };
    let back = Plane { rows: SIDE, columns: SIDE, ..plane };
    for _ in 0..repeats {
        match kernel {
            3 => depthwise::forward(wide, window, seen, k, y, plane),
            4 => window_gradient::weight_gradient(wide, window, seen, y, k, plane),
            _ => depthwise::input_gradient(wide, window, x, packed, y, back, true),
        }
    }
    (2 * window.kernel * window.kernel * side * side * BLOCK) as f64
}
