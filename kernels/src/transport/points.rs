//! Feature vectors, centred and packed for the product of all pairs.
//!
//! Letters: N points, D features. Lanes are columns: `product` is the kernel of the 1×1 convolutions, points in place of pixels.

use crate::layers::blocks::{Blocks, BlocksMut};
use crate::layers::pointwise::{self, Lines, Rows};
use crate::memory::Buffer;
use crate::vector::{Lanes, F8};

const BLOCK: usize = F8::COUNT;
/// Points of one side that are multiplied at a time: what a thread's scratch holds.
pub const TILE: usize = 64;

/// Centred points in single precision, and what of them is needed in double precision.
pub struct Points {
    /// N.
    pub count: usize,
    /// Blocks of eight features, the last one padded with zeros.
    blocks: usize,
    /// `[N][8·blocks]`.
    rows: Buffer,
    /// `[ceil(N/8)][8·blocks][8]`: eight points side by side.
    columns: Buffer,
    /// Squared norms of the rounded points, `[N]`.
    pub norms: Vec<f64>,
}

impl Points {
    /// Points `indices` of `features` (`[·][D]`), less `centre` (`[D]`). Differences are taken in double precision: squared
    /// distances as |x|² + |y|² - 2xy lose digits only where the points spread, not where they lie.
    ///
    /// # Errors
    /// When memory is exhausted.
    pub fn centred(features: &[f32], indices: &[u32], centre: &[f64]) -> Result<Points, String> {
        let (count, dimension) = (indices.len(), centre.len());
        let blocks = dimension.div_ceil(BLOCK);
        let width = blocks * BLOCK;
        let mut rows = Buffer::<f32>::zeroed(count * width)?;
        let mut columns = Buffer::<f32>::zeroed(count.div_ceil(BLOCK) * BLOCK * width)?;
        let mut norms = Vec::with_capacity(count);
        for (at, (row, &index)) in rows.as_mut_slice().chunks_exact_mut(width).zip(indices).enumerate() {
            let from = &features[index as usize * dimension..][..dimension];
            row.iter_mut().zip(from.iter().zip(centre)).for_each(|(to, (&value, mean))| *to = (value as f64 - mean) as f32);
            let block = &mut columns.as_mut_slice()[at / BLOCK * BLOCK * width..][..BLOCK * width];
            block.chunks_exact_mut(BLOCK).zip(row.iter()).for_each(|(lane, value)| lane[at % BLOCK] = *value);
            norms.push(row.iter().map(|&value| value as f64 * value as f64).sum());
        }
        Ok(Points { count, blocks, rows, columns, norms })
    }

    /// Blocks of eight columns.
    pub fn column_blocks(&self) -> usize {
        self.count.div_ceil(BLOCK)
    }

    /// Elements of scratch that [`Points::product`] needs.
    pub fn scratch(&self) -> usize {
        (self.blocks * BLOCK + BLOCK) * TILE
    }

    /// Products of up to [`TILE`] points with all of `other`, in single precision, features ascending.
    ///
    /// Calls `take(block, products)` for every block of eight points of `other`, with `[points][8]` products; those of padding
    /// points are zero. Symmetric to the bit: x·y and y·x take the same steps.
    /// Safety: `scratch` must be writable for [`Points::scratch`] elements and belong to the caller alone; dimensions must agree.
    pub unsafe fn product(&self, first: usize, other: &Points, scratch: *mut f32, take: &mut dyn FnMut(usize, &[f32])) {
        let count = TILE.min(self.count - first);
        let width = self.blocks * BLOCK;
        // As the kernel reads it: `[blocks][points][8]`.
        for point in 0..count {
            for block in 0..self.blocks {
                let from = self.rows.pointer().add((first + point) * width + block * BLOCK);
                F8::load(from).store(scratch.add((block * count + point) * BLOCK));
            }
        }
        let x = Blocks { start: scratch, stride: count * BLOCK };
        let y = scratch.add(self.blocks * BLOCK * TILE);
        let to = BlocksMut { start: y, stride: count * BLOCK };
        for block in 0..other.column_blocks() {
            let weights = Blocks { start: other.columns.pointer().add(block * BLOCK * width), stride: BLOCK * width };
            let all = |_| Rows { first: 0, last: self.blocks };
            pointwise::forward(false, x, weights, to, 0..1, Lines::one(count), all);
            take(block, core::slice::from_raw_parts(y, count * BLOCK));
        }
    }
}

/// Mean of the points `indices`, in order. `[D]`.
pub fn mean(features: &[f32], indices: &[u32], dimension: usize) -> Vec<f64> {
    let mut sum = vec![0.0; dimension];
    for &index in indices {
        let row = &features[index as usize * dimension..][..dimension];
        sum.iter_mut().zip(row).for_each(|(sum, &value)| *sum += value as f64);
    }
    sum.iter_mut().for_each(|sum| *sum /= indices.len().max(1) as f64);
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_of_all_pairs() {
        for (n, m, d) in [(1, 1, 1), (7, 9, 8), (65, 8, 13), (130, 17, 3)] {
            let value = |i: usize, c: usize| ((i * 31 + c * 17) % 23) as f32 - 11.0;
            let features: Vec<f32> = (0..(n + m) * d).map(|at| 100.0 + value(at / d, at % d)).collect();
            let indices: Vec<u32> = (0..(n + m) as u32).collect();
            let centre = vec![100.0; d];
            let a = Points::centred(&features, &indices[..n], &centre).unwrap();
            let b = Points::centred(&features, &indices[n..], &centre).unwrap();
            let mut scratch = vec![0.0; a.scratch()];
            for first in (0..n).step_by(TILE) {
                // Safety: scratch is as long as asked for.
                unsafe {
                    a.product(first, &b, scratch.as_mut_ptr(), &mut |block, products| {
                        for (at, &product) in products.iter().enumerate() {
                            let (i, j) = (first + at / 8, block * 8 + at % 8);
                            let wanted: f32 = if j < m { (0..d).map(|c| value(i, c) * value(n + j, c)).sum() } else { 0.0 };
                            assert_eq!(product, wanted);
                        }
                    });
                }
            }
            let norm: f32 = (0..d).map(|c| value(0, c) * value(0, c)).sum();
            assert_eq!(a.norms[0], norm as f64);
        }
    }
}
