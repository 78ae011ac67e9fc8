//! Matrix products over pixels against their twin: forward, both gradients, lines, ranges of inputs.

mod common;

use common::{added, assert_close, assert_same_bits, Guarded, Numbers, BLOCK, SENTINEL};
use rootstock_kernels::layers::blocks::{Blocks, BlocksMut};
use rootstock_kernels::layers::pointwise::{self, Lines, Rows};
use rootstock_kernels::parameters::Pack;
use rootstock_kernels::reference::layout::{blocks, from_blocks, pack_matrix, to_blocks, unpack_matrix};
use rootstock_kernels::reference::pointwise::{self as twin, Sizes};

/// Every rest of a tile of eight pixels, with and without whole tiles before it, and whole tiles only.
fn pixel_counts() -> impl Iterator<Item = usize> {
    (1..=17).chain([64])
}

/// Channels in and out.
const CHANNELS: [(usize, usize); 6] = [(1, 1), (8, 8), (13, 5), (16, 24), (24, 17), (40, 33)];

/// `[C][P]` as blocks `stride` elements apart, sentinels between.
fn spread(x: &[f32], channels: usize, pixels: usize, stride: usize) -> Vec<f32> {
    let mut memory = vec![SENTINEL; blocks(channels) * stride];
    for (b, block) in to_blocks(x, channels, pixels).chunks(pixels * BLOCK).enumerate() {
        memory[b * stride..][..block.len()].copy_from_slice(block);
    }
    memory
}

/// `[C][P]` out of blocks `stride` elements apart.
fn gathered(memory: &Guarded, channels: usize, pixels: usize, stride: usize) -> Vec<f32> {
    let packed: Vec<&[f32]> = (0..blocks(channels)).map(|b| memory.read(b * stride, pixels * BLOCK)).collect();
    from_blocks(&packed.concat(), channels, pixels)
}

/// Packed weights of so many inputs.
fn matrix(packed: &[f32], inputs: usize) -> Blocks {
    Blocks { start: packed.as_ptr(), stride: blocks(inputs) * BLOCK * BLOCK }
}

/// Forward kernel of either launch mode, whose bits must be the same.
fn forward(sizes: Sizes, x: &[f32], packed: &[f32], rows: impl Fn(usize) -> Rows, what: &str) -> Vec<f32> {
    let found = forward_of(false, sizes, x, packed, &rows, what);
    assert_same_bits(&found, &forward_of(true, sizes, x, packed, &rows, what), what);
    found
}

/// Forward kernel over one line, from logical to logical; y's blocks have room between them, which must stay as it is.
fn forward_of(wide: bool, sizes: Sizes, x: &[f32], packed: &[f32], rows: &impl Fn(usize) -> Rows, what: &str) -> Vec<f32> {
    let (x_block, y_block) = ((sizes.pixels + 3) * BLOCK, (sizes.pixels + 5) * BLOCK);
    let input = spread(x, sizes.inputs, sizes.pixels, x_block);
    let outputs = blocks(sizes.outputs);
    let mut y = Guarded::new(outputs * y_block);
    for k in 0..outputs {
        y.allow(k * y_block, sizes.pixels * BLOCK);
    }
    let x = Blocks { start: input.as_ptr(), stride: x_block };
    let to = BlocksMut { start: y.pointer(0), stride: y_block };
    // Safety: input and y span their blocks.
    unsafe { pointwise::forward(wide, x, matrix(packed, sizes.inputs), to, 0..outputs, Lines::one(sizes.pixels), rows) };
    y.check(what);
    gathered(&y, sizes.outputs, sizes.pixels, y_block)
}

/// Weight-gradient kernel, from logical to logical; only rows within `rows` may be written.
fn weight_gradient(wide: bool, sizes: Sizes, x: &[f32], dy: &[f32], old: &[f32], rows: impl Fn(usize) -> Rows, what: &str) -> Vec<f32> {
    let (x_block, y_block) = ((sizes.pixels + 2) * BLOCK, (sizes.pixels + 1) * BLOCK);
    let (input, upstream) = (spread(x, sizes.inputs, sizes.pixels, x_block), spread(dy, sizes.outputs, sizes.pixels, y_block));
    let (w_rows, outputs) = (blocks(sizes.inputs) * BLOCK, blocks(sizes.outputs));
    let mut dw = Guarded::holding(&pack_matrix(old, sizes.inputs, sizes.outputs));
    for k in 0..outputs {
        let (range, at) = (rows(k), k * w_rows * BLOCK);
        dw.forbid(at, range.first * BLOCK * BLOCK);
        dw.forbid(at + range.last * BLOCK * BLOCK, (w_rows - range.last * BLOCK) * BLOCK);
    }
    let (from, dy) = (Blocks { start: input.as_ptr(), stride: x_block }, Blocks { start: upstream.as_ptr(), stride: y_block });
    let to = BlocksMut { start: dw.pointer(0), stride: w_rows * BLOCK };
    // Safety: all span their blocks.
    unsafe { pointwise::weight_gradient(wide, from, dy, to, outputs, sizes.pixels, rows) };
    dw.check(what);
    unpack_matrix(dw.read(0, outputs * w_rows * BLOCK), sizes.inputs, sizes.outputs)
}

fn each_case(mut test: impl FnMut(Sizes, &mut Numbers, &str)) {
    for (inputs, outputs) in CHANNELS {
        for pixels in pixel_counts() {
            let sizes = Sizes { inputs, outputs, pixels };
            test(sizes, &mut Numbers::new(pixels), &format!("{sizes:?}"));
        }
    }
}

#[test]
fn forward_equals_its_twin() {
    each_case(|sizes, numbers, what| {
        let (x, w) = (numbers.vector(sizes.inputs * sizes.pixels), numbers.vector(sizes.outputs * sizes.inputs));
        let all = Rows { first: 0, last: blocks(sizes.inputs) };
        let found = forward(sizes, &x, &pack_matrix(&w, sizes.inputs, sizes.outputs), |_| all, what);
        assert_close(&found, &twin::forward(sizes, &x, &w, |_, _| true), what);
    });
}

/// A pixel's result does not depend on how many others there are, hence not on the tile it falls into.
#[test]
fn forward_gives_the_same_bits_whatever_the_tile() {
    let (inputs, outputs, all) = (24, 17, 64);
    let mut numbers = Numbers::new(1);
    let (x, w) = (numbers.vector(inputs * all), numbers.vector(outputs * inputs));
    let packed = pack_matrix(&w, inputs, outputs);
    let run = |pixels: usize| {
        let first: Vec<f32> = x.chunks(all).flat_map(|channel| &channel[..pixels]).copied().collect();
        forward(Sizes { inputs, outputs, pixels }, &first, &packed, |_| Rows { first: 0, last: 3 }, "first pixels")
    };
    let whole = run(all);
    for pixels in 1..=17 {
        let expected: Vec<f32> = whole.chunks(all).flat_map(|channel| &channel[..pixels]).copied().collect();
        assert_same_bits(&run(pixels), &expected, &format!("{pixels} pixels"));
    }
}

#[test]
fn forward_takes_rows_of_any_pitch() {
    let (inputs, outputs) = (13, 20);
    for (rows, pixels) in [(1, 7), (2, 1), (3, 8), (5, 13), (4, 28), (0, 8)] {
        for (x_gap, y_gap, wide) in [(0, 0), (3, 0), (0, 8), (1, 2)].iter().flat_map(|&(x, y)| [(x, y, false), (x, y, true)]) {
            let what = format!("{rows} rows of {pixels} pixels, {x_gap} and {y_gap} between, wide: {wide}");
            let mut numbers = Numbers::new(rows * pixels);
            let sizes = Sizes { inputs, outputs, pixels: rows * pixels };
            let (x, w) = (numbers.vector(inputs * rows * pixels), numbers.vector(outputs * inputs));
            let (x_pitch, y_pitch) = ((pixels + x_gap) * BLOCK, (pixels + y_gap) * BLOCK);
            let (x_block, y_block) = (rows * x_pitch + BLOCK, rows * y_pitch + 2 * BLOCK);
            let mut input = vec![SENTINEL; blocks(inputs) * x_block];
            let dense = to_blocks(&x, inputs, rows * pixels);
            let mut y = Guarded::new(blocks(outputs) * y_block);
            for row in 0..rows {
                for b in 0..blocks(inputs) {
                    let from = &dense[(b * rows + row) * pixels * BLOCK..][..pixels * BLOCK];
                    input[b * x_block + row * x_pitch..][..from.len()].copy_from_slice(from);
                }
                for k in 0..blocks(outputs) {
                    y.allow(k * y_block + row * y_pitch, pixels * BLOCK);
                }
            }
            let packed = pack_matrix(&w, inputs, outputs);
            let (range, all) = (0..blocks(outputs), Rows { first: 0, last: blocks(inputs) });
            let lines = Lines { rows, pixels, x_pitch, y_pitch };
            let from = Blocks { start: input.as_ptr(), stride: x_block };
            let to = BlocksMut { start: y.pointer(0), stride: y_block };
            // Safety: input and y span their blocks.
            unsafe { pointwise::forward(wide, from, matrix(&packed, inputs), to, range, lines, |_| all) };
            y.check(&what);
            let mut found = Vec::new();
            for k in 0..blocks(outputs) {
                for row in 0..rows {
                    found.extend_from_slice(y.read(k * y_block + row * y_pitch, pixels * BLOCK));
                }
            }
            let found = from_blocks(&found, outputs, rows * pixels);
            assert_close(&found, &twin::forward(sizes, &x, &w, |_, _| true), &what);
        }
    }
}

/// Ranges that differ from block to block: some inputs, all, none.
fn ragged(k: usize) -> Rows {
    [Rows { first: 1, last: 3 }, Rows { first: 0, last: 4 }, Rows { first: 2, last: 2 }, Rows { first: 3, last: 4 }][k % 4]
}

fn in_ragged(k: usize, c: usize) -> bool {
    (ragged(k / BLOCK).first..ragged(k / BLOCK).last).contains(&(c / BLOCK))
}

#[test]
fn forward_reads_only_the_rows_asked_for() {
    for pixels in [1, 8, 13] {
        let (sizes, mut numbers) = (Sizes { inputs: 30, outputs: 37, pixels }, Numbers::new(pixels));
        let (x, w) = (numbers.vector(sizes.inputs * pixels), numbers.vector(sizes.outputs * sizes.inputs));
        let found = forward(sizes, &x, &pack_matrix(&w, sizes.inputs, sizes.outputs), ragged, "ragged");
        assert_close(&found, &twin::forward(sizes, &x, &w, in_ragged), "ragged");
    }
}

#[test]
fn forward_writes_only_the_blocks_asked_for() {
    let (sizes, mut numbers) = (Sizes { inputs: 16, outputs: 32, pixels: 9 }, Numbers::new(2));
    let (x, w) = (numbers.vector(sizes.inputs * sizes.pixels), numbers.vector(sizes.outputs * sizes.inputs));
    let (packed, input) = (pack_matrix(&w, 16, 32), to_blocks(&x, 16, 9));
    let block = sizes.pixels * BLOCK;
    let expected = twin::forward(sizes, &x, &w, |_, _| true);
    for wide in [false, true] {
        let mut y = Guarded::new(4 * block);
        y.allow(block, 2 * block);
        let all = |_| Rows { first: 0, last: 2 };
        let (from, to) = (Blocks { start: input.as_ptr(), stride: block }, BlocksMut { start: y.pointer(0), stride: block });
        // Safety: input and y span their blocks.
        unsafe { pointwise::forward(wide, from, matrix(&packed, 16), to, 1..3, Lines::one(9), all) };
        y.check("blocks 1 and 2");
        let found = from_blocks(y.read(block, 2 * block), 16, sizes.pixels);
        assert_close(&found, &expected[8 * sizes.pixels..24 * sizes.pixels], "blocks 1 and 2");
    }
}

#[test]
fn weight_gradient_equals_its_twin() {
    each_case(|sizes, numbers, what| {
        let (x, dy) = (numbers.vector(sizes.inputs * sizes.pixels), numbers.vector(sizes.outputs * sizes.pixels));
        let old = numbers.vector(sizes.outputs * sizes.inputs);
        let all = |_| Rows { first: 0, last: blocks(sizes.inputs) };
        let narrow = weight_gradient(false, sizes, &x, &dy, &old, all, what);
        assert_close(&narrow, &added(&old, &twin::weight_gradient(sizes, &x, &dy, |_, _| true)), what);
        assert_same_bits(&weight_gradient(true, sizes, &x, &dy, &old, all, what), &narrow, what);
    });
}

#[test]
fn weight_gradient_writes_only_the_rows_asked_for() {
    for pixels in [1, 7, 64] {
        let (sizes, mut numbers) = (Sizes { inputs: 30, outputs: 45, pixels }, Numbers::new(pixels));
        let (x, dy) = (numbers.vector(sizes.inputs * pixels), numbers.vector(sizes.outputs * pixels));
        let old = numbers.vector(sizes.outputs * sizes.inputs);
        let expected = added(&old, &twin::weight_gradient(sizes, &x, &dy, in_ragged));
        let narrow = weight_gradient(false, sizes, &x, &dy, &old, ragged, "ragged");
        assert_close(&narrow, &expected, "ragged");
        assert_same_bits(&weight_gradient(true, sizes, &x, &dy, &old, ragged, "ragged"), &narrow, "ragged");
    }
}

/// Packed weights transposed by the kernel.
fn transposed(w: &[f32], inputs: usize, outputs: usize) -> Vec<f32> {
    let packed = pack_matrix(w, inputs, outputs);
    let mut to = Guarded::new(packed.len());
    to.allow(0, packed.len());
    // Safety: both hold whole blocks.
    unsafe { pointwise::transpose(packed.as_ptr(), blocks(inputs), blocks(outputs), to.pointer(0)) };
    to.check("transposed");
    to.read(0, packed.len()).to_vec()
}

#[test]
fn transpose_equals_its_twin() {
    for (inputs, outputs) in CHANNELS {
        let w = Numbers::new(inputs).vector(outputs * inputs);
        let expected = pack_matrix(&twin::transpose(&w, inputs, outputs), outputs, inputs);
        assert_same_bits(&transposed(&w, inputs, outputs), &expected, &format!("{inputs} to {outputs} channels"));
    }
}

#[test]
fn input_gradient_by_transposed_weights_equals_its_twin() {
    each_case(|sizes, numbers, what| {
        let (dy, w) = (numbers.vector(sizes.outputs * sizes.pixels), numbers.vector(sizes.outputs * sizes.inputs));
        let backward = Sizes { inputs: sizes.outputs, outputs: sizes.inputs, pixels: sizes.pixels };
        let all = Rows { first: 0, last: blocks(sizes.outputs) };
        let found = forward(backward, &dy, &transposed(&w, sizes.inputs, sizes.outputs), |_| all, what);
        assert_close(&found, &twin::input_gradient(sizes, &dy, &w, |_, _| true), what);
    });
}

/// A factorised reduction: each half of the outputs reads a half of the inputs, and the border need not fall between blocks.
#[test]
fn split_matrices_equal_their_twin() {
    for outputs in [16, 24, 40, 12] {
        for pixels in [1, 9] {
            let what = format!("{outputs} outputs, {pixels} pixels");
            let (sizes, mut numbers) = (Sizes { inputs: 32, outputs, pixels }, Numbers::new(outputs));
            let feeds = |k: usize, c: usize| (k < outputs / 2) == (c < 16);
            let pack = Pack::Matrix { inputs: 4, outputs: blocks(outputs), split: Some(outputs / 2) };
            let (x, dy) = (numbers.vector(sizes.inputs * pixels), numbers.vector(outputs * pixels));
            let mut w = numbers.vector(outputs * sizes.inputs);
            for (i, weight) in w.iter_mut().enumerate() {
                if !feeds(i / sizes.inputs, i % sizes.inputs) {
                    *weight = 0.0;
                }
            }
            let y = forward(sizes, &x, &pack_matrix(&w, sizes.inputs, outputs), |b| pack.rows(b), &what);
            assert_close(&y, &twin::forward(sizes, &x, &w, feeds), &what);
            let backward = Sizes { inputs: outputs, outputs: sizes.inputs, pixels };
            let dx = forward(backward, &dy, &transposed(&w, sizes.inputs, outputs), |b| pack.columns(b), &what);
            assert_close(&dx, &twin::input_gradient(sizes, &dy, &w, feeds), &what);
        }
    }
}
