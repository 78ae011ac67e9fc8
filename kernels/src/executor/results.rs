//! What a run left behind: losses, hits, logits, features, mixing gradients.

use super::request::{Outcome, Request};
use super::state::{Executor, GROUPS};
use crate::layers::blocks::BLOCK;
use crate::memory::Buffer;
use crate::program::Instruction;

impl Executor {
    /// Loss and hits of a run, summed in image order.
    pub(super) fn outcome(&self, request: &Request) -> Outcome {
        if request.labels.is_empty() {
            return Outcome::default();
        }
        let total = request.total_weight();
        let mean = |(losses, weights): (&[f64], &[f64])| {
            losses[..self.count].iter().zip(weights).map(|(loss, weight)| weight * loss).sum::<f64>() / total
        };
        let weights = self.loss_weights.as_slice().chunks_exact(self.batch);
        let loss = self.losses.as_slice().chunks_exact(self.batch).zip(weights).map(mean);
        let correct = self.hits.as_slice()[..self.count].iter().map(|&hit| hit as usize);
        Outcome { loss: loss.fold(0.0, |sum, loss| sum + loss), correct: correct.sum() }
    }

    /// The main classifier: every valid program has one.
    fn main_classifier(&self) -> Option<usize> {
        self.program.instructions.iter().position(|i| matches!(i, Instruction::Classifier { auxiliary: None, .. }))
    }

    /// Logits of the last run's main classifier: `[images][classes]`.
    pub fn main_logits(&self) -> &[f32] {
        let Some(i) = self.main_classifier() else { return &[] };
        let Instruction::Classifier { classes, .. } = &self.program.instructions[i] else { return &[] };
        &self.logits.as_slice()[self.logit_offset[i]..][..self.count * classes]
    }

    /// Pooled features that the last run's main classifier read: `[images][features]`, without padding.
    pub fn main_features(&self) -> Vec<f32> {
        let Some(i) = self.main_classifier() else { return Vec::new() };
        let Instruction::Classifier { xs, .. } = &self.program.instructions[i] else { return Vec::new() };
        let padded: usize = xs.iter().map(|&x| self.program.tensors[x].blocks() * BLOCK).sum();
        let mut found = Vec::new();
        for row in self.features.as_slice()[self.feature_offset[i]..][..self.count * padded].chunks_exact(padded) {
            let mut at = 0;
            for &x in xs {
                let tensor = &self.program.tensors[x];
                found.extend_from_slice(&row[at..at + tensor.channels]);
                at += tensor.blocks() * BLOCK;
            }
        }
        found
    }

    /// Losses of the last run's images, each divided by what it weighs, those of all classifiers together; then 1 for each image whose largest main logit is its
    /// label, else 0: `[2][images]`. Means nothing after a run without labels.
    pub fn image_outcomes(&self) -> Vec<f64> {
        let mut found = vec![0.0; 2 * self.count];
        for losses in self.losses.as_slice().chunks_exact(self.batch) {
            found.iter_mut().zip(&losses[..self.count]).for_each(|(sum, loss)| *sum += loss);
        }
        let hits = &self.hits.as_slice()[..self.count];
        found[self.count..].iter_mut().zip(hits).for_each(|(to, &hit)| *to = hit as f64);
        found
    }

    /// Images of a batch as the network reads them: `[images][height][width][channels]`.
    ///
    /// # Errors
    /// When the request does not fit the network, or memory is exhausted.
    pub fn assembled(&self, request: &Request) -> Result<Vec<f32>, String> {
        request.check(self)?;
        let image = &self.program.tensors[0];
        let planes: [Buffer; 2] = [Buffer::zeroed(image.pixels() * BLOCK)?, Buffer::zeroed(image.pixels() * BLOCK)?];
        let mut found = Vec::with_capacity(request.indices.len() * image.pixels() * image.channels);
        for at in 0..request.indices.len() {
            // Safety: the request was checked, and both planes have the image's size.
            unsafe { request.assemble(at, image.channels, planes[0].pointer(), planes[1].pointer()) };
            planes[0].as_slice().chunks_exact(BLOCK).for_each(|pixel| found.extend_from_slice(&pixel[..image.channels]));
        }
        Ok(found)
    }

    /// Gradient of the last backward pass with respect to the mixing weights.
    pub fn mixing_gradient_values(&self) -> Vec<f32> {
        self.mixing_gradient.as_slice().iter().map(|&value| value as f32).collect()
    }

    /// Leaves the importance of each mixing weight's terms in its gradient's place: the mean over images, their pixels and the terms of
    /// [`crate::layers::importance::inverse_spread`]. Infinite for a weight without terms, which adds nothing but zeros.
    pub(super) fn keep_importance(&mut self) {
        let mut terms_of = vec![0.0; self.program.mixing];
        let found = self.mixing_gradient.as_mut_slice();
        for (node, instruction) in self.program.instructions.iter().enumerate() {
            let Instruction::Combine { out, terms } = instruction else { continue };
            if self.idle[*out] {
                continue;
            }
            let channels = self.program.tensors[*out].blocks() * BLOCK;
            for (t, term) in terms.iter().enumerate() {
                let Some(mix) = term.own_mix() else { continue };
                for group in 0..GROUPS.min(self.count) {
                    found[mix] += self.term_sums.as_slice()[group * 2 * self.term_total + self.term_offset[node] + t * channels];
                }
                terms_of[mix] += self.count as f64;
            }
        }
        for (sum, count) in found.iter_mut().zip(terms_of) {
            *sum = if count == 0.0 { f64::INFINITY } else { *sum / count };
        }
    }
}
