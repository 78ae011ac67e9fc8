use super::*;
use crate::random::Generator;
use crate::team::tests::with_team;

const SETTINGS: Settings = Settings { epsilon: 0.05, tolerance: 1e-5, iterations: 2000 };

/// Clusters of random points: features and labels.
fn clusters(count: usize, dimension: usize, classes: usize, seed: u64) -> (Vec<f32>, Vec<u32>) {
    let generator = Generator::new(seed, 97, 0);
    let labels: Vec<u32> = (0..count as u32).map(|i| i * 7 % classes as u32).collect();
    let feature = |at: usize| {
        let (label, c) = (labels[at / dimension] as usize, at % dimension);
        let centre = 2.0 * generator.normal((1_000_000 + label * dimension + c) as u64);
        centre + (1.0 + c as f32 / 8.0) * generator.normal(at as u64)
    };
    ((0..count * dimension).map(feature).collect(), labels)
}

fn dataset<'a>((features, labels): &'a (Vec<f32>, Vec<u32>), classes: usize) -> Dataset<'a> {
    Dataset { features, labels, classes }
}

fn run(a: Dataset, b: Dataset) -> Comparison {
    compare(&Team::new(), a, b, SETTINGS).unwrap()
}

#[test]
fn a_dataset_has_no_distance_to_itself() {
    let a = clusters(90, 11, 3, 1);
    let found = run(dataset(&a, 3), dataset(&a, 3));
    assert!(found.distance.abs() < 1e-6 * found.mean_costs[0], "distance is {}", found.distance);
    assert!(found.transports.iter().all(|solution| solution.violation <= 1e-5));
}

#[test]
fn is_symmetric_and_independent_of_order() {
    let (a, b) = (clusters(90, 11, 3, 1), clusters(70, 11, 4, 2));
    let found = run(dataset(&a, 3), dataset(&b, 4));
    assert!(found.distance > 0.01 * found.mean_costs[0]);
    let near = |other: f64| assert!((other - found.distance).abs() < 2e-6 * found.mean_costs[0], "{other}, expected {}", found.distance);
    near(run(dataset(&b, 4), dataset(&a, 3)).distance);
    let order: Vec<usize> = (0..90).map(|i| (i * 37 + 5) % 90).collect();
    let mixed = (order.iter().flat_map(|&i| a.0[i * 11..(i + 1) * 11].to_vec()).collect(), order.iter().map(|&i| a.1[i]).collect());
    near(run(dataset(&mixed, 3), dataset(&b, 4)).distance);
    let renamed = (a.0.clone(), a.1.iter().map(|label| 4 - label).collect());
    near(run(dataset(&renamed, 6), dataset(&b, 4)).distance);
}

/// Moving all points by t adds |t|² between points and |t|² between classes; what is linear in t cancels.
#[test]
fn a_translation_adds_twice_its_square() {
    let a = clusters(80, 6, 2, 3);
    let moved = (a.0.iter().enumerate().map(|(at, x)| x + if at % 6 == 2 { 3.0 } else { 0.0 }).collect(), a.1.clone());
    let found = run(dataset(&a, 2), dataset(&moved, 2));
    assert!((found.distance - 18.0).abs() < 1e-4, "distance is {}", found.distance);
}

#[test]
fn one_class_a_side_adds_its_label_distance_to_plain_transport() {
    let one = |x: [f32; 2]| (x.to_vec(), vec![0, 0]);
    // Points 0 and 2 to points 10 and 14 on a line: at a small ε the plan is monotone, (10² + 12²)/2 = 122; means 11, deviations 1 and 2.
    let (a, b) = (one([0.0, 2.0]), one([10.0, 14.0]));
    let settings = Settings { epsilon: 1e-3, tolerance: 1e-9, iterations: 100_000 };
    let found = compare(&Team::new(), dataset(&a, 1), dataset(&b, 1), settings).unwrap();
    assert!((found.label_distances[0] - 122.0).abs() < 1e-4, "found {:?}", found.label_distances);
    let entropy = found.epsilon * 2f64.ln();
    assert!((found.transports[0].value - (244.0 + entropy)).abs() < 1e-3, "found {}", found.transports[0].value);
}

#[test]
fn gives_the_same_bits_for_any_number_of_threads() {
    let (a, b) = (clusters(150, 20, 3, 1), clusters(131, 20, 4, 2));
    let bits = |threads: usize| {
        let found = with_team(threads, |team| compare(team, dataset(&a, 3), dataset(&b, 4), SETTINGS).unwrap());
        let values = found.transports.iter().map(|solution| solution.value).chain(found.label_distances.iter().copied());
        values.chain([found.distance]).map(f64::to_bits).collect::<Vec<_>>()
    };
    let one = bits(1);
    assert_eq!([bits(2), bits(3)], [one.clone(), one]);
}

#[test]
fn equal_points_are_compared_without_dividing_by_zero() {
    let same = (vec![2.0; 8], vec![0; 4]);
    assert_eq!(run(dataset(&same, 1), dataset(&same, 1)).distance, 0.0);
}

#[test]
fn refuses_what_does_not_fit() {
    let good = (vec![1.0; 12], vec![0, 1, 0, 1]);
    let fails = |a: Dataset, b: Dataset, settings: Settings, word: &str| {
        let error = compare(&Team::new(), a, b, settings).err().unwrap();
        assert!(error.starts_with("Cannot compare datasets: ") && error.contains(word), "{error}");
    };
    let fit = dataset(&good, 2);
    fails(Dataset { labels: &[], ..fit }, fit, SETTINGS, "0 points");
    fails(fit, Dataset { features: &[1.0; 13], ..fit }, SETTINGS, "13 features of 4 points");
    fails(fit, Dataset { features: &[1.0; 8], ..fit }, SETTINGS, "3 and 2 features");
    fails(Dataset { classes: 1, ..fit }, fit, SETTINGS, "label 1");
    fails(Dataset { classes: 0, ..fit }, fit, SETTINGS, "0 classes");
    fails(Dataset { features: &[f32::NAN; 12], ..fit }, fit, SETTINGS, "feature 0");
    fails(fit, Dataset { features: &[1e20; 12], ..fit }, SETTINGS, "second");
    fails(fit, fit, Settings { epsilon: 0.0, ..SETTINGS }, "epsilon");
    fails(fit, fit, Settings { epsilon: f64::NAN, ..SETTINGS }, "epsilon");
    fails(fit, fit, Settings { tolerance: 0.0, ..SETTINGS }, "tolerance");
    fails(fit, fit, Settings { iterations: 0, ..SETTINGS }, "iterations");
}
