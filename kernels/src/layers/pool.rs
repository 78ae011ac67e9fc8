//! Max and average pooling of one channel block, forward and backward (K×K window, any stride).
//!
//! Both read a padded plane `[H+2p][W+2p][8]` whose border holds -∞ (max) or 0 (average).

use super::elementwise::fill;
use crate::vector::{Lanes, F8};

const BLOCK: usize = 8;

/// Geometry of a pooling window; sides in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pool {
    /// Whether the maximum is taken (otherwise the mean over pixels inside the image).
    pub max: bool,
    /// Window side.
    pub kernel: usize,
    /// Distance between windows.
    pub stride: usize,
    /// Border on each side.
    pub padding: usize,
}

impl Pool {
    /// Output side for an input side; 0 if the window does not fit.
    pub fn output(self, side: usize) -> usize {
        (side + 2 * self.padding).checked_sub(self.kernel).map_or(0, |room| room / self.stride + 1)
    }

    /// What the border of the padded plane holds.
    pub fn border(self) -> f32 {
        if self.max {
            f32::NEG_INFINITY
        } else {
            0.0
        }
    }

    /// Pixels of window `o` (along one axis) that lie inside an image of `side`.
    fn inside(self, o: usize, side: usize) -> usize {
        let first = (o * self.stride).max(self.padding);
        let last = (o * self.stride + self.kernel).min(side + self.padding);
        last.saturating_sub(first)
    }
}

/// Forward pass of one block; `x`: the image's first pixel in a padded plane, `y`: `[Ho·Wo][8]`, overwritten. The mean's divisor counts pixels inside the
/// image only (PyTorch: count_include_pad=False).
/// Safety: `x` spans the padded plane, `y` Ho·Wo·8 elements.
pub unsafe fn forward(pool: Pool, x: *const f32, height: usize, width: usize, y: *mut f32) {
    let pitch = (width + 2 * pool.padding) * BLOCK;
    let columns = pool.output(width);
    let start = x.sub(pool.padding * (pitch + BLOCK));
    for oy in 0..pool.output(height) {
        for ox in 0..columns {
            let corner = start.add(oy * pool.stride * pitch + ox * pool.stride * BLOCK);
            let mut value = F8::splat(pool.border());
            for r in 0..pool.kernel {
                for s in 0..pool.kernel {
                    let tap = F8::load(corner.add(r * pitch + s * BLOCK));
                    value = if pool.max { value.max(tap) } else { value.add(tap) };
                }
            }
            if !pool.max {
                let count = pool.inside(oy, height) * pool.inside(ox, width);
                value = value.mul(F8::splat(1.0 / count as f32));
            }
            value.store(y.add((oy * columns + ox) * BLOCK));
        }
    }
}

/// Backward pass of one block: `dx` (a padded plane from its corner) is overwritten.
///
/// The gradient of a maximum goes to the first tap that equals it in row-major order, as in PyTorch; `y` is the forward
/// output (unused for the mean).
/// Safety: as [`forward`]; `dy` spans Ho·Wo·8, `dx` the padded plane.
pub unsafe fn backward(pool: Pool, x: *const f32, y: *const f32, dy: *const f32, height: usize, width: usize, dx: *mut f32) {
    let pitch = (width + 2 * pool.padding) * BLOCK;
    let columns = pool.output(width);
    let start = x.sub(pool.padding * (pitch + BLOCK));
    fill(dx, (height + 2 * pool.padding) * pitch, 0.0);
    for oy in 0..pool.output(height) {
        for ox in 0..columns {
            let at = (oy * columns + ox) * BLOCK;
            let corner = oy * pool.stride * pitch + ox * pool.stride * BLOCK;
            let upstream = F8::load(dy.add(at));
            if pool.max {
                let value = F8::load(y.add(at));
                let mut taken = F8::zero();
                for r in 0..pool.kernel {
                    for s in 0..pool.kernel {
                        let tap = corner + r * pitch + s * BLOCK;
                        let chosen = F8::load(start.add(tap)).equal_mask(value).and_not(taken);
                        F8::load(dx.add(tap)).add(upstream.and(chosen)).store(dx.add(tap));
                        taken = taken.or(chosen);
                    }
                }
            } else {
                let count = pool.inside(oy, height) * pool.inside(ox, width);
                let share = upstream.mul(F8::splat(1.0 / count as f32));
                for r in 0..pool.kernel {
                    for s in 0..pool.kernel {
                        let tap = corner + r * pitch + s * BLOCK;
                        F8::load(dx.add(tap)).add(share).store(dx.add(tap));
                    }
                }
            }
        }
    }
}
