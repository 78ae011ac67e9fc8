//! Backward passes of one image. Gradients are named d + the thing.

use super::scratch::{gradient_columns, output_columns, Scratch};
use super::{Job, Place, WeightGradients};
use crate::layers::depthwise::{self, Plane};
use crate::layers::elementwise::{self, add_gradient, fill, Start, Term};
use crate::layers::{classifier, pointwise, pool, sampling};
use crate::plan::Gradient;
use crate::program::{CombineTerm, Instruction, BLOCK};
use crate::vector::{Lanes, F8};

impl Job<'_> {
    fn wants_weights(&self) -> bool {
        self.request.backward == Some(WeightGradients::All)
    }

    /// A group's gradient of the storage that holds a parameter, cleared at the group's first image.
    unsafe fn partial(&self, place: Place, parameter: usize) -> *mut f32 {
        let arrangement = &self.parameters.arrangement;
        let storage = arrangement.storage_of[parameter];
        let base = self.executor.partials.pointer().add(place.group * self.executor.partial_total + self.executor.partial_offset[storage]);
        if place.fresh {
            fill(base, arrangement.storages[storage].length, 0.0);
        }
        base
    }

    /// Transposed matrix or flipped windows of a parameter's storage.
    unsafe fn packed(&self, parameter: usize) -> *const f32 {
        let arrangement = &self.parameters.arrangement;
        self.parameters.backward.pointer().add(arrangement.storages[arrangement.storage_of[parameter]].offset)
    }

    /// Gradient of `count` pixels from `first` of block `b` of an instruction's output before normalisation:
    /// `gradient·g + value·z + constant`, g being stored or standing for scaled node gradients.
    unsafe fn output_gradient(&self, place: Place, tensor: usize, b: usize, first: usize, count: usize, to: *mut f32) {
        let executor = self.executor;
        let t = &executor.program.tensors[tensor];
        let at = (b * t.pixels() + first) * BLOCK;
        let mut terms = [Term { from: core::ptr::null(), coefficient: F8::zero() }; 8];
        let mut used = 0;
        let (mut factor, mut start) = (F8::splat(1.0), F8::zero());
        if let Some(norm) = t.norm {
            let c = self.parameters.arrangement.norm_offset[norm] + b * BLOCK;
            factor = F8::load(executor.coefficients.gradient.pointer().add(c));
            start = F8::load(executor.coefficients.constant.pointer().add(c));
            let value = F8::load(executor.coefficients.value.pointer().add(c));
            terms[0] = Term { from: executor.value(place.phase, tensor, place.image).add(at), coefficient: value };
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
                    if weight == 0.0 {
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
            Instruction::Convolution { out, weight, .. }
            | Instruction::Pointwise { out, weight, .. }
            | Instruction::FactorizedReduce { out, weights: [weight, _], .. } => {
                self.matrix_backward(place, scratch, instruction, *out, *weight, first)
            }
            Instruction::DepthwisePointwise { .. } => self.depthwise_backward(place, scratch, instruction),
            Instruction::Pool { out, x, pool, relu } => {
                let (input, view, pixels) = (tensor(*x), self.view(*x, *relu), tensor(*out).pixels());
                let pitch = (input.width + 2 * pool.padding) * BLOCK;
                for b in 0..input.blocks() {
                    let from = executor.value(place.phase, *x, place.image).add(b * input.pixels() * BLOCK);
                    let (plane, dplane) = (scratch.pool.pointer(), scratch.pool_gradient.pointer());
                    view.pad(b, from, plane, input.height, input.width, pool.padding, pool.border());
                    self.output_gradient(place, *out, b, 0, pixels, scratch.block.pointer());
                    let y = executor.value(place.phase, *out, place.image).add(b * pixels * BLOCK);
                    pool::backward(*pool, plane, y, scratch.block.pointer(), input.height, input.width, dplane);
                    for row in 0..input.height {
                        let inside = (row + pool.padding) * pitch + pool.padding * BLOCK;
                        let g = executor.gradient(*x, place.image).add((b * input.pixels() + row * input.width) * BLOCK);
                        add_gradient(g, dplane.add(inside), plane.add(inside), input.width, *relu, first[0]);
                    }
                }
            }
            Instruction::Combine { out, terms } => self.combine_backward(place, instruction, *out, terms, first),
            Instruction::Classifier { .. } => self.classifier_backward(place, scratch, instruction, first),
            Instruction::Segment => {}
        }
    }

    unsafe fn matrix_backward(&self, place: Place, scratch: &Scratch, instruction: usize, out: usize, weight: usize, first: &[bool]) {
        let executor = self.executor;
        let output = &executor.program.tensors[out];
        let inputs = executor.program.instructions[instruction].inputs();
        let (pixels, blocks) = (output.pixels(), output.blocks());
        let (_, pack) = self.weights(weight);
        let wants_input = inputs[0] != 0;
        if let Instruction::Convolution { x, .. } = executor.program.instructions[instruction] {
            // Patches overlap, so their gradients are added.
            if wants_input && first[0] {
                fill(executor.gradient(x, place.image), executor.program.tensors[x].elements(), 0.0);
            }
        }
        let dw = if self.wants_weights() { self.partial(place, weight) } else { core::ptr::null_mut() };
        let chunk = self.chunk(instruction).min(pixels);
        let dy = scratch.output.pointer();
        let mut at = 0;
        while at < pixels {
            let count = chunk.min(pixels - at);
            for b in 0..blocks {
                self.output_gradient(place, out, b, at, count, dy.add(b * chunk * BLOCK));
            }
            let (x_block, w_rows) = self.gather_stride(instruction);
            if self.wants_weights() {
                self.gather(place, scratch, instruction, at, count);
                pointwise::weight_gradient(
                    executor.wide,
                    scratch.rows.pointer(),
                    x_block,
                    dy,
                    chunk * BLOCK,
                    dw,
                    w_rows,
                    blocks,
                    count,
                    |b| pack.rows(b),
                );
            }
            if wants_input {
                let dx = scratch.rows_gradient.pointer();
                pointwise::forward(dy, chunk * BLOCK, self.packed(weight), blocks * BLOCK, dx, x_block, w_rows / BLOCK, count, |b| {
                    pack.columns(b)
                });
                self.scatter(place, scratch, instruction, at, count, first);
            }
            at += count;
        }
    }

    /// Block stride and rows of [`Job::gather`]'s result.
    fn gather_stride(&self, instruction: usize) -> (usize, usize) {
        let program = &self.executor.program;
        let blocks = |xs: &[usize]| -> usize { xs.iter().map(|&x| program.tensors[x].blocks()).sum() };
        match &program.instructions[instruction] {
            Instruction::Convolution { patch, .. } => (super::scratch::CHUNK * BLOCK, patch.row_blocks() * BLOCK),
            Instruction::Pointwise { xs, .. } => (super::scratch::CHUNK * BLOCK, blocks(xs) * BLOCK),
            Instruction::FactorizedReduce { out, xs, .. } => (program.tensors[*out].pixels() * BLOCK, 2 * blocks(xs) * BLOCK),
            _ => (0, 0),
        }
    }

    /// Adjoint of `gather`, from scratch rows' gradient to the inputs' gradients.
    unsafe fn scatter(&self, place: Place, scratch: &Scratch, instruction: usize, at: usize, count: usize, first: &[bool]) {
        let executor = self.executor;
        let tensor = |t: usize| &executor.program.tensors[t];
        let value = |t: usize| executor.value(place.phase, t, place.image);
        let rows = scratch.rows_gradient.pointer();
        let (stride, _) = self.gather_stride(instruction);
        match &executor.program.instructions[instruction] {
            Instruction::Convolution { x, patch, relu, .. } => {
                let (input, view) = (tensor(*x), self.view(*x, *relu));
                let g = executor.gradient(*x, place.image);
                sampling::scatter_patches(*patch, &view, value(*x), input.height, input.width, at, count, rows, stride, g);
            }
            Instruction::Pointwise { xs, relu, .. } => {
                let mut block = 0;
                for (i, &x) in xs.iter().enumerate() {
                    let view = self.view(x, *relu);
                    for b in 0..tensor(x).blocks() {
                        let offset = (b * tensor(x).pixels() + at) * BLOCK;
                        // ReLU's mask is the sign of the view, seen again.
                        let seen = scratch.block.pointer();
                        if *relu {
                            view.copy(b, value(x).add(offset), seen, count);
                        }
                        let g = executor.gradient(x, place.image).add(offset);
                        add_gradient(g, rows.add(block * stride), seen, count, *relu, first[i]);
                        block += 1;
                    }
                }
            }
            Instruction::FactorizedReduce { xs, .. } => {
                for (i, &x) in xs.iter().enumerate() {
                    if first[i] {
                        fill(executor.gradient(x, place.image), tensor(x).elements(), 0.0);
                    }
                }
                let mut block = 0;
                for offset in 0..2 {
                    for &x in xs {
                        let (input, view) = (tensor(x), self.view(x, true));
                        for b in 0..input.blocks() {
                            let plane = b * input.pixels() * BLOCK;
                            let g = executor.gradient(x, place.image).add(plane);
                            let dx = rows.add(block * stride);
                            sampling::scatter_strided(&view, b, value(x).add(plane), input.height, input.width, offset, dx, g);
                            block += 1;
                        }
                    }
                }
            }
            _ => {}
        }
    }

    unsafe fn depthwise_backward(&self, place: Place, scratch: &Scratch, instruction: usize) {
        let executor = self.executor;
        let Instruction::DepthwisePointwise { out, x, depthwise: dw_weight, pointwise: pw_weight, window } =
            &executor.program.instructions[instruction]
        else {
            return;
        };
        let (input, output) = (&executor.program.tensors[*x], &executor.program.tensors[*out]);
        let (pixels, wide) = (output.pixels(), executor.wide);
        let dz = scratch.output.pointer();
        for b in 0..output.blocks() {
            self.output_gradient(place, *out, b, 0, pixels, dz.add(b * pixels * BLOCK));
        }
        let (_, pack) = self.weights(*pw_weight);
        let rows = input.blocks() * BLOCK;
        if self.wants_weights() {
            // The depthwise output is computed again: cheaper than writing and reading it through memory.
            self.depthwise(scratch, instruction);
            let dw = self.partial(place, *pw_weight);
            pointwise::weight_gradient(
                wide,
                scratch.rows.pointer(),
                pixels * BLOCK,
                dz,
                pixels * BLOCK,
                dw,
                rows,
                output.blocks(),
                pixels,
                |b| pack.rows(b),
            );
        }
        // Gradient of the depthwise output, with zeros around.
        let q = window.gradient_padding();
        let columns = output_columns(output.width) + 2 * q;
        let pitch = columns * BLOCK;
        let plane = (output.height + 2 * q) * pitch;
        let da = scratch.padded_output.pointer();
        let packed = self.packed(*pw_weight);
        for b in 0..input.blocks() {
            fill(da.add(b * plane), q * pitch, 0.0);
            for row in 0..output.height {
                let line = da.add(b * plane + (q + row) * pitch);
                fill(line, q * BLOCK, 0.0);
                fill(line.add((q + output.width) * BLOCK), (columns - q - output.width) * BLOCK, 0.0);
            }
            fill(da.add(b * plane + (q + output.height) * pitch), q * pitch, 0.0);
        }
        for row in 0..output.height {
            let from = dz.add(row * output.width * BLOCK);
            let to = da.add((q + row) * pitch + q * BLOCK);
            pointwise::forward(from, pixels * BLOCK, packed, output.blocks() * BLOCK, to, plane, input.blocks(), output.width, |b| {
                pack.columns(b)
            });
        }
        let padding = executor.plan.padding[*x];
        let view_pitch = (input.width + 2 * padding) * BLOCK;
        let inset = padding - window.padding();
        let size = window.kernel * window.kernel * BLOCK;
        let dk = if self.wants_weights() { self.partial(place, *dw_weight) } else { core::ptr::null_mut() };
        let flipped = self.packed(*dw_weight);
        let dx_pitch = gradient_columns(input.width) * BLOCK;
        for b in 0..input.blocks() {
            if self.wants_weights() {
                let view = scratch.view.pointer().add(b * (input.height + 2 * padding) * view_pitch + inset * view_pitch + inset * BLOCK);
                let geometry = Plane { input_pitch: view_pitch, output_pitch: pitch, rows: output.height, columns: output.width };
                depthwise::weight_gradient(*window, view, da.add(b * plane + q * pitch + q * BLOCK), dk.add(b * size), geometry);
            }
            let dx = scratch.view_gradient.pointer().add(b * input.height * dx_pitch);
            depthwise::input_gradient(*window, da.add(b * plane), pitch, flipped.add(b * size), dx, dx_pitch, input.height, input.width);
        }
    }

    pub(super) unsafe fn clear_gradient(&self, scratch: &Scratch, tensor: usize) {
        let t = &self.executor.program.tensors[tensor];
        fill(scratch.view_gradient.pointer(), t.blocks() * BLOCK * t.height * gradient_columns(t.width), 0.0);
    }

    pub(super) unsafe fn flush_gradient(&self, place: Place, scratch: &Scratch, tensor: usize, padding: usize, first: bool) {
        let t = &self.executor.program.tensors[tensor];
        let (pitch, dx_pitch) = ((t.width + 2 * padding) * BLOCK, gradient_columns(t.width) * BLOCK);
        for b in 0..t.blocks() {
            for row in 0..t.height {
                let seen = scratch.view.pointer().add((b * (t.height + 2 * padding) + padding + row) * pitch + padding * BLOCK);
                let dx = scratch.view_gradient.pointer().add((b * t.height + row) * dx_pitch);
                let g = self.executor.gradient(tensor, place.image).add((b * t.pixels() + row * t.width) * BLOCK);
                add_gradient(g, dx, seen, t.width, true, first);
            }
        }
    }

    pub(super) unsafe fn norm_sums(&self, place: Place, norm: usize) {
        let tensor = self.executor.program.norms[norm].tensor;
        let t = &self.executor.program.tensors[tensor];
        let (sums, dots) = self.moment_sums(place, norm);
        for b in 0..t.blocks() {
            let at = b * t.pixels() * BLOCK;
            let g = self.executor.gradient(tensor, place.image).add(at);
            elementwise::sums(g, t.pixels(), &mut sums[b * BLOCK..][..BLOCK]);
            let mut dot = [[0f64; BLOCK]];
            let z = self.executor.value(place.phase, tensor, place.image).add(at) as *const f32;
            elementwise::dots(g, &[z], t.pixels(), &mut dot);
            for lane in 0..BLOCK {
                dots[b * BLOCK + lane] += dot[0][lane];
            }
        }
    }

    /// Dot products of the node's gradient with its terms (normalisation and mixing weights need them), and the gradients
    /// of terms that are stored.
    unsafe fn combine_backward(&self, place: Place, instruction: usize, out: usize, terms: &[CombineTerm], first: &[bool]) {
        let executor = self.executor;
        let output = &executor.program.tensors[out];
        let (pixels, channels) = (output.pixels(), output.blocks() * BLOCK);
        let base = executor.term_sums.pointer().add(place.group * 2 * executor.term_total + executor.term_offset[instruction]);
        let sums = core::slice::from_raw_parts_mut(base, terms.len() * channels);
        let dots = core::slice::from_raw_parts_mut(base.add(executor.term_total), terms.len() * channels);
        if place.fresh {
            sums.fill(0.0);
            dots.fill(0.0);
        }
        let needed: Vec<usize> =
            (0..terms.len()).filter(|&t| terms[t].mix.is_some() || executor.program.tensors[terms[t].x].norm.is_some()).collect();
        let mut from = vec![core::ptr::null(); needed.len()];
        let mut products = vec![[0f64; BLOCK]; needed.len()];
        for b in 0..output.blocks() {
            let at = b * pixels * BLOCK;
            let dy = executor.gradient(out, place.image).add(at);
            for (i, &t) in needed.iter().enumerate() {
                from[i] = executor.value(place.phase, terms[t].x, place.image).add(at) as *const f32;
                products[i] = [0.0; BLOCK];
            }
            let mut sum = [0f64; BLOCK];
            elementwise::sums(dy, pixels, &mut sum);
            elementwise::dots(dy, &from, pixels, &mut products);
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
        let Instruction::Classifier { xs, weight, bias, classes, head, loss_weight, relu } = &executor.program.instructions[instruction]
        else {
            return;
        };
        let body = self.request.backward != Some(WeightGradients::Head);
        if *head != self.request.head {
            // An idle head adds nothing, but a gradient that it would have written first must still start from zero.
            for (i, &x) in xs.iter().enumerate() {
                if body && first[i] {
                    fill(executor.gradient(x, place.image), executor.program.tensors[x].elements(), 0.0);
                }
            }
            return;
        }
        let features = self.pool_features(place, scratch, xs, *relu);
        let x = scratch.features.pointer();
        let (dx, dlogits) = (x.add(features), x.add(2 * features));
        let logits = executor.logits.pointer().add(executor.logit_offset[instruction] + place.image * classes);
        let scale = *loss_weight as f64 / self.count as f64;
        let (w, _) = self.weights(*weight);
        let gradients = match self.request.backward {
            Some(WeightGradients::None) | None => None,
            _ => Some((self.partial(place, *weight), self.partial(place, *bias))),
        };
        classifier::backward(x, features, w, logits, *classes, self.request.labels[place.image] as usize, scale, dlogits, gradients, dx);
        if !body {
            return;
        }
        let mut at = 0;
        for (i, &x) in xs.iter().enumerate() {
            let tensor = &executor.program.tensors[x];
            let (pixels, view) = (tensor.pixels(), self.view(x, *relu));
            for b in 0..tensor.blocks() {
                let share = F8::load(dx.add(at)).mul(F8::splat(1.0 / pixels as f32));
                let offset = b * pixels * BLOCK;
                let block = scratch.block.pointer();
                view.copy(b, executor.value(place.phase, x, place.image).add(offset), block, pixels);
                let g = executor.gradient(x, place.image).add(offset);
                for p in 0..pixels {
                    let mut value = share;
                    if *relu {
                        value = value.where_positive(F8::load(block.add(p * BLOCK)));
                    }
                    if !first[i] {
                        value = value.add(F8::load(g.add(p * BLOCK)));
                    }
                    value.store(g.add(p * BLOCK));
                }
                at += BLOCK;
            }
        }
    }
}
