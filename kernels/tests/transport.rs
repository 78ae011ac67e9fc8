//! Ground costs and entropic transport against their twin.

use rootstock_kernels::random::Generator;
use rootstock_kernels::reference::transport as twin;
use rootstock_kernels::team::Team;
use rootstock_kernels::transport::cost::{Cost, Labelled};
use rootstock_kernels::transport::points::Points;
use rootstock_kernels::transport::sinkhorn::{self_transport, transport, Settings};

/// Points of both sides and features: at and beside lanes of 8, tiles of 64 rows, and the 256 columns of a partial sum.
const SHAPES: [(usize, usize, usize); 7] = [(1, 1, 1), (1, 9, 3), (7, 8, 8), (16, 17, 9), (65, 63, 5), (64, 256, 2), (30, 265, 12)];
const CLASSES: usize = 3;

fn label_cost(i: usize, j: usize) -> f64 {
    if i == j {
        0.0
    } else {
        0.5 + (i + j) as f64 / 4.0
    }
}

fn each_case(mut test: impl FnMut(&Cost, &[Vec<f64>], &Cost, &[Vec<f64>], &str)) {
    for (n, m, d) in SHAPES {
        let generator = Generator::new(n as u64, 96, 0);
        let x: Vec<f32> = (0..(n + m) * d).map(|at| generator.normal(at as u64)).collect();
        let labels: Vec<u32> = (0..(n + m) as u32).map(|i| i % CLASSES as u32).collect();
        let indices: Vec<u32> = (0..(n + m) as u32).collect();
        let points = |indices: &[u32]| Points::centred(&x, indices, &vec![0.25; d]).unwrap();
        let (left, right) = (points(&indices[..n]), points(&indices[n..]));
        let (left, right) = (Labelled { points: &left, labels: &labels[..n] }, Labelled { points: &right, labels: &labels[n..] });
        let team = Team::new();
        let make = |a, b| Cost::new(&team, a, b, CLASSES, &label_cost).unwrap();
        let twin_label = |i: usize, j: usize| label_cost(labels[i] as usize, labels[j] as usize);
        let between = twin::cost(&x[..n * d], &x[n * d..], d, |i, j| twin_label(i, n + j));
        let within = twin::cost(&x[n * d..], &x[n * d..], d, |i, j| twin_label(n + i, n + j));
        test(&make(left, right), &between, &make(right, right), &within, &format!("{n} and {m} points of {d} features"));
    }
}

#[test]
fn costs_equal_their_twins() {
    each_case(|between, wanted_between, within, wanted_within, what| {
        for (cost, wanted) in [(between, wanted_between), (within, wanted_within)] {
            for (i, line) in wanted.iter().enumerate() {
                for (found, wanted) in cost.row(i).iter().zip(line) {
                    assert!((*found as f64 - wanted).abs() < 1e-5 * (1.0 + wanted), "{what}: {found}, expected {wanted}");
                }
            }
        }
    });
}

#[test]
fn a_self_cost_is_symmetric_to_the_bit() {
    each_case(|_, _, within, _, what| {
        for i in 0..within.rows {
            (0..i).for_each(|j| assert_eq!(within.row(i)[j].to_bits(), within.row(j)[i].to_bits(), "{what}"));
        }
    });
}

#[test]
fn transports_equal_their_twins() {
    each_case(|between, wanted_between, within, wanted_within, what| {
        for epsilon in [1.0, 5.0] {
            let settings = Settings { epsilon, tolerance: 1e-6, iterations: 3000 };
            let team = Team::new();
            for (found, wanted) in
                [(transport(&team, between, settings), wanted_between), (self_transport(&team, within, settings), wanted_within)]
            {
                let (found, wanted) = (found.unwrap().value, twin::transport(wanted, epsilon, 300));
                assert!((found - wanted).abs() < 1e-5 * (1.0 + wanted.abs()), "{what}, {epsilon}: {found}, expected {wanted}");
            }
        }
    });
}
