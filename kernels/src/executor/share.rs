//! One image by all threads: each takes a part of every operation, with barriers where one reads what others wrote.

use super::job::Job;
use super::state::Place;
use crate::memory_plan::MemoryPlan;
use crate::plan::{Operation, Plan};
use crate::profile::Kind;
use crate::program::Program;
use crate::team::Member;
use core::ops::Range;

/// A thread's part of an operation.
#[derive(Clone, Copy)]
pub(super) struct Share {
    /// Its number.
    pub index: usize,
    /// Number of parts.
    pub of: usize,
}

impl Share {
    /// All of it.
    pub const ALL: Share = Share { index: 0, of: 1 };

    /// Its part of `count` things that are handed out `piece` at a time.
    pub fn cut(self, count: usize, piece: usize) -> Range<usize> {
        let pieces = count.div_ceil(piece);
        let at = |i: usize| (i * pieces / self.of * piece).min(count);
        at(self.index)..at(self.index + 1)
    }
}

/// Whether threads that share an image must wait for each other before each operation of the first phase: some thread may otherwise
/// read what another has yet to write, or write over what another has yet to read.
pub(super) fn barriers(program: &Program, plan: &Plan, memory: &MemoryPlan) -> Vec<bool> {
    let place = |&t: &usize| memory.forward[t]..memory.forward[t] + program.tensors[t].elements();
    let meet = |some: &[Range<usize>], others: &[Range<usize>]| {
        some.iter().any(|one| others.iter().any(|other| one.start < other.end && other.start < one.end))
    };
    let (mut read, mut written): (Vec<Range<usize>>, Vec<Range<usize>>) = (Vec::new(), Vec::new());
    let mut waits = Vec::new();
    for operation in &plan.phases[0].operations {
        let (inputs, output) = match operation {
            Operation::Assemble => (vec![], Some(0)),
            Operation::Pad { tensor } => (vec![*tensor], None),
            Operation::Forward { instruction, .. } => {
                let instruction = &program.instructions[*instruction];
                (instruction.inputs(), instruction.out())
            }
            _ => continue,
        };
        let reads: Vec<Range<usize>> = inputs.iter().map(place).collect();
        let writes: Vec<Range<usize>> = output.iter().map(place).collect();
        let wait = meet(&written, &reads) || meet(&written, &writes) || meet(&read, &writes);
        if wait {
            read.clear();
            written.clear();
        }
        read.extend(reads);
        written.extend(writes);
        waits.push(wait);
    }
    waits
}

impl Job<'_> {
    /// Whether this run has one image that all threads take through the network together.
    pub(super) fn is_shared(&self, member: Member) -> bool {
        self.executor.memory.lane.is_some() && self.count == 1 && member.threads() > 1
    }

    /// Takes the only image through the network together with the other threads, in the first one's lane: same bits as alone.
    pub(super) fn share(&self, member: Member) {
        let place = Place { phase: 0, group: 0, image: 0, images: 1, fresh: true, lane: 0 };
        let share = Share { index: member.index, of: member.threads() };
        let scratch = &self.executor.scratch[member.index];
        for (operation, &waits) in self.executor.plan.phases[0].operations.iter().zip(&self.executor.waits) {
            if waits {
                self.timed(scratch, Kind::Barrier, 0, 0, || member.barrier(|| {}));
            }
            // Safety: as alone; threads write to disjoint parts, and barriers fall where one touches what another wrote.
            unsafe { self.step(place, scratch, operation, share) };
        }
    }
}
