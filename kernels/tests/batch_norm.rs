//! Batch normalisation from sums against its twin, which works on the values: statistics, view, gradients.

mod common;

use common::{assert_near, Numbers};
use rootstock_kernels::layers::batch_norm::{self, Statistics};
use rootstock_kernels::reference::{batch_norm as twin, elementwise};

/// Numbers of values of a channel, their spread and their mean.
const CHANNELS: [(usize, f32, f32); 7] =
    [(7, 1.0, 0.0), (8, 1.0, 2.0), (49, 0.1, -0.5), (64, 3.0, 0.0), (784, 1.0, 1.0), (1000, 0.01, 0.1), (13, 100.0, -30.0)];

fn each_channel(mut test: impl FnMut(&[f32], Statistics, &mut Numbers, &str)) {
    for (n, spread, mean) in CHANNELS {
        let mut numbers = Numbers::new(n);
        let z: Vec<f32> = numbers.vector(n).into_iter().map(|value| spread * value + mean).collect();
        let (sum, squares) = (elementwise::sums(&z, 1, n)[0], elementwise::dots(&z, &z, 1, n)[0]);
        test(&z, batch_norm::statistics(sum, squares, n as f64), &mut numbers, &format!("{n} values of ±{spread} around {mean}"));
    }
}

#[test]
fn statistics_equal_their_twin() {
    each_channel(|z, statistics, _, what| {
        let (mean, variance) = twin::statistics(z);
        assert_near(&[statistics.mean], &[mean], what);
        assert_near(&[statistics.variance], &[variance], what);
        assert_near(&[statistics.inverse_deviation], &[1.0 / (variance + 1e-5).sqrt()], what);
        assert_near(&[batch_norm::variance(statistics.inverse_deviation)], &[variance], what);
    });
}

/// One value, or equal ones: the variance is zero, not the small negative number that rounding may leave.
#[test]
fn constant_channels_have_no_variance() {
    for (value, n) in [(0.0, 1.0), (1e3, 1.0), (0.1, 3.0), (1.0 / 3.0, 7.0), (12345.678, 784.0)] {
        let (sum, squares) = (value * n, value * value * n * (1.0 - 1e-15));
        let statistics = batch_norm::statistics(sum, squares, n);
        assert_near(&[statistics.mean], &[value], "mean");
        assert_eq!(statistics.variance, 0.0, "variance of {n} times {value}");
        assert_near(&[statistics.inverse_deviation], &[1e5f64.sqrt()], "inverse deviation");
        assert!(batch_norm::variance(statistics.inverse_deviation) < 1e-15);
    }
}

#[test]
fn views_normalise_as_their_twin() {
    each_channel(|z, statistics, numbers, what| {
        for (gamma, beta) in [(1.0, 0.0), (numbers.unit() as f64, numbers.unit() as f64), (0.0, 0.5)] {
            let (scale, shift) = batch_norm::view(statistics, gamma, beta);
            let found = elementwise::view(z, z.len(), Some((&[scale], &[shift])), false);
            let (mean, variance) = twin::statistics(z);
            assert_near(&found, &twin::forward(z, mean, variance, gamma, beta), what);
        }
    });
}

#[test]
fn running_statistics_move_as_their_twin() {
    let mut numbers = Numbers::new(5);
    for _ in 0..100 {
        let (running, batch) = (numbers.unit(), 3.0 * numbers.unit() as f64);
        for momentum in [0.1, 0.5, 1.0] {
            let (found, expected) = (batch_norm::moved(running, batch, momentum), twin::moved(running as f64, batch, momentum));
            assert_near(&[found as f64], &[expected], "moved");
        }
    }
}

#[test]
fn gradients_equal_their_twin() {
    each_channel(|z, statistics, numbers, what| {
        // A mean of its own, too: the part of the gradient that normalisation takes away.
        let g: Vec<f32> = numbers.vector(z.len()).into_iter().map(|value| value + 0.5).collect();
        for gamma in [1.0, -0.7] {
            let (sum, dot) = (elementwise::sums(&g, 1, g.len())[0], elementwise::dots(&g, z, 1, g.len())[0]);
            let backward = batch_norm::backward(statistics, gamma, sum, dot, z.len() as f64);
            let expected = twin::backward(z, &g, gamma);
            assert_near(&[backward.gamma as f64], &[expected.gamma], what);
            assert_near(&[backward.beta as f64], &[expected.beta], what);
            let constant = vec![backward.constant; z.len()];
            let found = elementwise::weighted_sum(&constant, &[(&g, &[backward.gradient]), (z, &[backward.value])], z.len());
            assert_near(&found, &expected.z, what);
        }
    });
}
