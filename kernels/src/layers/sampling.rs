//! Gathering of input pixels into rows for a matrix product, and its adjoint: full convolutions and factorised reduction.

use super::blocks::{Blocks, BlocksMut, BLOCK};
use super::elementwise::View;
use crate::vector::{Lanes, F4, F8};
use core::ops::Range;

/// An image, or one block of it: `[·][height][width][8]`.
#[derive(Clone, Copy)]
pub struct Image {
    /// First element.
    pub start: *const f32,
    /// Rows.
    pub height: usize,
    /// Columns.
    pub width: usize,
}

impl Image {
    /// Block `b` alone.
    /// Safety: there is such a block.
    pub unsafe fn block(self, b: usize) -> Image {
        Image { start: self.start.add(b * self.height * self.width * BLOCK), ..self }
    }
}

/// A full convolution's window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patch {
    /// Window side.
    pub kernel: usize,
    /// Distance between windows.
    pub stride: usize,
    /// Zero border on each side.
    pub padding: usize,
    /// Input channels.
    pub channels: usize,
    /// Whether the rows of a patch lie densely, channel beside channel, instead of in whole blocks: of images, whose few channels
    /// (up to four) would fill half of a block or less.
    pub dense: bool,
}

impl Patch {
    /// Output side for an input side; 0 if the window does not fit.
    pub fn output(self, side: usize) -> usize {
        (side + 2 * self.padding).checked_sub(self.kernel).map_or(0, |room| room / self.stride + 1)
    }

    /// Row of the packed weights for channel `c` under tap `t`.
    pub fn row(self, t: usize, c: usize) -> usize {
        if self.dense {
            t * self.channels + c
        } else {
            t * self.channels.div_ceil(BLOCK) * BLOCK + c
        }
    }

    /// Blocks of packed weight rows.
    pub fn row_blocks(self) -> usize {
        (self.row(self.kernel * self.kernel - 1, self.channels - 1) + 1).div_ceil(BLOCK)
    }
}

/// What a view shows of the lanes at `x`: `relu(scale·x + shift)`, as far as it has either.
/// Safety: `x` is readable.
#[inline(always)]
unsafe fn look<L: Lanes>(view: &View, (scale, shift): (L, L), x: *const f32) -> L {
    let mut value = L::load(x);
    if !view.scale.is_null() {
        value = value.mul_add(scale, shift);
    }
    if view.relu {
        value = value.max(L::zero());
    }
    value
}

/// Gathers the patches of some output pixels: `to`: `[row_blocks][stride]`, overwritten.
/// Safety: `image` and `to` span what the sizes say.
pub unsafe fn gather_patches(patch: Patch, view: &View, image: Image, pixels: Range<usize>, to: BlocksMut) {
    if patch.dense {
        return gather_dense(patch, view, image, pixels, to);
    }
    let Image { start: x, height, width } = image;
    let columns = patch.output(width);
    let blocks = patch.channels.div_ceil(BLOCK);
    for p in 0..pixels.len() {
        let (oy, ox) = ((pixels.start + p) / columns, (pixels.start + p) % columns);
        for t in 0..patch.kernel * patch.kernel {
            let y = (oy * patch.stride + t / patch.kernel).wrapping_sub(patch.padding);
            let x_at = (ox * patch.stride + t % patch.kernel).wrapping_sub(patch.padding);
            let inside = y < height && x_at < width;
            let pixel = if inside { (y * width + x_at) * BLOCK } else { 0 };
            for b in 0..blocks {
                let mut value = F8::zero();
                if inside {
                    value = look(view, view.coefficients(b), x.add(b * height * width * BLOCK + pixel));
                }
                value.store(to.at(t * blocks + b).add(p * BLOCK));
            }
        }
    }
}

/// [`gather_patches`] of up to four channels whose rows lie densely: a patch is put together in a buffer, each tap's four
/// lanes over the padding of the one before, and leaves it by blocks of rows.
unsafe fn gather_dense(patch: Patch, view: &View, image: Image, pixels: Range<usize>, to: BlocksMut) {
    let Image { start: x, height, width } = image;
    let columns = patch.output(width);
    let mut coefficients = (F4::splat(1.0), F4::zero());
    if !view.scale.is_null() {
        coefficients = (F4::load(view.scale), F4::load(view.shift));
    }
    let blocks = patch.row_blocks();
    let (mut oy, mut ox) = (pixels.start / columns, pixels.start % columns);
    // The last tap's four lanes may reach past the last block.
    let mut rows = vec![0f32; blocks * BLOCK + 4];
    for p in 0..pixels.len() {
        let mut row = rows.as_mut_ptr();
        for r in 0..patch.kernel {
            let y = (oy * patch.stride + r).wrapping_sub(patch.padding);
            for s in 0..patch.kernel {
                let x_at = (ox * patch.stride + s).wrapping_sub(patch.padding);
                let mut value = F4::zero();
                if y < height && x_at < width {
                    value = look(view, coefficients, x.add((y * width + x_at) * BLOCK));
                }
                value.store(row);
                row = row.add(patch.channels);
            }
        }
        for b in 0..blocks {
            F8::load(rows.as_ptr().add(b * BLOCK)).store(to.at(b).add(p * BLOCK));
        }
        ox += 1;
        if ox == columns {
            (oy, ox) = (oy + 1, 0);
        }
    }
}

/// Adjoint of [`gather_patches`] before the view: adds to `g` (blocks of H·W·8), with ReLU where the view is positive.
/// Not of dense patches: the gradient of an image is never asked for.
/// Safety: as [`gather_patches`].
pub unsafe fn scatter_patches(patch: Patch, view: &View, image: Image, pixels: Range<usize>, from: Blocks, g: *mut f32) {
    let Image { start: x, height, width } = image;
    let columns = patch.output(width);
    let blocks = patch.channels.div_ceil(BLOCK);
    for p in 0..pixels.len() {
        let (oy, ox) = ((pixels.start + p) / columns, (pixels.start + p) % columns);
        for t in 0..patch.kernel * patch.kernel {
            let y = (oy * patch.stride + t / patch.kernel).wrapping_sub(patch.padding);
            let x_at = (ox * patch.stride + t % patch.kernel).wrapping_sub(patch.padding);
            if y >= height || x_at >= width {
                continue;
            }
            for b in 0..blocks {
                let at = (b * height * width + y * width + x_at) * BLOCK;
                let mut value = F8::load(from.at(t * blocks + b).add(p * BLOCK));
                if view.relu {
                    let (scale, shift) = view.coefficients(b);
                    value = value.where_positive(F8::load(x.add(at)).mul_add(scale, shift));
                }
                F8::load(g.add(at)).add(value).store(g.add(at));
            }
        }
    }
}

/// Gathers every second pixel of one block from (`offset`, `offset`) on, zero past the image (odd sizes), of some output rows: `to`:
/// `[rows·Wo][8]`. `b`: the block's number in the view.
/// Safety: `block` spans H·W·8, `to` rows·ceil(W/2)·8 elements; rows lie below ceil(H/2).
pub unsafe fn gather_strided(view: &View, b: usize, block: Image, offset: usize, rows: Range<usize>, to: *mut f32) {
    let Image { start: x, height, width } = block;
    let coefficients = view.coefficients(b);
    let columns = width.div_ceil(2);
    for (row, oy) in rows.enumerate() {
        for ox in 0..columns {
            let (y, x_at) = (2 * oy + offset, 2 * ox + offset);
            let mut value = F8::zero();
            if y < height && x_at < width {
                value = look(view, coefficients, x.add((y * width + x_at) * BLOCK));
            }
            value.store(to.add((row * columns + ox) * BLOCK));
        }
    }
}

/// Adjoint of [`gather_strided`]: adds to `g` (H·W·8), with ReLU where the view is positive.
/// Safety: as [`gather_strided`].
pub unsafe fn scatter_strided(view: &View, b: usize, block: Image, offset: usize, from: *const f32, g: *mut f32) {
    let Image { start: x, height, width } = block;
    let (scale, shift) = view.coefficients(b);
    let columns = width.div_ceil(2);
    for oy in 0..height.div_ceil(2) {
        for ox in 0..columns {
            let (y, x_at) = (2 * oy + offset, 2 * ox + offset);
            if y >= height || x_at >= width {
                continue;
            }
            let at = (y * width + x_at) * BLOCK;
            let mut value = F8::load(from.add((oy * columns + ox) * BLOCK));
            if view.relu {
                value = value.where_positive(F8::load(x.add(at)).mul_add(scale, shift));
            }
            F8::load(g.add(at)).add(value).store(g.add(at));
        }
    }
}
