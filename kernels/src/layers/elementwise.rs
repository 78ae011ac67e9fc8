//! Streaming passes over channel blocks: views applied on load, weighted sums, sums for statistics.
//!
//! A block is `[P][8]` (P pixels). Per-channel coefficients of a block stay in registers while its pixels stream by.

use super::blocks::BLOCK;
use crate::vector::{opaque, opaque_mut, Lanes, F8};
use core::sync::atomic::{compiler_fence, Ordering};

/// Pixels summed in f32 before the sum moves to f64.
const RUN: usize = 256;
/// Pixels of a pass that keeps its output in the second-level cache while several terms are added to it: as long as that allows,
/// for what streams from memory takes its time to begin (measured: a sixth less time than with 128).
const STRIP: usize = 1024;

/// How a consumer sees a stored tensor: `relu?(scale · x + shift)`, per channel.
#[derive(Clone, Copy)]
pub struct View {
    /// Normalisation scale of each padded channel, or null for none.
    pub scale: *const f32,
    /// Normalisation shift of each padded channel, or null for none.
    pub shift: *const f32,
    /// Whether ReLU follows.
    pub relu: bool,
}

#[inline(always)]
unsafe fn view_row<const NORM: bool, const RELU: bool>(from: *const f32, to: *mut f32, pixels: usize, scale: F8, shift: F8) {
    let (mut from, mut to) = (from, to);
    for _ in 0..pixels {
        let mut value = F8::load(from);
        if NORM {
            value = value.mul_add(scale, shift);
        }
        if RELU {
            value = value.max(F8::zero());
        }
        value.store(to);
        from = opaque(from.add(BLOCK));
        to = opaque_mut(to.add(BLOCK));
    }
}

impl View {
    /// Scale and shift of block `b`.
    /// Safety: the coefficient arrays span block `b`.
    #[inline(always)]
    pub unsafe fn coefficients(&self, b: usize) -> (F8, F8) {
        if self.scale.is_null() {
            (F8::splat(1.0), F8::zero())
        } else {
            (F8::load(self.scale.add(b * BLOCK)), F8::load(self.shift.add(b * BLOCK)))
        }
    }

    /// Writes the view of `pixels` pixels of block `b` to `to`.
    /// Safety: both span `pixels·8` elements.
    #[inline(always)]
    pub unsafe fn copy(&self, b: usize, from: *const f32, to: *mut f32, pixels: usize) {
        let (scale, shift) = self.coefficients(b);
        match (self.scale.is_null(), self.relu) {
            (true, false) => view_row::<false, false>(from, to, pixels, scale, shift),
            (true, true) => view_row::<false, true>(from, to, pixels, scale, shift),
            (false, false) => view_row::<true, false>(from, to, pixels, scale, shift),
            (false, true) => view_row::<true, true>(from, to, pixels, scale, shift),
        }
    }

    /// Writes the view of `height` rows of block `b` to rows `pitch` elements apart.
    /// Safety: `from` spans H·W·8, `to` `height` rows.
    pub unsafe fn rows(&self, b: usize, from: *const f32, to: *mut f32, height: usize, width: usize, pitch: usize) {
        for row in 0..height {
            self.copy(b, from.add(row * width * BLOCK), to.add(row * pitch), width);
        }
    }
}

/// Sets `count` elements (a multiple of 8) to `value`.
/// Safety: `to` spans them.
#[inline(never)]
pub unsafe fn fill(to: *mut f32, count: usize, value: f32) {
    let value = F8::splat(value);
    let mut i = 0;
    while i < count {
        value.store(to.add(i));
        i += BLOCK;
    }
}

/// What a weighted sum starts from.
#[derive(Clone, Copy)]
pub enum Start {
    /// A constant per channel; the output is overwritten.
    Value(F8),
    /// The output's present content; the sum is added to it.
    Output,
}

/// One term of a weighted sum over a block: elements and their per-channel coefficient.
#[derive(Clone, Copy)]
pub struct Term {
    /// `[P][8]`.
    pub from: *const f32,
    /// Coefficient of each of the eight channels.
    pub coefficient: F8,
}

/// Some terms of a sum and what it starts from. In memory: V8 packs no pairs of lanes that were passed as arguments.
struct Group {
    start: F8,
    terms: [Term; 4],
}

/// A function of its own for each number of terms: V8 packs pairs of lanes in all of a function's loops or in none.
#[inline(never)]
unsafe fn add_terms<const T: usize, const FRESH: bool>(to: *mut f32, group: &Group, pixels: usize) {
    let mut coefficients = [F8::zero(); T];
    let mut from = [core::ptr::null(); T];
    for t in 0..T {
        coefficients[t] = group.terms[t].coefficient;
        from[t] = group.terms[t].from;
    }
    let start = group.start;
    let mut to = to;
    for _ in 0..pixels {
        let mut sum = if FRESH { start } else { F8::load(to) };
        for t in 0..T {
            sum = F8::load(from[t]).mul_add(coefficients[t], sum);
            from[t] = opaque(from[t].add(BLOCK));
        }
        // Between reading and writing: V8 packs no pair of loads with a store between them.
        compiler_fence(Ordering::SeqCst);
        sum.store(to);
        to = opaque_mut(to.add(BLOCK));
    }
}

/// `to[p] = start + Σ_t coefficient_t · from_t[p]` over one block, terms in order (the grouping changes no bits).
/// Safety: `to` and every term span `pixels·8` elements; `to` overlaps no term.
pub unsafe fn weighted_sum(to: *mut f32, terms: &[Term], start: Start, pixels: usize) {
    let mut at = 0;
    while at < pixels || (pixels == 0 && at == 0) {
        let count = STRIP.min(pixels - at);
        let output = to.add(at * BLOCK);
        let mut fresh = matches!(start, Start::Value(_));
        let value = match start {
            Start::Value(value) => value,
            Start::Output => F8::zero(),
        };
        let mut rest = terms;
        while !rest.is_empty() || fresh {
            let take = rest.len().min(4);
            let mut group = Group { start: value, terms: [Term { from: core::ptr::null(), coefficient: F8::zero() }; 4] };
            for t in 0..take {
                group.terms[t] = Term { from: rest[t].from.add(at * BLOCK), coefficient: rest[t].coefficient };
            }
            match (take, fresh) {
                (0, _) => add_terms::<0, true>(output, &group, count),
                (1, true) => add_terms::<1, true>(output, &group, count),
                (1, false) => add_terms::<1, false>(output, &group, count),
                (2, true) => add_terms::<2, true>(output, &group, count),
                (2, false) => add_terms::<2, false>(output, &group, count),
                (3, true) => add_terms::<3, true>(output, &group, count),
                (3, false) => add_terms::<3, false>(output, &group, count),
                (_, true) => add_terms::<4, true>(output, &group, count),
                (_, false) => add_terms::<4, false>(output, &group, count),
            }
            fresh = false;
            rest = &rest[take..];
        }
        at += count;
        if pixels == 0 {
            break;
        }
    }
}

#[inline(always)]
unsafe fn flush_sum(sum: F8, to: &mut [f64]) {
    let mut lanes = [0f32; BLOCK];
    sum.store(lanes.as_mut_ptr());
    // Through memory: V8 packs pairs of lanes backwards from a store.
    let lanes = core::hint::black_box(lanes);
    for lane in 0..BLOCK {
        to[lane] += lanes[lane] as f64;
    }
}

/// Adds `Σ x` and `Σ x²` of one block to `sums` and `squares` (8 each). Error: f32 within runs of 256 pixels, f64 between.
/// Safety: `x` spans `pixels·8` elements.
pub unsafe fn moments(x: *const f32, pixels: usize, sums: &mut [f64], squares: &mut [f64]) {
    let mut at = 0;
    while at < pixels {
        let count = RUN.min(pixels - at);
        let run = x.add(at * BLOCK);
        let (mut s0, mut s1, mut q0, mut q1) = (F8::zero(), F8::zero(), F8::zero(), F8::zero());
        let mut from = run;
        for _ in 0..count / 2 {
            let (a, b) = (F8::load(from), F8::load(from.add(BLOCK)));
            s0 = s0.add(a);
            s1 = s1.add(b);
            q0 = a.mul_add(a, q0);
            q1 = b.mul_add(b, q1);
            from = opaque(from.add(2 * BLOCK));
        }
        if count % 2 == 1 {
            let a = F8::load(from);
            s0 = s0.add(a);
            q0 = a.mul_add(a, q0);
        }
        flush_sum(s0.add(s1), sums);
        flush_sum(q0.add(q1), squares);
        at += count;
    }
}

#[inline(always)]
unsafe fn dot_terms<const T: usize>(dy: *const f32, z: &[*const f32], pixels: usize, dots: &mut [[f64; BLOCK]], sum: Option<&mut [f64]>) {
    let mut sums = [F8::zero(); T];
    let mut alone = F8::zero();
    let mut dy = dy;
    let mut from: [*const f32; T] = core::array::from_fn(|t| z[t]);
    for _ in 0..pixels {
        let d = F8::load(dy);
        alone = alone.add(d);
        for t in 0..T {
            sums[t] = F8::load(from[t]).mul_add(d, sums[t]);
            from[t] = opaque(from[t].add(BLOCK));
        }
        dy = opaque(dy.add(BLOCK));
    }
    for t in 0..T {
        flush_sum(sums[t], &mut dots[t]);
    }
    if let Some(sum) = sum {
        flush_sum(alone, sum);
    }
}

/// Adds `Σ_p dy[p]` per channel to `sum` (8) and `Σ_p dy[p] · z_t[p]` to `dots[t]`, for every term of a node in one pass.
/// Safety: `dy` and every `z` span `pixels·8` elements.
pub unsafe fn dots(dy: *const f32, z: &[*const f32], pixels: usize, sum: &mut [f64], dots: &mut [[f64; BLOCK]]) {
    if z.is_empty() {
        return sums(dy, pixels, sum);
    }
    // Terms outside, runs inside: what streams from memory then streams on for whole planes.
    let mut t = 0;
    while t < z.len() {
        let take = (z.len() - t).min(4);
        let mut at = 0;
        while at < pixels {
            let count = RUN.min(pixels - at);
            let upstream = dy.add(at * BLOCK);
            let mut from = [core::ptr::null(); 4];
            for i in 0..take {
                from[i] = z[t + i].add(at * BLOCK);
            }
            let to = &mut dots[t..t + take];
            let sum = (t == 0).then_some(&mut *sum);
            match take {
                1 => dot_terms::<1>(upstream, &from, count, to, sum),
                2 => dot_terms::<2>(upstream, &from, count, to, sum),
                3 => dot_terms::<3>(upstream, &from, count, to, sum),
                _ => dot_terms::<4>(upstream, &from, count, to, sum),
            }
            at += count;
        }
        t += take;
    }
}

/// Adds `Σ_p x[p]` per channel to `sums`.
/// Safety: `x` spans `pixels·8` elements.
pub unsafe fn sums(x: *const f32, pixels: usize, sums: &mut [f64]) {
    let mut at = 0;
    while at < pixels {
        let count = RUN.min(pixels - at);
        let mut sum = F8::zero();
        for p in at..at + count {
            sum = sum.add(F8::load(x.add(p * BLOCK)));
        }
        flush_sum(sum, sums);
        at += count;
    }
}

/// One row of a gradient passed back through a view: `g (=|+=) dx`, with ReLU only where `seen > 0` (the view's own output).
/// Safety: all three span `pixels·8` elements.
pub unsafe fn add_gradient(g: *mut f32, dx: *const f32, seen: *const f32, pixels: usize, relu: bool, overwrite: bool) {
    match (relu, overwrite) {
        (true, true) => add_gradient_row::<true, true>(g, dx, seen, pixels),
        (true, false) => add_gradient_row::<true, false>(g, dx, seen, pixels),
        (false, true) => add_gradient_row::<false, true>(g, dx, seen, pixels),
        (false, false) => add_gradient_row::<false, false>(g, dx, seen, pixels),
    }
}

/// A function of its own for each case, as [`add_terms`].
#[inline(never)]
unsafe fn add_gradient_row<const RELU: bool, const OVERWRITE: bool>(g: *mut f32, dx: *const f32, seen: *const f32, pixels: usize) {
    let (mut g, mut dx, mut seen) = (g, dx, seen);
    for _ in 0..pixels {
        let mut value = F8::load(dx);
        if RELU {
            value = value.where_positive(F8::load(seen));
        }
        if !OVERWRITE {
            value = value.add(F8::load(g));
        }
        // As in `add_terms`.
        compiler_fence(Ordering::SeqCst);
        value.store(g);
        g = opaque_mut(g.add(BLOCK));
        dx = opaque(dx.add(BLOCK));
        seen = opaque(seen.add(BLOCK));
    }
}
