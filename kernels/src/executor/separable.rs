//! Depthwise and pointwise pairs of one image: the padded view that they read, their passes, and the way of gradients back.

use super::job::Job;
use super::scratch::{band_rows, gradient_columns, PaddedPlane, Scratch};
use super::state::Place;
use crate::layers::blocks::{Blocks, BlocksMut, BLOCK};
use crate::layers::depthwise::{self, Plane};
use crate::layers::elementwise::{add_gradient, fill};
use crate::layers::pointwise::{self, Lines};
use crate::layers::window_gradient;
use crate::plan::Flush;
use crate::profile::Kind;
use crate::program::Instruction;
use core::ops::Range;

impl Job<'_> {
    /// The padded plane of a tensor's view (rectified, zero around): what every depthwise layer reads.
    pub(super) unsafe fn view_plane(&self, scratch: &Scratch, tensor: usize) -> PaddedPlane {
        let t = &self.executor.program.tensors[tensor];
        scratch.view.planes(t.blocks(), t.height, t.width, depthwise::PADDING, 0.0)
    }

    /// Writes some rows of a tensor's view.
    pub(super) unsafe fn pad(&self, place: Place, scratch: &Scratch, tensor: usize, rows: Range<usize>) {
        let t = &self.executor.program.tensors[tensor];
        let (view, plane) = (self.view(tensor, true), self.view_plane(scratch, tensor));
        for b in 0..t.blocks() {
            let from = self.executor.value(place, tensor).add((b * t.pixels() + rows.start * t.width) * BLOCK);
            let to = plane.origin.add(b * plane.block + rows.start * plane.pitch);
            view.rows(b, from, to, rows.len(), t.width, plane.pitch);
        }
    }

    /// Depthwise part of an instruction for output rows `first..first+rows`, from the padded view in scratch to scratch rows
    /// `[C/8][band][8]`, a band being [`band_rows`] rows.
    pub(super) unsafe fn depthwise(&self, scratch: &Scratch, instruction: usize, first: usize, rows: usize) {
        let executor = self.executor;
        let Instruction::DepthwisePointwise { out, x, depthwise: weight, window, .. } = &executor.program.instructions[instruction] else {
            return;
        };
        let (input, output) = (&executor.program.tensors[*x], &executor.program.tensors[*out]);
        let view = self.view_plane(scratch, *x);
        let origin = view.origin.add(first * window.stride * view.pitch).sub(window.padding() * (view.pitch + BLOCK));
        let (k, _) = self.weights(*weight);
        let plane = Plane { input_pitch: view.pitch, output_pitch: output.width * BLOCK, rows, columns: output.width };
        for b in 0..input.blocks() {
            let from = origin.add(b * view.block);
            let to = scratch.rows.pointer().add(b * band_rows(output.height, output.width) * output.width * BLOCK);
            depthwise::forward(executor.wide, *window, from, k.add(b * window.kernel * window.kernel * BLOCK), to, plane);
        }
    }

    /// Backward pass of a depthwise and pointwise pair, band by band of output rows while a band is in the first-level cache:
    /// gradient of the output, depthwise output computed again (cheaper than writing and reading it through memory), weight
    /// gradient of the product, gradient of the depthwise output; then the depthwise part over whole planes. `opens` and `flush`
    /// as in [`crate::plan::Operation::BackwardSeparable`].
    pub(super) unsafe fn depthwise_backward(
        &self,
        place: Place,
        scratch: &Scratch,
        instruction: usize,
        opens: bool,
        flush: Option<&Flush>,
    ) {
        let executor = self.executor;
        let Instruction::DepthwisePointwise { out, x, pointwise: weight, window, .. } = &executor.program.instructions[instruction] else {
            return;
        };
        let (input, output) = (&executor.program.tensors[*x], &executor.program.tensors[*out]);
        let (width, blocks, rows) = (output.width, output.blocks(), input.blocks() * BLOCK);
        let band = band_rows(output.height, width);
        let stride = band * width * BLOCK;
        let dz = BlocksMut { start: scratch.output.pointer(), stride };
        let upstream = Blocks { start: dz.start, stride };
        let da = scratch.padded_output.planes(input.blocks(), output.height, width, depthwise::PADDING, 0.0);
        let (_, pack) = self.weights(*weight);
        let dw = if self.wants_weights() { self.partial(place, *weight) } else { core::ptr::null_mut() };
        // What is left out adds nothing, but the view's gradient must still start from zero.
        let mut first = if executor.idle[*out] { output.height } else { 0 };
        while first < output.height {
            let count = band.min(output.height - first);
            let pixels = count * width;
            self.timed(scratch, Kind::NormGradient, 0, 8 * blocks * BLOCK * pixels, || {
                for b in 0..blocks {
                    self.output_gradient(place, *out, b, first * width..first * width + pixels, dz.at(b));
                }
            });
            let flops = 2 * rows * blocks * BLOCK * pixels;
            if self.wants_weights() {
                let again = 2 * window.kernel * window.kernel * rows * pixels;
                self.timed(scratch, Kind::DepthwiseAgain, again, 0, || self.depthwise(scratch, instruction, first, count));
                let x = Blocks { start: scratch.rows.pointer(), stride };
                let dw = BlocksMut { start: dw, stride: rows * BLOCK };
                self.timed(scratch, Kind::PointwiseWeights, flops, 0, || {
                    pointwise::weight_gradient(executor.wide, x, upstream, dw, blocks, pixels, |b| pack.rows(b))
                });
            }
            let packed = Blocks { start: self.packed(*weight), stride: blocks * BLOCK * BLOCK };
            self.timed(scratch, Kind::PointwiseInputs, flops, 0, || {
                let lines = Lines { rows: count, pixels: width, x_pitch: width * BLOCK, y_pitch: da.pitch };
                let to = BlocksMut { start: da.origin.add(first * da.pitch), stride: da.block };
                pointwise::forward(executor.wide, upstream, packed, to, 0..input.blocks(), lines, |b| pack.columns(b));
            });
            first += count;
        }
        self.windows_backward(place, scratch, instruction, da, opens, flush);
    }

    /// Depthwise part of [`Job::depthwise_backward`]: gradients of windows and of the padded view, block by block while a block
    /// is in the first-level cache. `da`: gradient of the depthwise output.
    unsafe fn windows_backward(
        &self,
        place: Place,
        scratch: &Scratch,
        instruction: usize,
        da: PaddedPlane,
        opens: bool,
        flush: Option<&Flush>,
    ) {
        let executor = self.executor;
        let Instruction::DepthwisePointwise { out, x, depthwise: weight, window, .. } = &executor.program.instructions[instruction] else {
            return;
        };
        let (input, output) = (&executor.program.tensors[*x], &executor.program.tensors[*out]);
        let size = window.kernel * window.kernel * BLOCK;
        let flops = 2 * size * output.pixels();
        let flipped = self.packed(*weight);
        let dx_pitch = gradient_columns(input.width) * BLOCK;
        let is_idle = executor.idle[*out];
        for b in 0..input.blocks() {
            if self.wants_weights() && !is_idle {
                let dk = self.partial(place, *weight).add(b * size);
                self.timed(scratch, Kind::DepthwiseWeights, flops, 0, || self.window_gradient(scratch, instruction, b, da, dk));
            }
            // The only reader of a view needs no more than one block of the plane, again and again.
            let at = if opens && flush.is_some() { 0 } else { b * input.height * dx_pitch };
            let dx = scratch.view_gradient.pointer().add(at);
            let pass = || {
                let from = da.origin.add(b * da.block);
                let plane = Plane { input_pitch: da.pitch, output_pitch: dx_pitch, rows: input.height, columns: input.width };
                depthwise::input_gradient(executor.wide, *window, from, flipped.add(b * size), dx, plane, !opens)
            };
            if !is_idle {
                self.timed(scratch, Kind::DepthwiseInputs, flops, 0, pass);
            } else if opens {
                fill(dx, input.height * dx_pitch, 0.0);
            }
            let Some(flush) = flush else { continue };
            self.timed(scratch, Kind::Flush, 0, 0, || self.flush_view(place, scratch, *x, b, dx, flush.first));
            if let Some(norm) = flush.norm {
                self.timed(scratch, Kind::Dots, 0, 0, || self.norm_sums(place, norm, b));
            }
        }
    }

    /// Adds the gradient of an instruction's windows of block `b` to `dk`, band by band.
    unsafe fn window_gradient(&self, scratch: &Scratch, instruction: usize, b: usize, da: PaddedPlane, dk: *mut f32) {
        let executor = self.executor;
        let Instruction::DepthwisePointwise { out, x, window, .. } = &executor.program.instructions[instruction] else { return };
        let output = &executor.program.tensors[*out];
        let view = self.view_plane(scratch, *x);
        let seen = view.origin.sub(window.padding() * (view.pitch + BLOCK));
        let band = band_rows(output.height, output.width);
        let mut first = 0;
        while first < output.height {
            let rows = band.min(output.height - first);
            let plane = Plane { input_pitch: view.pitch, output_pitch: da.pitch, rows, columns: output.width };
            let x = seen.add(b * view.block + first * window.stride * view.pitch);
            let upstream = da.origin.add(b * da.block + first * da.pitch);
            window_gradient::weight_gradient(executor.wide, *window, x, upstream, dk, plane);
            first += rows;
        }
    }

    /// Moves block `b` of the view's collected gradient `dx`, through ReLU, to the tensor's gradient.
    unsafe fn flush_view(&self, place: Place, scratch: &Scratch, tensor: usize, b: usize, dx: *const f32, first: bool) {
        let t = &self.executor.program.tensors[tensor];
        let view = self.view_plane(scratch, tensor);
        let seen = view.origin.add(b * view.block);
        let g = self.executor.gradient(tensor, place.image).add(b * t.pixels() * BLOCK);
        let dx_pitch = gradient_columns(t.width) * BLOCK;
        for row in 0..t.height {
            let (g, dx) = (g.add(row * t.width * BLOCK), dx.add(row * dx_pitch));
            add_gradient(g, dx, seen.add(row * view.pitch), t.width, true, first);
        }
    }
}
