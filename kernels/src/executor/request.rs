//! What a run is asked for, and what it found.

use super::state::Executor;
use crate::batch::{Images, Preparation};
use crate::program::Instruction;

/// Which weights get gradients in a backward pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WeightGradients {
    /// None: only mixing weights (the alpha step).
    None,
    /// Those of classifiers only; the body's backward pass is not run.
    Head,
    /// All, but what only terms of mixing weight 0 depend on is not run: its gradients are zero. Neither mixing weights get
    /// gradients nor running statistics move.
    Live,
    /// All.
    All,
}

/// One pass over a batch.
pub struct Request<'a> {
    /// Where the images are.
    pub images: &'a Images,
    /// Which ones; at most the planned batch.
    pub indices: &'a [u32],
    /// A class an image; empty when only logits are wanted.
    pub labels: &'a [u32],
    /// Dataset of each image, an index into the preparations; empty when all are of the first.
    pub parts: &'a [u32],
    /// Bytes to numbers and random changes, one a dataset; at least one.
    pub preparations: &'a [Preparation],
    /// Seed of augmentation and drop-path.
    pub seed: u64,
    /// Key of augmentation.
    pub epoch: u32,
    /// Key of drop-path.
    pub step: u64,
    /// Probability that drop-path zeroes a term.
    pub drop_path: f32,
    /// Batch statistics (true) or running statistics (false).
    pub training: bool,
    /// Share of this batch in running statistics (training only); 0 leaves them alone.
    pub statistics_momentum: f64,
    /// Whether a backward pass follows.
    pub backward: Option<WeightGradients>,
}

/// What a pass found.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Outcome {
    /// Mean over the batch of the weighted sum of the classifiers' losses.
    pub loss: f64,
    /// Images whose largest main logit is their label.
    pub correct: usize,
}

impl Request<'_> {
    /// Whether an executor can run it.
    ///
    /// # Errors
    /// One line that says what does not fit.
    pub(super) fn check(&self, executor: &Executor) -> Result<(), String> {
        self.check_images(executor)?;
        self.check_labels(executor)?;
        self.check_preparations()?;
        if executor.memory.lane.is_some() && (self.training || self.backward.is_some()) {
            return Err("Cannot train: the network was compiled for inference".into());
        }
        if self.backward.is_some() && (self.labels.is_empty() || !self.training) {
            return Err("Cannot run a backward pass: it needs labels and training mode".into());
        }
        if !(0.0..1.0).contains(&self.drop_path) {
            return Err("Cannot run: the drop-path probability is out of range, expected 0 up to 1".into());
        }
        let (program, count) = (&executor.program, self.indices.len());
        if self.training && program.norms.iter().any(|n| count * program.tensors[n.tensor].pixels() < 2) {
            return Err(format!("Cannot train on {count} image: batch statistics need at least two values a channel"));
        }
        Ok(())
    }

    fn check_images(&self, executor: &Executor) -> Result<(), String> {
        let (image, images, count) = (&executor.program.tensors[0], self.images, self.indices.len());
        if count == 0 || count > executor.batch {
            return Err(format!("Cannot run a batch of {count} images: expected 1 to {}", executor.batch));
        }
        if (images.height, images.width) != (image.height, image.width) {
            return Err(format!(
                "Cannot run images of {}x{}: the network expects {}x{}",
                images.height, images.width, image.height, image.width
            ));
        }
        match self.indices.iter().find(|&&i| i as usize >= images.count) {
            Some(index) => Err(format!("Cannot run image {index}: there are {}", images.count)),
            None => Ok(()),
        }
    }

    fn check_labels(&self, executor: &Executor) -> Result<(), String> {
        let count = self.indices.len();
        if !self.labels.is_empty() && self.labels.len() != count {
            return Err(format!("Cannot run: found {} labels, expected {count}", self.labels.len()));
        }
        for instruction in &executor.program.instructions {
            if let Instruction::Classifier { classes, .. } = instruction {
                if let Some(label) = self.labels.iter().find(|&&label| label as usize >= *classes) {
                    return Err(format!("Cannot run: label {label} is out of range, expected less than {classes}"));
                }
            }
        }
        Ok(())
    }

    fn check_preparations(&self) -> Result<(), String> {
        let (count, datasets) = (self.indices.len(), self.preparations.len());
        if !self.parts.is_empty() && self.parts.len() != count {
            return Err(format!("Cannot run: found {} datasets of images, expected {count}", self.parts.len()));
        }
        if let Some(part) = self.parts.iter().chain([&0]).find(|&&part| part as usize >= datasets) {
            return Err(format!("Cannot run: dataset {part} is out of range, expected less than {datasets}"));
        }
        if self.preparations.iter().flat_map(|p| p.normalisation.std).any(|s| !(s.is_finite() && s > 0.0)) {
            return Err("Cannot run: a standard deviation is not positive".into());
        }
        Ok(())
    }
}
