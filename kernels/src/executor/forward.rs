//! Forward passes of one image.

use super::scratch::{band_rows, PaddedPlane, Scratch, CHUNK};
use super::{Job, Place};
use crate::layers::elementwise::{self, Start, Term, View};
use crate::layers::pointwise::{self, Lines};
use crate::layers::pool::{self, Pool};
use crate::layers::{classifier, sampling};
use crate::parameters::{slot, Pack};
use crate::profile::Kind;
use crate::program::{CombineTerm, Instruction, BLOCK};
use crate::vector::{Lanes, F8};

impl Job<'_> {
    /// Packed values of the storage that holds a parameter, and its layout.
    pub(super) unsafe fn weights(&self, parameter: usize) -> (*const f32, Pack) {
        let arrangement = &self.parameters.arrangement;
        let storage = &arrangement.storages[arrangement.storage_of[parameter]];
        let values = self.parameters.slots[slot::VALUES].as_ref().map_or(core::ptr::null_mut(), |b| b.pointer());
        (values.add(storage.offset), storage.pack)
    }

    /// How readers see a tensor.
    pub(super) unsafe fn view(&self, tensor: usize, relu: bool) -> View {
        match self.executor.program.tensors[tensor].norm {
            None => View { scale: core::ptr::null(), shift: core::ptr::null(), relu },
            Some(norm) => {
                let offset = self.parameters.arrangement.norm_offset[norm];
                let coefficients = &self.executor.coefficients;
                View { scale: coefficients.scale.pointer().add(offset), shift: coefficients.shift.pointer().add(offset), relu }
            }
        }
    }

    pub(super) unsafe fn assemble(&self, place: Place) {
        let request = self.request;
        let index = request.indices[place.image] as usize;
        let channels = self.executor.program.tensors[0].channels;
        let to = self.executor.value(place, 0);
        let part = request.parts.get(place.image).map_or(0, |&part| part as usize);
        request.images.assemble(index, &request.preparations[part], channels, request.seed, request.epoch, to);
    }

    /// The padded plane of one block of a pooling input.
    pub(super) unsafe fn pool_plane(&self, scratch: &Scratch, pool: Pool, tensor: usize) -> PaddedPlane {
        let t = &self.executor.program.tensors[tensor];
        scratch.pools[pool.max as usize].planes(1, t.height, t.width, pool.padding, pool.border())
    }

    pub(super) unsafe fn forward(&self, place: Place, scratch: &Scratch, instruction: usize, statistics: bool) {
        let executor = self.executor;
        let tensor = |t: usize| &executor.program.tensors[t];
        let value = |t: usize| executor.value(place, t);
        match &executor.program.instructions[instruction] {
            Instruction::Convolution { out, weight, .. }
            | Instruction::Pointwise { out, weight, .. }
            | Instruction::FactorizedReduce { out, weights: [weight, _], .. } => {
                let pixels = tensor(*out).pixels();
                let chunk = self.chunk(instruction);
                let mut first = 0;
                while first < pixels {
                    let count = chunk.min(pixels - first);
                    let gather = || self.gather(place, scratch, instruction, first, count);
                    let (x_block, w_rows) = self.timed(scratch, Kind::Gather, 0, 0, gather);
                    self.product(place, scratch, *weight, *out, (x_block, w_rows), first, count, statistics);
                    first += count;
                }
            }
            Instruction::DepthwisePointwise { out, x, pointwise: weight, window, .. } => {
                let (height, width) = (tensor(*out).height, tensor(*out).width);
                let channels = tensor(*x).blocks() * BLOCK;
                let band = band_rows(height, width);
                let mut first = 0;
                while first < height {
                    let rows = band.min(height - first);
                    let flops = 2 * window.kernel * window.kernel * channels * rows * width;
                    self.timed(scratch, Kind::Depthwise, flops, 0, || self.depthwise(scratch, instruction, first, rows));
                    let strides = (band * width * BLOCK, channels);
                    self.product(place, scratch, *weight, *out, strides, first * width, rows * width, statistics);
                    first += rows;
                }
            }
            Instruction::Pool { out, x, pool, relu } => {
                let (input, view, pixels) = (tensor(*x), self.view(*x, *relu), tensor(*out).pixels());
                let plane = self.pool_plane(scratch, *pool, *x);
                self.timed(scratch, Kind::Pool, 0, 4 * (input.elements() + tensor(*out).elements()), || {
                    for b in 0..input.blocks() {
                        let from = value(*x).add(b * input.pixels() * BLOCK);
                        view.rows(b, from, plane.origin, input.height, input.width, plane.pitch);
                        let y = value(*out).add(b * pixels * BLOCK);
                        pool::forward(*pool, plane.origin, input.height, input.width, y);
                        self.sum_moments(place, *out, b, 0, pixels, statistics);
                    }
                });
            }
            Instruction::Combine { out, terms } => {
                let elements = tensor(*out).elements();
                let (flops, bytes) = (2 * terms.len() * elements, 4 * (terms.len() + 1) * elements);
                self.timed(scratch, Kind::Combine, flops, bytes, || self.combine(place, instruction, *out, terms));
                for b in 0..tensor(*out).blocks() {
                    self.sum_moments(place, *out, b, 0, tensor(*out).pixels(), statistics);
                }
            }
            Instruction::Classifier { xs, weight, bias, classes, groups, head, loss_weight, relu } => {
                if *head != self.request.head {
                    return;
                }
                let features = self.pool_features(place, scratch, xs, *relu);
                let kept = executor.features.pointer().add(executor.feature_offset[instruction] + place.image * features);
                core::ptr::copy_nonoverlapping(scratch.features.pointer(), kept, features);
                let (w, _) = self.weights(*weight);
                let (b, _) = self.weights(*bias);
                let logits = executor.logits.pointer().add(executor.logit_offset[instruction] + place.image * classes);
                classifier::forward(scratch.features.pointer(), features, w, b, *classes, logits);
                if let Some(&label) = self.request.labels.get(place.image) {
                    let group = classifier::group_of(groups, label as usize);
                    let (loss, hit) = classifier::cross_entropy(logits, group, label as usize);
                    let nth = self.classifier_index(instruction);
                    *executor.losses.pointer().add(nth * executor.batch + place.image) = loss * *loss_weight as f64;
                    if *loss_weight == 1.0 {
                        *executor.hits.pointer().add(place.image) = hit as u32;
                    }
                }
            }
            Instruction::Segment => {}
        }
    }

    /// Product of gathered rows with a weight matrix into pixels `first..first+count` of `out` of each image, and their batch
    /// statistics while they are in the first-level cache. `strides`: block stride of the rows, rows of the matrix.
    unsafe fn product(
        &self,
        place: Place,
        scratch: &Scratch,
        weight: usize,
        out: usize,
        strides: (usize, usize),
        first: usize,
        count: usize,
        statistics: bool,
    ) {
        let tensor = &self.executor.program.tensors[out];
        let (w, pack) = self.weights(weight);
        let (x_block, w_rows) = strides;
        let pixels = count * place.images;
        // Tensors keep each image's blocks together, so several images' pixels of a block only lie in a row in scratch.
        let in_scratch = place.images > 1;
        let (y, y_block) = if in_scratch {
            (scratch.output.pointer(), pixels * BLOCK)
        } else {
            (self.executor.value(place, out).add(first * BLOCK), tensor.pixels() * BLOCK)
        };
        let flops = 2 * w_rows * tensor.blocks() * BLOCK * pixels;
        let bytes = 4 * tensor.blocks() * BLOCK * pixels;
        self.timed(scratch, Kind::Pointwise, flops, bytes, || {
            let (wide, x) = (self.executor.wide, scratch.rows.pointer());
            // As many blocks at a time as a tile takes.
            for b in (0..tensor.blocks()).step_by(1 + wide as usize) {
                let outputs = b..(b + 1 + wide as usize).min(tensor.blocks());
                pointwise::forward(wide, x, x_block, w, w_rows, y, y_block, outputs.clone(), Lines::one(pixels), |k| pack.rows(k));
                for b in outputs {
                    for (i, place) in place.each() {
                        if in_scratch {
                            let to = self.executor.value(place, out).add((b * tensor.pixels() + first) * BLOCK);
                            core::ptr::copy_nonoverlapping(y.add(b * y_block + i * count * BLOCK), to, count * BLOCK);
                        }
                        self.sum_moments(place, out, b, first, count, statistics);
                    }
                }
            }
        });
    }

    /// Number of classifiers before this instruction.
    pub(super) fn classifier_index(&self, instruction: usize) -> usize {
        self.executor.program.instructions[..instruction].iter().filter(|i| matches!(i, Instruction::Classifier { .. })).count()
    }

    /// Pixels of a matrix product over gathered rows: strided gathers take the whole image.
    pub(super) fn chunk(&self, instruction: usize) -> usize {
        match self.executor.program.instructions[instruction] {
            Instruction::FactorizedReduce { .. } => usize::MAX,
            _ => CHUNK,
        }
    }

    /// Gathers the rows of a matrix product for output pixels `first..first+count` of each image; returns block stride and weight rows.
    pub(super) unsafe fn gather(&self, place: Place, scratch: &Scratch, instruction: usize, first: usize, count: usize) -> (usize, usize) {
        let mut strides = (0, 0);
        for (i, place) in place.each() {
            let rows = scratch.rows.pointer().add(i * count * BLOCK);
            strides = self.gather_image(place, instruction, first, count, rows);
        }
        strides
    }

    unsafe fn gather_image(&self, place: Place, instruction: usize, first: usize, count: usize, rows: *mut f32) -> (usize, usize) {
        let executor = self.executor;
        let tensor = |t: usize| &executor.program.tensors[t];
        let value = |t: usize| executor.value(place, t);
        match &executor.program.instructions[instruction] {
            Instruction::Convolution { x, patch, relu, .. } => {
                let (input, view) = (tensor(*x), self.view(*x, *relu));
                sampling::gather_patches(*patch, &view, value(*x), input.height, input.width, first, count, rows, CHUNK * BLOCK);
                (CHUNK * BLOCK, patch.row_blocks() * BLOCK)
            }
            Instruction::Pointwise { xs, relu, .. } => {
                let mut block = 0;
                for &x in xs {
                    let view = self.view(x, *relu);
                    for b in 0..tensor(x).blocks() {
                        let from = value(x).add((b * tensor(x).pixels() + first) * BLOCK);
                        view.copy(b, from, rows.add(block * CHUNK * BLOCK), count);
                        block += 1;
                    }
                }
                (CHUNK * BLOCK, block * BLOCK)
            }
            Instruction::FactorizedReduce { out, xs, .. } => {
                let stride = tensor(*out).pixels() * BLOCK;
                let mut block = 0;
                for offset in 0..2 {
                    for &x in xs {
                        let (input, view) = (tensor(x), self.view(x, true));
                        for b in 0..input.blocks() {
                            let from = value(x).add(b * input.pixels() * BLOCK);
                            sampling::gather_strided(&view, b, from, input.height, input.width, offset, rows.add(block * stride));
                            block += 1;
                        }
                    }
                }
                (stride, block * BLOCK)
            }
            _ => (0, 0),
        }
    }

    unsafe fn combine(&self, place: Place, instruction: usize, out: usize, terms: &[CombineTerm]) {
        let executor = self.executor;
        let output = &executor.program.tensors[out];
        let weights: Vec<f32> = (0..terms.len()).map(|t| self.term_weight(instruction, t, place.image)).collect();
        let views: Vec<View> = terms.iter().map(|term| self.view(term.x, false)).collect();
        let mut sum = Vec::with_capacity(terms.len());
        for b in 0..output.blocks() {
            let at = b * output.pixels() * BLOCK;
            let mut start = F8::zero();
            sum.clear();
            for (t, term) in terms.iter().enumerate() {
                if weights[t] == 0.0 {
                    continue;
                }
                let (scale, shift) = views[t].coefficients(b);
                let weight = F8::splat(weights[t]);
                start = shift.mul(weight).add(start);
                sum.push(Term { from: executor.value(place, term.x).add(at), coefficient: scale.mul(weight) });
            }
            elementwise::weighted_sum(executor.value(place, out).add(at), &sum, Start::Value(start), output.pixels());
        }
    }

    /// Global averages of the views of `xs` into scratch features; returns their (padded) number.
    pub(super) unsafe fn pool_features(&self, place: Place, scratch: &Scratch, xs: &[usize], relu: bool) -> usize {
        let executor = self.executor;
        let mut at = 0;
        for &x in xs {
            let (tensor, view) = (&executor.program.tensors[x], self.view(x, relu));
            for b in 0..tensor.blocks() {
                let from = executor.value(place, x).add(b * tensor.pixels() * BLOCK);
                view.copy(b, from, scratch.block.pointer(), tensor.pixels());
                let mut sums = [0f64; BLOCK];
                elementwise::sums(scratch.block.pointer(), tensor.pixels(), &mut sums);
                for sum in sums {
                    *scratch.features.pointer().add(at) = (sum / tensor.pixels() as f64) as f32;
                    at += 1;
                }
            }
        }
        at
    }

    /// Adds the moments of `count` pixels from `first` of block `b` to a group's sums, if the tensor is normalised by batch
    /// statistics and these are wanted.
    #[inline(always)]
    unsafe fn sum_moments(&self, place: Place, out: usize, b: usize, first: usize, count: usize, statistics: bool) {
        let tensor = &self.executor.program.tensors[out];
        let Some(norm) = tensor.norm else { return };
        if !statistics || !self.request.training {
            return;
        }
        let z = self.executor.value(place, out).add((b * tensor.pixels() + first) * BLOCK);
        let (sums, squares) = self.moment_sums(place, norm, b, first == 0);
        elementwise::moments(z, count, sums, squares);
    }

    /// A group's two sums of the channels of a norm's block `b`; with `start`, cleared at the group's first image.
    #[allow(clippy::mut_from_ref)]
    pub(super) unsafe fn moment_sums(&self, place: Place, norm: usize, b: usize, start: bool) -> (&mut [f64], &mut [f64]) {
        let arrangement = &self.parameters.arrangement;
        let offset = place.group * 2 * arrangement.norm_total + arrangement.norm_offset[norm] + b * BLOCK;
        let base = self.executor.moments.pointer().add(offset);
        let sums = core::slice::from_raw_parts_mut(base, BLOCK);
        let squares = core::slice::from_raw_parts_mut(base.add(arrangement.norm_total), BLOCK);
        if place.fresh && start {
            sums.fill(0.0);
            squares.fill(0.0);
        }
        (sums, squares)
    }
}
