//! Forward passes of one image.

use super::job::Job;
use super::scratch::{band_rows, PaddedPlane, Scratch, CHUNK};
use super::share::Share;
use super::state::Place;
use crate::layers::blocks::BLOCK;
use crate::layers::blocks::{Blocks, BlocksMut};
use crate::layers::elementwise::{self, Start, Term, View};
use crate::layers::importance;
use crate::layers::pointwise::{self, Lines};
use crate::layers::pool::{self, Pool};
use crate::layers::sampling::Image;
use crate::layers::{classifier, sampling};
use crate::parameters::{slot, Pack};
use crate::plan;
use crate::profile::Kind;
use crate::program::{CombineTerm, Instruction};
use crate::vector::{Lanes, F8};
use core::ops::Range;

/// Where the rows of a matrix product are gathered, in blocks.
#[derive(Clone, Copy)]
pub(super) struct Gathered {
    /// Elements from one block to the next.
    pub stride: usize,
    /// Number of rows, that of the weight matrix.
    pub rows: usize,
}

/// A product of gathered rows.
#[derive(Clone, Copy)]
struct Product {
    /// Parameter with the matrix.
    weight: usize,
    /// Tensor written.
    out: usize,
    /// What it is multiplied with.
    gathered: Gathered,
}

/// Factor of a classifier's loss.
pub(super) fn loss_weight(auxiliary: Option<f32>) -> f64 {
    auxiliary.unwrap_or(1.0) as f64
}

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

    pub(super) unsafe fn assemble(&self, place: Place, scratch: &Scratch) {
        let channels = self.executor.program.tensors[0].channels;
        self.request.assemble(place.image, channels, self.executor.value(place, 0), scratch.block.pointer());
    }

    /// The padded plane of one block of a pooling input.
    pub(super) unsafe fn pool_plane(&self, scratch: &Scratch, pool: Pool, tensor: usize) -> PaddedPlane {
        let t = &self.executor.program.tensors[tensor];
        scratch.pools[pool.max as usize].planes(1, t.height, t.width, pool.padding, pool.border())
    }

    pub(super) unsafe fn forward(&self, place: Place, scratch: &Scratch, instruction: usize, statistics: bool, share: Share) {
        let executor = self.executor;
        let tensor = |t: usize| &executor.program.tensors[t];
        match &executor.program.instructions[instruction] {
            Instruction::Convolution { .. } if plan::reads_view(&executor.program, instruction) => {
                self.convolve(place, scratch, instruction, statistics, share)
            }
            Instruction::Convolution { out, weight, .. }
            | Instruction::Pointwise { out, weight, .. }
            | Instruction::FactorizedReduce { out, weights: [weight, _], .. } => {
                let product = Product { weight: *weight, out: *out, gathered: self.gathered(instruction) };
                let (own, chunk) = (share.pixels(tensor(*out)), self.chunk(instruction));
                let mut first = own.start;
                while first < own.end {
                    let part = first..own.end.min(first.saturating_add(chunk));
                    first = part.end;
                    self.timed(scratch, Kind::Gather, 0, 0, || self.gather(place, scratch, instruction, part.clone()));
                    self.product(place, scratch, product, part, statistics);
                }
            }
            Instruction::DepthwisePointwise { .. } => self.separable(place, scratch, instruction, statistics, share),
            Instruction::Pool { .. } => self.pool(place, scratch, instruction, statistics, share),
            Instruction::Combine { out, terms } => {
                let elements = tensor(*out).elements();
                let (flops, bytes) = (2 * terms.len() * elements, 4 * (terms.len() + 1) * elements);
                self.timed(scratch, Kind::Combine, flops, bytes, || self.combine(place, scratch, instruction, share));
                if self.request.measures_terms {
                    self.measure_terms(place, instruction, *out, terms);
                }
                for b in 0..tensor(*out).blocks() {
                    self.sum_moments(place, *out, b, 0, tensor(*out).pixels(), statistics);
                }
            }
            Instruction::Classifier { .. } if share.index == 0 => self.classify(place, scratch, instruction),
            Instruction::Channels { .. } => self.timed(scratch, Kind::Gather, 0, 0, || self.join(place, instruction, share)),
            Instruction::Classifier { .. } | Instruction::Segment => {}
        }
    }

    /// A depthwise and pointwise pair, band by band of output rows.
    unsafe fn separable(&self, place: Place, scratch: &Scratch, instruction: usize, statistics: bool, share: Share) {
        let program = &self.executor.program;
        let Instruction::DepthwisePointwise { out, x, pointwise: weight, window, .. } = &program.instructions[instruction] else { return };
        let (height, width) = (program.tensors[*out].height, program.tensors[*out].width);
        let channels = program.tensors[*x].blocks() * BLOCK;
        let band = band_rows(height, width);
        let gathered = Gathered { stride: band * width * BLOCK, rows: channels };
        let product = Product { weight: *weight, out: *out, gathered };
        let own = share.rows(height);
        let mut first = own.start;
        while first < own.end {
            let rows = band.min(own.end - first);
            let flops = 2 * window.kernel * window.kernel * channels * rows * width;
            self.timed(scratch, Kind::Depthwise, flops, 0, || self.depthwise(scratch, instruction, first, rows));
            self.product(place, scratch, product, first * width..(first + rows) * width, statistics);
            first += rows;
        }
    }

    unsafe fn pool(&self, place: Place, scratch: &Scratch, instruction: usize, statistics: bool, share: Share) {
        let program = &self.executor.program;
        let Instruction::Pool { out, x, pool, relu } = &program.instructions[instruction] else { return };
        let (input, output) = (&program.tensors[*x], &program.tensors[*out]);
        let (view, pixels) = (self.view(*x, *relu), output.pixels());
        let plane = self.pool_plane(scratch, *pool, *x);
        let rows = share.rows(output.height);
        let seen = pool.input_rows(rows.clone(), input.height);
        self.timed(scratch, Kind::Pool, 0, 4 * (input.elements() + output.elements()), || {
            for b in 0..input.blocks() {
                let from = self.executor.value(place, *x).add((b * input.pixels() + seen.start * input.width) * BLOCK);
                let to = plane.origin.add(seen.start * plane.pitch);
                view.rows(b, from, to, seen.len(), input.width, plane.pitch);
                let y = self.executor.value(place, *out).add(b * pixels * BLOCK);
                pool::forward(*pool, plane.origin, (input.height, input.width), rows.clone(), y);
                self.sum_moments(place, *out, b, 0, pixels, statistics);
            }
        });
    }

    /// Product of gathered rows with a weight matrix into pixels `part` of `out` of each image, and their batch statistics while
    /// they are in the first-level cache.
    unsafe fn product(&self, place: Place, scratch: &Scratch, product: Product, part: Range<usize>, statistics: bool) {
        let Product { weight, out, gathered } = product;
        let tensor = &self.executor.program.tensors[out];
        let (w, pack) = self.weights(weight);
        let (first, count) = (part.start, part.len());
        let pixels = count * place.images;
        let x = Blocks { start: scratch.rows.pointer(), stride: gathered.stride };
        let w = Blocks { start: w, stride: gathered.rows * BLOCK };
        // Tensors keep each image's blocks together, so several images' pixels of a block only lie in a row in scratch.
        let in_scratch = place.images > 1;
        let y = if in_scratch {
            BlocksMut { start: scratch.output.pointer(), stride: pixels * BLOCK }
        } else {
            BlocksMut { start: self.executor.value(place, out).add(first * BLOCK), stride: tensor.pixels() * BLOCK }
        };
        let blocks = tensor.blocks();
        let flops = 2 * gathered.rows * blocks * BLOCK * pixels;
        let bytes = 4 * blocks * BLOCK * pixels;
        self.timed(scratch, Kind::Pointwise, flops, bytes, || {
            let wide = self.executor.wide;
            // As many blocks at a time as a tile takes.
            for b in (0..blocks).step_by(1 + wide as usize) {
                let outputs = b..(b + 1 + wide as usize).min(blocks);
                pointwise::forward(wide, x, w, y, outputs.clone(), Lines::one(pixels), |k| pack.rows(k));
                for b in outputs {
                    for (i, place) in place.each() {
                        if in_scratch {
                            let to = self.executor.value(place, out).add((b * tensor.pixels() + first) * BLOCK);
                            core::ptr::copy_nonoverlapping(y.at(b).add(i * count * BLOCK), to, count * BLOCK);
                        }
                        self.sum_moments(place, out, b, first, count, statistics);
                    }
                }
            }
        });
    }

    /// Features, logits and, if there is a label, the loss of an image by a classifier.
    unsafe fn classify(&self, place: Place, scratch: &Scratch, instruction: usize) {
        let executor = self.executor;
        let Instruction::Classifier { xs, weight, bias, classes, groups, auxiliary } = &executor.program.instructions[instruction] else {
            return;
        };
        let features = self.pool_features(place, scratch, xs);
        let kept = executor.features.pointer().add(executor.feature_offset[instruction] + place.image * features);
        core::ptr::copy_nonoverlapping(scratch.features.pointer(), kept, features);
        let (w, _) = self.weights(*weight);
        let (b, _) = self.weights(*bias);
        let logits = executor.logits.pointer().add(executor.logit_offset[instruction] + place.image * classes);
        classifier::forward(scratch.features.pointer(), features, w, b, *classes, logits);
        if self.request.labels.is_empty() {
            return;
        }
        let target = self.request.target(place.image, groups);
        let (loss, hit) = classifier::cross_entropy(logits, &target);
        let at = self.classifier_index(instruction) * executor.batch + place.image;
        *executor.losses.pointer().add(at) = loss * loss_weight(*auxiliary);
        *executor.loss_weights.pointer().add(at) = target.weight();
        if auxiliary.is_none() {
            *executor.hits.pointer().add(place.image) = hit as u32;
        }
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

    /// What [`Job::gather`] makes of an instruction's inputs.
    pub(super) fn gathered(&self, instruction: usize) -> Gathered {
        let program = &self.executor.program;
        let blocks = |xs: &[usize]| -> usize { xs.iter().map(|&x| program.tensors[x].blocks()).sum() };
        let (pixels, blocks) = match &program.instructions[instruction] {
            Instruction::Convolution { patch, .. } => (CHUNK, patch.row_blocks()),
            Instruction::Pointwise { xs, .. } => (CHUNK, blocks(xs)),
            Instruction::FactorizedReduce { out, xs, .. } => (program.tensors[*out].pixels(), 2 * blocks(xs)),
            _ => (0, 0),
        };
        Gathered { stride: pixels * BLOCK, rows: blocks * BLOCK }
    }

    /// Gathers the rows of a matrix product for some output pixels of each image.
    pub(super) unsafe fn gather(&self, place: Place, scratch: &Scratch, instruction: usize, part: Range<usize>) {
        let stride = self.gathered(instruction).stride;
        for (i, place) in place.each() {
            let start = scratch.rows.pointer().add(i * part.len() * BLOCK);
            self.gather_image(place, instruction, part.clone(), BlocksMut { start, stride });
        }
    }

    /// A tensor's value as an image.
    pub(super) unsafe fn image(&self, place: Place, tensor: usize) -> Image {
        let t = &self.executor.program.tensors[tensor];
        Image { start: self.executor.value(place, tensor), height: t.height, width: t.width }
    }

    unsafe fn gather_image(&self, place: Place, instruction: usize, part: Range<usize>, rows: BlocksMut) {
        let executor = self.executor;
        let tensor = |t: usize| &executor.program.tensors[t];
        match &executor.program.instructions[instruction] {
            Instruction::Convolution { x, patch, relu, .. } => {
                sampling::gather_patches(*patch, &self.view(*x, *relu), self.image(place, *x), part, rows);
            }
            Instruction::Pointwise { xs, relu, .. } => {
                let mut block = 0;
                for &x in xs {
                    let view = self.view(x, *relu);
                    for b in 0..tensor(x).blocks() {
                        let from = executor.value(place, x).add((b * tensor(x).pixels() + part.start) * BLOCK);
                        view.copy(b, from, rows.at(block), part.len());
                        block += 1;
                    }
                }
            }
            Instruction::FactorizedReduce { out, xs, .. } => {
                let columns = tensor(*out).width;
                let lines = part.start / columns..part.end / columns;
                let mut block = 0;
                for offset in 0..2 {
                    for &x in xs {
                        let (image, view) = (self.image(place, x), self.view(x, true));
                        for b in 0..tensor(x).blocks() {
                            sampling::gather_strided(&view, b, image.block(b), offset, lines.clone(), rows.at(block));
                            block += 1;
                        }
                    }
                }
            }
            _ => {}
        }
    }

    /// Sums a node. Nothing is allocated: threads that do so at the same time wait for each other.
    unsafe fn combine(&self, place: Place, scratch: &Scratch, instruction: usize, share: Share) {
        let executor = self.executor;
        let Instruction::Combine { out, terms } = &executor.program.instructions[instruction] else { return };
        let (output, sum) = (&executor.program.tensors[*out], scratch.terms.pointer());
        let weights = core::slice::from_raw_parts_mut(scratch.term_weights.pointer(), terms.len());
        for (t, weight) in weights.iter_mut().enumerate() {
            *weight = self.term_weight(instruction, t, place.image);
        }
        let own = share.pixels(output);
        for b in 0..output.blocks() {
            let at = (b * output.pixels() + own.start) * BLOCK;
            let (mut start, mut count) = (F8::zero(), 0);
            for (term, &weight) in terms.iter().zip(weights.iter()).filter(|(_, &weight)| weight != 0.0) {
                let (scale, shift) = self.view(term.x, false).coefficients(b);
                let weight = F8::splat(weight);
                start = shift.mul(weight).add(start);
                sum.add(count).write(Term { from: executor.value(place, term.x).add(at), coefficient: scale.mul(weight) });
                count += 1;
            }
            let sum = core::slice::from_raw_parts(sum, count);
            elementwise::weighted_sum(executor.value(place, *out).add(at), sum, Start::Value(start), own.len());
        }
    }

    /// Adds the importance of an image's mixed terms, pixels' mean, to a group's sums: that of a term in place of its first channel's.
    #[inline(never)]
    unsafe fn measure_terms(&self, place: Place, instruction: usize, out: usize, terms: &[CombineTerm]) {
        let output = &self.executor.program.tensors[out];
        let (channels, pixels) = (output.blocks() * BLOCK, output.pixels());
        let (sums, _) = self.term_sums(place, instruction, terms.len() * channels);
        for (t, term) in terms.iter().enumerate().filter(|(_, term)| term.own_mix().is_some()) {
            let x = Blocks { start: self.executor.value(place, term.x), stride: pixels * BLOCK };
            let spread = importance::inverse_spread(x, &self.view(term.x, false), output.channels, pixels);
            sums[t * channels] += spread / pixels as f64;
        }
    }

    /// Global averages of the views of `xs` into scratch features; returns their (padded) number.
    pub(super) unsafe fn pool_features(&self, place: Place, scratch: &Scratch, xs: &[usize]) -> usize {
        let executor = self.executor;
        let mut at = 0;
        for &x in xs {
            let (tensor, view) = (&executor.program.tensors[x], self.view(x, false));
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
    pub(super) unsafe fn sum_moments(&self, place: Place, out: usize, b: usize, first: usize, count: usize, statistics: bool) {
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
