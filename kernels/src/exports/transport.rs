//! Distances between datasets.

use super::{fail, Answer, TEAM};
use crate::transport::{compare, Dataset, Settings};
use wasm_bindgen::prelude::*;

/// Distance between two labelled sets of features (`[points][features]`). `classes`: of the first, of the second; `settings`:
/// epsilon, tolerance, iterations. Returns distance, epsilon; value, updates, violation and mean cost between, within the first
/// and within the second; then the squared distances of the classes, `[first][second]`.
#[wasm_bindgen]
pub fn dataset_distance(
    first: &[f32],
    first_labels: &[u32],
    second: &[f32],
    second_labels: &[u32],
    classes: &[u32],
    settings: &[f64],
) -> Answer<Vec<f64>> {
    let (&[first_classes, second_classes], &[epsilon, tolerance, iterations]) = (classes, settings) else {
        return Err(JsError::new(&format!(
            "Cannot compare datasets: found {} numbers of classes and {} settings, expected 2 and 3",
            classes.len(),
            settings.len()
        )));
    };
    let first = Dataset { features: first, labels: first_labels, classes: first_classes as usize };
    let second = Dataset { features: second, labels: second_labels, classes: second_classes as usize };
    let found = fail(compare(&TEAM, first, second, Settings { epsilon, tolerance, iterations: iterations as usize }))?;
    let mut numbers = vec![found.distance, found.epsilon];
    for (solution, mean) in found.transports.iter().zip(found.mean_costs) {
        numbers.extend([solution.value, solution.iterations as f64, solution.violation, mean]);
    }
    numbers.extend(found.label_distances);
    Ok(numbers)
}

/// Bytes as features: byte / 255.
#[wasm_bindgen]
pub fn features_of_bytes(bytes: &[u8]) -> Vec<f32> {
    bytes.iter().map(|&byte| byte as f32 / 255.0).collect()
}
