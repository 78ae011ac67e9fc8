//! What a thread does in a run: claims groups of images and takes them through the phases, with barriers between.

use super::request::{Request, WeightGradients};
use super::scratch::Scratch;
use super::share::Share;
use super::state::{Executor, Place, GROUPS};
use crate::layers::blocks::BLOCK;
use crate::parameters::{slot, Pack, Parameters};
use crate::plan::{self, Operation};
use crate::profile::Kind;
use crate::program::Instruction;
use crate::team::Member;
use core::ops::Range;
use core::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// Everything a thread needs in a run.
pub(crate) struct Job<'a> {
    pub executor: &'a Executor,
    pub parameters: &'a Parameters,
    pub request: &'a Request<'a>,
    pub count: usize,
    /// By what the sum of weighted losses is divided.
    pub total_weight: f64,
    pub groups: usize,
    /// The next piece of what threads share between phases.
    pub(super) reduce: AtomicUsize,
}

impl<'a> Job<'a> {
    pub(super) fn new(executor: &'a Executor, parameters: &'a Parameters, request: &'a Request<'a>) -> Job<'a> {
        let count = executor.count;
        let total_weight = request.total_weight();
        Job { executor, parameters, request, count, total_weight, groups: GROUPS.min(count), reduce: AtomicUsize::new(0) }
    }
}

impl Job<'_> {
    pub(super) fn work(&self, member: Member) {
        if self.executor.memory.lane.is_some() {
            return self.infer(member);
        }
        let last = match self.request.backward {
            Some(_) => self.executor.plan.phases.len(),
            None => self.executor.plan.forward,
        };
        if self.request.backward.is_some_and(|weights| weights != WeightGradients::Head) {
            self.timed(&self.executor.scratch[member.index], Kind::Finish, 0, 0, || self.pack_weights(member));
        }
        for phase in 0..last {
            if self.skipped(phase) {
                continue;
            }
            let learns = phase >= self.executor.plan.forward && self.request.backward != Some(WeightGradients::None);
            while let Some(claim) = self.claim(phase) {
                // To and fro: what the last groups of a phase left in the cache is what the next phase reads first.
                let group = if phase % 2 == 0 { claim } else { self.groups - 1 - claim };
                if learns {
                    self.clear_partials(phase, group);
                }
                let images = self.images(group);
                let place = Place { phase, group, image: images.start, images: images.len(), fresh: true, lane: member.index };
                self.group(place, &self.executor.scratch[member.index]);
            }
            let scratch = &self.executor.scratch[member.index];
            let finish = || {
                self.timed(scratch, Kind::Finish, 0, 0, || self.finish(phase));
                self.reduce.store(0, Relaxed);
            };
            self.timed(scratch, Kind::Barrier, 0, 0, || member.barrier(finish));
            if learns {
                self.timed(scratch, Kind::Finish, 0, 0, || self.sum_partials(phase));
                // The next phase writes the partials that others may still be reading.
                self.timed(scratch, Kind::Barrier, 0, 0, || member.barrier(|| {}));
            }
        }
    }

    /// The next of a phase's groups; none if all are taken.
    pub(super) fn claim(&self, phase: usize) -> Option<usize> {
        let claim = self.executor.claims[phase].fetch_add(1, Relaxed) as usize;
        (claim < self.groups).then_some(claim)
    }

    /// The images of a group.
    pub(super) fn images(&self, group: usize) -> Range<usize> {
        group * self.count / self.groups..(group + 1) * self.count / self.groups
    }

    /// Runs a piece of work, timed if this run is profiled.
    #[inline(always)]
    pub(crate) fn timed<T>(&self, scratch: &Scratch, kind: Kind, flops: usize, bytes: usize, work: impl FnOnce() -> T) -> T {
        // Safety: a scratch belongs to one thread.
        unsafe { scratch.profile.time(self.executor.profiled, kind, flops, bytes, work) }
    }

    /// Head-only passes run no backward phase but those with a classifier.
    fn skipped(&self, phase: usize) -> bool {
        self.request.backward == Some(WeightGradients::Head)
            && phase >= self.executor.plan.forward
            && !self.executor.plan.phases[phase].operations.iter().any(|o| self.is_classifier(o))
    }

    fn is_classifier(&self, operation: &Operation) -> bool {
        matches!(operation, Operation::Backward { instruction, .. }
            if matches!(self.executor.program.instructions[*instruction], Instruction::Classifier { .. }))
    }

    /// Refreshes the transposed matrices and flipped windows that the backward pass reads.
    fn pack_weights(&self, member: Member) {
        let storages = &self.parameters.arrangement.storages;
        let values = self.parameters.slots[slot::VALUES].as_ref().map_or(core::ptr::null_mut(), |b| b.pointer());
        loop {
            let next = self.reduce.fetch_add(1, Relaxed);
            let Some(storage) = storages.get(next) else { break };
            // Safety: storages are disjoint, and each is claimed once.
            unsafe {
                let (from, to) = (values.add(storage.offset), self.parameters.backward.pointer().add(storage.offset));
                match storage.pack {
                    Pack::Matrix { inputs, outputs, .. } => crate::layers::pointwise::transpose(from, inputs, outputs, to),
                    Pack::Windows { window, blocks } => {
                        let size = window.kernel * window.kernel * BLOCK;
                        for b in 0..blocks {
                            crate::layers::depthwise::pack_backward(window, from.add(b * size), to.add(b * size));
                        }
                    }
                    Pack::Vector | Pack::Rows => {}
                }
            }
        }
        member.barrier(|| self.reduce.store(0, Relaxed));
    }

    /// Whether this run leaves an instruction out.
    pub(super) fn is_idle(&self, instruction: usize) -> bool {
        self.executor.program.instructions[instruction].out().is_some_and(|out| self.executor.idle[out])
    }

    /// Takes the images of a group through a phase, one after another up to each operation that takes several of them.
    fn group(&self, place: Place, scratch: &Scratch) {
        let program = &self.executor.program;
        let takes_several = |operation: &Operation| match operation {
            Operation::Forward { instruction, .. } | Operation::Backward { instruction, .. } => plan::takes_several(program, *instruction),
            _ => false,
        };
        let mut operations = self.executor.plan.phases[place.phase].operations.as_slice();
        while let Some(operation) = operations.first() {
            if takes_several(operation) {
                for i in (0..place.images).step_by(plan::SEVERAL) {
                    let images = plan::SEVERAL.min(place.images - i);
                    self.run(Place { image: place.image + i, images, fresh: i == 0, ..place }, scratch, &operations[..1]);
                }
                operations = &operations[1..];
            } else {
                let count = operations.iter().position(takes_several).unwrap_or(operations.len());
                place.each().for_each(|(_, place)| self.run(place, scratch, &operations[..count]));
                operations = &operations[count..];
            }
        }
    }

    pub(super) fn run(&self, place: Place, scratch: &Scratch, operations: &[Operation]) {
        let head_only = self.request.backward == Some(WeightGradients::Head) && place.phase >= self.executor.plan.forward;
        for operation in operations {
            if head_only && !self.is_classifier(operation) {
                continue;
            }
            // Safety: the program was validated, the plan gives every tensor, sum and scratch plane its own room, and
            // between two barriers an image and a group belong to one thread.
            unsafe { self.step(place, scratch, operation, Share::ALL) }
        }
    }

    /// Runs a thread's part of an operation. What only writes to scratch is done by all; so is what is not shared, by the first.
    pub(super) unsafe fn step(&self, place: Place, scratch: &Scratch, operation: &Operation, share: Share) {
        match operation {
            Operation::Pad { tensor, reach } => {
                let rows = share.seen_rows(self.executor.program.tensors[*tensor].height, *reach);
                self.timed(scratch, Kind::Pad, 0, 0, || self.pad(place, scratch, *tensor, rows))
            }
            Operation::Forward { instruction, .. } if self.is_idle(*instruction) => {}
            Operation::Forward { instruction, statistics } => self.forward(place, scratch, *instruction, *statistics, share),
            _ if share.index > 0 => {}
            Operation::Assemble => self.timed(scratch, Kind::Assemble, 0, 0, || self.assemble(place, scratch)),
            Operation::Backward { instruction, first } => self.backward(place, scratch, *instruction, first),
            Operation::BackwardSeparable { instruction, opens, flush } => {
                self.depthwise_backward(place, scratch, *instruction, *opens, flush.as_ref())
            }
            Operation::NormSums { norm } => {
                let tensor = &self.executor.program.tensors[self.executor.program.norms[*norm].tensor];
                self.timed(scratch, Kind::Dots, 0, 0, || (0..tensor.blocks()).for_each(|b| self.norm_sums(place, *norm, b)))
            }
        }
    }

    /// Mixing weight of a term, times its drop-path factor for an image.
    pub(crate) fn term_weight(&self, instruction: usize, term: usize, image: usize) -> f32 {
        let Instruction::Combine { terms, .. } = &self.executor.program.instructions[instruction] else { return 0.0 };
        terms[term].weight(&self.executor.mixing) * self.mask(instruction, term, image)
    }

    /// Drop-path factor: 0 or 1/(1-p) in training, else 1.
    pub(crate) fn mask(&self, instruction: usize, term: usize, image: usize) -> f32 {
        let probability = self.request.drop_path;
        let Instruction::Combine { terms, .. } = &self.executor.program.instructions[instruction] else { return 0.0 };
        if !terms[term].drop || probability == 0.0 || !self.request.training {
            return 1.0;
        }
        let key = (instruction * 64 + term) as u32;
        let generator = crate::random::Generator::new(self.request.seed, crate::random::stream::DROP_PATH, key);
        let kept = generator.uniform(self.request.step * 4096 + image as u64) >= probability;
        if kept {
            1.0 / (1.0 - probability)
        } else {
            0.0
        }
    }
}
