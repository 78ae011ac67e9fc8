//! Convolutions over the padded view in scratch, in place: those of stride 1 that keep the size.

use super::job::Job;
use super::scratch::{band_rows, Scratch};
use super::share::Share;
use super::state::Place;
use crate::layers::blocks::{Blocks, BlocksMut, BLOCK};
use crate::layers::convolution::{self, Plane, Tap};
use crate::layers::depthwise;
use crate::layers::elementwise::add_gradient;
use crate::profile::Kind;
use crate::program::{Instruction, WINDOW};

/// Taps of a window.
const TAPS: usize = WINDOW * WINDOW;
/// Pixels from an image's first one to that of its first window, in each direction.
const MARGIN: usize = WINDOW / 2;

/// Taps over planes of a pitch, whose weights are `stride` elements apart; `flipped`: the last pixel of the window meets the first
/// weights.
fn taps(pitch: usize, stride: usize, flipped: bool) -> [Tap; TAPS] {
    core::array::from_fn(|t| {
        let seen = if flipped { TAPS - 1 - t } else { t };
        Tap { input: seen / WINDOW * pitch + seen % WINDOW * BLOCK, weights: t * stride }
    })
}

impl Job<'_> {
    /// Forward pass over the padded view, band by band of output rows while a band is in the first-level cache.
    pub(super) unsafe fn convolve(&self, place: Place, scratch: &Scratch, instruction: usize, statistics: bool, share: Share) {
        let executor = self.executor;
        let Instruction::Convolution { out, x, weight, .. } = &executor.program.instructions[instruction] else { return };
        let (input, output) = (&executor.program.tensors[*x], &executor.program.tensors[*out]);
        let (height, width, blocks) = (output.height, output.width, input.blocks());
        let view = self.view_plane(scratch, *x);
        let taps = taps(view.pitch, blocks * BLOCK * BLOCK, false);
        let (w, _) = self.weights(*weight);
        let w = Blocks { start: w, stride: TAPS * blocks * BLOCK * BLOCK };
        let origin = view.origin.sub(MARGIN * (view.pitch + BLOCK));
        let band = band_rows(height, width);
        let own = share.rows(height);
        for first in own.clone().step_by(band) {
            let rows = band.min(own.end - first);
            let plane = Plane { taps: &taps, rows, columns: width, x_pitch: view.pitch, y_pitch: width * BLOCK };
            let x = Blocks { start: origin.add(first * view.pitch), stride: view.block };
            let y = BlocksMut { start: executor.value(place, *out).add(first * width * BLOCK), stride: output.pixels() * BLOCK };
            let flops = 2 * TAPS * blocks * BLOCK * output.blocks() * BLOCK * rows * width;
            self.timed(scratch, Kind::Pointwise, flops, 0, || {
                convolution::forward(executor.wide, x, w, y, blocks, 0..output.blocks(), plane);
                for b in 0..output.blocks() {
                    self.sum_moments(place, *out, b, first * width, rows * width, statistics);
                }
            });
        }
    }

    /// Backward pass: gradient of the output into a padded plane, gradient of the weights, gradient of the view, which goes through
    /// ReLU to the input's. The padded view is in scratch.
    pub(super) unsafe fn convolve_backward(&self, place: Place, scratch: &Scratch, instruction: usize, first: bool) {
        let executor = self.executor;
        let Instruction::Convolution { out, x, weight, .. } = &executor.program.instructions[instruction] else { return };
        let (input, output) = (&executor.program.tensors[*x], &executor.program.tensors[*out]);
        let (height, width) = (output.height, output.width);
        let (inputs, outputs) = (input.blocks(), output.blocks());
        let dy = scratch.padded_output.planes(outputs, height, width, depthwise::PADDING, 0.0);
        self.timed(scratch, Kind::NormGradient, 0, 8 * output.elements(), || {
            for (b, row) in (0..outputs * height).map(|i| (i / height, i % height)) {
                let to = dy.origin.add(b * dy.block + row * dy.pitch);
                self.output_gradient(place, *out, b, row * width..(row + 1) * width, to);
            }
        });
        let view = self.view_plane(scratch, *x);
        let flops = 2 * TAPS * inputs * BLOCK * outputs * BLOCK * output.pixels();
        if self.wants_weights() {
            let taps = taps(view.pitch, inputs * BLOCK * BLOCK, false);
            let seen = Blocks { start: view.origin.sub(MARGIN * (view.pitch + BLOCK)), stride: view.block };
            let upstream = Blocks { start: dy.origin, stride: dy.block };
            let dw = BlocksMut { start: self.partial(place, *weight), stride: TAPS * inputs * BLOCK * BLOCK };
            let plane = Plane { taps: &taps, rows: height, columns: width, x_pitch: view.pitch, y_pitch: dy.pitch };
            self.timed(scratch, Kind::PointwiseWeights, flops, 0, || {
                convolution::weight_gradient(executor.wide, seen, upstream, dw, inputs, outputs, plane)
            });
        }
        // The transposed matrix is tap by tap of blocks of inputs.
        let taps = taps(dy.pitch, inputs * outputs * BLOCK * BLOCK, true);
        let upstream = Blocks { start: dy.origin.sub(MARGIN * (dy.pitch + BLOCK)), stride: dy.block };
        let packed = Blocks { start: self.packed(*weight), stride: outputs * BLOCK * BLOCK };
        let dx = BlocksMut { start: scratch.view_gradient.pointer(), stride: input.pixels() * BLOCK };
        let plane = Plane { taps: &taps, rows: height, columns: width, x_pitch: dy.pitch, y_pitch: width * BLOCK };
        self.timed(scratch, Kind::PointwiseInputs, flops, 0, || {
            convolution::forward(executor.wide, upstream, packed, dx, outputs, 0..inputs, plane)
        });
        self.timed(scratch, Kind::Flush, 0, 0, || {
            let g = executor.gradient(*x, place.image);
            for (b, row) in (0..inputs * height).map(|i| (i / height, i % height)) {
                let at = (b * height + row) * width * BLOCK;
                let seen = view.origin.add(b * view.block + row * view.pitch);
                add_gradient(g.add(at), dx.start.add(at), seen, width, true, first);
            }
        });
    }
}
