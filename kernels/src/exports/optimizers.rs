//! Solvers that stand on their own: Adam for alpha, a classifier in closed form.

use super::{fail, Answer};
use crate::layers::{classifier, discriminant};
use crate::optimizers::adam;
use wasm_bindgen::prelude::*;

/// A linear classifier in closed form: weights `[classes][features]`, biases, leave-one-out loss and accuracy.
#[wasm_bindgen]
pub fn fit_classifier(features: &[f32], labels: &[u32], classes: u32) -> Answer<Vec<f32>> {
    let fit = fail(discriminant::fit(features, labels, classes as usize))?;
    Ok([fit.weights, fit.biases, vec![fit.loss as f32, fit.accuracy as f32]].concat())
}

/// A linear classifier's mean cross-entropy on rows of features, and how many rows it gets right.
#[wasm_bindgen]
pub fn evaluate_classifier(features: &[f32], labels: &[u32], weights: &[f32], biases: &[f32]) -> Answer<Vec<f64>> {
    let (loss, correct) = fail(classifier::evaluate(features, labels, weights, biases))?;
    Ok(vec![loss, correct as f64])
}

/// One Adam step. `state`: values, first moments, second moments, one after another; returns the new state.
#[wasm_bindgen]
pub fn adam_step(state: &[f32], gradient: &[f32], steps: u32, settings: &[f64]) -> Answer<Vec<f32>> {
    let count = gradient.len();
    let &[learning_rate, beta1, beta2, epsilon, weight_decay] = settings else {
        return Err(JsError::new(&format!("Cannot run Adam: found {} settings, expected 5", settings.len())));
    };
    if state.len() != 3 * count {
        return Err(JsError::new(&format!("Cannot run Adam: found a state of {} numbers, expected {}", state.len(), 3 * count)));
    }
    let mut state = state.to_vec();
    let (values, moments) = state.split_at_mut(count);
    let (first, second) = moments.split_at_mut(count);
    adam::step(adam::Adam { learning_rate, beta1, beta2, epsilon, weight_decay }, steps, values, gradient, first, second);
    Ok(state)
}
