//! What a thread does in a run with running statistics: takes images through the whole network alone, or one together with the others.

use super::job::Job;
use super::share::Share;
use super::state::{Executor, Place};
use crate::plan::Phase;
use crate::profile::Kind;
use crate::team::Member;

/// Images that come alone and are not shared after one whose threads slept at more than half of their barriers: on a busy machine each
/// has to wait until the other has a core.
const UNSHARED: u32 = 16;

impl Executor {
    /// Whether threads share this run's image.
    fn is_shared(&self, threads: usize) -> bool {
        self.shares && self.count == 1 && threads > 1 && self.unshared == 0
    }

    /// Takes note of a run after which the threads of a team had slept so much more often.
    pub(super) fn note_sleeps(&mut self, threads: usize, sleeps: u32) {
        if self.is_shared(threads) {
            self.unshared = if 2 * sleeps as usize > self.plan.forward { UNSHARED } else { 0 };
        } else {
            self.unshared = self.unshared.saturating_sub(1);
        }
    }
}

impl Job<'_> {
    /// Takes the images through a network that was planned for inference: each is one thread's, but an image alone is all threads'.
    pub(super) fn infer(&self, member: Member) {
        if self.executor.is_shared(member.threads()) {
            return self.share(member);
        }
        while let Some(group) = self.claim(0) {
            for image in self.images(group) {
                for phase in 0..self.executor.plan.forward {
                    let place = Place { phase, group, image, images: 1, fresh: false, lane: member.index };
                    self.run(place, &self.executor.scratch[member.index], &self.executor.plan.phases[phase].operations);
                }
            }
        }
    }

    /// Takes the only image through the network together with the other threads, in the first one's lane: same bits as alone.
    fn share(&self, member: Member) {
        let share = Share { index: member.index, of: member.threads() };
        let scratch = &self.executor.scratch[member.index];
        for (phase, Phase { operations, .. }) in self.executor.plan.phases.iter().enumerate() {
            if phase > 0 {
                self.timed(scratch, Kind::Barrier, 0, 0, || member.close_barrier());
            }
            let place = Place { phase, group: 0, image: 0, images: 1, fresh: false, lane: 0 };
            for operation in operations {
                // Safety: as alone; threads write to rows of their own, and read others' after a barrier.
                unsafe { self.step(place, scratch, operation, share) };
            }
        }
    }
}
