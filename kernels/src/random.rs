//! Counter-based random numbers: Philox 4×32-10 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3").
//!
//! A number is a pure function of (seed, stream, key, index), so nothing depends on order, threads or interruptions.

/// Streams, so that no two uses of one seed meet.
pub mod stream {
    /// Initial weights; key: parameter.
    pub const INITIALISE: u32 = 1;
    /// Order of images; key: epoch.
    pub const PERMUTATION: u32 = 2;
    /// Augmentation; key: epoch, index: image.
    pub const AUGMENTATION: u32 = 3;
    /// Drop-path; key: instruction and term, index: step and image.
    pub const DROP_PATH: u32 = 4;
    /// Normal numbers for callers; key: theirs.
    pub const NORMAL: u32 = 5;
    /// Parts of images that are brought to the whole size; key: epoch, index: sixteen an image.
    pub const RESIZED_CROP: u32 = 6;
    /// Colours; key: epoch, index: image.
    pub const JITTER: u32 = 7;
    /// Images in pairs; key: epoch, index: 64 an image.
    pub const MIXING: u32 = 8;
}

/// One Philox 4×32 block of ten rounds.
pub fn philox(counter: [u32; 4], key: [u32; 2]) -> [u32; 4] {
    let (mut c, mut k) = (counter, key);
    for _ in 0..10 {
        let a = 0xD251_1F53u64 * c[0] as u64;
        let b = 0xCD9E_8D57u64 * c[2] as u64;
        c = [(b >> 32) as u32 ^ c[1] ^ k[0], b as u32, (a >> 32) as u32 ^ c[3] ^ k[1], a as u32];
        k = [k[0].wrapping_add(0x9E37_79B9), k[1].wrapping_add(0xBB67_AE85)];
    }
    c
}

/// A generator of one stream.
#[derive(Clone, Copy)]
pub struct Generator {
    seed: [u32; 2],
    stream: u32,
    key: u32,
}

impl Generator {
    /// Keyed by seed, stream and a key within the stream.
    pub fn new(seed: u64, stream: u32, key: u32) -> Generator {
        Generator { seed: [seed as u32, (seed >> 32) as u32], stream, key }
    }

    /// Four independent words for `block`.
    pub fn words(&self, block: u64) -> [u32; 4] {
        philox([block as u32, (block >> 32) as u32, self.key, self.stream], self.seed)
    }

    /// Word number `index`.
    pub fn word(&self, index: u64) -> u32 {
        self.words(index / 4)[(index % 4) as usize]
    }

    /// Uniform in [0, 1), 24 bits.
    pub fn uniform(&self, index: u64) -> f32 {
        to_unit(self.word(index))
    }

    /// Standard normal number `index` (Box–Muller in f64).
    pub fn normal(&self, index: u64) -> f32 {
        let words = self.words(index);
        let u = (words[0] as f64 + 1.0) / 4294967297.0;
        let v = words[1] as f64 / 4294967296.0;
        ((-2.0 * u.ln()).sqrt() * (core::f64::consts::TAU * v).cos()) as f32
    }
}

/// Uniform in [0, 1) from a word.
pub fn to_unit(word: u32) -> f32 {
    (word >> 8) as f32 * (1.0 / 16777216.0)
}

/// Uniform integer below `bound` from a word (multiply-shift; bias below bound/2³²).
pub fn below(word: u32, bound: u32) -> u32 {
    ((word as u64 * bound as u64) >> 32) as u32
}

/// Random order of `0..count`, keyed by (seed, epoch): Fisher–Yates.
pub fn permutation(count: usize, seed: u64, epoch: u32) -> Vec<u32> {
    let generator = Generator::new(seed, stream::PERMUTATION, epoch);
    let mut order: Vec<u32> = (0..count as u32).collect();
    for i in (1..count).rev() {
        order.swap(i, below(generator.word(i as u64), i as u32 + 1) as usize);
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn philox_matches_the_published_known_answers() {
        assert_eq!(philox([0; 4], [0; 2]), [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]);
        assert_eq!(philox([u32::MAX; 4], [u32::MAX; 2]), [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]);
    }

    #[test]
    fn permutation_holds_every_index_once() {
        let mut order = permutation(1001, 7, 3);
        assert_ne!(order, permutation(1001, 7, 4));
        order.sort();
        assert!(order.iter().enumerate().all(|(i, &v)| i as u32 == v));
    }
}
