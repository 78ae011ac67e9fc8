//! A linear classifier in closed form: ridge regression of one-hot labels on features, its penalty and the scale of its
//! logits chosen by leave-one-out cross-entropy (both exact for ridge regression, no image is left out for real).
//!
//! Letters: N images, F features, K classes. All in f64; images are taken in order, so the result has the same bits always.

/// Penalties tried, as shares of the mean squared (centred) feature times N.
const PENALTIES: [f64; 7] = [1e-5, 1e-4, 1e-3, 1e-2, 3e-2, 1e-1, 1.0];
/// Range of the logits' scale, and steps of the golden-section search in it (on a logarithmic axis).
const SCALES: (f64, f64) = (0.1, 200.0);
const STEPS: usize = 40;
/// Largest leverage that a leave-one-out residual is computed for: 1 would mean an image that determines its own fit.
const LEVERAGE: f64 = 0.999;

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
        (best.scale * (problem.share[k] - offset)) as f32
    });
    Ok(Fit { biases: biases.collect(), weights, loss: best.loss, accuracy: best.accuracy })
}

struct Problem<'a> {
    labels: &'a [u32],
    features: usize,
    classes: usize,
    /// Centred features `[N][F]`, their mean, class shares.
    x: Vec<f64>,
    mean: Vec<f64>,
    share: Vec<f64>,
    /// `xᵀx` and `xᵀy` (`[K][F]`).
    gram: Vec<f64>,
    moments: Vec<f64>,
}

struct Solution {
    /// `[K][F]`, before scaling.
    weights: Vec<f64>,
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
        let mut share = vec![0.0; classes];
        labels.iter().for_each(|&label| share[label as usize] += 1.0 / n as f64);
        let (mut gram, mut moments) = (vec![0.0; f * f], vec![0.0; classes * f]);
        for (row, &label) in x.chunks_exact(f).zip(labels) {
            for i in 0..f {
                let line = &mut gram[i * f..i * f + i + 1];
                line.iter_mut().zip(row).for_each(|(sum, value)| *sum += row[i] * value);
            }
            // The mean of x is zero, so centring y changes nothing.
            let line = &mut moments[label as usize * f..][..f];
            line.iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
        }
        Problem { labels, features: f, classes, x, mean, share, gram, moments }
    }

    fn solve(&self, penalty: f64) -> Solution {
        let (f, n) = (self.features, self.labels.len());
        let diagonal: f64 = (0..f).map(|i| self.gram[i * f + i]).sum::<f64>() / f as f64;
        let lower = cholesky(&self.gram, f, penalty * diagonal + f64::MIN_POSITIVE);
        let mut weights = self.moments.clone();
        for row in weights.chunks_exact_mut(f) {
            forward_substitute(&lower, row);
            backward_substitute(&lower, row);
        }
        let mut predictions = vec![0.0; n * self.classes];
        let mut solved = vec![0.0; f];
        for i in 0..n {
            let row = &self.x[i * f..(i + 1) * f];
            solved.copy_from_slice(row);
            forward_substitute(&lower, &mut solved);
            let leverage = 1.0 / n as f64 + solved.iter().map(|v| v * v).sum::<f64>();
            let keep = 1.0 - leverage.min(LEVERAGE);
            for k in 0..self.classes {
                let fitted: f64 = self.share[k] + row.iter().zip(&weights[k * f..]).map(|(a, b)| a * b).sum::<f64>();
                let y = (self.labels[i] as usize == k) as u8 as f64;
                predictions[i * self.classes + k] = y - (y - fitted) / keep;
            }
        }
        let (scale, loss) = best_scale(&predictions, self.labels, self.classes);
        let right = predictions.chunks_exact(self.classes).zip(self.labels).filter(|(row, &label)| largest(row) == label as usize).count();
        Solution { weights, scale, loss, accuracy: right as f64 / n as f64 }
    }
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
        let (features, labels) = clusters(30, 5, 3, 2.0);
        let (f, penalty) = (5, 0.1);
        let all = Problem::new(&features, &labels, 3);
        let diagonal: f64 = (0..f).map(|i| all.gram[i * f + i]).sum::<f64>() / f as f64;
        let lower = cholesky(&all.gram, f, penalty * diagonal);
        let out = 4;
        let mut solved = all.x[out * f..(out + 1) * f].to_vec();
        forward_substitute(&lower, &mut solved);
        let leverage = 1.0 / 30.0 + solved.iter().map(|v| v * v).sum::<f64>();
        let solution = all.solve(penalty);
        let mut rest = features.clone();
        rest.drain(out * f..(out + 1) * f);
        let mut rest_labels = labels.clone();
        rest_labels.remove(out);
        let without = Problem::new(&rest, &rest_labels, 3);
        let lower = cholesky(&without.gram, f, penalty * diagonal);
        for k in 0..3 {
            let row = &all.x[out * f..(out + 1) * f];
            let fitted: f64 = all.share[k] + row.iter().zip(&solution.weights[k * f..]).map(|(a, b)| a * b).sum::<f64>();
            let y = (labels[out] as usize == k) as u8 as f64;
            let formula = y - (y - fitted) / (1.0 - leverage);
            let mut weights = without.moments[k * f..(k + 1) * f].to_vec();
            forward_substitute(&lower, &mut weights);
            backward_substitute(&lower, &mut weights);
            let real: f64 = without.share[k] + (0..f).map(|i| (features[out * f + i] as f64 - without.mean[i]) * weights[i]).sum::<f64>();
            assert!((formula - real).abs() < 1e-9, "class {k}: {formula} by the formula, {real} for real");
        }
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
}
