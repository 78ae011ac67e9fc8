//! Channels picked out of several tensors, joined and shuffled.

use super::blocks::BLOCK;
use crate::vector::{Lanes, F8};

/// Where channel `c` of a shuffle of `channels` in `groups` comes from: groups lie one after another before it, and interleaved after it.
/// `channel_shuffle` of ShuffleNet and PC-DARTS: `x.view(groups, -1).transpose(0, 1)`.
pub fn shuffled_from(c: usize, channels: usize, groups: usize) -> usize {
    (c % groups) * (channels / groups) + c / groups
}

/// Where channel `c` goes to: the inverse of [`shuffled_from`].
pub fn shuffled_to(c: usize, channels: usize, groups: usize) -> usize {
    let size = channels / groups;
    (c % size) * groups + c / size
}

/// What fills one of a block's eight lanes.
#[derive(Clone, Copy)]
pub struct Source {
    /// The channel's first pixel, or null for zeros.
    pub from: *const f32,
    /// Factor and addend.
    pub view: [f32; 2],
}

impl Source {
    /// Zeros.
    pub const NONE: Source = Source { from: core::ptr::null(), view: [0.0; 2] };
}

/// Writes a block of pixels, each lane from a channel of its own, or adds to it. Error: one rounding a step; without a factor none.
/// Safety: `to` and the blocks in which sources lie span `pixels·8` elements.
#[inline(never)]
pub unsafe fn gather(sources: &[Source; BLOCK], to: *mut f32, pixels: usize, adds: bool) {
    let zero = [0f32; BLOCK];
    let (mut from, mut step) = ([zero.as_ptr(); BLOCK], [0; BLOCK]);
    let (mut scale, mut shift) = ([0f32; BLOCK], [0f32; BLOCK]);
    for (lane, source) in sources.iter().enumerate() {
        if !source.from.is_null() {
            (from[lane], step[lane]) = (source.from, BLOCK);
            [scale[lane], shift[lane]] = source.view;
        }
    }
    let (scale, shift) = (F8::load(scale.as_ptr()), F8::load(shift.as_ptr()));
    for p in 0..pixels {
        let mut values = [0f32; BLOCK];
        for lane in 0..BLOCK {
            values[lane] = *from[lane].add(p * step[lane]);
        }
        let mut value = F8::load(values.as_ptr()).mul_add(scale, shift);
        let to = to.add(p * BLOCK);
        if adds {
            value = value.add(F8::load(to));
        }
        value.store(to);
    }
}
