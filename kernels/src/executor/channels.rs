//! Joined and shuffled channels of one image, both ways.

use super::job::Job;
use super::scratch::Scratch;
use super::state::Place;
use crate::layers::blocks::BLOCK;
use crate::layers::channels::{gather, shuffled_from, shuffled_to, Source};
use crate::program::{Instruction, Slice};

/// The slice and the channel of its tensor that is channel `c` of slices one after another.
fn locate(slices: &[Slice], c: usize) -> Option<(Slice, usize)> {
    let mut end = 0;
    slices.iter().find_map(|&slice| {
        end += slice.count;
        (c < end).then(|| (slice, slice.start + c + slice.count - end))
    })
}

impl Job<'_> {
    /// Writes an image's joined channels.
    pub(super) unsafe fn join(&self, place: Place, instruction: usize) {
        let program = &self.executor.program;
        let Instruction::Channels { out, slices, groups } = &program.instructions[instruction] else { return };
        let output = &program.tensors[*out];
        let pixels = output.pixels();
        for b in 0..output.blocks() {
            let sources = core::array::from_fn(|lane| {
                let c = b * BLOCK + lane;
                let found = (c < output.channels).then(|| locate(slices, shuffled_from(c, output.channels, *groups))).flatten();
                let Some((Slice { x, .. }, channel)) = found else { return Source::NONE };
                let from = self.executor.value(place, x).add(channel / BLOCK * pixels * BLOCK + channel % BLOCK);
                let view = self.view(x, false);
                let view = if view.scale.is_null() { [1.0, 0.0] } else { [*view.scale.add(channel), *view.shift.add(channel)] };
                Source { from, view }
            });
            gather(&sources, self.executor.value(place, *out).add(b * pixels * BLOCK), pixels, false);
        }
    }

    /// Hands the gradient of an image's joined channels back to those that they were.
    pub(super) unsafe fn join_backward(&self, place: Place, scratch: &Scratch, instruction: usize, first: &[bool]) {
        let program = &self.executor.program;
        let Instruction::Channels { out, slices, groups } = &program.instructions[instruction] else { return };
        let output = &program.tensors[*out];
        let (pixels, channels) = (output.pixels(), output.channels);
        let upstream = scratch.output.pointer();
        for b in 0..output.blocks() {
            self.output_gradient(place, *out, b, 0..pixels, upstream.add(b * pixels * BLOCK));
        }
        let mut before = 0;
        for (i, &Slice { x, start, count }) in slices.iter().enumerate() {
            for b in 0..program.tensors[x].blocks() {
                let sources = core::array::from_fn(|lane| {
                    let channel = b * BLOCK + lane;
                    if !(start..start + count).contains(&channel) {
                        return Source::NONE;
                    }
                    let c = shuffled_to(before + channel - start, channels, *groups);
                    Source { from: upstream.add(c / BLOCK * pixels * BLOCK + c % BLOCK), view: [1.0, 0.0] }
                });
                if first[i] || sources.iter().any(|source| !source.from.is_null()) {
                    gather(&sources, self.executor.gradient(x, place.image).add(b * pixels * BLOCK), pixels, !first[i]);
                }
            }
            before += count;
        }
    }
}
