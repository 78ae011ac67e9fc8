//! The schedule of a program: which work runs in which phase, forward and backward, and where barriers fall.
//!
//! Within a phase every image goes through all operations alone; a phase ends only where statistics or gradients must be
//! summed over images. The backward part is the reversed program; gradients of tensors that only nodes read are never
//! stored (a node's gradient, scaled, stands for them).

use crate::program::{Instruction, Program};
use core::cmp::Reverse;

/// One piece of per-image work.
#[derive(Clone, Debug, PartialEq)]
pub enum Operation {
    /// Image from bytes, augmented and normalised.
    Assemble,
    /// View of a tensor into the padded scratch plane.
    Pad {
        /// The tensor.
        tensor: usize,
        /// Rows of the input, beyond a thread's own, that its readers look at.
        reach: usize,
    },
    /// Forward pass of an instruction; `statistics` false when it is only recomputed.
    Forward {
        /// Which.
        instruction: usize,
        /// Whether to sum the moments of a normalised output.
        statistics: bool,
    },
    /// Backward pass of any other instruction. `first[i]`: whether its i-th input's gradient is written first here (not added to).
    Backward {
        /// Which.
        instruction: usize,
        /// One flag an input.
        first: Vec<bool>,
    },
    /// Backward pass of a depthwise and pointwise pair into the scratch plane that collects the gradient of its padded view.
    BackwardSeparable {
        /// Which.
        instruction: usize,
        /// Whether it is the first of the view's readers: it overwrites the plane, others add to it.
        opens: bool,
        /// Of the last of the view's readers: what follows.
        flush: Option<Flush>,
    },
    /// Sums `g` and `g·z` of a normalised tensor whose gradient is stored.
    NormSums {
        /// Which norm.
        norm: usize,
    },
}

/// Move of a view's collected gradient, through ReLU, to the tensor's gradient.
#[derive(Clone, Debug, PartialEq)]
pub struct Flush {
    /// Whether the gradient is written first here.
    pub first: bool,
    /// The norm whose sums can be taken then, as by [`Operation::NormSums`].
    pub norm: Option<usize>,
}

/// Work between two barriers.
#[derive(Clone, Debug, Default)]
pub struct Phase {
    /// Per image, in order.
    pub operations: Vec<Operation>,
    /// Norms whose batch statistics are complete at its end.
    pub forward_norms: Vec<usize>,
    /// Nodes whose dot products are complete at its end.
    pub nodes: Vec<usize>,
    /// Norms whose backward coefficients can be computed at its end (after `nodes`).
    pub backward_norms: Vec<usize>,
    /// Storages whose gradients are summed over groups at its end.
    pub storages: Vec<usize>,
}

/// How the gradient of a tensor is held.
#[derive(Clone, Debug, PartialEq)]
pub enum Gradient {
    /// Not needed (the image).
    None,
    /// In a buffer of its own.
    Stored,
    /// As scaled gradients of the nodes that read it: (instruction, term).
    Virtual(Vec<(usize, usize)>),
}

/// The whole schedule of a program.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Forward phases come first.
    pub phases: Vec<Phase>,
    /// Number of forward phases.
    pub forward: usize,
    /// Gradient of every tensor.
    pub gradients: Vec<Gradient>,
    /// Per instruction, whether its segment is recomputed in the backward pass.
    pub recomputed: Vec<bool>,
}

impl Plan {
    /// Schedules a validated program; the flagged segments drop their inner activations and recompute them.
    pub fn new(program: &Program, storages: &[Vec<usize>], recompute: &[bool]) -> Plan {
        Builder::new(program, storages, recompute).build()
    }

    /// Schedules forward passes with running statistics. Nothing is summed over images, so one image may take all phases alone; threads
    /// that share it, each its rows of every tensor, must wait for each other only between two of them.
    pub fn inference(program: &Program) -> Plan {
        let mut builder = Builder::new(program, &[], &[]);
        builder.phase.operations.push(Operation::Assemble);
        let mut level = 0;
        for (next, instruction) in by_level(program) {
            if next > level {
                builder.close();
                level = next;
            }
            builder.forward(instruction, false);
        }
        builder.close();
        let (forward, instructions) = (builder.phases.len(), program.instructions.len());
        Plan {
            phases: builder.phases,
            forward,
            gradients: vec![Gradient::None; program.tensors.len()],
            recomputed: vec![false; instructions],
        }
    }
}

/// Pixels of an output up to which a matrix product takes several images at once.
const FEW_PIXELS: usize = 4;
/// Most images that it takes.
pub const SEVERAL: usize = 16;

/// Whether training runs an instruction for several images at once (at most [`SEVERAL`]): a product with so few pixels an image that
/// reading its matrix would take longer than the arithmetic.
pub fn takes_several(program: &Program, instruction: usize) -> bool {
    match &program.instructions[instruction] {
        Instruction::Convolution { out, .. } | Instruction::Pointwise { out, .. } => program.tensors[*out].pixels() <= FEW_PIXELS,
        _ => false,
    }
}

/// Whether an instruction reads only those rows of its inputs that it writes of its output.
fn reads_own_rows(instruction: &Instruction) -> bool {
    matches!(instruction, Instruction::Pointwise { .. } | Instruction::Combine { .. } | Instruction::Channels { .. })
}

/// Instructions by their levels, which begin with 1: one that reads more than its own rows comes a level after what wrote its inputs.
/// Within a level those of the same input come one after another, so that its padded view is made once.
fn by_level(program: &Program) -> impl Iterator<Item = (usize, usize)> {
    let mut levels = vec![0; program.tensors.len()];
    let mut keys = Vec::new();
    for (i, instruction) in program.instructions.iter().enumerate() {
        let own = reads_own_rows(instruction);
        let inputs = instruction.inputs();
        let before = inputs.iter().map(|&x| levels[x]).max().unwrap_or(0);
        let level = (before + !own as usize).max(1);
        if let Some(out) = instruction.out() {
            levels[out] = level;
        }
        // What reads its own rows may follow what is of its level, in the program's order.
        let first = if own { program.tensors.len() } else { inputs.first().copied().unwrap_or(0) };
        keys.push((Reverse(usize::MAX - level), first, i));
    }
    largest_first(keys).map(|(Reverse(rest), _, i)| (usize::MAX - rest, i))
}

/// Keys, the largest first number first, then the smaller others. (One sort for all: each kind of elements that is sorted costs the
/// wasm some kilobytes.)
pub fn largest_first(mut keys: Vec<(Reverse<usize>, usize, usize)>) -> impl Iterator<Item = (Reverse<usize>, usize, usize)> {
    keys.sort();
    keys.into_iter()
}

/// Whether an instruction is a convolution over the padded view ([`Program::reads_view`]).
pub fn reads_view(program: &Program, instruction: usize) -> bool {
    program.reads_view(instruction, FEW_PIXELS)
}

/// Segment of each instruction.
pub fn segments(program: &Program) -> Vec<usize> {
    let mut segment = 0;
    program
        .instructions
        .iter()
        .map(|instruction| {
            segment += matches!(instruction, Instruction::Segment) as usize;
            segment
        })
        .collect()
}

/// Whether a tensor lives only inside one segment (so that it can be recomputed).
pub fn inner_tensors(program: &Program) -> Vec<bool> {
    let segment = segments(program);
    let mut inner = vec![true; program.tensors.len()];
    let mut home = vec![usize::MAX; program.tensors.len()];
    inner[0] = false;
    for (i, instruction) in program.instructions.iter().enumerate() {
        for x in instruction.inputs() {
            inner[x] &= home[x] == segment[i];
        }
        if let Some(out) = instruction.out() {
            home[out] = segment[i];
            inner[out] = segment[i] > 0;
        }
    }
    inner
}

struct Builder<'a> {
    program: &'a Program,
    storages: &'a [Vec<usize>],
    recompute: &'a [bool],
    segment: Vec<usize>,
    inner: Vec<bool>,
    gradients: Vec<Gradient>,
    phases: Vec<Phase>,
    phase: Phase,
    /// View plane now in scratch.
    open: Option<(usize, bool)>,
    /// Stored gradients already written.
    written: Vec<bool>,
    /// Backward contributions still to come, per tensor.
    remaining: Vec<usize>,
}

impl<'a> Builder<'a> {
    fn new(program: &'a Program, storages: &'a [Vec<usize>], recompute: &'a [bool]) -> Self {
        let count = program.tensors.len();
        let mut uses: Vec<Vec<(usize, usize)>> = vec![Vec::new(); count];
        let mut only_nodes = vec![true; count];
        for (i, instruction) in program.instructions.iter().enumerate() {
            for (term, x) in instruction.inputs().into_iter().enumerate() {
                uses[x].push((i, term));
                only_nodes[x] &= matches!(instruction, Instruction::Combine { .. });
            }
            if let Instruction::Combine { out, .. } = instruction {
                only_nodes[*out] = false;
            }
        }
        let remaining = uses.iter().map(Vec::len).collect();
        let gradients = (0..count)
            .map(|t| match (t, only_nodes[t]) {
                (0, _) => Gradient::None,
                (_, true) => Gradient::Virtual(core::mem::take(&mut uses[t])),
                (_, false) => Gradient::Stored,
            })
            .collect();
        Builder {
            program,
            storages,
            recompute,
            segment: segments(program),
            inner: inner_tensors(program),
            gradients,
            phases: Vec::new(),
            phase: Phase::default(),
            open: None,
            written: vec![false; count],
            remaining,
        }
    }

    fn build(mut self) -> Plan {
        self.phase.operations.push(Operation::Assemble);
        for i in 0..self.program.instructions.len() {
            self.forward(i, true);
        }
        self.close();
        let forward = self.phases.len();
        let last = self.segment.last().copied().unwrap_or(0);
        let mut recomputed = None;
        for i in (0..self.program.instructions.len()).rev() {
            let segment = self.segment[i];
            if self.recompute.get(segment).copied().unwrap_or(false) && recomputed != Some(segment) {
                recomputed = Some(segment);
                self.recompute_segment(segment);
            }
            self.backward(i);
        }
        debug_assert!(last < self.recompute.len() || self.recompute.is_empty());
        self.close();
        let recomputed = self.segment.iter().map(|&s| self.recompute.get(s).copied().unwrap_or(false)).collect();
        Plan { phases: self.phases, forward, gradients: self.gradients, recomputed }
    }

    fn close(&mut self) {
        self.flush();
        self.open = None;
        if !self.phase.operations.is_empty() {
            self.phases.push(core::mem::take(&mut self.phase));
        }
    }

    fn forward(&mut self, i: usize, statistics: bool) {
        let program = self.program;
        let instruction = &program.instructions[i];
        if matches!(instruction, Instruction::Segment) {
            return;
        }
        let waits = |phase: &Phase, t: usize| program.tensors[t].norm.is_some_and(|norm| phase.forward_norms.contains(&norm));
        if statistics && instruction.inputs().iter().any(|&x| waits(&self.phase, x)) {
            self.close();
        }
        match instruction {
            Instruction::DepthwisePointwise { x, window, .. } => self.pad(*x, window.padding() + 2 * (window.stride - 1)),
            Instruction::Convolution { x, patch, .. } if reads_view(program, i) => self.pad(*x, patch.padding),
            _ => {}
        }
        self.phase.operations.push(Operation::Forward { instruction: i, statistics });
        if takes_several(program, i) {
            // Other images come between: what is in scratch is theirs then.
            self.open = None;
        }
        if let Some(norm) = instruction.out().and_then(|out| program.tensors[out].norm) {
            if statistics {
                self.phase.forward_norms.push(norm);
            }
        }
    }

    /// Has a tensor's padded view in scratch from here on, for a reader of some `reach`.
    fn pad(&mut self, tensor: usize, reach: usize) {
        if self.open != Some((tensor, false)) {
            self.phase.operations.push(Operation::Pad { tensor, reach });
            self.open = Some((tensor, false));
            return;
        }
        let made = self.phase.operations.iter_mut().rev().find(|operation| matches!(operation, Operation::Pad { .. }));
        if let Some(Operation::Pad { reach: most, .. }) = made {
            *most = reach.max(*most);
        }
    }

    /// Norm coefficients are kept, so recomputation needs no statistics and no barrier.
    fn recompute_segment(&mut self, segment: usize) {
        self.close();
        for i in 0..self.program.instructions.len() {
            if self.segment[i] == segment && self.program.instructions[i].out().is_some_and(|out| self.inner[out]) {
                self.forward(i, false);
            }
        }
        self.close();
    }

    /// Ends the collection of a view plane's gradient: the last pass that was scheduled ends with it.
    fn flush(&mut self) {
        if let Some((tensor, true)) = self.open {
            self.open = None;
            let first = !core::mem::replace(&mut self.written[tensor], true);
            let norm = self.complete(tensor);
            if let Some(Operation::BackwardSeparable { flush, .. }) = self.phase.operations.last_mut() {
                *flush = Some(Flush { first, norm });
            }
        }
    }

    /// The norm of a tensor whose sums can be taken, because every contribution to its stored gradient is there.
    fn complete(&mut self, tensor: usize) -> Option<usize> {
        let is_complete = self.remaining[tensor] == 0 && self.gradients[tensor] == Gradient::Stored;
        let norm = self.program.tensors[tensor].norm.filter(|_| is_complete);
        self.phase.backward_norms.extend(norm);
        norm
    }

    fn backward(&mut self, i: usize) {
        let program = self.program;
        let instruction = &program.instructions[i];
        if matches!(instruction, Instruction::Segment) {
            return;
        }
        if !matches!(instruction, Instruction::DepthwisePointwise { x, .. } if self.open == Some((*x, true))) {
            self.flush();
        }
        let norm = instruction.out().and_then(|out| program.tensors[out].norm);
        if norm.is_some_and(|norm| self.phase.backward_norms.contains(&norm)) {
            self.close();
        }
        let inputs = instruction.inputs();
        if let Instruction::DepthwisePointwise { x, .. } = instruction {
            let opens = self.open != Some((*x, true));
            if opens {
                self.phase.operations.push(Operation::Pad { tensor: *x, reach: 0 });
                self.open = Some((*x, true));
            }
            self.phase.operations.push(Operation::BackwardSeparable { instruction: i, opens, flush: None });
            self.remaining[*x] -= 1;
        } else {
            if reads_view(program, i) {
                self.pad(inputs[0], 0);
            }
            let stored = |t: usize| self.gradients[t] == Gradient::Stored;
            let mut first = Vec::with_capacity(inputs.len());
            for &x in &inputs {
                first.push(stored(x) && !core::mem::replace(&mut self.written[x], true));
            }
            self.phase.operations.push(Operation::Backward { instruction: i, first });
            if takes_several(program, i) {
                // As in the forward pass.
                self.open = None;
            }
            if matches!(instruction, Instruction::Combine { .. }) {
                self.phase.nodes.push(i);
            }
            for &x in &inputs {
                self.remaining[x] -= 1;
                if self.remaining[x] == 0 {
                    match &self.gradients[x] {
                        Gradient::Virtual(_) => self.phase.backward_norms.extend(program.tensors[x].norm),
                        _ => {
                            let norm = self.complete(x);
                            self.phase.operations.extend(norm.map(|norm| Operation::NormSums { norm }));
                        }
                    }
                }
            }
        }
        self.phase.storages.extend(&self.storages[i]);
    }
}
