//! The kernels as shipped.

use crate::shipped_depthwise as dw;
use crate::shipped_pointwise as pw;
use crate::vector::{F4, F8};
use crate::BLOCK;

pub unsafe fn run(case: u32, variant: u32, repeats: u32, arena: *mut f32) -> f64 {
    let (kernel, stride, dilation) = match case {
        0 => (3, 1, 1),
        1 => (5, 1, 1),
        2 => (3, 1, 2),
        3 => (5, 1, 2),
        4 => (3, 2, 1),
        _ => (5, 2, 1),
    };
    let window = dw::Window { kernel, stride, dilation };
    let side = 32 / stride;
    let (x, w, y) = (arena as *const f32, arena.add(100_000) as *const f32, arena.add(48 * 48 * BLOCK));
    let plane = dw::Plane { input_pitch: 48 * BLOCK, output_pitch: 32 * BLOCK, rows: side, columns: side };
    for _ in 0..repeats {
        match variant {
            100 | 101 => dw::forward(variant == 101, window, x, w, y, plane),
            102 | 103 => dw::input_gradient(variant == 103, window, x, 48 * BLOCK, w, y, 32 * BLOCK, 32, 32),
            110.. => gradient(case, variant, x, y, arena.add(101_000), plane),
            _ => dw::weight_gradient(window, x, y, arena.add(101_000), plane),
        }
    }
    (2 * kernel * kernel * side * side * BLOCK) as f64
}

/// Pointwise products: case = blocks of channels in and out, a band of 128 pixels.
pub unsafe fn pointwise(case: u32, variant: u32, repeats: u32, arena: *mut f32) -> f64 {
    let (blocks, pixels) = (case as usize, 128);
    let (x, w, y) = (arena as *const f32, arena.add(90_000), arena.add(40_000));
    let stride = pixels * BLOCK;
    let rows = |_| pw::Rows { first: 0, last: blocks };
    for _ in 0..repeats {
        match variant {
            200 => pw::forward(x, stride, w, blocks * BLOCK, y, stride, 0..blocks, pw::Lines::one(pixels), rows),
            201 => pw::weight_gradient(false, x, stride, y, stride, w, blocks * BLOCK, blocks, pixels, rows),
            202 => pw::weight_gradient(true, x, stride, y, stride, w, blocks * BLOCK, blocks, pixels, rows),
            _ => return 0.0,
        }
    }
    (2 * blocks * blocks * BLOCK * BLOCK * pixels) as f64
}

unsafe fn gradient(case: u32, variant: u32, x: *const f32, y: *mut f32, k: *mut f32, plane: dw::Plane) {
    macro_rules! go { ($($v:literal => $l:ident $t:literal $r:literal;)*) => {
        match (variant, case) { $(
            ($v, 0) => dw::window_gradient::<$l, 3, 1, 1, $t, $r>(x, y, k, plane),
            ($v, 1) => dw::window_gradient::<$l, 5, 1, 1, $t, $r>(x, y, k, plane),
            ($v, 2) => dw::window_gradient::<$l, 3, 1, 2, $t, $r>(x, y, k, plane),
            ($v, 3) => dw::window_gradient::<$l, 5, 1, 2, $t, $r>(x, y, k, plane),
            ($v, 4) => dw::window_gradient::<$l, 3, 2, 1, $t, $r>(x, y, k, plane),
            ($v, 5) => dw::window_gradient::<$l, 5, 2, 1, $t, $r>(x, y, k, plane),
        )* _ => () } } }
    go!(110 => F4 4 3; 111 => F4 4 2; 112 => F4 2 2; 113 => F8 4 3; 114 => F8 2 3; 115 => F8 4 2; 116 => F8 2 2; 117 => F8 4 1; 118 => F8 2 1; 119 => F8 1 3; 120 => F8 1 2;)
}
