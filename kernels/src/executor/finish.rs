//! What happens between phases: batch statistics, coefficients of normalisation, mixing gradients, sums over groups.

use super::job::Job;
use super::request::WeightGradients;
use super::state::Executor;
use crate::layers::batch_norm;
use crate::layers::blocks::BLOCK;
use crate::layers::elementwise::fill;
use crate::parameters::{slot, Pack, Parameters};
use crate::plan::Gradient;
use crate::program::Instruction;
use crate::vector::{Lanes, F8};
use core::sync::atomic::Ordering::Relaxed;

/// Elements of a weight gradient that one thread sums at a time.
const CHUNK: usize = 2048;

impl Job<'_> {
    /// End of a phase, run by the last thread to arrive while the others wait.
    pub(super) fn finish(&self, phase: usize) {
        let plan = &self.executor.plan.phases[phase];
        // Safety: no other thread runs; offsets as validated.
        unsafe {
            if self.request.training {
                let is_idle = |norm: usize| self.executor.idle[self.executor.program.norms[norm].tensor];
                for &norm in plan.forward_norms.iter().filter(|&&norm| !is_idle(norm)) {
                    self.finish_statistics(norm);
                }
            }
            if self.request.backward == Some(WeightGradients::Head) {
                return;
            }
            for &node in &plan.nodes {
                self.finish_node(node);
            }
            for &norm in &plan.backward_norms {
                self.finish_norm(norm);
            }
        }
    }

    unsafe fn channel_sum(&self, base: *const f64, stride: usize) -> f64 {
        (0..self.groups).map(|group| *base.add(group * stride)).sum()
    }

    fn channels(&self, norm: usize) -> usize {
        self.executor.program.tensors[self.executor.program.norms[norm].tensor].blocks() * BLOCK
    }

    fn values(&self, norm: usize) -> f64 {
        (self.count * self.executor.program.tensors[self.executor.program.norms[norm].tensor].pixels()) as f64
    }

    /// Scale and bias of channel `c`: 1 and 0 without affine parameters.
    unsafe fn affine(&self, norm: usize, c: usize) -> (f64, f64) {
        match self.executor.program.norms[norm].affine {
            None => (1.0, 0.0),
            Some((gamma, beta)) => (*self.weights(gamma).0.add(c) as f64, *self.weights(beta).0.add(c) as f64),
        }
    }

    unsafe fn finish_statistics(&self, norm: usize) {
        let arrangement = &self.parameters.arrangement;
        let (offset, n) = (arrangement.norm_offset[norm], self.values(norm));
        let coefficients = &self.executor.coefficients;
        for c in 0..self.channels(norm) {
            let base = self.executor.moments.pointer().add(offset + c);
            let sum = self.channel_sum(base, 2 * arrangement.norm_total);
            let squares = self.channel_sum(base.add(arrangement.norm_total), 2 * arrangement.norm_total);
            let statistics = batch_norm::statistics(sum, squares, n);
            *coefficients.mean.pointer().add(offset + c) = statistics.mean;
            *coefficients.deviation.pointer().add(offset + c) = statistics.inverse_deviation;
            let (gamma, beta) = self.affine(norm, c);
            let (scale, shift) = batch_norm::view(statistics, gamma, beta);
            *coefficients.scale.pointer().add(offset + c) = scale;
            *coefficients.shift.pointer().add(offset + c) = shift;
        }
    }

    /// Sums a node's dot products over groups (into the first group's place) and adds up mixing gradients.
    unsafe fn finish_node(&self, node: usize) {
        let executor = self.executor;
        let Instruction::Combine { out, terms } = &executor.program.instructions[node] else { return };
        let channels = executor.program.tensors[*out].blocks() * BLOCK;
        for (t, term) in terms.iter().enumerate() {
            let norm = executor.program.tensors[term.x].norm;
            let mut gradient = 0.0;
            for c in 0..channels {
                let sum = executor.term_sums.pointer().add(executor.term_offset[node] + t * channels + c);
                let dot = sum.add(executor.term_total);
                *sum = self.channel_sum(sum, 2 * executor.term_total);
                *dot = self.channel_sum(dot, 2 * executor.term_total);
                gradient += match norm {
                    None => *dot,
                    Some(norm) => {
                        let at = self.parameters.arrangement.norm_offset[norm] + c;
                        let (gamma, beta) = self.affine(norm, c);
                        let mean = *executor.coefficients.mean.pointer().add(at);
                        let deviation = *executor.coefficients.deviation.pointer().add(at);
                        gamma * deviation * (*dot - mean * *sum) + beta * *sum
                    }
                };
            }
            for mix in term.mix.clone().unwrap_or_default() {
                *executor.mixing_gradient.pointer().add(mix) += gradient;
            }
        }
    }

    /// Coefficients of `dz = gradient·g + value·z + constant`, and the gradients of scale and bias.
    unsafe fn finish_norm(&self, norm: usize) {
        let executor = self.executor;
        let arrangement = &self.parameters.arrangement;
        let record = &executor.program.norms[norm];
        let (channels, offset, n) = (self.channels(norm), arrangement.norm_offset[norm], self.values(norm));
        for c in 0..channels {
            let (mut sum, mut dot) = (0.0, 0.0);
            match &executor.plan.gradients[record.tensor] {
                Gradient::Virtual(uses) => {
                    for &(node, term) in uses {
                        let Instruction::Combine { terms, .. } = &executor.program.instructions[node] else { continue };
                        let weight = terms[term].weight(&executor.mixing) as f64;
                        let at = executor.term_sums.pointer().add(executor.term_offset[node] + term * channels + c);
                        sum += weight * *at;
                        dot += weight * *at.add(executor.term_total);
                    }
                }
                _ => {
                    let base = executor.moments.pointer().add(offset + c);
                    sum = self.channel_sum(base, 2 * arrangement.norm_total);
                    dot = self.channel_sum(base.add(arrangement.norm_total), 2 * arrangement.norm_total);
                }
            }
            let statistics = batch_norm::Statistics {
                mean: *executor.coefficients.mean.pointer().add(offset + c),
                variance: 0.0,
                inverse_deviation: *executor.coefficients.deviation.pointer().add(offset + c),
            };
            let (gamma, _) = self.affine(norm, c);
            let back = batch_norm::backward(statistics, gamma, sum, dot, n);
            *executor.coefficients.gradient.pointer().add(offset + c) = back.gradient;
            *executor.coefficients.value.pointer().add(offset + c) = back.value;
            *executor.coefficients.constant.pointer().add(offset + c) = back.constant;
            if let (Some((gamma, beta)), true) = (record.affine, self.wants_weights()) {
                let gradients = self.parameters.slots[slot::GRADIENTS].as_ref().map_or(core::ptr::null_mut(), |b| b.pointer());
                let at = |p: usize| arrangement.storages[arrangement.storage_of[p]].offset + c;
                *gradients.add(at(gamma)) = back.gamma;
                *gradients.add(at(beta)) = back.beta;
            }
        }
    }

    /// Elements of a group's weight gradients of a phase.
    #[inline(never)]
    fn partial_length(&self, phase: usize) -> usize {
        self.executor.plan.phases[phase].storages.iter().map(|&s| self.parameters.arrangement.storages[s].length).sum()
    }

    /// Starts a group's weight gradients of a phase from zero.
    pub(super) fn clear_partials(&self, phase: usize, group: usize) {
        let executor = self.executor;
        // Safety: partials span GROUPS × partial_total, the longest of all phases, and a group belongs to one thread.
        unsafe { fill(executor.partials.pointer().add(group * executor.partial_total), self.partial_length(phase), 0.0) }
    }

    /// Sums the groups' weight gradients of a phase in group order; threads share the elements.
    pub(super) fn sum_partials(&self, phase: usize) {
        let executor = self.executor;
        let arrangement = &self.parameters.arrangement;
        let gradients = self.parameters.slots[slot::GRADIENTS].as_ref().map_or(core::ptr::null_mut(), |b| b.pointer());
        let total = self.partial_length(phase);
        loop {
            let chunk = self.reduce.fetch_add(1, Relaxed) * CHUNK;
            if chunk >= total {
                break;
            }
            let mut at = 0;
            for &index in &executor.plan.phases[phase].storages {
                let storage = &arrangement.storages[index];
                let (first, end) = (chunk.max(at), (chunk + CHUNK).min(at + storage.length));
                let is_idle = storage.pack != Pack::Rows && self.request.backward == Some(WeightGradients::Head);
                if first < end && !is_idle {
                    // Safety: chunks are disjoint and claimed once; partials span GROUPS × partial_total.
                    unsafe {
                        // Storages and chunks are whole blocks of lanes.
                        for i in (first..end).step_by(BLOCK) {
                            let from = executor.partials.pointer().add(i);
                            let mut sum = F8::load(from);
                            for group in 1..self.groups {
                                sum = sum.add(F8::load(from.add(group * executor.partial_total)));
                            }
                            sum.store(gradients.add(storage.offset + i - at));
                        }
                        clear_dead(storage.pack, gradients.add(storage.offset), first - at, end - at);
                    }
                }
                at += storage.length;
            }
        }
    }
}

/// Zeroes the gradient of elements of a factorised reduction's matrix that belong to neither convolution (they share a
/// block of outputs when C/2 is not a multiple of eight).
unsafe fn clear_dead(pack: Pack, gradient: *mut f32, first: usize, end: usize) {
    let Pack::Matrix { inputs, split: Some(split), .. } = pack else { return };
    if split % BLOCK == 0 {
        return;
    }
    for i in first..end {
        let (lane, row) = (i % BLOCK, (i / BLOCK) % (inputs * BLOCK));
        let output = (i / (inputs * BLOCK * BLOCK)) * BLOCK + lane;
        if (output < split) != (row < inputs * BLOCK / 2) {
            *gradient.add(i) = 0.0;
        }
    }
}

/// Views by running statistics (evaluation).
pub(super) fn use_running_statistics(executor: &mut Executor, parameters: &Parameters) {
    for (norm, record) in executor.program.norms.iter().enumerate() {
        let offset = parameters.arrangement.norm_offset[norm];
        let channels = executor.program.tensors[record.tensor].blocks() * BLOCK;
        for c in offset..offset + channels {
            let mean = parameters.running()[0].as_slice()[c] as f64;
            let variance = parameters.running()[1].as_slice()[c] as f64;
            let statistics = batch_norm::Statistics::new(mean, variance);
            let (gamma, beta) = match record.affine {
                None => (1.0, 0.0),
                Some((gamma, beta)) => {
                    let values = parameters.slots[slot::VALUES].as_ref().map_or(&[] as &[f32], |b| b.as_slice());
                    let at =
                        |p: usize| values[parameters.arrangement.storages[parameters.arrangement.storage_of[p]].offset + c - offset] as f64;
                    (at(gamma), at(beta))
                }
            };
            let (scale, shift) = batch_norm::view(statistics, gamma, beta);
            executor.coefficients.scale.as_mut_slice()[c] = scale;
            executor.coefficients.shift.as_mut_slice()[c] = shift;
        }
    }
}

/// Moves running statistics a share of the way to the batch's (unbiased variance), as PyTorch does.
pub(super) fn update_running_statistics(executor: &Executor, parameters: &mut Parameters, count: usize, momentum: f64) {
    for (norm, record) in executor.program.norms.iter().enumerate().filter(|(_, record)| !executor.idle[record.tensor]) {
        let offset = parameters.arrangement.norm_offset[norm];
        let tensor = &executor.program.tensors[record.tensor];
        let n = (count * tensor.pixels()) as f64;
        for c in offset..offset + tensor.channels {
            let deviation = executor.coefficients.deviation.as_slice()[c];
            let variance = batch_norm::variance(deviation) * n / (n - 1.0);
            let [means, variances] = parameters.running_mut();
            let (mean, spread) = (&mut means.as_mut_slice()[c], &mut variances.as_mut_slice()[c]);
            *mean = batch_norm::moved(*mean, executor.coefficients.mean.as_slice()[c], momentum);
            *spread = batch_norm::moved(*spread, variance, momentum);
        }
    }
}
