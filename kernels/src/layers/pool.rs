//! Max and average pooling of one channel block, forward and backward (K×K window, any stride).
//!
//! Both read a padded plane `[H+2p][W+2p][8]` whose border holds -∞ (max) or 0 (average).

use super::blocks::BLOCK;
use super::elementwise::fill;
use crate::vector::{Lanes, F4, F8};
use core::ops::Range;

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

    /// Rows of an image of `height` in which windows of some output rows lie.
    pub fn input_rows(self, rows: Range<usize>, height: usize) -> Range<usize> {
        let first = (rows.start * self.stride).saturating_sub(self.padding);
        let last = (rows.end * self.stride + self.kernel).saturating_sub(self.stride + self.padding);
        first..if rows.is_empty() { first } else { last.min(height) }
    }

    /// Pixels of window `o` (along one axis) that lie inside an image of `side`.
    fn inside(self, o: usize, side: usize) -> usize {
        let first = (o * self.stride).max(self.padding);
        let last = (o * self.stride + self.kernel).min(side + self.padding);
        last.saturating_sub(first)
    }
}

/// Forward pass of some output rows of one block; `x`: the image's first pixel in a padded plane, `y`: `[Ho·Wo][8]`, of which the rows are
/// overwritten. The mean's divisor counts pixels inside the image only (PyTorch: count_include_pad=False).
/// Safety: `x` spans the padded plane, `y` Ho·Wo·8 elements.
pub unsafe fn forward(pool: Pool, x: *const f32, (height, width): (usize, usize), rows: Range<usize>, y: *mut f32) {
    match (pool.max, pool.kernel) {
        (true, 3) => windows::<true, 3>(pool, x, height, width, rows, y),
        (false, 3) => windows::<false, 3>(pool, x, height, width, rows, y),
        (true, _) => any_windows::<true>(pool, x, height, width, rows, y),
        (false, _) => any_windows::<false>(pool, x, height, width, rows, y),
    }
}

#[inline(always)]
fn joined<const MAX: bool>(a: F8, b: F8) -> F8 {
    if MAX {
        a.max(b)
    } else {
        a.add(b)
    }
}

/// Column of a window: its `K` rows joined.
#[inline(always)]
unsafe fn column<const MAX: bool, const K: usize>(x: *const f32, pitch: usize) -> F8 {
    let mut value = F8::load(x);
    for r in 1..K {
        value = joined::<MAX>(value, F8::load(x.add(r * pitch)));
    }
    value
}

/// Windows of three columns; at stride 1 neighbouring windows share two, which stay in registers.
#[inline(never)]
unsafe fn windows<const MAX: bool, const K: usize>(
    pool: Pool,
    x: *const f32,
    height: usize,
    width: usize,
    rows: Range<usize>,
    y: *mut f32,
) {
    let pitch = (width + 2 * pool.padding) * BLOCK;
    let columns = pool.output(width);
    let start = x.sub(pool.padding * (pitch + BLOCK));
    for oy in rows {
        let line = start.add(oy * pool.stride * pitch);
        let (mut a, mut b) = (column::<MAX, K>(line, pitch), column::<MAX, K>(line.add(BLOCK), pitch));
        for ox in 0..columns {
            let corner = line.add(ox * pool.stride * BLOCK);
            if pool.stride > 1 {
                a = column::<MAX, K>(corner, pitch);
                b = column::<MAX, K>(corner.add(BLOCK), pitch);
            }
            let c = column::<MAX, K>(corner.add(2 * BLOCK), pitch);
            let mut value = joined::<MAX>(joined::<MAX>(a, b), c);
            if !MAX {
                let count = pool.inside(oy, height) * pool.inside(ox, width);
                value = value.mul(F8::splat(1.0 / count as f32));
            }
            value.store(y.add((oy * columns + ox) * BLOCK));
            (a, b) = (b, c);
        }
    }
}

unsafe fn any_windows<const MAX: bool>(pool: Pool, x: *const f32, height: usize, width: usize, rows: Range<usize>, y: *mut f32) {
    let pitch = (width + 2 * pool.padding) * BLOCK;
    let columns = pool.output(width);
    let start = x.sub(pool.padding * (pitch + BLOCK));
    for oy in rows {
        for ox in 0..columns {
            let corner = start.add(oy * pool.stride * pitch + ox * pool.stride * BLOCK);
            let mut value = F8::splat(pool.border());
            for r in 0..pool.kernel {
                for s in 0..pool.kernel {
                    value = joined::<MAX>(value, F8::load(corner.add(r * pitch + s * BLOCK)));
                }
            }
            if !MAX {
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
    fill(dx, (height + 2 * pool.padding) * pitch, 0.0);
    let start = x.sub(pool.padding * (pitch + BLOCK));
    let columns = pool.output(width);
    for oy in 0..pool.output(height) {
        let (at, first) = (oy * pool.stride * pitch, oy * columns * BLOCK);
        let row = Row { x: start.add(at), y: y.add(first), dy: dy.add(first), dx: dx.add(at), pitch, columns };
        let rows = pool.inside(oy, height);
        let share = |ox| 1.0 / (rows * pool.inside(ox, width)) as f32;
        match (pool.kernel, pool.stride, pool.max) {
            (3, 1, true) => spread_maxima(row),
            (3, 1, false) => spread_means(row, share),
            _ => spread_any(pool, row, share),
        }
    }
}

/// A row of outputs on its way back.
#[derive(Clone, Copy)]
struct Row {
    /// Corner of the first window.
    x: *const f32,
    /// First output.
    y: *const f32,
    /// Its gradient.
    dy: *const f32,
    /// Gradient of the corner.
    dx: *mut f32,
    /// Elements from one row of pixels to the next.
    pitch: usize,
    /// Number of outputs.
    columns: usize,
}

/// A row of maxima over 3×3 windows of stride 1: nine sums slide along with the window, so that each is loaded and stored once.
#[inline(never)]
unsafe fn spread_maxima(row: Row) {
    let Row { x, y, dy, dx, pitch, columns } = row;
    let mut lane = 0;
    while lane < BLOCK {
        let (x, y, dy, dx) = (x.add(lane), y.add(lane), dy.add(lane), dx.add(lane));
        let mut sums = [[F4::zero(); 3]; 3];
        for r in 0..3 {
            for s in 0..2 {
                sums[r][s + 1] = F4::load(dx.add(r * pitch + s * BLOCK));
            }
        }
        for ox in 0..columns {
            let at = ox * BLOCK;
            let (value, upstream) = (F4::load(y.add(at)), F4::load(dy.add(at)));
            let mut taken = F4::zero();
            for r in 0..3 {
                sums[r] = [sums[r][1], sums[r][2], F4::load(dx.add(r * pitch + at + 2 * BLOCK))];
                for s in 0..3 {
                    let chosen = F4::load(x.add(r * pitch + at + s * BLOCK)).equal_mask(value).and_not(taken);
                    sums[r][s] = sums[r][s].add(upstream.and(chosen));
                    taken = taken.or(chosen);
                }
                sums[r][0].store(dx.add(r * pitch + at));
            }
        }
        for r in 0..3 {
            for s in 1..3 {
                sums[r][s].store(dx.add(r * pitch + (columns + s - 1) * BLOCK));
            }
        }
        lane += 4;
    }
}

/// A row of means over 3×3 windows of stride 1: every input column gets the sum of up to three shares, in all three rows.
#[inline(always)]
unsafe fn spread_means(row: Row, share: impl Fn(usize) -> f32) {
    let Row { dy, dx, pitch, columns, .. } = row;
    let (mut before, mut last) = (F8::zero(), F8::zero());
    for ox in 0..columns + 2 {
        let mut next = F8::zero();
        if ox < columns {
            next = F8::load(dy.add(ox * BLOCK)).mul(F8::splat(share(ox)));
        }
        let sum = before.add(last).add(next);
        for r in 0..3 {
            let to = dx.add(r * pitch + ox * BLOCK);
            F8::load(to).add(sum).store(to);
        }
        (before, last) = (last, next);
    }
}

unsafe fn spread_any(pool: Pool, row: Row, share: impl Fn(usize) -> f32) {
    let Row { x, y, dy, dx, pitch, columns } = row;
    for ox in 0..columns {
        let at = ox * BLOCK;
        let corner = ox * pool.stride * BLOCK;
        let upstream = F8::load(dy.add(at));
        let part = if pool.max { upstream } else { upstream.mul(F8::splat(share(ox))) };
        let value = if pool.max { F8::load(y.add(at)) } else { F8::zero() };
        let mut taken = F8::zero();
        for r in 0..pool.kernel {
            for s in 0..pool.kernel {
                let tap = corner + r * pitch + s * BLOCK;
                let mut chosen = part;
                if pool.max {
                    let mask = F8::load(x.add(tap)).equal_mask(value).and_not(taken);
                    chosen = part.and(mask);
                    taken = taken.or(mask);
                }
                F8::load(dx.add(tap)).add(chosen).store(dx.add(tap));
            }
        }
    }
}
