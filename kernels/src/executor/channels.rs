//! Joined and shuffled channels of one image, both ways.

use super::job::Job;
use super::scratch::Scratch;
use super::share::Share;
use super::state::Place;
use crate::layers::blocks::BLOCK;
use crate::layers::channels::{gather, shuffled_from, shuffled_to, Source};
use crate::program::{Instruction, Slice};
use core::hint::black_box;

/// A channel of a block's first image pixel: elements from the tensor's first.
fn element(channel: usize, pixels: usize) -> usize {
    channel / BLOCK * pixels * BLOCK + channel % BLOCK
}

impl Job<'_> {
    /// What is channel `c` of slices one after another.
    #[inline(never)]
    unsafe fn source(&self, place: Place, slices: &[Slice], c: usize, pixels: usize) -> Source {
        let mut start = 0;
        for slice in slices {
            if c < start + slice.count {
                let channel = slice.start + c - start;
                let from = self.executor.value(place, slice.x).add(element(channel, pixels));
                let view = self.view(slice.x, false);
                let view = if view.scale.is_null() { [1.0, 0.0] } else { [*view.scale.add(channel), *view.shift.add(channel)] };
                return Source { from, view };
            }
            start += slice.count;
        }
        Source::NONE
    }

    /// Writes an image's joined channels.
    #[inline(never)]
    pub(super) unsafe fn join(&self, place: Place, instruction: usize, share: Share) {
        let program = &self.executor.program;
        let Instruction::Channels { out, slices, groups } = &program.instructions[instruction] else { return };
        let output = &program.tensors[*out];
        let (pixels, own) = (output.pixels(), share.pixels(output));
        for b in 0..output.blocks() {
            let mut sources = [Source::NONE; BLOCK];
            // Hidden from the compiler, which would write the lanes out one by one.
            for lane in 0..black_box(BLOCK) {
                let c = b * BLOCK + lane;
                if c < output.channels {
                    let source = self.source(place, slices, shuffled_from(c, output.channels, *groups), pixels);
                    sources[lane] = Source { from: source.from.add(own.start * BLOCK), ..source };
                }
            }
            gather(&sources, self.executor.value(place, *out).add((b * pixels + own.start) * BLOCK), own.len(), false);
        }
    }

    /// Hands the gradient of an image's joined channels back to those that they were.
    #[inline(never)]
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
                let mut sources = [Source::NONE; BLOCK];
                let mut is_read = first[i];
                for lane in 0..black_box(BLOCK) {
                    let channel = b * BLOCK + lane;
                    if channel >= start && channel < start + count {
                        let c = shuffled_to(before + channel - start, channels, *groups);
                        sources[lane] = Source { from: upstream.add(element(c, pixels)), view: [1.0, 0.0] };
                        is_read = true;
                    }
                }
                if is_read {
                    gather(&sources, self.executor.gradient(x, place.image).add(b * pixels * BLOCK), pixels, !first[i]);
                }
            }
            before += count;
        }
    }
}
