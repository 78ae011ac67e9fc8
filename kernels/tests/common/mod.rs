//! What the tests of the kernels share: numbers, guarded memory, comparisons.
#![allow(dead_code)] // every test uses a part

use rootstock_kernels::reference::layout::{blocks, to_blocks};

/// Elements of one pixel of one channel block.
pub const BLOCK: usize = 8;
/// What memory holds that a kernel has no business with: finite, since tiles may read it, and large, since no result may use it.
pub const SENTINEL: f32 = 12_345.678;
/// Largest error allowed, relative to the largest expected magnitude.
const TOLERANCE: f64 = 1e-5;

/// Deterministic numbers: a linear congruential generator (Knuth's constants), its upper bits.
pub struct Numbers(u64);

impl Numbers {
    pub fn new(seed: usize) -> Numbers {
        let mut numbers = Numbers(seed as u64 ^ 0x9E37_79B9_7F4A_7C15);
        numbers.below(1); // small seeds differ in their lower bits only
        numbers
    }

    /// Uniform integer below `bound`.
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % bound
    }

    /// Uniform in [-1, 1).
    pub fn unit(&mut self) -> f32 {
        self.below(1 << 24) as f32 / (1 << 23) as f32 - 1.0
    }

    /// `count` numbers in [-1, 1).
    pub fn vector(&mut self, count: usize) -> Vec<f32> {
        (0..count).map(|_| self.unit()).collect()
    }

    /// `count` numbers of -2, -1.5 … 1.5, 2: many are equal.
    pub fn coarse(&mut self, count: usize) -> Vec<f32> {
        (0..count).map(|_| self.below(9) as f32 / 2.0 - 2.0).collect()
    }
}

/// Memory that remembers what a kernel may write: all else must hold the same bits afterwards.
pub struct Guarded {
    data: Vec<f32>,
    before: Vec<f32>,
    writable: Vec<bool>,
    start: usize,
}

impl Guarded {
    /// `length` sentinels with more of them on both sides; nothing is writable yet.
    pub fn new(length: usize) -> Guarded {
        const MARGIN: usize = 64 * BLOCK;
        let total = length + 2 * MARGIN;
        Guarded { data: vec![SENTINEL; total], before: vec![SENTINEL; total], writable: vec![false; total], start: MARGIN }
    }

    /// Exactly `content`, all of it writable.
    pub fn holding(content: &[f32]) -> Guarded {
        let mut guarded = Guarded::new(content.len());
        guarded.write(0, content);
        guarded
    }

    /// Content that the kernel may overwrite or add to.
    pub fn write(&mut self, at: usize, content: &[f32]) {
        let at = self.start + at;
        self.data[at..][..content.len()].copy_from_slice(content);
        self.before[at..][..content.len()].copy_from_slice(content);
        self.writable[at..][..content.len()].fill(true);
    }

    /// Sentinels that the kernel may overwrite.
    pub fn allow(&mut self, at: usize, count: usize) {
        self.writable[self.start + at..][..count].fill(true);
    }

    /// Element `at`.
    pub fn pointer(&mut self, at: usize) -> *mut f32 {
        self.data[self.start + at..].as_mut_ptr()
    }

    pub fn read(&self, at: usize, count: usize) -> &[f32] {
        &self.data[self.start + at..][..count]
    }

    /// Content that the kernel must leave alone, whatever was writable.
    pub fn forbid(&mut self, at: usize, count: usize) {
        self.writable[self.start + at..][..count].fill(false);
    }

    /// Fails where something was written that may not be, or anything that was computed from a NaN.
    #[track_caller]
    pub fn check(&self, what: &str) {
        for i in 0..self.data.len() {
            assert!(!self.data[i].is_nan(), "{what}: element {} is NaN", i as isize - self.start as isize);
            let same = self.data[i].to_bits() == self.before[i].to_bits();
            assert!(self.writable[i] || same, "{what}: element {} was overwritten", i as isize - self.start as isize);
        }
    }
}

/// Fails unless `found` equals `expected` up to [`TOLERANCE`].
#[track_caller]
pub fn assert_close(found: &[f32], expected: &[f64], what: &str) {
    assert_eq!(found.len(), expected.len(), "{what}: elements");
    let largest = expected.iter().fold(0f64, |largest, value| largest.max(value.abs()));
    for (i, (&f, &e)) in found.iter().zip(expected).enumerate() {
        let error = (f as f64 - e).abs();
        assert!(error <= TOLERANCE * largest, "{what}: element {i} is {f}, expected {e} (largest {largest})");
    }
}

/// [`assert_close`] for sums in f64.
#[track_caller]
pub fn assert_near(found: &[f64], expected: &[f64], what: &str) {
    assert_eq!(found.len(), expected.len(), "{what}: elements");
    let largest = expected.iter().fold(0f64, |largest, value| largest.max(value.abs()));
    for (i, (f, e)) in found.iter().zip(expected).enumerate() {
        assert!((f - e).abs() <= TOLERANCE * largest, "{what}: element {i} is {f}, expected {e} (largest {largest})");
    }
}

/// Fails unless both hold the same bits.
#[track_caller]
pub fn assert_same_bits(found: &[f32], expected: &[f32], what: &str) {
    assert_eq!(found.len(), expected.len(), "{what}: elements");
    for (i, (f, e)) in found.iter().zip(expected).enumerate() {
        assert!(f.to_bits() == e.to_bits(), "{what}: element {i} is {f}, not {e} to the bit");
    }
}

/// `old + change`, element by element: what an accumulating kernel should leave.
pub fn added(old: &[f32], change: &[f64]) -> Vec<f64> {
    old.iter().zip(change).map(|(&old, change)| old as f64 + change).collect()
}

/// Padded planes of an image's channel blocks: `[ceil(C/8)][H+2p][pitch][8]`.
pub struct Planes {
    pub data: Vec<f32>,
    /// Elements from one row to the next.
    pub pitch: usize,
    /// Elements from one block to the next.
    pub block: usize,
    origin: usize,
}

impl Planes {
    /// The image `[C][H][W]` with `padding` pixels of `border` around; rows are filled up to `columns` pixels by border, too. Behind
    /// every plane come `room` pixels of sentinels that may be read, then NaNs that may not.
    pub fn new(
        image: &[f32],
        channels: usize,
        (height, width): (usize, usize),
        padding: usize,
        columns: usize,
        border: f32,
        room: usize,
    ) -> Planes {
        const FORBIDDEN: usize = 32;
        let pitch = (columns.max(width) + 2 * padding) * BLOCK;
        let plane = (height + 2 * padding) * pitch;
        let block = plane + (room + FORBIDDEN) * BLOCK;
        let origin = padding * (pitch + BLOCK);
        let mut data = vec![f32::NAN; blocks(channels) * block];
        let packed = to_blocks(image, channels, height * width);
        for b in 0..blocks(channels) {
            data[b * block..][..plane].fill(border);
            data[b * block + plane..][..room * BLOCK].fill(SENTINEL);
            for row in 0..height {
                let from = (b * height + row) * width * BLOCK;
                data[b * block + origin + row * pitch..][..width * BLOCK].copy_from_slice(&packed[from..][..width * BLOCK]);
            }
        }
        Planes { data, pitch, block, origin }
    }

    /// The pixel `up` rows above and `left` columns before the first one of the image, in block `b`.
    pub fn pixel(&self, b: usize, up: usize, left: usize) -> *const f32 {
        self.data[b * self.block + self.origin - up * self.pitch - left * BLOCK..].as_ptr()
    }
}
