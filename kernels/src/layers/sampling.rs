//! Gathering of input pixels into rows for a matrix product, and its adjoint: full convolutions and factorised reduction.

use super::elementwise::View;
use crate::vector::{Lanes, F8};

const BLOCK: usize = 8;

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
}

impl Patch {
    /// Output side for an input side; 0 if the window does not fit.
    pub fn output(self, side: usize) -> usize {
        (side + 2 * self.padding).checked_sub(self.kernel).map_or(0, |room| room / self.stride + 1)
    }

    /// Row of the packed weights for channel `c` under tap `t`. Up to four channels (images) lie densely, more in whole blocks.
    pub fn row(self, t: usize, c: usize) -> usize {
        if self.channels <= 4 {
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

/// Gathers the patches of `count` output pixels from `first` on: `to`: `[row_blocks][to_block]`, overwritten.
/// Safety: `x` (blocks of H·W·8) and `to` span what the sizes say.
pub unsafe fn gather_patches(
    patch: Patch,
    view: &View,
    x: *const f32,
    height: usize,
    width: usize,
    first: usize,
    count: usize,
    to: *mut f32,
    to_block: usize,
) {
    let columns = patch.output(width);
    let blocks = patch.channels.div_ceil(BLOCK);
    let dense = patch.channels <= 4;
    if dense {
        super::elementwise::fill(to.add((patch.row_blocks() - 1) * to_block), count * BLOCK, 0.0);
    }
    for p in 0..count {
        let (oy, ox) = ((first + p) / columns, (first + p) % columns);
        for t in 0..patch.kernel * patch.kernel {
            let y = (oy * patch.stride + t / patch.kernel).wrapping_sub(patch.padding);
            let x_at = (ox * patch.stride + t % patch.kernel).wrapping_sub(patch.padding);
            let inside = y < height && x_at < width;
            let pixel = if inside { (y * width + x_at) * BLOCK } else { 0 };
            for b in 0..blocks {
                let mut value = F8::zero();
                if inside {
                    let (scale, shift) = view.coefficients(b);
                    value = F8::load(x.add(b * height * width * BLOCK + pixel));
                    if !view.scale.is_null() {
                        value = value.mul_add(scale, shift);
                    }
                    if view.relu {
                        value = value.max(F8::zero());
                    }
                }
                if dense {
                    let mut lanes = [0f32; BLOCK];
                    value.store(lanes.as_mut_ptr());
                    for c in 0..patch.channels {
                        let row = patch.row(t, c);
                        *to.add((row / BLOCK) * to_block + p * BLOCK + row % BLOCK) = lanes[c];
                    }
                } else {
                    value.store(to.add((t * blocks + b) * to_block + p * BLOCK));
                }
            }
        }
    }
}

/// Adjoint of [`gather_patches`] before the view: adds to `g` (blocks of H·W·8), with ReLU where the view is positive.
/// For more than four channels only: the gradient of an image is never asked for.
/// Safety: as [`gather_patches`].
pub unsafe fn scatter_patches(
    patch: Patch,
    view: &View,
    x: *const f32,
    height: usize,
    width: usize,
    first: usize,
    count: usize,
    from: *const f32,
    from_block: usize,
    g: *mut f32,
) {
    let columns = patch.output(width);
    let blocks = patch.channels.div_ceil(BLOCK);
    for p in 0..count {
        let (oy, ox) = ((first + p) / columns, (first + p) % columns);
        for t in 0..patch.kernel * patch.kernel {
            let y = (oy * patch.stride + t / patch.kernel).wrapping_sub(patch.padding);
            let x_at = (ox * patch.stride + t % patch.kernel).wrapping_sub(patch.padding);
            if y >= height || x_at >= width {
                continue;
            }
            for b in 0..blocks {
                let at = (b * height * width + y * width + x_at) * BLOCK;
                let mut value = F8::load(from.add((t * blocks + b) * from_block + p * BLOCK));
                if view.relu {
                    let (scale, shift) = view.coefficients(b);
                    value = value.where_positive(F8::load(x.add(at)).mul_add(scale, shift));
                }
                F8::load(g.add(at)).add(value).store(g.add(at));
            }
        }
    }
}

/// Gathers every second pixel of one block from (`offset`, `offset`) on, zero past the image (odd sizes): `to`: `[Ho·Wo][8]`.
/// Safety: `x` spans H·W·8, `to` ceil(H/2)·ceil(W/2)·8 elements.
pub unsafe fn gather_strided(view: &View, b: usize, x: *const f32, height: usize, width: usize, offset: usize, to: *mut f32) {
    let (scale, shift) = view.coefficients(b);
    let columns = width.div_ceil(2);
    for oy in 0..height.div_ceil(2) {
        for ox in 0..columns {
            let (y, x_at) = (2 * oy + offset, 2 * ox + offset);
            let mut value = F8::zero();
            if y < height && x_at < width {
                value = F8::load(x.add((y * width + x_at) * BLOCK));
                if !view.scale.is_null() {
                    value = value.mul_add(scale, shift);
                }
                if view.relu {
                    value = value.max(F8::zero());
                }
            }
            value.store(to.add((oy * columns + ox) * BLOCK));
        }
    }
}

/// Adjoint of [`gather_strided`]: adds to `g` (H·W·8), with ReLU where the view is positive.
/// Safety: as [`gather_strided`].
pub unsafe fn scatter_strided(
    view: &View,
    b: usize,
    x: *const f32,
    height: usize,
    width: usize,
    offset: usize,
    from: *const f32,
    g: *mut f32,
) {
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
