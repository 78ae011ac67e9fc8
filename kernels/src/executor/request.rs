//! What a run is asked for, and what it found.

use super::state::Executor;
use crate::batch::{Images, Preparation};
use crate::layers::classifier::{group_of, Softening, Target};
use crate::program::Instruction;
use crate::retouch;
use crate::variation::{ImageKey, Mix, Mixing};
use core::ops::Range;

/// Which weights get gradients in a backward pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WeightGradients {
    /// None: only mixing weights (the alpha step).
    None,
    /// Those of classifiers only; the body's backward pass is not run.
    Head,
    /// All, but what only terms of mixing weight 0 depend on is not run: its weights' gradients are zero. Mixing weights other than 0
    /// get theirs; running statistics do not move.
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
    /// Number of each image in its dataset, on which its random changes depend; empty when `indices` are these.
    pub keys: &'a [u32],
    /// A class an image; empty when only logits are wanted.
    pub labels: &'a [u32],
    /// Weight of each class in the loss, `weight` of `torch.nn.CrossEntropyLoss`; empty when all count alike.
    pub class_weights: &'a [f32],
    /// Share of the loss that all classes have alike, `label_smoothing` of `torch.nn.CrossEntropyLoss`; 0 for none.
    pub label_smoothing: f64,
    /// How each image is mixed with the next one of its dataset in the batch, the first following the last.
    pub mixing: Mixing,
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
    /// Whether the importance of mixed terms is measured, in place of their weights' gradient; forward passes only.
    pub measures_terms: bool,
    /// Whether a backward pass follows.
    pub backward: Option<WeightGradients>,
}

/// What a pass found.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Outcome {
    /// Mean over the batch, each image by the weight of its class, of the weighted sum of the classifiers' losses.
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
        self.check_class_weights(executor)?;
        self.check_preparations()?;
        self.check_softening(executor)?;
        if executor.memory.lane.is_some() && (self.training || self.measures_terms || self.backward.is_some()) {
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
        if !self.keys.is_empty() && self.keys.len() != count {
            return Err(format!("Cannot run: found {} numbers of images, expected {count}", self.keys.len()));
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

    fn check_class_weights(&self, executor: &Executor) -> Result<(), String> {
        let found = self.class_weights;
        for instruction in &executor.program.instructions {
            if let Instruction::Classifier { classes, .. } = instruction {
                if !found.is_empty() && (found.len() != *classes || found.iter().any(|w| !(w.is_finite() && *w > 0.0))) {
                    let number = found.len();
                    return Err(format!("Cannot run: found {number} weights of classes, expected {classes} finite ones above 0"));
                }
            }
        }
        Ok(())
    }

    /// The random changes' key of an image of the batch.
    pub(super) fn key(&self, image: usize) -> ImageKey {
        let number = self.keys.get(image).unwrap_or(&self.indices[image]);
        ImageKey { seed: self.seed, epoch: self.epoch, image: *number }
    }

    /// Writes an image of the batch as a network of `channels` inputs reads it, mixed with its partner if images are.
    /// Safety: the request was checked; `to` and `spare` span height·width·8 elements each, apart from each other.
    pub(super) unsafe fn assemble(&self, image: usize, channels: usize, to: *mut f32, spare: *mut f32) {
        let alone = |image: usize, to: *mut f32| {
            let part = self.parts.get(image).map_or(0, |&part| part as usize);
            self.images.assemble(self.indices[image] as usize, &self.preparations[part], channels, self.key(image), to)
        };
        alone(image, to);
        if let Some((partner, mix)) = self.mix(image) {
            alone(partner, spare);
            retouch::mix(to, spare, (self.images.height, self.images.width), &mix);
        }
    }

    /// The image with which an image of the batch is mixed, and how; none if it stays alone. Batches come in random order,
    /// so the next image is a random one.
    fn mix(&self, image: usize) -> Option<(usize, Mix)> {
        if !self.mixing.is_on() {
            return None;
        }
        let count = self.indices.len();
        let partner = (image + 1..count).chain(0..image).find(|&other| self.parts.get(other) == self.parts.get(image))?;
        Some((partner, Mix::draw(&self.mixing, self.key(image), self.images.height, self.images.width)))
    }

    /// What an image of the batch, which has labels, is held against by a classifier with these groups of classes.
    pub(super) fn target(&self, image: usize, groups: &[Range<usize>]) -> Target<'_> {
        let label = self.labels[image] as usize;
        let mixed = self.mix(image).map(|(partner, mix)| (self.labels[partner] as usize, mix.keep));
        let softening = Softening { mixed, smoothing: self.label_smoothing, weights: self.class_weights };
        Target::new(group_of(groups, label), label, softening)
    }

    /// By what a sum of weighted losses is divided: the sum of the weights of the images' classes, smoothing apart; their
    /// number where all count alike.
    pub(super) fn total_weight(&self) -> f64 {
        if self.class_weights.is_empty() || self.labels.is_empty() {
            return self.indices.len() as f64;
        }
        let of = |image: usize| self.class_weights[self.labels[image] as usize] as f64;
        let weight = |image: usize| match self.mix(image) {
            Some((partner, mix)) => mix.keep * of(image) + (1.0 - mix.keep) * of(partner),
            None => of(image),
        };
        (0..self.indices.len()).map(weight).sum()
    }

    fn check_softening(&self, executor: &Executor) -> Result<(), String> {
        if !(0.0..1.0).contains(&self.label_smoothing) {
            return Err(format!("Cannot run: label smoothing is {}, expected 0 up to 1", self.label_smoothing));
        }
        self.mixing.check()?;
        if self.labels.is_empty() {
            return Ok(());
        }
        for instruction in &executor.program.instructions {
            let Instruction::Classifier { groups, .. } = instruction else { continue };
            let group = |image: usize| group_of(groups, self.labels[image] as usize);
            let strangers = |image: &usize| self.mix(*image).is_some_and(|(partner, _)| group(partner) != group(*image));
            if let Some(image) = (0..self.indices.len()).find(strangers) {
                return Err(format!("Cannot mix image {image} of the batch with another: their classes are of different groups"));
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
