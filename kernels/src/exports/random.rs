//! Random numbers.

use crate::random;
use wasm_bindgen::prelude::*;

/// Random order of `0..count`, keyed by (seed, epoch).
#[wasm_bindgen]
pub fn permutation(count: u32, seed: u32, seed_high: u32, epoch: u32) -> Vec<u32> {
    random::permutation(count as usize, seed as u64 | (seed_high as u64) << 32, epoch)
}

/// Standard normal numbers, keyed by (seed, key).
#[wasm_bindgen]
pub fn normals(count: u32, seed: u32, seed_high: u32, key: u32) -> Vec<f32> {
    let generator = random::Generator::new(seed as u64 | (seed_high as u64) << 32, random::stream::NORMAL, key);
    (0..count as u64).map(|i| generator.normal(i)).collect()
}
