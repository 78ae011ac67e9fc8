//! A thread's own planes, reused by every operation.

use crate::layers::depthwise::OVERRUN;
use crate::memory::Buffer;
use crate::plan::Plan;
use crate::profile::Profile;
use crate::program::{Instruction, Program, BLOCK};

/// Pixels that a matrix product over gathered rows takes at a time.
pub const CHUNK: usize = 128;
/// Room behind a plane for reads and writes past the end of its last row.
const SLACK: usize = 4 * OVERRUN * BLOCK;

/// Elements of each plane, the largest any instruction needs.
#[derive(Default)]
pub struct Sizes {
    view: usize,
    view_gradient: usize,
    rows: usize,
    output: usize,
    padded_output: usize,
    pool: usize,
    block: usize,
    features: usize,
}

/// Columns of the plane that collects a view's gradient: whole tiles.
pub fn gradient_columns(width: usize) -> usize {
    width.next_multiple_of(OVERRUN)
}

/// Columns of the padded upstream gradient, without its border: whole tiles, zero behind the image.
pub fn output_columns(width: usize) -> usize {
    width.next_multiple_of(BLOCK)
}

/// Rows of a depthwise output that are computed and consumed at a time: about [`CHUNK`] pixels.
pub fn band_rows(height: usize, width: usize) -> usize {
    (CHUNK / width).clamp(1, height)
}

impl Sizes {
    /// Largest need of a program.
    pub fn new(program: &Program, plan: &Plan) -> Sizes {
        let mut sizes = Sizes::default();
        let most = |size: &mut usize, need: usize| *size = (*size).max(need);
        for tensor in &program.tensors {
            most(&mut sizes.block, tensor.pixels() * BLOCK);
        }
        for instruction in &program.instructions {
            let blocks = |xs: &[usize]| -> usize { xs.iter().map(|&x| program.tensors[x].blocks()).sum() };
            if let Some(out) = instruction.out() {
                most(&mut sizes.output, program.tensors[out].elements());
            }
            match instruction {
                Instruction::Convolution { patch, .. } => most(&mut sizes.rows, patch.row_blocks() * CHUNK * BLOCK),
                Instruction::Pointwise { xs, .. } => most(&mut sizes.rows, blocks(xs) * CHUNK * BLOCK),
                Instruction::FactorizedReduce { out, xs, .. } => {
                    most(&mut sizes.rows, 2 * blocks(xs) * program.tensors[*out].pixels() * BLOCK)
                }
                Instruction::DepthwisePointwise { out, x, window, .. } => {
                    let (input, output) = (&program.tensors[*x], &program.tensors[*out]);
                    let (padding, q) = (plan.padding[*x], window.gradient_padding());
                    let channels = input.blocks() * BLOCK;
                    most(&mut sizes.view, channels * (input.height + 2 * padding) * (input.width + 2 * padding));
                    most(&mut sizes.view_gradient, channels * input.height * gradient_columns(input.width));
                    most(&mut sizes.rows, channels * band_rows(output.height, output.width) * output.width);
                    most(&mut sizes.padded_output, channels * (output.height + 2 * q) * (output_columns(output.width) + 2 * q));
                }
                Instruction::Pool { x, pool, .. } => {
                    let input = &program.tensors[*x];
                    most(&mut sizes.pool, (input.height + 2 * pool.padding) * (input.width + 2 * pool.padding) * BLOCK)
                }
                Instruction::Classifier { xs, classes, .. } => most(&mut sizes.features, 2 * blocks(xs) * BLOCK + classes),
                Instruction::Combine { .. } | Instruction::Segment => {}
            }
        }
        sizes
    }
}

/// One thread's planes. All hold finite numbers at any time but for the pooling planes' borders.
pub struct Scratch {
    /// Padded view: `[C/8][H+2p][W+2p][8]`.
    pub view: Buffer,
    /// Gradient of that view: `[C/8][H][gradient_columns(W)][8]`.
    pub view_gradient: Buffer,
    /// Gathered rows or a band of a depthwise output: `[C/8][P][8]`.
    pub rows: Buffer,
    /// Gradient of gathered rows.
    pub rows_gradient: Buffer,
    /// Gradient of an output: `[K/8][P][8]`.
    pub output: Buffer,
    /// Gradient of a depthwise output, padded.
    pub padded_output: Buffer,
    /// Padded input and gradient of pooling, one block.
    pub pool: Buffer,
    /// Gradient of the pooling input, one block.
    pub pool_gradient: Buffer,
    /// Gradient of one block of an output.
    pub block: Buffer,
    /// Features, their gradient and logits of a classifier.
    pub features: Buffer,
    /// Where this thread's time goes.
    pub profile: Profile,
}

impl Scratch {
    /// Zeroed planes.
    ///
    /// # Errors
    /// When memory is exhausted.
    pub fn new(sizes: &Sizes) -> Result<Scratch, String> {
        Ok(Scratch {
            view: Buffer::zeroed(sizes.view + SLACK)?,
            view_gradient: Buffer::zeroed(sizes.view_gradient + SLACK)?,
            rows: Buffer::zeroed(sizes.rows + SLACK)?,
            rows_gradient: Buffer::zeroed(sizes.rows + SLACK)?,
            output: Buffer::zeroed(sizes.output + SLACK)?,
            padded_output: Buffer::zeroed(sizes.padded_output + SLACK)?,
            pool: Buffer::zeroed(sizes.pool)?,
            pool_gradient: Buffer::zeroed(sizes.pool)?,
            block: Buffer::zeroed(sizes.block)?,
            features: Buffer::zeroed(sizes.features)?,
            profile: Profile::new()?,
        })
    }
}
