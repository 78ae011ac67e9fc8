//! Optimal-transport dataset distance (Alvarez-Melis & Fusi, NeurIPS 2020, arXiv 2002.02923) by the Gaussian approximation.
//!
//! A dataset is a set of labelled points. Two of them differ by |x - x'|² + W²(y, y'), where W is the 2-Wasserstein distance of
//! the Gaussians of their classes; the distance of datasets is the debiased entropic transport cost
//! S = OT_ε(A, B) - ½ OT_ε(A, A) - ½ OT_ε(B, B), with squares not halved and no root taken.
//!
//! Memory for n and m points of d features, in bytes: 8·(nm + d(n + m)) besides the datasets themselves, and
//! 16·k² a thread before that, for classes of up to k points.

pub mod cost;
pub mod eigenvalues;
pub mod exponential;
pub mod label_distances;
pub mod points;
pub mod share;
pub mod sinkhorn;

use crate::team::Team;
use cost::{Cost, Labelled};
use label_distances::{label_distances, Class};
use points::{mean, Points};
use sinkhorn::{self_transport, transport, Solution};

/// Most points of a dataset.
pub const MOST_POINTS: usize = 8192;
/// Most points of a class: distances between classes take the cube of it.
pub const MOST_OF_A_CLASS: usize = 2048;
/// Most classes of a dataset.
pub const MOST_CLASSES: usize = 1024;
/// Largest magnitude of a feature: squares and their sums must stay in single precision.
const LARGEST: f32 = 1e15;

/// Labelled points.
#[derive(Clone, Copy)]
pub struct Dataset<'a> {
    /// `[points][features]`.
    pub features: &'a [f32],
    /// Class of each point.
    pub labels: &'a [u32],
    /// Number of classes; not all need have points.
    pub classes: usize,
}

/// How to compare.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Regularisation as a share of the mean cost between the datasets.
    pub epsilon: f64,
    /// See [`sinkhorn::Settings::tolerance`].
    pub tolerance: f64,
    /// See [`sinkhorn::Settings::iterations`].
    pub iterations: usize,
}

/// How far apart two datasets are.
pub struct Comparison {
    /// S, in squared units of the features.
    pub distance: f64,
    /// ε in the same unit.
    pub epsilon: f64,
    /// Transport between the datasets, within the first, within the second.
    pub transports: [Solution; 3],
    /// Mean costs of the same.
    pub mean_costs: [f64; 3],
    /// W² between the classes of the first and of the second, `[classes][classes]`; NaN where a class has no points.
    pub label_distances: Vec<f64>,
}

/// Compares two datasets.
///
/// # Errors
/// When sizes do not fit each other or are out of range, a label is out of range, a feature is not finite or huge, a setting is
/// out of range, or memory is exhausted.
pub fn compare(team: &Team, a: Dataset, b: Dataset, settings: Settings) -> Result<Comparison, String> {
    let dimension = a.check("first")?;
    if b.check("second")? != dimension {
        let found = b.features.len() / b.labels.len();
        return Err(format!("Cannot compare datasets: found {dimension} and {found} features a point, expected equally many"));
    }
    settings.check()?;
    let mut classes = Vec::with_capacity(a.classes + b.classes);
    for dataset in [a, b] {
        for class in 0..dataset.classes as u32 {
            classes.push(Class::new(dataset.features, &dataset.members(class), dimension)?);
        }
    }
    let distances = label_distances(team, &classes)?;
    drop(classes);
    let all = a.classes + b.classes;
    let between = |i: usize, j: usize| distances[i * all + j];

    let (means, share) = ([a.mean(dimension), b.mean(dimension)], a.labels.len() as f64 / (a.labels.len() + b.labels.len()) as f64);
    let centre: Vec<f64> = means[0].iter().zip(&means[1]).map(|(x, y)| share * x + (1.0 - share) * y).collect();
    let (cross, cross_mean, epsilon) = {
        let (left, right) = (a.points(&centre)?, b.points(&centre)?);
        let (left, right) = (Labelled { points: &left, labels: a.labels }, Labelled { points: &right, labels: b.labels });
        let cost = Cost::new(team, left, right, a.classes, &|i, j| between(i, a.classes + j))?;
        let (mean, _) = cost.mean_and_most();
        // Where all costs are zero any ε gives zero.
        let epsilon = if mean > 0.0 { settings.epsilon * mean } else { 1.0 };
        (transport(team, &cost, settings.at(epsilon))?, mean, epsilon)
    };
    let within = |dataset: Dataset, centre: &[f64], first: usize| -> Result<(Solution, f64), String> {
        let points = dataset.points(centre)?;
        let side = Labelled { points: &points, labels: dataset.labels };
        let cost = Cost::new(team, side, side, dataset.classes, &|i, j| between(first + i, first + j))?;
        Ok((self_transport(team, &cost, settings.at(epsilon))?, cost.mean_and_most().0))
    };
    let (within_a, mean_a) = within(a, &means[0], 0)?;
    let (within_b, mean_b) = within(b, &means[1], a.classes)?;
    let mut label_distances = Vec::with_capacity(a.classes * b.classes);
    for i in 0..a.classes {
        label_distances.extend_from_slice(&distances[i * all + a.classes..(i + 1) * all]);
    }
    Ok(Comparison {
        distance: cross.value - within_a.value / 2.0 - within_b.value / 2.0,
        epsilon,
        transports: [cross, within_a, within_b],
        mean_costs: [cross_mean, mean_a, mean_b],
        label_distances,
    })
}

impl Dataset<'_> {
    /// Number of features of a point.
    fn check(&self, which: &str) -> Result<usize, String> {
        let fail = |found: String| Err(format!("Cannot compare datasets: the {which} has {found}"));
        let (points, classes) = (self.labels.len(), self.classes);
        if points == 0 || points > MOST_POINTS {
            return fail(format!("{points} points, expected 1 to {MOST_POINTS}"));
        }
        if self.features.is_empty() || !self.features.len().is_multiple_of(points) {
            return fail(format!("{} features of {points} points, expected equally many of each", self.features.len()));
        }
        if classes == 0 || classes > MOST_CLASSES {
            return fail(format!("{classes} classes, expected 1 to {MOST_CLASSES}"));
        }
        if let Some(label) = self.labels.iter().find(|&&label| label as usize >= classes) {
            return fail(format!("label {label}, expected less than {classes}"));
        }
        if let Some(at) = self.features.iter().position(|value| !value.is_finite() || value.abs() > LARGEST) {
            // Printing the number would take a tenth of this module.
            return fail(format!("feature {at} infinite, no number or huge, expected magnitudes up to 1e15"));
        }
        let most = (0..classes as u32).map(|class| self.members(class).len()).max().unwrap_or(0);
        if most > MOST_OF_A_CLASS {
            return fail(format!("{most} points of one class, expected at most {MOST_OF_A_CLASS}"));
        }
        Ok(self.features.len() / points)
    }

    #[inline(never)]
    fn members(&self, class: u32) -> Vec<u32> {
        let mut members = Vec::with_capacity(self.labels.len());
        for (at, &label) in self.labels.iter().enumerate() {
            if label == class {
                members.push(at as u32);
            }
        }
        members
    }

    fn all(&self) -> Vec<u32> {
        (0..self.labels.len() as u32).collect()
    }

    fn mean(&self, dimension: usize) -> Vec<f64> {
        mean(self.features, &self.all(), dimension)
    }

    fn points(&self, centre: &[f64]) -> Result<Points, String> {
        Points::centred(self.features, &self.all(), centre)
    }
}

impl Settings {
    fn check(&self) -> Result<(), String> {
        let Settings { epsilon, tolerance, iterations } = *self;
        if !(1e-4..=100.0).contains(&epsilon) {
            return Err("Cannot compare datasets: epsilon is out of range, expected 0.0001 to 100".into());
        }
        if !(tolerance > 0.0 && tolerance < 1.0) {
            return Err("Cannot compare datasets: tolerance is out of range, expected more than 0 and less than 1".into());
        }
        if iterations == 0 {
            return Err("Cannot compare datasets: found 0 iterations, expected at least 1".into());
        }
        Ok(())
    }

    fn at(&self, epsilon: f64) -> sinkhorn::Settings {
        sinkhorn::Settings { epsilon, tolerance: self.tolerance, iterations: self.iterations }
    }
}

#[cfg(test)]
mod tests;
