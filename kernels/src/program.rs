//! The program: a network as a flat list of instructions over numbered tensors.
//!
//! Programs come from [`crate::decode::decode`], which accepts none but valid ones: every index, shape and size that the executor
//! relies on holds, and nothing downstream checks again.

use crate::layers::blocks::BLOCK;
use crate::layers::depthwise::Window;
use crate::layers::pool::Pool;
use crate::layers::sampling::Patch;
use core::ops::Range;

/// An activation of one image: `[ceil(channels/8)][height][width][8]`.
#[derive(Clone, Debug)]
pub struct Tensor {
    /// Rows.
    pub height: usize,
    /// Columns.
    pub width: usize,
    /// Logical channels.
    pub channels: usize,
    /// Batch normalisation through which every reader sees it.
    pub norm: Option<usize>,
}

impl Tensor {
    /// Channel blocks.
    pub fn blocks(&self) -> usize {
        self.channels.div_ceil(BLOCK)
    }
    /// Pixels.
    pub fn pixels(&self) -> usize {
        self.height * self.width
    }
    /// Elements of one image.
    pub fn elements(&self) -> usize {
        self.blocks() * BLOCK * self.pixels()
    }
}

/// What a parameter is, hence its logical shape and its initial values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParameterKind {
    /// Convolution `[O, I, k, k]`, uniform in ±1/sqrt(fan-in).
    Convolution,
    /// Depthwise convolution `[C, 1, k, k]`, the same.
    Depthwise,
    /// Batch-normalisation weight `[C]`, ones.
    Gamma,
    /// Batch-normalisation bias `[C]`, zeros.
    Beta,
    /// Classifier weight `[classes, C]`, uniform in ±1/sqrt(fan-in).
    Linear,
    /// Classifier bias `[classes]`, uniform in ±1/sqrt(fan-in of its weight).
    LinearBias,
}

/// A trainable tensor in its external (PyTorch) shape.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// What it is.
    pub kind: ParameterKind,
    /// Logical dimensions; unused ones are 1.
    pub dims: [usize; 4],
    /// Inputs per output, for the initial bound.
    pub fan_in: usize,
}

impl Parameter {
    /// Number of logical elements.
    pub fn elements(&self) -> usize {
        self.dims.iter().product()
    }
}

/// Batch normalisation of a tensor over batch and space (eps 1e-5, as PyTorch).
#[derive(Clone, Debug)]
pub struct Norm {
    /// The tensor it normalises.
    pub tensor: usize,
    /// Weight and bias parameters.
    pub affine: Option<(usize, usize)>,
}

/// One term of a node: `mixing weight · drop-path mask · view(x)`.
#[derive(Clone, Debug)]
pub struct CombineTerm {
    /// The tensor read.
    pub x: usize,
    /// Indices of the mixing weights that add up to its weight; none means weight one.
    pub mix: Option<Range<usize>>,
    /// Whether drop-path may zero it for an image.
    pub drop: bool,
}

impl CombineTerm {
    /// What it weighs with these mixing weights.
    #[inline(never)]
    pub fn weight(&self, mixing: &[f32]) -> f32 {
        let Some(Range { start, end }) = self.mix.clone() else { return 1.0 };
        // From the first one on: a sum that began with zero would turn a weight of -0.
        let mut sum = mixing[start];
        for mix in start + 1..end {
            sum += mixing[mix];
        }
        sum
    }

    /// The mixing weight that it has for itself, as a candidate does.
    pub fn own_mix(&self) -> Option<usize> {
        self.mix.as_ref().filter(|mix| mix.len() == 1).map(|mix| mix.start)
    }
}

/// Channels of a tensor, one after another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slice {
    /// The tensor read.
    pub x: usize,
    /// Its first channel.
    pub start: usize,
    /// Number of channels.
    pub count: usize,
}

/// One instruction. Every tensor is written by exactly one instruction, before it is read.
#[derive(Clone, Debug)]
pub enum Instruction {
    /// Full convolution without bias.
    Convolution {
        /// Written.
        out: usize,
        /// Read.
        x: usize,
        /// `[O, I, k, k]`.
        weight: usize,
        /// Window.
        patch: Patch,
        /// ReLU on load.
        relu: bool,
    },
    /// 1×1 convolution over the concatenation of `xs`.
    Pointwise {
        /// Written.
        out: usize,
        /// Read, in the order of the weight's input channels.
        xs: Vec<usize>,
        /// `[O, ΣC, 1, 1]`.
        weight: usize,
        /// ReLU on load.
        relu: bool,
    },
    /// ReLU, then two 1×1 convolutions of stride 2, the second one pixel down and right; their outputs concatenated.
    FactorizedReduce {
        /// Written.
        out: usize,
        /// Read.
        xs: Vec<usize>,
        /// `[O/2, ΣC, 1, 1]` each.
        weights: [usize; 2],
    },
    /// ReLU, depthwise convolution, pointwise convolution.
    DepthwisePointwise {
        /// Written.
        out: usize,
        /// Read.
        x: usize,
        /// `[C, 1, k, k]`.
        depthwise: usize,
        /// `[O, C, 1, 1]`.
        pointwise: usize,
        /// Window of the depthwise part.
        window: Window,
    },
    /// Max or average pooling.
    Pool {
        /// Written.
        out: usize,
        /// Read.
        x: usize,
        /// Window.
        pool: Pool,
        /// ReLU on load.
        relu: bool,
    },
    /// Weighted sum into a node.
    Combine {
        /// Written.
        out: usize,
        /// Terms; without any the node is zero.
        terms: Vec<CombineTerm>,
    },
    /// Global average pooling, linear layer, softmax cross-entropy over the classes of the label's group.
    Classifier {
        /// Read; their pooled channels are concatenated.
        xs: Vec<usize>,
        /// `[classes, ΣC]`.
        weight: usize,
        /// `[classes]`.
        bias: usize,
        /// Number of classes.
        classes: usize,
        /// Classes that compete with each other, group by group; together they are all classes in order.
        groups: Vec<Range<usize>>,
        /// Factor of the loss of an auxiliary classifier, which only helps to train; none of the main one, whose logits count.
        auxiliary: Option<f32>,
    },
    /// Channels of several tensors one after another, then shuffled ([`crate::layers::channels`]).
    Channels {
        /// Written.
        out: usize,
        /// Read.
        slices: Vec<Slice>,
        /// Groups of the shuffle; one leaves the order as it is.
        groups: usize,
    },
    /// Boundary of a part that may be recomputed.
    Segment,
}

/// Side of the windows of [`Program::reads_view`].
pub const WINDOW: usize = 3;

impl Instruction {
    /// The tensor written, if any.
    pub fn out(&self) -> Option<usize> {
        match self {
            Instruction::Convolution { out, .. }
            | Instruction::Pointwise { out, .. }
            | Instruction::FactorizedReduce { out, .. }
            | Instruction::DepthwisePointwise { out, .. }
            | Instruction::Pool { out, .. }
            | Instruction::Channels { out, .. }
            | Instruction::Combine { out, .. } => Some(*out),
            Instruction::Classifier { .. } | Instruction::Segment => None,
        }
    }

    /// The tensors read, in order; a tensor may occur more than once in a node.
    #[inline(never)]
    pub fn inputs(&self) -> Vec<usize> {
        match self {
            Instruction::Convolution { x, .. } | Instruction::DepthwisePointwise { x, .. } | Instruction::Pool { x, .. } => vec![*x],
            Instruction::Pointwise { xs, .. } | Instruction::FactorizedReduce { xs, .. } | Instruction::Classifier { xs, .. } => xs.clone(),
            Instruction::Combine { terms, .. } => terms.iter().map(|term| term.x).collect(),
            Instruction::Channels { slices, .. } => slices.iter().map(|slice| slice.x).collect(),
            Instruction::Segment => Vec::new(),
        }
    }
}

/// A validated network.
#[derive(Clone, Debug)]
pub struct Program {
    /// Tensor 0 is the image.
    pub tensors: Vec<Tensor>,
    /// Trainable tensors.
    pub parameters: Vec<Parameter>,
    /// Batch normalisations.
    pub norms: Vec<Norm>,
    /// In order of execution.
    pub instructions: Vec<Instruction>,
    /// Number of mixing weights.
    pub mixing: usize,
}

impl Program {
    /// Whether an instruction is a convolution that reads the padded view in place, as depthwise layers do, instead of gathered
    /// patches: 3×3, of stride 1, over rectified blocks of channels, of more pixels than `few`.
    pub fn reads_view(&self, instruction: usize, few: usize) -> bool {
        let Instruction::Convolution { out, patch, relu: true, .. } = &self.instructions[instruction] else { return false };
        let keeps_size = patch.kernel == WINDOW && patch.stride == 1 && patch.padding == WINDOW / 2;
        keeps_size && !patch.dense && self.tensors[*out].pixels() > few
    }

    /// Clears the marks, at first of all tensors, of those that a loss depends on: that are read at all, with these mixing weights
    /// otherwise than by terms of weight 0.
    pub fn keep_live(&self, mixing: Option<&[f32]>, idle: &mut [bool]) {
        for instruction in self.instructions.iter().rev() {
            if instruction.out().is_some_and(|out| idle[out]) {
                continue;
            }
            for (i, x) in instruction.inputs().into_iter().enumerate() {
                let mix = if let Instruction::Combine { terms, .. } = instruction { terms[i].mix.clone() } else { None };
                idle[x] &= mix.zip(mixing).is_some_and(|(mix, weights)| weights[mix].iter().all(|&weight| weight == 0.0));
            }
        }
    }
}
