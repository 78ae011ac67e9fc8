//! Runs a planned program: every thread claims groups of images and takes them through the phases.
//!
//! The batch is cut into a fixed number of groups, whatever the number of threads; sums over images run in order within a
//! group, then over groups in order. So results are bit-identical for any number of threads.

mod backward;
mod finish;
mod forward;
mod job;
mod scratch;
mod separable;

use crate::batch::{Images, Preparation};
use crate::memory::Buffer;
use crate::memory_plan::{self, MemoryPlan};
use crate::parameters::Parameters;
use crate::plan::Plan;
use crate::profile::{FIELDS, KINDS};
use crate::program::{Instruction, Program, BLOCK};
use crate::team::Team;
use core::sync::atomic::{AtomicU32, AtomicUsize, Ordering::Relaxed};
use scratch::{Scratch, Sizes};

/// Most groups that a batch is cut into; also the most threads that can share the work of a phase.
pub const GROUPS: usize = 16;

/// Which weights get gradients in a backward pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WeightGradients {
    /// None: only mixing weights (the alpha step).
    None,
    /// The active head only; the body's backward pass is not run.
    Head,
    /// All, but what only terms of mixing weight 0 depend on is not run: its gradients are zero. Neither mixing weights get
    /// gradients nor running statistics move.
    Live,
    /// All.
    All,
}

/// What a network is planned for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Passes of every kind.
    Training,
    /// Forward passes with running statistics only: images share nothing, so each goes through the whole network alone, in a
    /// lane of memory that its thread uses again and again and that mostly stays in the cache.
    Inference,
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
    /// The active head.
    pub head: usize,
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
    /// Mean over the batch of the weighted sum of the active head's losses.
    pub loss: f64,
    /// Images whose largest main logit is their label.
    pub correct: usize,
}

/// Per-norm coefficients, `[norm channels]` each.
pub(crate) struct Coefficients {
    /// Forward view: scale and shift.
    pub scale: Buffer,
    pub shift: Buffer,
    /// Batch mean and 1/sqrt(variance + eps).
    pub mean: Buffer<f64>,
    pub deviation: Buffer<f64>,
    /// dz = gradient·g + value·z + constant.
    pub gradient: Buffer,
    pub value: Buffer,
    pub constant: Buffer,
}

/// A network ready to run.
pub struct Executor {
    /// The program.
    pub program: Program,
    /// Most images a run.
    pub batch: usize,
    pub(crate) plan: Plan,
    pub(crate) memory: MemoryPlan,
    pub(crate) arena: Buffer,
    scratch: Vec<Scratch>,
    pub(crate) coefficients: Coefficients,
    /// Sums over a group: `[GROUPS][2][norm channels]`.
    pub(crate) moments: Buffer<f64>,
    /// First element of each term's dot products, per instruction.
    pub(crate) term_offset: Vec<usize>,
    /// `[GROUPS][2][term channels]`, then the sums over groups in the first group's place.
    pub(crate) term_sums: Buffer<f64>,
    pub(crate) term_total: usize,
    /// Weight gradients of a group: `[GROUPS][partial_total]`.
    pub(crate) partials: Buffer,
    pub(crate) partial_total: usize,
    /// Offset of each storage in a group's partials.
    pub(crate) partial_offset: Vec<usize>,
    /// Losses `[classifiers][batch]`, logits of every classifier `[batch][classes]` from `logit_offset`.
    pub(crate) losses: Buffer<f64>,
    pub(crate) hits: Buffer<u32>,
    pub(crate) logits: Buffer,
    pub(crate) logit_offset: Vec<usize>,
    /// Pooled features of every classifier, `[batch][padded features]` from `feature_offset`.
    pub(crate) features: Buffer,
    pub(crate) feature_offset: Vec<usize>,
    /// Mixing weights, set by the caller.
    pub mixing: Vec<f32>,
    /// Their gradient after a backward pass.
    pub(crate) mixing_gradient: Buffer<f64>,
    claims: Vec<AtomicU32>,
    /// Whether this run leaves a tensor out: only terms of mixing weight 0 depend on it ([`WeightGradients::Live`]).
    pub(crate) idle: Vec<bool>,
    /// Whether kernels are chosen for launches without bounds checks.
    pub wide: bool,
    /// Whether runs are profiled.
    profiled: bool,
    /// Images of the last run.
    pub count: usize,
    /// Head of the last run.
    pub head: usize,
}

/// Everything a thread needs in a run.
pub(crate) struct Job<'a> {
    pub executor: &'a Executor,
    pub parameters: &'a Parameters,
    pub request: &'a Request<'a>,
    pub count: usize,
    pub groups: usize,
    reduce: AtomicUsize,
}

impl Executor {
    /// Plans a program for batches of up to `batch` images within `limit` elements of activations.
    ///
    /// # Errors
    /// When it does not fit, or memory is exhausted.
    pub fn new(
        program: Program,
        parameters: &Parameters,
        batch: usize,
        purpose: Purpose,
        limit: Option<usize>,
        threads: usize,
    ) -> Result<Executor, String> {
        if batch == 0 || batch > 4096 {
            return Err(format!("Cannot run batches of {batch} images: expected 1 to 4096"));
        }
        let arrangement = &parameters.arrangement;
        let (plan, memory) = match purpose {
            Purpose::Training => memory_plan::plan(&program, arrangement, batch, limit)?,
            Purpose::Inference => memory_plan::plan_inference(&program, threads.max(1), limit)?,
        };
        let mut partial_offset = vec![0; arrangement.storages.len()];
        let mut partial_total = 0;
        for phase in &plan.phases {
            let mut offset = 0;
            for &storage in &phase.storages {
                partial_offset[storage] = offset;
                offset += arrangement.storages[storage].length;
            }
            partial_total = partial_total.max(offset);
        }
        let (mut term_offset, mut term_total) = (vec![0; program.instructions.len()], 0);
        let (mut feature_offset, mut features) = (vec![0; program.instructions.len()], 0);
        let (mut logit_offset, mut logits, mut classifiers) = (vec![0; program.instructions.len()], 0, 0);
        for (i, instruction) in program.instructions.iter().enumerate() {
            match instruction {
                Instruction::Combine { out, terms } => {
                    term_offset[i] = term_total;
                    term_total += terms.len() * program.tensors[*out].blocks() * BLOCK;
                }
                Instruction::Classifier { xs, classes, .. } => {
                    feature_offset[i] = features;
                    features += xs.iter().map(|&x| program.tensors[x].blocks() * BLOCK).sum::<usize>() * batch;
                    logit_offset[i] = logits;
                    logits += classes * batch;
                    classifiers += 1;
                }
                _ => {}
            }
        }
        let norms = arrangement.norm_total;
        let sizes = Sizes::new(&program);
        let scratch = (0..threads.max(1)).map(|_| Scratch::new(&sizes)).collect::<Result<_, String>>()?;
        Ok(Executor {
            arena: Buffer::raw(memory.total)?,
            scratch,
            coefficients: Coefficients {
                scale: Buffer::zeroed(norms)?,
                shift: Buffer::zeroed(norms)?,
                mean: Buffer::zeroed(norms)?,
                deviation: Buffer::zeroed(norms)?,
                gradient: Buffer::zeroed(norms)?,
                value: Buffer::zeroed(norms)?,
                constant: Buffer::zeroed(norms)?,
            },
            moments: Buffer::zeroed(GROUPS * 2 * norms)?,
            term_offset,
            term_sums: Buffer::zeroed(GROUPS * 2 * term_total)?,
            term_total,
            partials: Buffer::zeroed(GROUPS * partial_total)?,
            partial_total,
            partial_offset,
            losses: Buffer::zeroed(classifiers * batch)?,
            hits: Buffer::zeroed(batch)?,
            features: Buffer::zeroed(features)?,
            feature_offset,
            logits: Buffer::zeroed(logits)?,
            logit_offset,
            mixing: vec![1.0; program.mixing],
            mixing_gradient: Buffer::zeroed(program.mixing)?,
            idle: vec![false; program.tensors.len()],
            claims: (0..plan.phases.len()).map(|_| AtomicU32::new(0)).collect(),
            wide: false,
            profiled: false,
            count: 0,
            head: 0,
            program,
            batch,
            plan,
            memory,
        })
    }

    /// Bytes of the activation arena.
    pub fn activation_bytes(&self) -> usize {
        self.memory.total * 4
    }

    /// Runs a forward pass and, if asked, a backward pass.
    ///
    /// # Errors
    /// When the request does not fit the network; nothing is changed then.
    pub fn run(&mut self, parameters: &mut Parameters, team: &Team, request: &Request) -> Result<Outcome, String> {
        self.check(request)?;
        if team.threads() > self.scratch.len() {
            return Err(format!("Cannot run on {} threads: the network was compiled for {}", team.threads(), self.scratch.len()));
        }
        self.count = request.indices.len();
        self.head = request.head;
        if !request.training {
            finish::use_running_statistics(self, parameters);
        }
        self.mixing_gradient.as_mut_slice().fill(0.0);
        let is_partial = request.backward == Some(WeightGradients::Live);
        self.idle.fill(is_partial);
        if is_partial {
            self.program.keep_live(&self.mixing, &mut self.idle);
        }
        for claim in &self.claims {
            claim.store(0, Relaxed);
        }
        let job =
            Job { executor: self, parameters, request, count: self.count, groups: GROUPS.min(self.count), reduce: AtomicUsize::new(0) };
        team.run(&|member| job.work(member));
        if request.training && request.statistics_momentum > 0.0 && !is_partial {
            finish::update_running_statistics(self, parameters, self.count, request.statistics_momentum);
        }
        Ok(finish::outcome(self, request))
    }

    fn check(&self, request: &Request) -> Result<(), String> {
        let (image, images) = (&self.program.tensors[0], request.images);
        let count = request.indices.len();
        if count == 0 || count > self.batch {
            return Err(format!("Cannot run a batch of {count} images: expected 1 to {}", self.batch));
        }
        if (images.height, images.width) != (image.height, image.width) {
            return Err(format!(
                "Cannot run images of {}x{}: the network expects {}x{}",
                images.height, images.width, image.height, image.width
            ));
        }
        if let Some(index) = request.indices.iter().find(|&&i| i as usize >= images.count) {
            return Err(format!("Cannot run image {index}: there are {}", images.count));
        }
        if !request.labels.is_empty() && request.labels.len() != count {
            return Err(format!("Cannot run: found {} labels, expected {count}", request.labels.len()));
        }
        if request.head >= self.program.heads() {
            return Err(format!("Cannot run head {}: there are {}", request.head, self.program.heads()));
        }
        for instruction in &self.program.instructions {
            if let Instruction::Classifier { head, classes, .. } = instruction {
                if let Some(label) = request.labels.iter().find(|&&l| *head == request.head && l as usize >= *classes) {
                    return Err(format!("Cannot run: label {label} is out of range, expected less than {classes}"));
                }
            }
        }
        if self.memory.lane.is_some() && (request.training || request.backward.is_some()) {
            return Err("Cannot train: the network was compiled for inference".into());
        }
        if request.backward.is_some() && (request.labels.is_empty() || !request.training) {
            return Err("Cannot run a backward pass: it needs labels and training mode".into());
        }
        if !(0.0..1.0).contains(&request.drop_path) {
            return Err("Cannot run: the drop-path probability is out of range, expected 0 up to 1".into());
        }
        if !request.parts.is_empty() && request.parts.len() != count {
            return Err(format!("Cannot run: found {} datasets of images, expected {count}", request.parts.len()));
        }
        let datasets = request.preparations.len();
        if let Some(part) = request.parts.iter().chain([&0]).find(|&&part| part as usize >= datasets) {
            return Err(format!("Cannot run: dataset {part} is out of range, expected less than {datasets}"));
        }
        if request.preparations.iter().flat_map(|p| p.normalisation.std).any(|s| !(s.is_finite() && s > 0.0)) {
            return Err("Cannot run: a standard deviation is not positive".into());
        }
        if request.training && self.program.norms.iter().any(|n| count * self.program.tensors[n.tensor].pixels() < 2) {
            return Err(format!("Cannot train on {count} image: batch statistics need at least two values a channel"));
        }
        Ok(())
    }

    /// The active head's classifier with the largest loss weight.
    fn main_classifier(&self) -> Option<usize> {
        let mut main: Option<(f32, usize)> = None;
        for (i, instruction) in self.program.instructions.iter().enumerate() {
            if let Instruction::Classifier { head, loss_weight, .. } = instruction {
                if *head == self.head && main.is_none_or(|(weight, _)| *loss_weight > weight) {
                    main = Some((*loss_weight, i));
                }
            }
        }
        main.map(|(_, i)| i)
    }

    /// Logits of the last run's main classifier (the active head's with the largest loss weight): `[images][classes]`.
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

    /// Losses of the last run's images, those of the active head's classifiers together; then 1 for each image whose largest
    /// main logit is its label, else 0: `[2][images]`. Means nothing after a run without labels.
    pub fn image_outcomes(&self) -> Vec<f64> {
        let mut found = vec![0.0; 2 * self.count];
        let classifiers = self.program.instructions.iter().filter_map(|i| match i {
            Instruction::Classifier { head, .. } => Some(*head),
            _ => None,
        });
        for (nth, _) in classifiers.enumerate().filter(|&(_, head)| head == self.head) {
            let losses = &self.losses.as_slice()[nth * self.batch..][..self.count];
            found.iter_mut().zip(losses).for_each(|(sum, loss)| *sum += loss);
        }
        let hits = &self.hits.as_slice()[..self.count];
        found[self.count..].iter_mut().zip(hits).for_each(|(to, &hit)| *to = hit as f64);
        found
    }

    /// Gradient of the last backward pass with respect to the mixing weights.
    pub fn mixing_gradient_values(&self) -> Vec<f32> {
        self.mixing_gradient.as_slice().iter().map(|&value| value as f32).collect()
    }

    /// Seconds, floating-point operations, bytes and calls by kind of work since profiling began, summed over threads:
    /// `[KINDS][FIELDS]`.
    pub fn profile(&self) -> Vec<f64> {
        let mut sums = vec![0.0; KINDS * FIELDS];
        for scratch in &self.scratch {
            sums.iter_mut().zip(scratch.profile.table()).for_each(|(sum, value)| *sum += value);
        }
        sums
    }

    /// Starts profiling from zero, or stops it.
    pub fn set_profiled(&mut self, profiled: bool) {
        self.profiled = profiled;
        self.scratch.iter_mut().for_each(|scratch| scratch.profile.clear());
    }

    pub(crate) fn value(&self, place: Place, tensor: usize) -> *mut f32 {
        let table = if place.phase < self.plan.forward { &self.memory.forward } else { &self.memory.backward };
        let offset = match self.memory.lane {
            Some(elements) => place.lane * elements,
            None => place.image * self.program.tensors[tensor].elements(),
        };
        // Safety: the memory plan gives every tensor room for `batch` images in the arena, or every thread a lane.
        unsafe { self.arena.pointer().add(table[tensor] + offset) }
    }

    pub(crate) fn gradient(&self, tensor: usize, image: usize) -> *mut f32 {
        // Safety: as in `value`.
        unsafe { self.arena.pointer().add(self.memory.gradient[tensor] + image * self.program.tensors[tensor].elements()) }
    }
}

/// Where a thread is: phase, group of images, image, and whether it is the first of its group.
#[derive(Clone, Copy)]
pub(crate) struct Place {
    pub phase: usize,
    pub group: usize,
    pub image: usize,
    /// Images from that one on that an operation takes at once: one, but for [`crate::plan::takes_several`].
    pub images: usize,
    pub fresh: bool,
    /// The thread.
    pub lane: usize,
}

impl Place {
    /// Its images alone, numbered from 0.
    pub fn each(self) -> impl Iterator<Item = (usize, Place)> {
        (0..self.images).map(move |i| (i, Place { image: self.image + i, images: 1, fresh: self.fresh && i == 0, ..self }))
    }
}
