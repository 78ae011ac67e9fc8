//! Convolutions over padded planes against their twin.

mod common;

use common::{assert_close, Guarded, Numbers, BLOCK};
use rootstock_kernels::layers::blocks::{Blocks, BlocksMut};
use rootstock_kernels::layers::convolution::{self, Plane, Tap};
use rootstock_kernels::reference::convolution::{self as twin, Sizes};
use rootstock_kernels::reference::layout::{blocks, from_blocks, to_blocks};

const SIDE: usize = 3;
const TAPS: usize = SIDE * SIDE;

/// Height, width: ends of tiles of four and eight pixels.
const SHAPES: [(usize, usize); 7] = [(1, 1), (4, 2), (2, 7), (5, 5), (3, 13), (7, 8), (4, 28)];
const CHANNELS: [(usize, usize); 4] = [(3, 5), (8, 8), (9, 24), (17, 16)];

/// Calls a test with every size, in both launch modes.
fn each(mut test: impl FnMut(Sizes, bool, &mut Numbers, &str)) {
    for (height, width) in SHAPES {
        for (inputs, outputs) in CHANNELS {
            for wide in [false, true] {
                let sizes = Sizes { inputs, outputs, height, width, side: SIDE };
                test(sizes, wide, &mut Numbers::new(height * width + inputs), &format!("{sizes:?}, wide {wide}"));
            }
        }
    }
}

/// A map with one pixel of zeros around it: `[blocks][H + 2][W + 2][8]`.
fn padded(x: &[f32], channels: usize, Sizes { height, width, .. }: Sizes) -> Vec<f32> {
    let mut plane = vec![0.0; channels * (height + 2) * (width + 2)];
    for c in 0..channels {
        for h in 0..height {
            plane[(c * (height + 2) + h + 1) * (width + 2) + 1..][..width].copy_from_slice(&x[(c * height + h) * width..][..width]);
        }
    }
    to_blocks(&plane, channels, (height + 2) * (width + 2))
}

/// Packed weights: `[K/8][tap][C][8]`; `transposed`: `[tap][C/8][K][8]`, as the executor has them for the input gradient.
fn packed(w: &[f32], Sizes { inputs, outputs, .. }: Sizes, transposed: bool) -> Vec<f32> {
    let (c8, k8) = (blocks(inputs) * BLOCK, blocks(outputs) * BLOCK);
    let mut to = vec![0.0; TAPS * c8 * k8];
    for (k, c, t) in (0..outputs * inputs * TAPS).map(|i| (i / TAPS / inputs, i / TAPS % inputs, i % TAPS)) {
        let at = if transposed {
            ((t * c8 / BLOCK + c / BLOCK) * k8 + k) * BLOCK + c % BLOCK
        } else {
            ((k / BLOCK * TAPS + t) * c8 + c) * BLOCK + k % BLOCK
        };
        to[at] = w[(k * inputs + c) * TAPS + t];
    }
    to
}

fn taps(pitch: usize, stride: usize, flipped: bool) -> [Tap; TAPS] {
    core::array::from_fn(|t| {
        let seen = if flipped { TAPS - 1 - t } else { t };
        Tap { input: seen / SIDE * pitch + seen % SIDE * BLOCK, weights: t * stride }
    })
}

fn plane(Sizes { height, width, .. }: Sizes, taps: &[Tap]) -> Plane<'_> {
    Plane { taps, rows: height, columns: width, x_pitch: pitch(width), y_pitch: width * BLOCK }
}

/// Elements of a row of a padded plane.
fn pitch(width: usize) -> usize {
    (width + 2) * BLOCK
}

/// Runs the kernel from `from` channels to `to`; checks what it wrote.
fn run(sizes: Sizes, wide: bool, x: &[f32], w: &[f32], flipped: bool, what: &str) -> Vec<f32> {
    let (from, to) = if flipped { (sizes.outputs, sizes.inputs) } else { (sizes.inputs, sizes.outputs) };
    let (x, w) = (padded(x, from, sizes), packed(w, sizes, flipped));
    let (y_stride, matrix) = (sizes.height * sizes.width * BLOCK, blocks(from) * BLOCK * BLOCK);
    let (tap, block) = if flipped { (blocks(to) * matrix, matrix) } else { (matrix, TAPS * matrix) };
    let taps = taps(pitch(sizes.width), tap, flipped);
    let mut y = Guarded::new(blocks(to) * y_stride);
    y.allow(0, blocks(to) * y_stride);
    // Safety: all span what the sizes say.
    unsafe {
        convolution::forward(
            wide,
            Blocks { start: x.as_ptr(), stride: (sizes.height + 2) * pitch(sizes.width) },
            Blocks { start: w.as_ptr(), stride: block },
            BlocksMut { start: y.pointer(0), stride: y_stride },
            blocks(from),
            0..blocks(to),
            plane(sizes, &taps),
        );
    }
    y.check(what);
    from_blocks(y.read(0, blocks(to) * y_stride), to, sizes.height * sizes.width)
}

#[test]
fn forward_equals_its_twin() {
    each(|sizes, wide, numbers, what| {
        let x = numbers.vector(sizes.inputs * sizes.height * sizes.width);
        let w = numbers.vector(sizes.outputs * sizes.inputs * TAPS);
        assert_close(&run(sizes, wide, &x, &w, false, what), &twin::forward(sizes, &x, &w), what);
    });
}

#[test]
fn input_gradient_equals_its_twin() {
    each(|sizes, wide, numbers, what| {
        let dy = numbers.vector(sizes.outputs * sizes.height * sizes.width);
        let w = numbers.vector(sizes.outputs * sizes.inputs * TAPS);
        assert_close(&run(sizes, wide, &dy, &w, true, what), &twin::input_gradient(sizes, &dy, &w), what);
    });
}

#[test]
fn weight_gradient_equals_its_twin() {
    each(|sizes, wide, numbers, what| {
        let Sizes { inputs, outputs, height, width, .. } = sizes;
        let (x, dy) = (numbers.vector(inputs * height * width), numbers.vector(outputs * height * width));
        let (planes, upstream) = (padded(&x, inputs, sizes), to_blocks(&dy, outputs, height * width));
        let matrix = blocks(inputs) * BLOCK * BLOCK;
        let taps = taps(pitch(width), matrix, false);
        let old = numbers.vector(outputs * inputs * TAPS);
        let mut dw = Guarded::holding(&packed(&old, sizes, false));
        // Safety: all span what the sizes say.
        unsafe {
            convolution::weight_gradient(
                wide,
                Blocks { start: planes.as_ptr(), stride: (height + 2) * pitch(width) },
                Blocks { start: upstream.as_ptr(), stride: height * width * BLOCK },
                BlocksMut { start: dw.pointer(0), stride: TAPS * matrix },
                blocks(inputs),
                blocks(outputs),
                plane(sizes, &taps),
            );
        }
        dw.check(what);
        let wanted: Vec<f32> = twin::weight_gradient(sizes, &x, &dy).iter().zip(&old).map(|(g, old)| (g + *old as f64) as f32).collect();
        let wanted: Vec<f64> = packed(&wanted, sizes, false).into_iter().map(f64::from).collect();
        assert_close(dw.read(0, wanted.len()), &wanted, what);
    });
}

#[test]
fn the_twins_gradients_are_those_of_finite_differences() {
    let sizes = Sizes { inputs: 2, outputs: 3, height: 4, width: 3, side: SIDE };
    let mut numbers = Numbers::new(1);
    let (x, w) = (numbers.vector(2 * 12), numbers.vector(6 * TAPS));
    let dy = numbers.vector(3 * 12);
    let loss = |x: &[f32], w: &[f32]| -> f64 { twin::forward(sizes, x, w).iter().zip(&dy).map(|(y, dy)| y * *dy as f64).sum() };
    // The loss is linear in x and in w, so that a step of one is exact but for rounding.
    let moved = |values: &[f32], i: usize| values.iter().enumerate().map(|(j, v)| v + (i == j) as u8 as f32).collect::<Vec<f32>>();
    for (i, dx) in twin::input_gradient(sizes, &dy, &w).iter().enumerate() {
        assert!((loss(&moved(&x, i), &w) - loss(&x, &w) - dx).abs() < 1e-5);
    }
    for (i, dw) in twin::weight_gradient(sizes, &x, &dy).iter().enumerate() {
        assert!((loss(&x, &moved(&w, i)) - loss(&x, &w) - dw).abs() < 1e-5);
    }
}
