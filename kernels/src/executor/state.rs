//! A network ready to run: its plan, and the memory in which runs leave what they compute.

use super::scratch::{Scratch, Sizes};
use crate::layers::blocks::BLOCK;
use crate::memory::Buffer;
use crate::memory_plan::{self, MemoryPlan};
use crate::parameters::{Arrangement, Parameters};
use crate::plan::Plan;
use crate::profile::{FIELDS, KINDS};
use crate::program::{Instruction, Program};
use core::sync::atomic::AtomicU32;

/// Most groups that a batch is cut into; also the most threads that can share the work of a phase.
pub const GROUPS: usize = 16;

/// Multiply-adds of an image from which on threads share it: an eighth of a millisecond or more, several times what it takes to wake them.
const SHARED: usize = 4_000_000;

/// What a network is planned for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Passes of every kind.
    Training,
    /// Forward passes with running statistics only: images share nothing, so each goes through the whole network alone, in a
    /// lane of memory that its thread uses again and again and that mostly stays in the cache.
    Inference,
}

/// For how much a network is planned.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Most images a run.
    pub batch: usize,
    /// Most elements of activations, if there is a limit.
    pub elements: Option<usize>,
    /// Threads that run it.
    pub threads: usize,
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

impl Coefficients {
    fn new(channels: usize) -> Result<Coefficients, String> {
        Ok(Coefficients {
            scale: Buffer::zeroed(channels)?,
            shift: Buffer::zeroed(channels)?,
            mean: Buffer::zeroed(channels)?,
            deviation: Buffer::zeroed(channels)?,
            gradient: Buffer::zeroed(channels)?,
            value: Buffer::zeroed(channels)?,
            constant: Buffer::zeroed(channels)?,
        })
    }
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
    pub(super) scratch: Vec<Scratch>,
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
    /// What each of these losses weighs in the mean.
    pub(crate) loss_weights: Buffer<f64>,
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
    pub(super) claims: Vec<AtomicU32>,
    /// Whether this run leaves a tensor out: nothing that counts depends on it, or only terms of mixing weight 0
    /// ([`super::WeightGradients::Live`]).
    pub(crate) idle: Vec<bool>,
    /// Whether threads share an image that comes alone.
    pub(super) shares: bool,
    /// Such images that one thread takes before they are shared again.
    pub(super) unshared: u32,
    /// Whether kernels are chosen for launches without bounds checks.
    pub wide: bool,
    /// Whether runs are profiled.
    pub(super) profiled: bool,
    /// Images of the last run.
    pub count: usize,
}

/// Where each instruction's results begin, and how many elements there are of each kind.
struct Results {
    term_offset: Vec<usize>,
    terms: usize,
    feature_offset: Vec<usize>,
    features: usize,
    logit_offset: Vec<usize>,
    logits: usize,
    classifiers: usize,
}

impl Results {
    fn of(program: &Program, batch: usize) -> Results {
        let none = || vec![0; program.instructions.len()];
        let (mut term_offset, mut feature_offset, mut logit_offset) = (none(), none(), none());
        let (mut terms, mut features, mut logits, mut classifiers) = (0, 0, 0, 0);
        for (i, instruction) in program.instructions.iter().enumerate() {
            match instruction {
                Instruction::Combine { out, terms: list } => {
                    term_offset[i] = terms;
                    terms += list.len() * program.tensors[*out].blocks() * BLOCK;
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
        Results { term_offset, terms, feature_offset, features, logit_offset, logits, classifiers }
    }
}

/// Offset of each storage in a group's weight gradients, which hold those of one phase after the other, and their length.
fn place_partials(plan: &Plan, arrangement: &Arrangement) -> (Vec<usize>, usize) {
    let (mut offsets, mut total) = (vec![0; arrangement.storages.len()], 0);
    for phase in &plan.phases {
        let mut offset = 0;
        for &storage in &phase.storages {
            offsets[storage] = offset;
            offset += arrangement.storages[storage].length;
        }
        total = total.max(offset);
    }
    (offsets, total)
}

impl Executor {
    /// Plans a program.
    ///
    /// # Errors
    /// When it does not fit, or memory is exhausted.
    pub fn new(program: Program, parameters: &Parameters, purpose: Purpose, limits: Limits) -> Result<Executor, String> {
        let Limits { batch, elements, .. } = limits;
        if batch == 0 || batch > 4096 {
            return Err(format!("Cannot run batches of {batch} images: expected 1 to 4096"));
        }
        let (arrangement, threads) = (&parameters.arrangement, limits.threads.max(1));
        let (plan, memory) = match purpose {
            Purpose::Training => memory_plan::plan(&program, arrangement, batch, elements)?,
            Purpose::Inference => memory_plan::plan_inference(&program, threads, elements)?,
        };
        let (partial_offset, partial_total) = place_partials(&plan, arrangement);
        let results = Results::of(&program, batch);
        let shares = memory.lane.is_some() && memory_plan::multiply_adds(&program, arrangement) >= SHARED;
        let sizes = Sizes::new(&program);
        let scratch = (0..threads).map(|_| Scratch::new(&sizes)).collect::<Result<_, String>>()?;
        Ok(Executor {
            arena: Buffer::raw(memory.total)?,
            scratch,
            coefficients: Coefficients::new(arrangement.norm_total)?,
            moments: Buffer::zeroed(GROUPS * 2 * arrangement.norm_total)?,
            term_offset: results.term_offset,
            term_sums: Buffer::zeroed(GROUPS * 2 * results.terms)?,
            term_total: results.terms,
            partials: Buffer::zeroed(GROUPS * partial_total)?,
            partial_total,
            partial_offset,
            losses: Buffer::zeroed(results.classifiers * batch)?,
            loss_weights: Buffer::zeroed(results.classifiers * batch)?,
            hits: Buffer::zeroed(batch)?,
            features: Buffer::zeroed(results.features)?,
            feature_offset: results.feature_offset,
            logits: Buffer::zeroed(results.logits)?,
            logit_offset: results.logit_offset,
            mixing: vec![1.0; program.mixing],
            mixing_gradient: Buffer::zeroed(program.mixing)?,
            idle: vec![false; program.tensors.len()],
            claims: (0..plan.phases.len()).map(|_| AtomicU32::new(0)).collect(),
            shares,
            unshared: 0,
            wide: false,
            profiled: false,
            count: 0,
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
