//! Gathering of pixels and its adjoint against their twin: patches of full convolutions, every second pixel.

mod common;

use common::{added, assert_close, Guarded, Numbers, BLOCK, SENTINEL};
use rootstock_kernels::layers::blocks::{Blocks, BlocksMut};
use rootstock_kernels::layers::elementwise::View;
use rootstock_kernels::layers::sampling::{self, Patch};
use rootstock_kernels::reference::layout::{blocks, from_blocks, to_blocks};
use rootstock_kernels::reference::{elementwise, sampling as twin};

/// Height, width.
const SHAPES: [(usize, usize); 8] = [(1, 1), (4, 1), (1, 7), (5, 5), (8, 8), (3, 13), (7, 8), (9, 28)];

/// An image, its coefficients (those of padding channels are zero) and the kinds of view of it.
struct Image {
    channels: usize,
    height: usize,
    width: usize,
    x: Vec<f32>,
    packed: Vec<f32>,
    scale: Vec<f32>,
    shift: Vec<f32>,
}

impl Image {
    fn new(channels: usize, (height, width): (usize, usize), numbers: &mut Numbers) -> Image {
        let x = numbers.vector(channels * height * width);
        let packed = to_blocks(&x, channels, height * width);
        let (scale, shift) = (to_blocks(&numbers.vector(channels), channels, 1), to_blocks(&numbers.vector(channels), channels, 1));
        Image { channels, height, width, x, packed, scale, shift }
    }

    /// As the kernels take it.
    fn all(&self) -> sampling::Image {
        sampling::Image { start: self.packed.as_ptr(), height: self.height, width: self.width }
    }

    fn view(&self, normalised: bool, relu: bool) -> View {
        let pointer = |coefficients: &[f32]| if normalised { coefficients.as_ptr() } else { std::ptr::null() };
        View { scale: pointer(&self.scale), shift: pointer(&self.shift), relu }
    }

    /// What the view shows: `[C][H][W]`.
    fn seen(&self, normalised: bool, relu: bool) -> Vec<f64> {
        elementwise::view(&self.x, self.height * self.width, normalised.then_some((&self.scale, &self.shift)), relu)
    }

    /// `old` and what comes back through the view's ReLU: `[C][H][W]`.
    fn passed_back(&self, old: &[f32], dx: &[f64], normalised: bool, relu: bool) -> Vec<f64> {
        let seen = self.seen(normalised, relu);
        let passed: Vec<f64> = dx.iter().zip(seen).map(|(&dx, seen)| if relu && seen <= 0.0 { 0.0 } else { dx }).collect();
        added(old, &passed)
    }
}

const VIEWS: [(bool, bool); 4] = [(false, false), (false, true), (true, false), (true, true)];

/// `dense`: whether patches of up to four channels are those of an image.
fn each_patch(channels: &[usize], dense: bool, mut test: impl FnMut(Patch, &Image, &mut Numbers, &str)) {
    for &channels in channels {
        for (kernel, padding) in [(1, 0), (2, 1), (3, 0), (3, 1), (3, 2), (5, 2)] {
            for stride in [1, 2] {
                let patch = Patch { kernel, stride, padding, channels, dense: dense && channels <= 4 };
                for (height, width) in SHAPES {
                    if height.min(width) + 2 * padding >= kernel {
                        let mut numbers = Numbers::new(height * width);
                        let image = Image::new(channels, (height, width), &mut numbers);
                        test(patch, &image, &mut numbers, &format!("{patch:?} on {height}×{width}"));
                    }
                }
            }
        }
    }
}

/// Output pixels in chunks, as the executor takes them: all at once, and five by five.
fn chunks(pixels: usize) -> impl Iterator<Item = (usize, usize)> {
    let small = (0..pixels).step_by(5).map(move |first| (first, 5.min(pixels - first)));
    [(0, pixels)].into_iter().chain(small)
}

#[test]
fn sides_and_rows_are_those_of_unfold() {
    let patch = |channels, kernel, stride, padding| Patch { kernel, stride, padding, channels, dense: false };
    assert_eq!((patch(3, 3, 1, 1).output(7), patch(3, 3, 2, 1).output(7), patch(3, 3, 2, 1).output(8)), (7, 4, 4));
    assert_eq!((patch(3, 3, 1, 0).output(3), patch(3, 3, 1, 0).output(2)), (1, 0));
    for channels in 1..20 {
        for kernel in [1, 2, 3, 5] {
            for dense in [false, true] {
                let patch = Patch { dense, ..patch(channels, kernel, 1, 0) };
                let mut rows: Vec<usize> = (0..kernel * kernel).flat_map(|t| (0..channels).map(move |c| patch.row(t, c))).collect();
                assert!(rows.iter().all(|&row| row < patch.row_blocks() * BLOCK), "{patch:?}");
                rows.sort();
                rows.dedup();
                assert_eq!(rows.len(), kernel * kernel * channels, "{patch:?}: rows are shared");
            }
        }
    }
}

#[test]
fn gathered_patches_equal_their_twin() {
    for dense in [false, true] {
        gathered_equal_their_twin(dense);
    }
}

fn gathered_equal_their_twin(dense: bool) {
    each_patch(&[1, 3, 4, 5, 8, 13], dense, |patch, image, _, what| {
        let pixels = patch.output(image.height) * patch.output(image.width);
        for (normalised, relu) in VIEWS {
            let view = image.view(normalised, relu);
            let expected = twin::gather_patches(patch, &image.seen(normalised, relu), image.height, image.width);
            let mut outer = vec![0.0; expected.len()];
            for (first, count) in chunks(pixels) {
                let to_block = (count + 2) * BLOCK;
                let mut to = Guarded::new(patch.row_blocks() * to_block);
                for b in 0..patch.row_blocks() {
                    to.allow(b * to_block, count * BLOCK);
                }
                let rows = BlocksMut { start: to.pointer(0), stride: to_block };
                // Safety: x and to span their blocks.
                unsafe { sampling::gather_patches(patch, &view, image.all(), first..first + count, rows) };
                to.check(what);
                let mut found = vec![vec![None; count]; patch.row_blocks() * BLOCK];
                for c in 0..patch.channels {
                    for t in 0..patch.kernel * patch.kernel {
                        for p in 0..count {
                            let row = patch.row(t, c);
                            let value = to.read((row / BLOCK) * to_block + p * BLOCK + row % BLOCK, 1)[0];
                            found[row][p] = Some(value);
                            outer[(c * patch.kernel * patch.kernel + t) * pixels + first + p] = value;
                        }
                    }
                }
                // Rows that belong to no channel meet weights of zero, so they must be numbers; they are zeros.
                for (row, pixels) in found.iter().enumerate() {
                    for p in (0..count).filter(|&p| pixels[p].is_none()) {
                        assert_eq!(to.read((row / BLOCK) * to_block + p * BLOCK + row % BLOCK, 1)[0], 0.0, "{what}: row {row}");
                    }
                }
                if first + count == pixels {
                    assert_close(&outer, &expected, what);
                    outer.fill(SENTINEL);
                }
            }
        }
    });
}

#[test]
fn scattered_patches_equal_their_twin() {
    each_patch(&[1, 3, 5, 8, 13], false, |patch, image, numbers, what| {
        let (pixels, taps) = (patch.output(image.height) * patch.output(image.width), patch.kernel * patch.kernel);
        let columns = numbers.vector(patch.channels * taps * pixels);
        let old = numbers.vector(image.x.len());
        let dx = twin::scatter_patches(patch, &columns, image.height, image.width);
        for (normalised, relu) in VIEWS {
            let view = image.view(normalised, relu);
            let expected = image.passed_back(&old, &dx, normalised, relu);
            let mut g = Guarded::new(0);
            for (first, count) in chunks(pixels) {
                if first == 0 {
                    g = Guarded::holding(&to_blocks(&old, patch.channels, image.height * image.width));
                }
                let from_block = (count + 1) * BLOCK;
                let mut from = vec![SENTINEL; patch.row_blocks() * from_block];
                for c in 0..patch.channels {
                    for t in 0..taps {
                        for p in 0..count {
                            let row = patch.row(t, c);
                            from[(row / BLOCK) * from_block + p * BLOCK + row % BLOCK] = columns[(c * taps + t) * pixels + first + p];
                        }
                    }
                }
                let rows = Blocks { start: from.as_ptr(), stride: from_block };
                // Safety: x, from and g span their blocks.
                unsafe { sampling::scatter_patches(patch, &view, image.all(), first..first + count, rows, g.pointer(0)) };
                g.check(what);
                if first + count == pixels {
                    let found = from_blocks(g.read(0, image.packed.len()), patch.channels, image.height * image.width);
                    assert_close(&found, &expected, what);
                }
            }
        }
    });
}

fn each_strided(mut test: impl FnMut(&Image, usize, (bool, bool), &mut Numbers, &str)) {
    for channels in [3, 8, 20] {
        for shape in SHAPES {
            for offset in [0, 1] {
                for view in VIEWS {
                    let mut numbers = Numbers::new(channels);
                    let image = Image::new(channels, shape, &mut numbers);
                    test(&image, offset, view, &mut numbers, &format!("{channels} channels of {shape:?} from {offset}, view {view:?}"));
                }
            }
        }
    }
}

#[test]
fn gathered_second_pixels_equal_their_twin() {
    each_strided(|image, offset, (normalised, relu), _, what| {
        let (view, pixels) = (image.view(normalised, relu), image.height.div_ceil(2) * image.width.div_ceil(2));
        let mut found = Vec::new();
        for b in 0..blocks(image.channels) {
            let mut to = Guarded::new(pixels * BLOCK);
            to.allow(0, pixels * BLOCK);
            // Safety: both span the block.
            unsafe { sampling::gather_strided(&view, b, image.all().block(b), offset, 0..image.height.div_ceil(2), to.pointer(0)) };
            to.check(what);
            found.extend_from_slice(to.read(0, pixels * BLOCK));
        }
        let expected = twin::gather_strided(&image.seen(normalised, relu), image.channels, image.height, image.width, offset);
        assert_close(&from_blocks(&found, image.channels, pixels), &expected, what);
    });
}

#[test]
fn scattered_second_pixels_equal_their_twin() {
    each_strided(|image, offset, (normalised, relu), numbers, what| {
        let (view, pixels) = (image.view(normalised, relu), image.height.div_ceil(2) * image.width.div_ceil(2));
        let (dy, old) = (numbers.vector(image.channels * pixels), numbers.vector(image.x.len()));
        let (upstream, plane) = (to_blocks(&dy, image.channels, pixels), image.height * image.width * BLOCK);
        let mut g = Guarded::holding(&to_blocks(&old, image.channels, image.height * image.width));
        for b in 0..blocks(image.channels) {
            let (dy, to) = (upstream[b * pixels * BLOCK..].as_ptr(), g.pointer(b * plane));
            // Safety: all span the block.
            unsafe { sampling::scatter_strided(&view, b, image.all().block(b), offset, dy, to) };
        }
        g.check(what);
        let dx = twin::scatter_strided(&dy, image.channels, image.height, image.width, offset);
        let found = from_blocks(g.read(0, image.packed.len()), image.channels, image.height * image.width);
        assert_close(&found, &image.passed_back(&old, &dx, normalised, relu), what);
    });
}
