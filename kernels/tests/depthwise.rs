//! Depthwise kernels against their twin: every window, forward and backward, wide and narrow.

mod common;

use common::{added, assert_close, assert_same_bits, Guarded, Numbers, Planes, BLOCK};
use rootstock_kernels::layers::depthwise::{self, Plane, Window, OVERRUN, PADDING};
use rootstock_kernels::layers::window_gradient;
use rootstock_kernels::reference::{depthwise as twin, layout};

/// Channels, height, width: odd sizes, single columns and rows, tiles of eight and their neighbours.
const SHAPES: [(usize, usize, usize); 12] = [
    (8, 1, 1),
    (3, 5, 1),
    (8, 1, 7),
    (13, 7, 7),
    (8, 8, 8),
    (5, 2, 8),
    (16, 3, 13),
    (8, 13, 9),
    (8, 4, 17),
    (11, 6, 28),
    (8, 28, 28),
    (8, 9, 33),
];

/// Every window there is.
fn windows() -> impl Iterator<Item = Window> {
    (0..8).map(|i| Window { kernel: 3 + 2 * (i & 1), dilation: 1 + (i >> 1 & 1), stride: 1 + (i >> 2) })
}

/// Windows × shapes, each shape with its own numbers.
fn each_case(mut test: impl FnMut(Window, (usize, usize, usize), &mut Numbers, &str)) {
    for window in windows() {
        for (i, shape) in SHAPES.into_iter().enumerate() {
            test(window, shape, &mut Numbers::new(i), &format!("{window:?} on {shape:?}"));
        }
    }
}

/// Image `[C][rows][columns]` out of rows `pitch` elements apart, blocks `block` elements apart.
fn image(memory: &Guarded, channels: usize, (rows, columns): (usize, usize), pitch: usize, block: usize) -> Vec<f32> {
    let mut packed = Vec::new();
    for b in 0..layout::blocks(channels) {
        for row in 0..rows {
            packed.extend_from_slice(memory.read(b * block + row * pitch, columns * BLOCK));
        }
    }
    layout::from_blocks(&packed, channels, rows * columns)
}

#[test]
fn sides_and_padding_are_those_of_same_convolutions() {
    for (kernel, dilation, padding) in [(3, 1, 1), (3, 2, 2), (5, 1, 2), (5, 2, 4)] {
        for stride in [1, 2] {
            let window = Window { kernel, dilation, stride };
            assert_eq!(window.padding(), padding);
            for side in 1..30 {
                // PyTorch: floor((side + 2p - D(K-1) - 1) / S) + 1.
                assert_eq!(window.output(side), (side + 2 * padding - dilation * (kernel - 1) - 1) / stride + 1);
            }
        }
    }
}

#[test]
fn forward_equals_its_twin() {
    each_case(|window, (channels, height, width), numbers, what| {
        let size = (window.output(height), window.output(width));
        let x = numbers.vector(channels * height * width);
        let k = numbers.vector(channels * window.kernel * window.kernel);
        let expected = twin::forward(window, &x, &k, channels, height, width);
        let packed = layout::to_blocks(&k, channels, window.kernel * window.kernel);
        // Planes with exactly the window's padding, and those that every window shares; outputs dense and with room between rows.
        for (padding, pitch) in [(window.padding(), size.1), (PADDING, size.1), (PADDING, size.1 + OVERRUN + 3)] {
            let planes = Planes::new(&x, channels, (height, width), padding, width, 0.0, OVERRUN);
            let (pitch, block) = (pitch * BLOCK, size.0 * pitch * BLOCK + (OVERRUN + 3) * BLOCK);
            let run = |wide: bool| {
                let mut y = Guarded::new(layout::blocks(channels) * block);
                for b in 0..layout::blocks(channels) {
                    for row in 0..size.0 {
                        y.allow(b * block + row * pitch, (size.1 + OVERRUN) * BLOCK);
                    }
                    let from = planes.pixel(b, window.padding(), window.padding());
                    let plane = Plane { input_pitch: planes.pitch, output_pitch: pitch, rows: size.0, columns: size.1 };
                    let weights = packed[b * window.kernel * window.kernel * BLOCK..].as_ptr();
                    // Safety: planes and y have room behind every block.
                    unsafe { depthwise::forward(wide, window, from, weights, y.pointer(b * block), plane) };
                    y.check(what);
                }
                image(&y, channels, size, pitch, block)
            };
            let (narrow, wide) = (run(false), run(true));
            assert_close(&narrow, &expected, what);
            assert_same_bits(&wide, &narrow, what);
        }
    });
}

/// Whole planes and bands of rows, as the executor calls it: the sums of the bands are another order, hence other bits.
#[test]
fn weight_gradient_equals_its_twin() {
    each_case(|window, (channels, height, width), numbers, what| {
        let (taps, size) = (window.kernel * window.kernel, (window.output(height), window.output(width)));
        let x = numbers.vector(channels * height * width);
        let dy = numbers.vector(channels * size.0 * size.1);
        let old = numbers.vector(channels * taps);
        let expected = added(&old, &twin::weight_gradient(window, &x, &dy, channels, height, width));
        for (padding, band) in [(window.padding(), size.0), (PADDING, size.0), (PADDING, 3)] {
            let planes = Planes::new(&x, channels, (height, width), padding, width, 0.0, OVERRUN);
            let upstream = Planes::new(&dy, channels, size, PADDING, size.1.next_multiple_of(8), 0.0, OVERRUN);
            let run = |wide: bool| {
                let mut dk = Guarded::holding(&layout::to_blocks(&old, channels, taps));
                for b in 0..layout::blocks(channels) {
                    for first in (0..size.0).step_by(band) {
                        let rows = band.min(size.0 - first);
                        let plane = Plane { input_pitch: planes.pitch, output_pitch: upstream.pitch, rows, columns: size.1 };
                        let to = dk.pointer(b * taps * BLOCK);
                        // Safety: all planes have room behind every block.
                        unsafe {
                            let from = planes.pixel(b, window.padding(), window.padding()).add(first * window.stride * planes.pitch);
                            let dy = upstream.pixel(b, 0, 0).add(first * upstream.pitch);
                            window_gradient::weight_gradient(wide, window, from, dy, to, plane);
                        }
                    }
                }
                dk.check(what);
                layout::from_blocks(dk.read(0, layout::blocks(channels) * taps * BLOCK), channels, taps)
            };
            let (narrow, wide) = (run(false), run(true));
            assert_close(&narrow, &expected, what);
            assert_same_bits(&wide, &narrow, what);
        }
    });
}

#[test]
fn input_gradient_equals_its_twin() {
    each_case(|window, (channels, height, width), numbers, what| {
        let (taps, size) = (window.kernel * window.kernel, (window.output(height), window.output(width)));
        let dy = numbers.vector(channels * size.0 * size.1);
        let k = numbers.vector(channels * taps);
        let old = numbers.vector(channels * height * width);
        let gradient = twin::input_gradient(window, &dy, &k, channels, height, width);
        let weights = layout::to_blocks(&k, channels, taps);
        let mut packed = Guarded::new(weights.len());
        packed.allow(0, weights.len());
        for b in 0..layout::blocks(channels) {
            let at = b * taps * BLOCK;
            // Safety: both hold whole windows.
            unsafe { depthwise::pack_backward(window, weights[at..].as_ptr(), packed.pointer(at)) };
        }
        packed.check(what);
        let packed = packed.read(0, weights.len()).to_vec();
        let pitch = width.next_multiple_of(16) * BLOCK;
        let block = height * pitch + (OVERRUN + 3) * BLOCK;
        // The smallest pitch of dy and the executor's.
        for columns in [size.1, size.1.next_multiple_of(8)] {
            let upstream = Planes::new(&dy, channels, size, PADDING, columns, 0.0, OVERRUN);
            let run = |wide: bool, accumulate: bool| {
                let mut dx = Guarded::new(layout::blocks(channels) * block);
                let before = layout::to_blocks(&old, channels, height * width);
                for b in 0..layout::blocks(channels) {
                    dx.allow(b * block, height * pitch + OVERRUN * BLOCK);
                    for row in 0..height {
                        let from = (b * height + row) * width * BLOCK;
                        dx.write(b * block + row * pitch, &before[from..][..width * BLOCK]);
                    }
                    let (from, k) = (upstream.pixel(b, 0, 0), packed[b * taps * BLOCK..].as_ptr());
                    // Safety: upstream and dx have room behind every block.
                    unsafe {
                        let plane = Plane { input_pitch: upstream.pitch, output_pitch: pitch, rows: height, columns: width };
                        depthwise::input_gradient(wide, window, from, k, dx.pointer(b * block), plane, accumulate)
                    };
                    dx.check(what);
                }
                image(&dx, channels, (height, width), pitch, block)
            };
            for (accumulate, start) in [(true, &old), (false, &vec![0.0; old.len()])] {
                let what = &format!("{what}, accumulate {accumulate}");
                let (narrow, wide) = (run(false, accumulate), run(true, accumulate));
                assert_close(&narrow, &added(start, &gradient), what);
                assert_same_bits(&wide, &narrow, what);
            }
        }
    });
}

/// Parity classes and flips move taps, but lose and repeat none.
#[test]
fn packed_windows_hold_every_tap_once() {
    for window in windows() {
        let what = format!("{window:?}");
        let taps = window.kernel * window.kernel;
        let k: Vec<f32> = (0..taps * BLOCK).map(|i| i as f32).collect();
        let mut packed = Guarded::new(k.len());
        packed.allow(0, k.len());
        // Safety: both hold one window.
        unsafe { depthwise::pack_backward(window, k.as_ptr(), packed.pointer(0)) };
        packed.check(&what);
        let mut found: Vec<&[f32]> = packed.read(0, k.len()).chunks(BLOCK).collect();
        found.sort_by(|a, b| a[0].total_cmp(&b[0]));
        assert_same_bits(&found.concat(), &k, &what);
    }
}
