//! Backward passes of one image. Gradients are named d + the thing.

use super::forward::{loss_weight, Gathered};
use super::job::Job;
use super::request::WeightGradients;
use super::scratch::Scratch;
use super::state::Place;
use crate::layers::blocks::BLOCK;
use crate::layers::blocks::{Blocks, BlocksMut};
use crate::layers::classifier::{Gradients, Loss};
use crate::layers::elementwise::{self, add_gradient, fill, Start, Term};
use crate::layers::pointwise::{self, Lines};
use crate::layers::{classifier, pool, sampling};
use crate::plan::{self, Gradient};
use crate::profile::Kind;
use crate::program::{CombineTerm, Instruction};
use crate::vector::{Lanes, F8};
use core::ops::Range;

impl Job<'_> {
    pub(super) fn wants_weights(&self) -> bool {
        matches!(self.request.backward, Some(WeightGradients::All | WeightGradients::Live))
    }

    /// A group's gradient of the storage that holds a parameter.
    pub(super) unsafe fn partial(&self, place: Place, parameter: usize) -> *mut f32 {
        let arrangement = &self.parameters.arrangement;
        let storage = arrangement.storage_of[parameter];
        self.executor.partials.pointer().add(place.group * self.executor.partial_total + self.executor.partial_offset[storage])
    }

    /// Transposed matrix or flipped windows of a parameter's storage.
    pub(super) unsafe fn packed(&self, parameter: usize) -> *const f32 {
        let arrangement = &self.parameters.arrangement;
        self.parameters.backward.pointer().add(arrangement.storages[arrangement.storage_of[parameter]].offset)
    }

    /// Gradient of some pixels of block `b` of an instruction's output before normalisation:
    /// `gradient·g + value·z + constant`, g being stored or standing for scaled node gradients.
    pub(super) unsafe fn output_gradient(&self, place: Place, tensor: usize, b: usize, part: Range<usize>, to: *mut f32) {
        let executor = self.executor;
        let t = &executor.program.tensors[tensor];
        let (at, count) = ((b * t.pixels() + part.start) * BLOCK, part.len());
        let mut terms = [Term { from: core::ptr::null(), coefficient: F8::zero() }; 8];
        let mut used = 0;
        let (mut factor, mut start) = (F8::splat(1.0), F8::zero());
        if let Some(norm) = t.norm {
            let c = self.parameters.arrangement.norm_offset[norm] + b * BLOCK;
            factor = F8::load(executor.coefficients.gradient.pointer().add(c));
            start = F8::load(executor.coefficients.constant.pointer().add(c));
            let value = F8::load(executor.coefficients.value.pointer().add(c));
            terms[0] = Term { from: executor.value(place, tensor).add(at), coefficient: value };
            used = 1;
        }
        let mut begin = Start::Value(start);
        match &executor.plan.gradients[tensor] {
            Gradient::None => {}
            Gradient::Stored => {
                terms[used] = Term { from: executor.gradient(tensor, place.image).add(at), coefficient: factor };
                used += 1;
            }
            Gradient::Virtual(uses) => {
                for &(node, term) in uses {
                    let weight = self.term_weight(node, term, place.image);
                    if weight == 0.0 || self.is_idle(node) {
                        continue;
                    }
                    if used == terms.len() {
                        elementwise::weighted_sum(to, &terms, begin, count);
                        begin = Start::Output;
                        used = 0;
                    }
                    let out = executor.program.instructions[node].out().unwrap_or(0);
                    terms[used] = Term { from: executor.gradient(out, place.image).add(at), coefficient: factor.mul(F8::splat(weight)) };
                    used += 1;
                }
            }
        }
        elementwise::weighted_sum(to, &terms[..used], begin, count);
    }

    pub(super) unsafe fn backward(&self, place: Place, scratch: &Scratch, instruction: usize, first: &[bool]) {
        let executor = self.executor;
        let tensor = |t: usize| &executor.program.tensors[t];
        match &executor.program.instructions[instruction] {
            // What is left out adds nothing. A node that is clears its sums, which normalisation reads.
            other if self.is_idle(instruction) => {
                self.clear_first(place, instruction, first);
                if let Instruction::Combine { out, terms } = other {
                    self.term_sums(place, instruction, terms.len() * tensor(*out).blocks() * BLOCK);
                }
            }
            Instruction::Convolution { .. } if plan::reads_view(&executor.program, instruction) => {
                self.convolve_backward(place, scratch, instruction, first[0])
            }
            Instruction::Convolution { out, weight, .. }
            | Instruction::Pointwise { out, weight, .. }
            | Instruction::FactorizedReduce { out, weights: [weight, _], .. } => {
                self.matrix_backward(place, scratch, instruction, *out, *weight, first)
            }
            Instruction::Pool { out, x, pool, relu } => {
                let (input, view, pixels) = (tensor(*x), self.view(*x, *relu), tensor(*out).pixels());
                let plane = self.pool_plane(scratch, *pool, *x);
                let backward = || {
                    for b in 0..input.blocks() {
                        let from = executor.value(place, *x).add(b * input.pixels() * BLOCK);
                        view.rows(b, from, plane.origin, input.height, input.width, plane.pitch);
                        self.output_gradient(place, *out, b, 0..pixels, scratch.block.pointer());
                        let y = executor.value(place, *out).add(b * pixels * BLOCK);
                        let dplane = scratch.pool_gradient.pointer();
                        pool::backward(*pool, plane.origin, y, scratch.block.pointer(), input.height, input.width, dplane);
                        let inside = dplane.add(pool.padding * (plane.pitch + BLOCK));
                        for row in 0..input.height {
                            let (at, pixel) = (row * plane.pitch, (b * input.pixels() + row * input.width) * BLOCK);
                            let g = executor.gradient(*x, place.image).add(pixel);
                            add_gradient(g, inside.add(at), plane.origin.add(at), input.width, *relu, first[0]);
                        }
                    }
                };
                self.timed(scratch, Kind::PoolGradient, 0, 0, backward);
            }
            Instruction::Combine { out, terms } => {
                let bytes = 4 * (terms.len() + 1) * tensor(*out).elements();
                self.timed(scratch, Kind::Dots, 0, bytes, || self.combine_backward(place, instruction, *out, terms, first))
            }
            Instruction::Classifier { .. } => {
                self.timed(scratch, Kind::Classifier, 0, 0, || self.classifier_backward(place, scratch, instruction, first))
            }
            Instruction::Channels { .. } => {
                self.timed(scratch, Kind::Gather, 0, 0, || self.join_backward(place, scratch, instruction, first))
            }
            Instruction::DepthwisePointwise { .. } | Instruction::Segment => {}
        }
    }

    /// Zeroes the gradients that an instruction would have written first.
    #[inline(never)]
    unsafe fn clear_first(&self, place: Place, instruction: usize, first: &[bool]) {
        for (i, x) in self.executor.program.instructions[instruction].inputs().into_iter().enumerate() {
            if first[i] {
                for (_, place) in place.each() {
                    fill(self.executor.gradient(x, place.image), self.executor.program.tensors[x].elements(), 0.0);
                }
            }
        }
    }

    unsafe fn matrix_backward(&self, place: Place, scratch: &Scratch, instruction: usize, out: usize, weight: usize, first: &[bool]) {
        let executor = self.executor;
        let output = &executor.program.tensors[out];
        let inputs = executor.program.instructions[instruction].inputs();
        let (pixels, blocks) = (output.pixels(), output.blocks());
        let (_, pack) = self.weights(weight);
        let wants_input = inputs[0] != 0;
        if let Instruction::Convolution { .. } | Instruction::FactorizedReduce { .. } = executor.program.instructions[instruction] {
            // Patches overlap, and pixels are skipped, so their gradients are added.
            self.clear_first(place, instruction, first);
        }
        let Gathered { stride: x_stride, rows } = self.gathered(instruction);
        let dw = if self.wants_weights() { self.partial(place, weight) } else { core::ptr::null_mut() };
        let chunk = self.chunk(instruction).min(pixels);
        let dy = BlocksMut { start: scratch.output.pointer(), stride: chunk * place.images * BLOCK };
        let upstream = Blocks { start: dy.start, stride: dy.stride };
        let mut at = 0;
        while at < pixels {
            let part = at..pixels.min(at + chunk);
            let count = part.len();
            let all = count * place.images;
            self.timed(scratch, Kind::NormGradient, 0, 8 * blocks * BLOCK * all, || {
                for b in 0..blocks {
                    place.each().for_each(|(i, place)| self.output_gradient(place, out, b, part.clone(), dy.at(b).add(i * count * BLOCK)));
                }
            });
            let flops = 2 * rows * blocks * BLOCK * all;
            if self.wants_weights() || (wants_input && self.masks_by_rows(instruction)) {
                self.timed(scratch, Kind::Gather, 0, 0, || self.gather(place, scratch, instruction, part.clone()));
            }
            if self.wants_weights() {
                let x = Blocks { start: scratch.rows.pointer(), stride: x_stride };
                let dw = BlocksMut { start: dw, stride: rows * BLOCK };
                self.timed(scratch, Kind::PointwiseWeights, flops, 0, || {
                    pointwise::weight_gradient(executor.wide, x, upstream, dw, blocks, all, |b| pack.rows(b))
                });
            }
            if wants_input {
                let dx = BlocksMut { start: scratch.rows_gradient.pointer(), stride: x_stride };
                let packed = Blocks { start: self.packed(weight), stride: blocks * BLOCK * BLOCK };
                self.timed(scratch, Kind::PointwiseInputs, flops, 0, || {
                    pointwise::forward(executor.wide, upstream, packed, dx, 0..rows / BLOCK, Lines::one(all), |b| pack.columns(b))
                });
                self.timed(scratch, Kind::Gather, 0, 0, || self.scatter(place, scratch, instruction, part, first));
            }
            at += count;
        }
    }

    /// Whether [`Job::scatter`] reads the mask of ReLU off the gathered rows, whose signs are those of the view.
    fn masks_by_rows(&self, instruction: usize) -> bool {
        matches!(self.executor.program.instructions[instruction], Instruction::Pointwise { relu: true, .. })
    }

    /// Adjoint of `gather`, from scratch rows' gradient to the inputs' gradients.
    unsafe fn scatter(&self, place: Place, scratch: &Scratch, instruction: usize, part: Range<usize>, first: &[bool]) {
        let stride = self.gathered(instruction).stride;
        for (i, place) in place.each() {
            let offset = i * part.len() * BLOCK;
            let rows = Blocks { start: scratch.rows_gradient.pointer().add(offset), stride };
            let seen = Blocks { start: scratch.rows.pointer().add(offset), stride };
            self.scatter_image(place, instruction, part.clone(), rows, seen, first);
        }
    }

    /// `rows`: gradient of the gathered rows of one image; `seen`: the rows.
    unsafe fn scatter_image(&self, place: Place, instruction: usize, part: Range<usize>, rows: Blocks, seen: Blocks, first: &[bool]) {
        let executor = self.executor;
        let tensor = |t: usize| &executor.program.tensors[t];
        match &executor.program.instructions[instruction] {
            Instruction::Convolution { x, patch, relu, .. } => {
                let g = executor.gradient(*x, place.image);
                sampling::scatter_patches(*patch, &self.view(*x, *relu), self.image(place, *x), part, rows, g);
            }
            Instruction::Pointwise { xs, relu, .. } => {
                let mut block = 0;
                for (i, &x) in xs.iter().enumerate() {
                    for b in 0..tensor(x).blocks() {
                        let offset = (b * tensor(x).pixels() + part.start) * BLOCK;
                        let g = executor.gradient(x, place.image).add(offset);
                        add_gradient(g, rows.at(block), seen.at(block), part.len(), *relu, first[i]);
                        block += 1;
                    }
                }
            }
            Instruction::FactorizedReduce { xs, .. } => {
                let mut block = 0;
                for offset in 0..2 {
                    for &x in xs {
                        let (image, view) = (self.image(place, x), self.view(x, true));
                        for b in 0..tensor(x).blocks() {
                            let g = executor.gradient(x, place.image).add(b * tensor(x).pixels() * BLOCK);
                            sampling::scatter_strided(&view, b, image.block(b), offset, rows.at(block), g);
                            block += 1;
                        }
                    }
                }
            }
            _ => {}
        }
    }

    /// Sums `g` and `g·z` of block `b` of a normalised tensor whose gradient is stored and complete.
    pub(super) unsafe fn norm_sums(&self, place: Place, norm: usize, b: usize) {
        let tensor = self.executor.program.norms[norm].tensor;
        let t = &self.executor.program.tensors[tensor];
        let at = b * t.pixels() * BLOCK;
        let g = self.executor.gradient(tensor, place.image).add(at);
        let z = self.executor.value(place, tensor).add(at) as *const f32;
        let (sums, dots) = self.moment_sums(place, norm, b, true);
        if self.executor.idle[tensor] {
            return;
        }
        let mut dot = [[0f64; BLOCK]];
        elementwise::dots(g, &[z], t.pixels(), sums, &mut dot);
        for lane in 0..BLOCK {
            dots[lane] += dot[0][lane];
        }
    }

    /// A group's two sums of a node's terms, `count` numbers each; cleared at the group's first image.
    #[allow(clippy::mut_from_ref)]
    pub(super) unsafe fn term_sums(&self, place: Place, node: usize, count: usize) -> (&mut [f64], &mut [f64]) {
        let executor = self.executor;
        let base = executor.term_sums.pointer().add(place.group * 2 * executor.term_total + executor.term_offset[node]);
        let sums = core::slice::from_raw_parts_mut(base, count);
        let dots = core::slice::from_raw_parts_mut(base.add(executor.term_total), count);
        if place.fresh {
            sums.fill(0.0);
            dots.fill(0.0);
        }
        (sums, dots)
    }

    /// Dot products of the node's gradient with its terms (normalisation and mixing weights need them), and the gradients
    /// of terms that are stored.
    unsafe fn combine_backward(&self, place: Place, instruction: usize, out: usize, terms: &[CombineTerm], first: &[bool]) {
        let executor = self.executor;
        let output = &executor.program.tensors[out];
        let (pixels, channels) = (output.pixels(), output.blocks() * BLOCK);
        let (sums, dots) = self.term_sums(place, instruction, terms.len() * channels);
        let is_needed = |term: &CombineTerm| term.mix.is_some() || executor.program.tensors[term.x].norm.is_some();
        let needed: Vec<usize> = (0..terms.len()).filter(|&t| is_needed(&terms[t]) && !executor.idle[terms[t].x]).collect();
        let mut from = vec![core::ptr::null(); needed.len()];
        let mut products = vec![[0f64; BLOCK]; needed.len()];
        for b in 0..output.blocks() {
            let at = b * pixels * BLOCK;
            let dy = executor.gradient(out, place.image).add(at);
            for (i, &t) in needed.iter().enumerate() {
                from[i] = executor.value(place, terms[t].x).add(at) as *const f32;
                products[i] = [0.0; BLOCK];
            }
            let mut sum = [0f64; BLOCK];
            elementwise::dots(dy, &from, pixels, &mut sum, &mut products);
            for (i, &t) in needed.iter().enumerate() {
                let mask = self.mask(instruction, t, place.image) as f64;
                for lane in 0..BLOCK {
                    sums[t * channels + b * BLOCK + lane] += mask * sum[lane];
                    dots[t * channels + b * BLOCK + lane] += mask * products[i][lane];
                }
            }
            for (t, term) in terms.iter().enumerate() {
                if executor.plan.gradients[term.x] == Gradient::Stored {
                    let weight = F8::splat(self.term_weight(instruction, t, place.image));
                    let start = if first[t] { Start::Value(F8::zero()) } else { Start::Output };
                    let g = executor.gradient(term.x, place.image).add(at);
                    elementwise::weighted_sum(g, &[Term { from: dy, coefficient: weight }], start, pixels);
                }
            }
        }
    }

    unsafe fn classifier_backward(&self, place: Place, scratch: &Scratch, instruction: usize, first: &[bool]) {
        let executor = self.executor;
        let Instruction::Classifier { xs, weight, bias, classes, groups, auxiliary } = &executor.program.instructions[instruction] else {
            return;
        };
        let features = self.pool_features(place, scratch, xs);
        let x = scratch.features.pointer();
        let (dx, dlogits) = (x.add(features), x.add(2 * features));
        let logits = executor.logits.pointer().add(executor.logit_offset[instruction] + place.image * classes);
        let (w, _) = self.weights(*weight);
        let parameters = match self.request.backward {
            Some(WeightGradients::None) | None => None,
            _ => Some((self.partial(place, *weight), self.partial(place, *bias))),
        };
        let target = self.request.target(place.image, groups);
        let scale = loss_weight(*auxiliary) * target.weight() / self.total_weight;
        classifier::backward(x, features, w, logits, &Loss { target, scale }, Gradients { parameters, logits: dlogits, x: dx });
        if self.request.backward != Some(WeightGradients::Head) {
            self.spread_features(place, xs, dx, first);
        }
    }

    /// Gradients of global averages, in equal shares to all pixels.
    unsafe fn spread_features(&self, place: Place, xs: &[usize], dx: *const f32, first: &[bool]) {
        let mut at = 0;
        for (i, &x) in xs.iter().enumerate() {
            let tensor = &self.executor.program.tensors[x];
            let pixels = tensor.pixels();
            for b in 0..tensor.blocks() {
                let share = F8::load(dx.add(at)).mul(F8::splat(1.0 / pixels as f32));
                let g = self.executor.gradient(x, place.image).add(b * pixels * BLOCK);
                for p in 0..pixels {
                    let value = if first[i] { share } else { share.add(F8::load(g.add(p * BLOCK))) };
                    value.store(g.add(p * BLOCK));
                }
                at += BLOCK;
            }
        }
    }
}
