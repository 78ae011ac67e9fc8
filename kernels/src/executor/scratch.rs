//! A thread's own planes, reused by every operation.

use crate::layers::blocks::BLOCK;
use crate::layers::depthwise::{OVERRUN, PADDING};
use crate::layers::elementwise::{fill, Term};
use crate::memory::Buffer;
use crate::plan::{reads_view, takes_several, SEVERAL};
use crate::profile::Profile;
use crate::program::{Instruction, Program};

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
    terms: usize,
}

/// Columns of the plane that collects a view's gradient: whole tiles.
pub fn gradient_columns(width: usize) -> usize {
    width.next_multiple_of(OVERRUN)
}

/// Pixels of a depthwise output that are computed and consumed at a time. Larger bands leave the first-level cache, smaller
/// ones pay for calls (a step of the paper's supernet, in seconds, by 32/64/128/256/512/1024: 2.12 2.07 2.09 2.03 2.02 2.04).
const BAND: usize = 512;

/// Rows of such a band.
pub fn band_rows(height: usize, width: usize) -> usize {
    (BAND / width).clamp(1, height)
}

impl Sizes {
    /// Largest need of a program.
    pub fn new(program: &Program) -> Sizes {
        let mut sizes = Sizes::default();
        let most = |size: &mut usize, need: usize| *size = (*size).max(need);
        for tensor in &program.tensors {
            most(&mut sizes.block, tensor.pixels() * BLOCK);
        }
        for (at, instruction) in program.instructions.iter().enumerate() {
            let blocks = |xs: &[usize]| -> usize { xs.iter().map(|&x| program.tensors[x].blocks()).sum() };
            if let Some(out) = instruction.out() {
                let together = if takes_several(program, at) { SEVERAL } else { 1 };
                most(&mut sizes.output, program.tensors[out].elements() * together);
            }
            match instruction {
                Instruction::Convolution { out, x, .. } if reads_view(program, at) => {
                    let (input, output) = (&program.tensors[*x], &program.tensors[*out]);
                    let rows = input.height + 2 * PADDING;
                    most(&mut sizes.view, input.blocks() * BLOCK * rows * (input.width + 2 * PADDING));
                    most(&mut sizes.view_gradient, input.elements());
                    let columns = output.width.next_multiple_of(BLOCK) + 2 * PADDING;
                    most(&mut sizes.padded_output, output.blocks() * BLOCK * rows * columns);
                }
                Instruction::Convolution { patch, .. } => most(&mut sizes.rows, patch.row_blocks() * CHUNK * BLOCK),
                Instruction::Pointwise { xs, .. } => most(&mut sizes.rows, blocks(xs) * CHUNK * BLOCK),
                Instruction::FactorizedReduce { out, xs, .. } => {
                    most(&mut sizes.rows, 2 * blocks(xs) * program.tensors[*out].pixels() * BLOCK)
                }
                Instruction::DepthwisePointwise { out, x, .. } => {
                    let (input, output) = (&program.tensors[*x], &program.tensors[*out]);
                    let channels = input.blocks() * BLOCK;
                    most(&mut sizes.view, channels * (input.height + 2 * PADDING) * (input.width + 2 * PADDING));
                    most(&mut sizes.view_gradient, channels * input.height * gradient_columns(input.width));
                    most(&mut sizes.rows, channels * band_rows(output.height, output.width) * output.width);
                    most(
                        &mut sizes.padded_output,
                        channels * (output.height + 2 * PADDING) * (output.width.next_multiple_of(BLOCK) + 2 * PADDING),
                    );
                }
                Instruction::Pool { x, pool, .. } => {
                    let input = &program.tensors[*x];
                    most(&mut sizes.pool, (input.height + 2 * pool.padding) * (input.width + 2 * pool.padding) * BLOCK)
                }
                Instruction::Classifier { xs, classes, .. } => most(&mut sizes.features, 2 * blocks(xs) * BLOCK + classes),
                Instruction::Combine { terms, .. } => most(&mut sizes.terms, terms.len()),
                Instruction::Channels { .. } | Instruction::Segment => {}
            }
        }
        sizes
    }
}

/// Planes with a border around each image, which stays from one use to the next.
pub struct Bordered {
    buffer: Buffer,
    /// What the border was drawn for.
    shape: Buffer<usize>,
    /// Rows are filled up to a multiple of this many pixels, with border.
    columns: usize,
}

/// One plane of [`Bordered`]: lengths in elements.
#[derive(Clone, Copy)]
pub struct PaddedPlane {
    /// First pixel of the image in block 0.
    pub origin: *mut f32,
    /// From one row to the next.
    pub pitch: usize,
    /// From one block to the next.
    pub block: usize,
}

impl Bordered {
    fn new(elements: usize, columns: usize) -> Result<Bordered, String> {
        Ok(Bordered { buffer: Buffer::zeroed(elements + SLACK)?, shape: Buffer::zeroed(4)?, columns })
    }

    /// Planes of `blocks` images with `padding` pixels of `border` around; what is inside is whatever was there.
    /// Safety: only the owning thread calls this, it writes only inside the images, and the planes fit the buffer.
    pub unsafe fn planes(&self, blocks: usize, height: usize, width: usize, padding: usize, border: f32) -> PaddedPlane {
        let pitch = (width.next_multiple_of(self.columns) + 2 * padding) * BLOCK;
        let block = (height + 2 * padding) * pitch;
        let shape = core::slice::from_raw_parts_mut(self.shape.pointer(), 4);
        let wanted = [blocks, height, width, padding];
        if shape != wanted {
            fill(self.buffer.pointer(), blocks * block, border);
            shape.copy_from_slice(&wanted);
        }
        PaddedPlane { origin: self.buffer.pointer().add(padding * (pitch + BLOCK)), pitch, block }
    }
}

/// One thread's planes. All hold finite numbers at any time but for the pooling planes' borders.
pub struct Scratch {
    /// Padded view: `[C/8][H+2p][W+2p][8]`.
    pub view: Bordered,
    /// Gradient of that view: `[C/8][H][gradient_columns(W)][8]`.
    pub view_gradient: Buffer,
    /// Gathered rows or a band of a depthwise output: `[C/8][P][8]`.
    pub rows: Buffer,
    /// Gradient of gathered rows.
    pub rows_gradient: Buffer,
    /// Gradient of an output: `[K/8][P][8]`.
    pub output: Buffer,
    /// Gradient of a depthwise output, padded.
    pub padded_output: Bordered,
    /// Padded input of max and of average pooling, one block.
    pub pools: [Bordered; 2],
    /// Gradient of the pooling input, one block.
    pub pool_gradient: Buffer,
    /// Gradient of one block of an output.
    pub block: Buffer,
    /// Features, their gradient and logits of a classifier.
    pub features: Buffer,
    /// Terms of a node, and their weights for an image.
    pub terms: Buffer<Term>,
    pub term_weights: Buffer,
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
            view: Bordered::new(sizes.view, 1)?,
            view_gradient: Buffer::zeroed(sizes.view_gradient + SLACK)?,
            rows: Buffer::zeroed(sizes.rows + SLACK)?,
            rows_gradient: Buffer::zeroed(sizes.rows + SLACK)?,
            output: Buffer::zeroed(sizes.output + SLACK)?,
            padded_output: Bordered::new(sizes.padded_output, BLOCK)?,
            pools: [Bordered::new(sizes.pool, 1)?, Bordered::new(sizes.pool, 1)?],
            pool_gradient: Buffer::zeroed(sizes.pool)?,
            block: Buffer::zeroed(sizes.block)?,
            features: Buffer::zeroed(sizes.features)?,
            terms: Buffer::zeroed(sizes.terms)?,
            term_weights: Buffer::zeroed(sizes.terms)?,
            profile: Profile::new()?,
        })
    }
}
