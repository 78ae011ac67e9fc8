//! Ground cost between labelled points: |x - x'|² + W²(y, y').

use super::points::{Points, TILE};
use super::share::share;
use crate::memory::Buffer;
use crate::team::Team;
use crate::vector::{Lanes, F8};

const BLOCK: usize = F8::COUNT;

/// A matrix of costs.
pub struct Cost {
    /// Points of one side.
    pub rows: usize,
    /// Points of the other.
    pub columns: usize,
    /// Elements from row to row: columns up to a multiple of eight. What lies beyond the columns means nothing.
    pub pitch: usize,
    /// `[rows][pitch]`.
    pub values: Buffer,
}

/// Points with the class of each.
#[derive(Clone, Copy)]
pub struct Labelled<'a> {
    /// The points.
    pub points: &'a Points,
    /// Class of each.
    pub labels: &'a [u32],
}

impl Cost {
    /// Costs between `a` and `b`, whose points have one centre; `label_cost(y, y')` is the cost between their classes.
    ///
    /// # Errors
    /// When memory is exhausted.
    pub fn new(team: &Team, a: Labelled, b: Labelled, classes: usize, label_cost: &dyn Fn(usize, usize) -> f64) -> Result<Cost, String> {
        let (rows, columns) = (a.points.count, b.points.count);
        let pitch = b.points.column_blocks() * BLOCK;
        let values = Buffer::<f32>::zeroed(rows * pitch)?;
        // What a class of the left adds to each column, so that no label is looked up in the inner loop.
        let mut by_class = Buffer::<f32>::zeroed(classes * pitch)?;
        for (class, line) in by_class.as_mut_slice().chunks_exact_mut(pitch).enumerate() {
            line.iter_mut().zip(b.labels).for_each(|(to, &label)| *to = label_cost(class, label as usize) as f32);
        }
        let mut norms = Buffer::<f32>::zeroed(pitch)?;
        norms.as_mut_slice().iter_mut().zip(&b.points.norms).for_each(|(to, &norm)| *to = norm as f32);
        let length = a.points.scratch();
        let scratch = Buffer::<f32>::raw(team.threads() * length)?;
        share(team, rows.div_ceil(TILE), &|thread, tile| {
            let first = tile * TILE;
            // Safety: scratch belongs to a thread, rows to a tile.
            unsafe {
                a.points.product(first, b.points, scratch.pointer().add(thread * length), &mut |block, products| {
                    let right = F8::load(norms.pointer().add(block * BLOCK));
                    for (at, product) in products.chunks_exact(BLOCK).enumerate() {
                        let row = first + at;
                        let both = F8::splat(a.points.norms[row] as f32).add(right);
                        let product = F8::load(product.as_ptr());
                        let square = both.sub(product.add(product)).max(F8::zero());
                        let labels = F8::load(by_class.pointer().add(a.labels[row] as usize * pitch + block * BLOCK));
                        square.add(labels).store(values.pointer().add(row * pitch + block * BLOCK));
                    }
                });
            }
        });
        Ok(Cost { rows, columns, pitch, values })
    }

    /// The costs of a row.
    pub fn row(&self, row: usize) -> &[f32] {
        &self.values.as_slice()[row * self.pitch..][..self.columns]
    }

    /// Rows as columns.
    ///
    /// # Errors
    /// When memory is exhausted.
    pub fn transposed(&self, team: &Team) -> Result<Cost, String> {
        let pitch = self.rows.next_multiple_of(BLOCK);
        let values = Buffer::<f32>::zeroed(self.columns * pitch)?;
        share(team, self.columns.div_ceil(BLOCK), &|_, block| {
            for row in 0..self.rows {
                let from = self.row(row);
                for column in block * BLOCK..self.columns.min((block + 1) * BLOCK) {
                    // Safety: these columns, rows of the result, belong to this piece.
                    unsafe { *values.pointer().add(column * pitch + row) = from[column] };
                }
            }
        });
        Ok(Cost { rows: self.columns, columns: self.rows, pitch, values })
    }

    /// Mean and largest cost, rows in order.
    pub fn mean_and_most(&self) -> (f64, f64) {
        let (mut sum, mut most) = (0.0, 0f32);
        for row in 0..self.rows {
            let row = self.row(row);
            sum += row.iter().map(|&value| value as f64).sum::<f64>();
            most = row.iter().fold(most, |most, &value| most.max(value));
        }
        (sum / (self.rows * self.columns) as f64, most as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn squares_of_distances_and_label_costs() {
        let (n, m, d) = (70, 13, 5);
        let value = |i: usize, c: usize| ((i * 7 + c * 3) % 11) as f32;
        let features: Vec<f32> = (0..(n + m) * d).map(|at| 1000.0 + value(at / d, at % d)).collect();
        let indices: Vec<u32> = (0..(n + m) as u32).collect();
        let centre = vec![1005.0; d];
        let a = Points::centred(&features, &indices[..n], &centre).unwrap();
        let b = Points::centred(&features, &indices[n..], &centre).unwrap();
        let labels: Vec<u32> = indices.iter().map(|i| i % 3).collect();
        let (left, right) = (Labelled { points: &a, labels: &labels[..n] }, Labelled { points: &b, labels: &labels[n..] });
        let cost = Cost::new(&Team::new(), left, right, 3, &|i, j| (10 * i + j) as f64).unwrap();
        let back = cost.transposed(&Team::new()).unwrap();
        let mut sum = 0.0;
        for i in 0..n {
            for j in 0..m {
                let square: f32 = (0..d).map(|c| (value(i, c) - value(n + j, c)).powi(2)).sum();
                let wanted = square + (10 * labels[i] + labels[n + j]) as f32;
                assert_eq!([cost.row(i)[j], back.row(j)[i]], [wanted; 2]);
                sum += wanted as f64;
            }
        }
        assert!((cost.mean_and_most().0 - sum / (n * m) as f64).abs() < 1e-9);
    }
}
