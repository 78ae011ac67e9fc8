//! Pooling kernels against their twin: maximum and mean, forward and backward, ties.

mod common;

use common::{assert_close, assert_same_bits, Guarded, Numbers, Planes, BLOCK};
use rootstock_kernels::layers::pool::{self, Pool};
use rootstock_kernels::reference::{layout, pool as twin};

/// Channels, height, width.
const SHAPES: [(usize, usize, usize); 9] =
    [(8, 1, 1), (3, 6, 1), (8, 1, 9), (13, 7, 7), (8, 8, 8), (5, 3, 13), (16, 13, 8), (8, 28, 28), (1, 5, 17)];

fn each_case(mut test: impl FnMut(Pool, (usize, usize, usize), &mut Numbers, &str)) {
    for (kernel, padding) in [(1, 0), (2, 0), (2, 1), (3, 0), (3, 1), (5, 2)] {
        for stride in [1, 2, 3] {
            for max in [false, true] {
                let pool = Pool { max, kernel, stride, padding };
                for (i, shape) in SHAPES.into_iter().enumerate() {
                    if shape.1.min(shape.2) + 2 * padding >= kernel {
                        test(pool, shape, &mut Numbers::new(i), &format!("{pool:?} on {shape:?}"));
                    }
                }
            }
        }
    }
}

/// Planes as the kernel wants them, and its forward output of each block.
fn forward(pool: Pool, x: &[f32], (channels, height, width): (usize, usize, usize), what: &str) -> (Planes, Vec<f32>) {
    let planes = Planes::new(x, channels, (height, width), pool.padding, width, pool.border(), 0);
    let block = pool.output(height) * pool.output(width) * BLOCK;
    let mut packed = Vec::new();
    for b in 0..layout::blocks(channels) {
        let mut y = Guarded::new(block);
        y.allow(0, block);
        // Safety: the plane is padded as the pool says.
        unsafe { pool::forward(pool, planes.pixel(b, 0, 0), (height, width), 0..pool.output(height), y.pointer(0)) };
        y.check(what);
        packed.extend_from_slice(y.read(0, block));
    }
    (planes, packed)
}

/// Backward kernel; the border of its plane is whatever it is.
fn backward(pool: Pool, x: &[f32], dy: &[f32], shape: (usize, usize, usize), what: &str) -> Vec<f32> {
    let (channels, height, width) = shape;
    let (planes, y) = forward(pool, x, shape, what);
    let outputs = pool.output(height) * pool.output(width);
    let upstream = layout::to_blocks(dy, channels, outputs);
    let (pitch, padding) = (planes.pitch, pool.padding);
    let mut packed = Vec::new();
    for b in 0..layout::blocks(channels) {
        let (y, dy) = (y[b * outputs * BLOCK..].as_ptr(), upstream[b * outputs * BLOCK..].as_ptr());
        let mut dx = Guarded::new((height + 2 * padding) * pitch);
        dx.allow(0, (height + 2 * padding) * pitch);
        // Safety: both planes are padded as the pool says.
        unsafe { pool::backward(pool, planes.pixel(b, 0, 0), y, dy, height, width, dx.pointer(0)) };
        dx.check(what);
        for row in 0..height {
            packed.extend_from_slice(dx.read((row + padding) * pitch + padding * BLOCK, width * BLOCK));
        }
    }
    layout::from_blocks(&packed, channels, height * width)
}

#[test]
fn sides_are_those_of_pytorch() {
    let pool = |kernel, stride, padding| Pool { max: true, kernel, stride, padding };
    assert_eq!((pool(3, 1, 1).output(7), pool(3, 2, 1).output(7), pool(3, 2, 1).output(8)), (7, 4, 4));
    assert_eq!((pool(2, 2, 0).output(7), pool(3, 1, 0).output(3), pool(3, 1, 0).output(2)), (3, 1, 0));
    assert_eq!(pool(3, 1, 1).border(), f32::NEG_INFINITY);
    assert_eq!(Pool { max: false, ..pool(3, 1, 1) }.border(), 0.0);
}

#[test]
fn forward_equals_its_twin() {
    each_case(|pool, shape, numbers, what| {
        let (channels, height, width) = shape;
        let x = numbers.vector(channels * height * width);
        let (_, y) = forward(pool, &x, shape, what);
        let found = layout::from_blocks(&y, channels, pool.output(height) * pool.output(width));
        let expected = twin::forward(pool, &x, channels, height, width);
        assert_close(&found, &expected, what);
        if pool.max {
            // A maximum is not computed, only chosen.
            assert_same_bits(&found, &expected.iter().map(|&value| value as f32).collect::<Vec<f32>>(), what);
        }
    });
}

#[test]
fn backward_equals_its_twin() {
    each_case(|pool, shape, numbers, what| {
        let (channels, height, width) = shape;
        let x = numbers.vector(channels * height * width);
        let dy = numbers.vector(channels * pool.output(height) * pool.output(width));
        assert_close(&backward(pool, &x, &dy, shape, what), &twin::backward(pool, &x, &dy, channels, height, width), what);
    });
}

/// Few distinct values: most windows hold their maximum several times.
#[test]
fn backward_gives_ties_to_the_first_tap() {
    each_case(|pool, shape, numbers, what| {
        let (channels, height, width) = shape;
        let x = numbers.coarse(channels * height * width);
        let dy = numbers.vector(channels * pool.output(height) * pool.output(width));
        assert_close(&backward(pool, &x, &dy, shape, what), &twin::backward(pool, &x, &dy, channels, height, width), what);
    });
}

/// What a ReLU leaves: windows of nothing but zeros, of either sign.
#[test]
fn backward_gives_windows_of_zeros_to_the_first_tap() {
    let (pool, shape) = (Pool { max: true, kernel: 3, stride: 1, padding: 1 }, (8, 4, 4));
    let x: Vec<f32> = (0..128).map(|i| if i % 3 == 0 { -0.0 } else { 0.0 }).collect();
    let dy = Numbers::new(3).vector(128);
    let dx = backward(pool, &x, &dy, shape, "zeros");
    assert_close(&dx, &twin::backward(pool, &x, &dy, 8, 4, 4), "zeros");
    // The corner is the first tap of the windows around (0, 0), (0, 1), (1, 0) and (1, 1).
    let corner = dy[0] as f64 + dy[1] as f64 + dy[4] as f64 + dy[5] as f64;
    assert!((dx[0] as f64 - corner).abs() < 1e-6, "the corner has {}, expected {corner}", dx[0]);
    assert_eq!(dx[3 * 4 + 3], 0.0);
}
