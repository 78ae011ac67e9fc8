//! A linear classifier in closed form: linear discriminant analysis with a regularised covariance (each class a Gaussian, all
//! of one covariance; Friedman 1989, with a multiple of the identity), its penalty and the scale of its logits chosen by
//! leave-one-out cross-entropy, which costs no further fits: without an image its class's mean moves along one line
//! and the covariance loses a matrix of rank one.
//!
//! Letters: N images, F features, K classes. All in f64; images are taken in order, so the result has the same bits always.

/// Penalties tried, as shares of the mean variance of a feature within classes.
const PENALTIES: [f64; 8] = [1e-4, 1e-3, 3e-3, 1e-2, 3e-2, 1e-1, 3e-1, 1.0];
/// Range of the logits' scale, and steps of the golden-section search in it (on a logarithmic axis).
const SCALES: (f64, f64) = (0.01, 20.0);
const STEPS: usize = 40;
/// Least share of a covariance that is left without an image: less would mean an image that determines its own direction.
const LEAST_LEFT: f64 = 1e-3;

/// Weights `[K][F]`, biases `[K]`, and the leave-one-out figures they were chosen by.
#[derive(Clone, Debug, PartialEq)]
pub struct Fit {
    /// `[K][F]`.
    pub weights: Vec<f32>,
    /// `[K]`.
    pub biases: Vec<f32>,
    /// Mean cross-entropy of the leave-one-out predictions, in nats.
    pub loss: f64,
    /// Share of leave-one-out predictions that are right.
    pub accuracy: f64,
}

/// Fits the classifier.
///
/// # Errors
/// When sizes do not fit each other, a label is out of range, or the features are not finite.
pub fn fit(features: &[f32], labels: &[u32], classes: usize) -> Result<Fit, String> {
    let n = labels.len();
    if n < 2 || classes < 2 || features.is_empty() || !features.len().is_multiple_of(n) {
        return Err(format!("Cannot fit a classifier: found {} features of {n} images and {classes} classes", features.len()));
    }
    if let Some(label) = labels.iter().find(|&&label| label as usize >= classes) {
        return Err(format!("Cannot fit a classifier: label {label} is out of range, expected less than {classes}"));
    }
    if features.iter().any(|value| !value.is_finite()) {
        return Err("Cannot fit a classifier: a feature is not finite".into());
    }
    let problem = Problem::new(features, labels, classes);
    let mut best: Option<Solution> = None;
    for penalty in PENALTIES {
        let solution = problem.solve(penalty);
        if best.as_ref().is_none_or(|best| solution.loss < best.loss) {
            best = Some(solution);
        }
    }
    let best = best.ok_or("Cannot fit a classifier: found no penalty")?;
    let f = problem.features;
    let weights: Vec<f32> = best.weights.iter().map(|w| (w * best.scale) as f32).collect();
    let biases = (0..classes).map(|k| {
        let offset: f64 = (0..f).map(|i| best.weights[k * f + i] * problem.mean[i]).sum();
        (best.scale * (best.biases[k] - offset)) as f32
    });
    Ok(Fit { biases: biases.collect(), weights, loss: best.loss, accuracy: best.accuracy })
}

/// Variance of features, as a share of their mean square, up to which it is that of their rounding.
const ROUNDING: f64 = 1e-13;

struct Problem<'a> {
    labels: &'a [u32],
    features: usize,
    classes: usize,
    /// Centred features `[N][F]`, and their mean.
    x: Vec<f64>,
    mean: Vec<f64>,
    /// Images of each class, the logarithm of its share of all, and the mean of its centred features `[K][F]`.
    counts: Vec<f64>,
    log_shares: Vec<f64>,
    means: Vec<f64>,
    /// Covariance within classes, `[F][F]` by its lower triangle.
    covariance: Vec<f64>,
}

struct Solution {
    /// `[K][F]` and `[K]`, before scaling.
    weights: Vec<f64>,
    biases: Vec<f64>,
    scale: f64,
    loss: f64,
    accuracy: f64,
}

impl<'a> Problem<'a> {
    fn new(features: &[f32], labels: &'a [u32], classes: usize) -> Problem<'a> {
        let n = labels.len();
        let f = features.len() / n;
        let mut mean = vec![0.0; f];
        for row in features.chunks_exact(f) {
            mean.iter_mut().zip(row).for_each(|(sum, &value)| *sum += value as f64 / n as f64);
        }
        let x: Vec<f64> = features.iter().enumerate().map(|(i, &value)| value as f64 - mean[i % f]).collect();
        let mut counts = vec![0.0; classes];
        labels.iter().for_each(|&label| counts[label as usize] += 1.0);
        // No class's share is nothing.
        let log_shares = counts.iter().map(|count: &f64| (count.max(0.5) / n as f64).ln()).collect();
        // A class without images keeps the mean of all.
        let mut means = vec![0.0; classes * f];
        for (row, &label) in x.chunks_exact(f).zip(labels) {
            let line = &mut means[label as usize * f..][..f];
            line.iter_mut().zip(row).for_each(|(sum, value)| *sum += value / counts[label as usize]);
        }
        let mut covariance = vec![0.0; f * f];
        let mut d = vec![0.0; f];
        for (row, &label) in x.chunks_exact(f).zip(labels) {
            let centre = &means[label as usize * f..][..f];
            d.iter_mut().zip(row.iter().zip(centre)).for_each(|(d, (value, centre))| *d = value - centre);
            for i in 0..f {
                let line = &mut covariance[i * f..i * f + i + 1];
                line.iter_mut().zip(&d).for_each(|(sum, value)| *sum += d[i] * value / n as f64);
            }
        }
        Problem { labels, features: f, classes, x, mean, counts, log_shares, means, covariance }
    }

    fn ridge(&self, penalty: f64) -> f64 {
        let f = self.features;
        let spread = (0..f).map(|i| self.covariance[i * f + i]).sum::<f64>() / f as f64;
        let size = self.mean.iter().map(|mean| mean * mean).sum::<f64>() / f as f64;
        // Features that are the same for all images, as those of a network that its images do not reach, differ by rounding at most:
        // beside their size all weights become nothing.
        let scale = match (spread > ROUNDING * size, size > 0.0) {
            (true, _) => spread,
            (false, true) => size,
            (false, false) => 1.0,
        };
        penalty * scale
    }

    fn solve(&self, penalty: f64) -> Solution {
        let (f, k) = (self.features, self.classes);
        let lower = cholesky(&self.covariance, f, self.ridge(penalty));
        // With L Lᵀ the covariance, discriminants are squared distances between L⁻¹x and L⁻¹μ.
        let mut whitened = self.means.clone();
        whitened.chunks_exact_mut(f).for_each(|row| forward_substitute(&lower, row));
        let biases = (0..k).map(|class| self.log_shares[class] - square(&whitened[class * f..][..f]) / 2.0).collect();
        let logits = self.leave_one_out(&lower, &whitened);
        let (scale, loss) = best_scale(&logits, self.labels, k);
        let right = logits.chunks_exact(k).zip(self.labels).filter(|(row, &label)| largest(row) == label as usize).count();
        let mut weights = whitened;
        weights.chunks_exact_mut(f).for_each(|row| backward_substitute(&lower, row));
        Solution { weights, biases, scale, loss, accuracy: right as f64 / self.labels.len() as f64 }
    }

    /// Logits `[N][K]` of every image by the classifier of all others, before scaling; penalty and shares of the classes are
    /// those of all. `lower`: Cholesky factor L; `centres`: L⁻¹μ of every class.
    ///
    /// With d = x − μ of its own class of n images, leaving x out moves that mean by −d / (n − 1) and takes
    /// c·d dᵀ, c = n / (n − 1) / N, from the covariance, whose inverse then gains c (A⁻¹d)(A⁻¹d)ᵀ / (1 − c dᵀA⁻¹d).
    fn leave_one_out(&self, lower: &[f64], centres: &[f64]) -> Vec<f64> {
        let (f, n) = (self.features, self.labels.len());
        let mut logits = vec![0.0; n * self.classes];
        let (mut z, mut d) = (vec![0.0; f], vec![0.0; f]);
        for (i, row) in logits.chunks_exact_mut(self.classes).enumerate() {
            z.copy_from_slice(&self.x[i * f..(i + 1) * f]);
            forward_substitute(lower, &mut z);
            let own = self.labels[i] as usize;
            // An only image of a class tells nothing of it: its mean cannot move.
            let rest = (self.counts[own] - 1.0).max(1.0);
            let factor = self.counts[own] / rest;
            d.iter_mut().zip(z.iter().zip(&centres[own * f..])).for_each(|(d, (z, centre))| *d = z - centre);
            let c = factor / n as f64;
            let gain = c / (1.0 - c * square(&d)).max(LEAST_LEFT);
            for (class, logit) in row.iter_mut().enumerate() {
                let centre = &centres[class * f..][..f];
                let (distance, along) = if class == own {
                    (factor * factor * square(&d), factor * square(&d))
                } else {
                    let u = || z.iter().zip(centre).map(|(z, centre)| z - centre);
                    (u().map(|u| u * u).sum(), u().zip(&d).map(|(u, d)| u * d).sum::<f64>())
                };
                *logit = self.log_shares[class] - (distance + gain * along * along) / 2.0;
            }
        }
        logits
    }
}

fn square(row: &[f64]) -> f64 {
    row.iter().map(|value| value * value).sum()
}

fn largest(row: &[f64]) -> usize {
    (1..row.len()).fold(0, |best, k| if row[k] > row[best] { k } else { best })
}

/// Lower triangle L of `a + ridge·I = L Lᵀ`, row-major; `a` by its lower triangle.
fn cholesky(a: &[f64], size: usize, ridge: f64) -> Vec<f64> {
    let mut lower = vec![0.0; size * size];
    for i in 0..size {
        for j in 0..=i {
            let dot: f64 = (0..j).map(|k| lower[i * size + k] * lower[j * size + k]).sum();
            let value = a[i * size + j] + if i == j { ridge } else { 0.0 } - dot;
            lower[i * size + j] = if i == j {
                // A feature without variance has a zero diagonal: its weight becomes zero.
                if value > 0.0 {
                    value.sqrt()
                } else {
                    f64::INFINITY
                }
            } else {
                value / lower[j * size + j]
            };
        }
    }
    lower
}

fn forward_substitute(lower: &[f64], b: &mut [f64]) {
    let size = b.len();
    for i in 0..size {
        let dot: f64 = lower[i * size..i * size + i].iter().zip(b.iter()).map(|(l, v)| l * v).sum();
        b[i] = (b[i] - dot) / lower[i * size + i];
    }
}

fn backward_substitute(lower: &[f64], b: &mut [f64]) {
    let size = b.len();
    for i in (0..size).rev() {
        let dot: f64 = (i + 1..size).map(|k| lower[k * size + i] * b[k]).sum();
        b[i] = (b[i] - dot) / lower[i * size + i];
    }
}

/// Scale of the logits with the least cross-entropy (unimodal: it is convex in the scale), and that loss.
fn best_scale(predictions: &[f64], labels: &[u32], classes: usize) -> (f64, f64) {
    let loss = |log_scale: f64| {
        let scale = log_scale.exp();
        let rows = predictions.chunks_exact(classes).zip(labels);
        let total: f64 = rows
            .map(|(row, &label)| {
                let top = scale * row[largest(row)];
                let sum: f64 = row.iter().map(|value| (scale * value - top).exp()).sum();
                top + sum.ln() - scale * row[label as usize]
            })
            .sum();
        total / labels.len() as f64
    };
    let ratio = (5f64.sqrt() - 1.0) / 2.0;
    let (mut low, mut high) = (SCALES.0.ln(), SCALES.1.ln());
    for _ in 0..STEPS {
        let (a, b) = (high - ratio * (high - low), low + ratio * (high - low));
        if loss(a) < loss(b) {
            high = b;
        } else {
            low = a;
        }
    }
    let middle = (low + high) / 2.0;
    (middle.exp(), loss(middle))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Generator;

    fn clusters(n: usize, f: usize, classes: usize, spread: f64) -> (Vec<f32>, Vec<u32>) {
        let generator = Generator::new(7, 99, 0);
        let labels: Vec<u32> = (0..n as u32).map(|i| i % classes as u32).collect();
        let features = (0..n * f).map(|i| {
            let (image, feature) = (i / f, i % f);
            let centre = if feature % classes == image % classes { 3.0 } else { 0.0 };
            (centre + spread * generator.normal(i as u64) as f64) as f32
        });
        (features.collect(), labels)
    }

    #[test]
    fn separates_clusters() {
        let (features, labels) = clusters(120, 8, 4, 0.3);
        let fit = fit(&features, &labels, 4).unwrap();
        assert_eq!(fit.accuracy, 1.0);
        assert!(fit.loss < 0.05, "loss is {}", fit.loss);
        for (row, &label) in features.chunks_exact(8).zip(&labels) {
            let logits: Vec<f64> =
                (0..4).map(|k| (0..8).map(|i| (fit.weights[k * 8 + i] * row[i]) as f64).sum::<f64>() + fit.biases[k] as f64).collect();
            assert_eq!(largest(&logits), label as usize);
        }
    }

    /// Leave-one-out by its formula against leaving images out for real.
    #[test]
    fn leave_one_out_is_exact() {
        let (features, mut labels) = clusters(30, 5, 3, 2.0);
        // Uneven classes.
        labels[6] = 1;
        labels[9] = 1;
        let (f, penalty) = (5, 0.1);
        let all = Problem::new(&features, &labels, 3);
        let lower = cholesky(&all.covariance, f, all.ridge(penalty));
        let mut centres = all.means.clone();
        centres.chunks_exact_mut(f).for_each(|row| forward_substitute(&lower, row));
        let logits = all.leave_one_out(&lower, &centres);
        for out in 0..30 {
            let mut rest = features.clone();
            rest.drain(out * f..(out + 1) * f);
            let mut rest_labels = labels.clone();
            rest_labels.remove(out);
            let without = Problem::new(&rest, &rest_labels, 3);
            // The covariance of 29 images as a part of 30, under the penalty of all.
            let covariance: Vec<f64> = without.covariance.iter().map(|value| value * 29.0 / 30.0).collect();
            let lower = cholesky(&covariance, f, all.ridge(penalty));
            for k in 0..3 {
                let mut u: Vec<f64> = (0..f).map(|i| features[out * f + i] as f64 - without.mean[i] - without.means[k * f + i]).collect();
                forward_substitute(&lower, &mut u);
                let real = all.log_shares[k] - square(&u) / 2.0;
                let formula = logits[out * 3 + k];
                assert!(
                    (formula - real).abs() < 1e-9 * (1.0 + real.abs()),
                    "image {out}, class {k}: {formula} by the formula, {real} for real"
                );
            }
        }
    }

    /// The weights are A⁻¹μ and the biases ln π − μᵀA⁻¹μ / 2: checked by A, not by its factor.
    #[test]
    fn solves_the_discriminant() {
        let (features, labels) = clusters(40, 4, 2, 1.0);
        let problem = Problem::new(&features, &labels, 2);
        let solution = problem.solve(0.03);
        let full = |i: usize, j: usize| problem.covariance[i.max(j) * 4 + i.min(j)] + if i == j { problem.ridge(0.03) } else { 0.0 };
        for k in 0..2 {
            let weights = &solution.weights[k * 4..][..4];
            let mean = &problem.means[k * 4..][..4];
            for i in 0..4 {
                let product: f64 = (0..4).map(|j| full(i, j) * weights[j]).sum();
                assert!((product - mean[i]).abs() < 1e-9);
            }
            let dot: f64 = weights.iter().zip(mean).map(|(w, m)| w * m).sum();
            assert!((solution.biases[k] - (0.5f64.ln() - dot / 2.0)).abs() < 1e-9);
        }
    }

    #[test]
    fn takes_classes_of_one_image_and_of_none() {
        let (features, mut labels) = clusters(40, 6, 3, 0.5);
        labels.iter_mut().for_each(|label| *label = (*label).min(1));
        labels[0] = 2;
        let fit = fit(&features, &labels, 5).unwrap();
        assert!(fit.weights.iter().chain(&fit.biases).all(|value| value.is_finite()));
        assert!(fit.accuracy > 0.9 && fit.loss.is_finite(), "{} and {}", fit.accuracy, fit.loss);
    }

    #[test]
    fn refuses_what_does_not_fit() {
        assert!(fit(&[1.0, 2.0, 3.0], &[0, 1], 2).is_err());
        assert!(fit(&[1.0, 2.0], &[0, 2], 2).is_err());
        assert!(fit(&[1.0, f32::NAN], &[0, 1], 2).is_err());
    }

    #[test]
    fn a_constant_feature_has_no_weight() {
        let features: Vec<f32> = (0..40).map(|i| if i % 2 == 0 { 5.0 } else { (i / 2 % 2) as f32 + 0.01 * i as f32 }).collect();
        let labels: Vec<u32> = (0..20).map(|i| i % 2).collect();
        let fit = fit(&features, &labels, 2).unwrap();
        assert!(fit.weights.iter().all(|w| w.is_finite()) && fit.weights[0].abs() < 1e-3);
    }

    #[test]
    fn features_that_are_all_the_same_have_no_weight() {
        // Sums of such numbers are rounded: their means are off by what is no spread.
        for value in [0.0f32, 2.5, 0.1, 1.0 / 3.0, 1e-20, 3e10] {
            let labels: Vec<u32> = (0..21).map(|i| (i % 5 == 1) as u32).collect();
            let features: Vec<f32> = (0..63).map(|i| value * (1.0 + (i % 3) as f32 / 7.0)).collect();
            let fit = fit(&features, &labels, 2).unwrap();
            let logit: f32 = fit.weights.iter().zip(&features).map(|(weight, x)| weight * x).sum();
            assert!(logit.abs() < 1e-6, "{value}: {:?}", fit.weights);
            assert!(fit.biases[0] > fit.biases[1] && fit.accuracy > 0.8 && fit.loss.is_finite());
        }
    }
}
