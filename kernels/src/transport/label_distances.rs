//! Distances between classes: every class is taken as the Gaussian of its features' mean and (biased) covariance.
//!
//! Squared 2-Wasserstein distance of Gaussians (Bures): |m₁ - m₂|² + tr Σ₁ + tr Σ₂ - 2 tr (Σ₁^½ Σ₂ Σ₁^½)^½. With centred points X
//! (`[n][D]`) a class has Σ = XᵀX/n, and the last trace is the sum of the singular values of X₁X₂ᵀ/√(n₁n₂): no matrix of
//! D×D is needed, however many features there are.

use super::eigenvalues::symmetric_eigenvalues;
use super::points::{mean, Points, TILE};
use super::share::share;
use crate::memory::Buffer;
use crate::team::Team;

/// A class of a dataset.
pub struct Class {
    /// Less its mean; no points if the class has none.
    points: Points,
    mean: Vec<f64>,
    /// Trace of the covariance.
    variance: f64,
}

impl Class {
    /// The class of the points `indices` of `features`, `[·][dimension]`.
    ///
    /// # Errors
    /// When memory is exhausted.
    pub fn new(features: &[f32], indices: &[u32], dimension: usize) -> Result<Class, String> {
        let mean = mean(features, indices, dimension);
        let points = Points::centred(features, indices, &mean)?;
        let variance = points.norms.iter().sum::<f64>() / points.count.max(1) as f64;
        Ok(Class { points, mean, variance })
    }

    /// Number of points.
    pub fn count(&self) -> usize {
        self.points.count
    }
}

/// Squared distances of all pairs of classes, `[K][K]` row-major, symmetric with a zero diagonal; NaN where a class has no
/// points. Pairs are shared among the threads.
///
/// # Errors
/// When memory is exhausted, or numbers are not finite.
pub fn label_distances(team: &Team, classes: &[Class]) -> Result<Vec<f64>, String> {
    let k = classes.len();
    let mut pairs = Vec::with_capacity(k * k / 2);
    for i in 0..k {
        for j in i + 1..k {
            pairs.push((i, j));
        }
    }
    let most = classes.iter().map(Class::count).max().unwrap_or(0);
    let scratch = classes.iter().map(|class| class.points.scratch()).max().unwrap_or(0);
    let products = Buffer::<f32>::raw(team.threads() * scratch)?;
    let matrices = Buffer::<f64>::raw(team.threads() * 2 * most * most)?;
    let found = Buffer::<f64>::zeroed(pairs.len())?;
    share(team, pairs.len(), &|thread, pair| {
        let (i, j) = pairs[pair];
        // Safety: scratch belongs to a thread, a result to a pair.
        unsafe {
            let products = products.pointer().add(thread * scratch);
            let matrices = core::slice::from_raw_parts_mut(matrices.pointer().add(thread * 2 * most * most), 2 * most * most);
            *found.pointer().add(pair) = distance(&classes[i], &classes[j], products, matrices);
        }
    });
    let mut distances = vec![0.0; k * k];
    for (&(i, j), &value) in pairs.iter().zip(found.as_slice()) {
        if value.is_nan() && classes[i].count() > 0 && classes[j].count() > 0 {
            return Err("Cannot compare classes: found features too large, expected finite squares".into());
        }
        distances[i * k + j] = value;
        distances[j * k + i] = value;
    }
    (0..k).filter(|&i| classes[i].count() == 0).for_each(|i| distances[i * k + i] = f64::NAN);
    Ok(distances)
}

/// NaN if there are no points or the eigenvalues cannot be found.
unsafe fn distance(a: &Class, b: &Class, scratch: *mut f32, matrices: &mut [f64]) -> f64 {
    let (a, b) = if a.count() <= b.count() { (a, b) } else { (b, a) };
    let (p, q) = (a.count(), b.count());
    if p == 0 {
        return f64::NAN;
    }
    let (transposed, gram) = matrices.split_at_mut(matrices.len() / 2);
    for first in (0..p).step_by(TILE) {
        a.points.product(first, &b.points, scratch, &mut |block, products| {
            for (at, &product) in products.iter().enumerate() {
                let (i, j) = (first + at / 8, block * 8 + at % 8);
                if j < q {
                    transposed[j * p + i] = product as f64;
                }
            }
        });
    }
    let gram = &mut gram[..p * p];
    gram.fill(0.0);
    for i in 0..p {
        let line = &mut gram[i * p..i * p + i + 1];
        for row in transposed[..q * p].chunks_exact(p) {
            let factor = row[i];
            line.iter_mut().zip(row).for_each(|(sum, value)| *sum += factor * value);
        }
    }
    for i in 0..p {
        for j in 0..i {
            gram[j * p + i] = gram[i * p + j];
        }
    }
    let Ok(squares) = symmetric_eigenvalues(gram, p) else { return f64::NAN };
    let nuclear: f64 = squares.iter().map(|square| square.max(0.0).sqrt()).sum();
    let means: f64 = a.mean.iter().zip(&b.mean).map(|(x, y)| (x - y) * (x - y)).sum();
    // Rounding may leave a little less than nothing.
    (means + (a.variance + b.variance - 2.0 * nuclear / ((p * q) as f64).sqrt()).max(0.0)).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn distances(features: &[f32], sizes: &[usize], dimension: usize) -> Vec<f64> {
        let mut first = 0u32;
        let classes: Vec<Class> = sizes
            .iter()
            .map(|&size| {
                let indices: Vec<u32> = (first..first + size as u32).collect();
                first += size as u32;
                Class::new(features, &indices, dimension).unwrap()
            })
            .collect();
        label_distances(&Team::new(), &classes).unwrap()
    }

    /// Points ±sₖ·eₖ about a mean have the covariance diag(sₖ²/D); such covariances commute: W² = |Δm|² + Σ (√λ - √λ')².
    fn cross(mean: &[f32], scales: &[f32]) -> Vec<f32> {
        let d = mean.len();
        (0..2 * d * d)
            .map(|at| mean[at % d] + if at / d / 2 == at % d { scales[at % d] * (1.0 - 2.0 * (at / d % 2) as f32) } else { 0.0 })
            .collect()
    }

    #[test]
    fn closed_form_of_commuting_covariances() {
        let (means, scales) = ([[1.0f32, -2.0, 0.5], [3.0, 0.0, 0.5]], [[1.0f32, 2.0, 0.0], [4.0, 0.5, 3.0]]);
        let features = [cross(&means[0], &scales[0]), cross(&means[1], &scales[1])].concat();
        let found = distances(&features, &[6, 6], 3);
        let wanted: f32 = (0..3).map(|k| (means[0][k] - means[1][k]).powi(2) + (scales[0][k] - scales[1][k]).powi(2) / 3.0).sum();
        assert!((found[1] - wanted as f64).abs() < 1e-5, "found {found:?}, expected {wanted}");
        assert_eq!([found[0], found[2], found[3]], [0.0, found[1], 0.0]);
    }

    #[test]
    fn equal_classes_of_unequal_sizes_have_no_distance() {
        let once = cross(&[5.0; 10], &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0]);
        let found = distances(&[once.clone(), once.clone(), once].concat(), &[20, 40], 10);
        assert!(found[1] < 1e-4, "found {found:?}");
    }

    #[test]
    fn single_points_and_empty_classes() {
        let found = distances(&[0.0, 3.0, 4.0, 3.0], &[1, 1, 0], 2);
        assert_eq!(found[1], 16.0);
        assert!([2, 5, 6, 7, 8].iter().all(|&at| found[at].is_nan()));
    }
}
