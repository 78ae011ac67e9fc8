//! Pictures as a decoder returns them to the size and channels that a dataset or a network takes.
//!
//! Alpha is laid on white, the picture is cropped or padded to the aspect that is wanted, and resized by Lanczos' filter with three
//! lobes, as wide as the reduction. Every step is Pillow's, in its whole numbers (`Image.paste`, `ImageOps.fit` and `ImageOps.pad`,
//! `Image.resize`, `Image.convert("L")`), so that a picture prepared there has the same bytes. (So do versions up to 12;
//! 13 resizes the columns of some tall pictures first, which rounds otherwise.)

use crate::vector::{pair_pixels, paired_bytes, weigh_pixels, PixelWeights};
use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

/// Longest side of a picture, in pixels: the longest that JPEG knows.
const LONGEST: usize = 65_535;

/// Longest side of a prepared picture, in pixels.
const LONGEST_PREPARED: usize = 1024;

/// A picture counts as grey while the channels of no pixel differ by more; a grey photo saved in colour strays by one or two.
const GREY_TOLERANCE: u8 = 3;

/// Sizes of a picture: rows, columns, channels (1 grey, 2 grey and alpha, 3 colour, 4 colour and alpha).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Rows.
    pub height: usize,
    /// Columns.
    pub width: usize,
    /// Channels.
    pub channels: usize,
}

/// What becomes of a picture whose aspect is another than the one wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    /// What reaches over the aspect is cut off, the same on both sides.
    Crop,
    /// All of it is kept, and white added on both sides.
    Pad,
}

/// A picture of the size that was asked for.
#[derive(Debug)]
pub struct Prepared {
    /// `[height][width][channels]`.
    pub pixels: Vec<u8>,
    /// Whether every pixel of the whole source is grey, or nearly.
    pub is_grey: bool,
}

/// Prepares `[height][width][channels]` bytes; `to` has 1 or 3 channels. Grey is luma (ITU-R BT.601) of the resized colours.
///
/// # Errors
/// When a size is out of range or does not fit the bytes.
pub fn prepare(pixels: &[u8], from: Picture, to: Picture, fit: Fit) -> Result<Prepared, String> {
    check(pixels, from, to)?;
    let place = Placement::new(from, to, fit);
    let columns = filters_of(from.width, (place.left, place.right), place.width);
    let rows = filters_of(from.height, (place.top, place.bottom), place.height);
    let (columns, rows) = (&columns.packed, &rows.filters);
    let (first, end) =
        rows.iter().fold((usize::MAX, 0), |(first, end), row| (first.min(row.first), end.max(row.first + row.weights.len())));
    let rows_of_source = pixels.chunks_exact(from.width * from.channels);
    let mut line = vec![0u8; 4 * from.width];
    let mut pairs = [vec![0u8; paired_bytes(from.width)], vec![0u8; paired_bytes(from.width)]];
    let mut narrow = Vec::with_capacity((end - first + 1) * place.width * 4);
    let mut is_grey = true;
    for (y, row) in rows_of_source.enumerate() {
        let is_used = (first..end).contains(&y);
        if !is_used && !is_grey {
            continue;
        }
        flatten(row, from.channels, &mut line);
        is_grey = is_grey && line.chunks_exact(4).all(is_nearly_grey);
        if is_used {
            pair_pixels(&line, &mut pairs[(y - first) % 2]);
            // Two rows at a time; the last may be alone, beside what is left of another.
            if (y - first) % 2 == 1 || y + 1 == end {
                resize_pair(&pairs, columns, &mut narrow);
            }
        }
    }
    let resized = resize_rows(&narrow, 4 * place.width, rows, first);
    Ok(Prepared { pixels: lay(&resized, &place, to), is_grey })
}

/// Appends two rows of the width that is wanted.
fn resize_pair(pairs: &[Vec<u8>; 2], columns: &[PixelWeights], narrow: &mut Vec<u8>) {
    let (start, line) = (narrow.len(), 4 * columns.len());
    narrow.resize(start + 2 * line, 0);
    let (one, two) = narrow[start..].split_at_mut(line);
    for ((weights, one), two) in columns.iter().zip(one.chunks_exact_mut(4)).zip(two.chunks_exact_mut(4)) {
        let sums = weigh_pixels([&pairs[0], &pairs[1]], weights);
        one.copy_from_slice(&sums[0].map(to_byte));
        two.copy_from_slice(&sums[1].map(to_byte));
    }
}

fn check(pixels: &[u8], from: Picture, to: Picture) -> Result<(), String> {
    let fits = |Picture { height, width, .. }: Picture, longest| (1..=longest).contains(&height) && (1..=longest).contains(&width);
    // Sides of at most 2^16 cannot overflow once multiplied in 64 bits.
    let bytes = from.height as u64 * from.width as u64 * from.channels as u64;
    if fits(from, LONGEST) && (1..=4).contains(&from.channels) && pixels.len() as u64 == bytes {
        if fits(to, LONGEST_PREPARED) && matches!(to.channels, 1 | 3) {
            return Ok(());
        }
        return Err(format!(
            "Cannot prepare a picture of {}x{}x{}: expected sides of 1 to {LONGEST_PREPARED} and 1 or 3 channels",
            to.height, to.width, to.channels
        ));
    }
    Err(format!(
        "Cannot prepare a picture of {}x{}x{} and {} bytes: expected sides of 1 to {LONGEST} and 1 to 4 channels",
        from.height,
        from.width,
        from.channels,
        pixels.len()
    ))
}

/// Where what of the source goes.
struct Placement {
    /// The part of the source, in its pixels; in single precision, as Pillow hands it on.
    left: f32,
    top: f32,
    right: f32,
    bottom: f32,
    /// The size of that part in the result.
    height: usize,
    width: usize,
    /// Rows and columns of white before it.
    above: usize,
    before: usize,
}

impl Placement {
    fn new(from: Picture, to: Picture, fit: Fit) -> Placement {
        let (full_height, full_width) = (from.height as f64, from.width as f64);
        let (from_ratio, to_ratio) = (full_width / full_height, to.width as f64 / to.height as f64);
        let whole = Placement {
            left: 0.0,
            top: 0.0,
            right: full_width as f32,
            bottom: full_height as f32,
            height: to.height,
            width: to.width,
            above: 0,
            before: 0,
        };
        if from_ratio == to_ratio {
            return whole;
        }
        let is_wide = from_ratio > to_ratio;
        match fit {
            Fit::Crop => {
                let width = if is_wide { to_ratio * full_height } else { full_width };
                let height = if is_wide { full_height } else { full_width / to_ratio };
                let (left, top) = ((full_width - width) * 0.5, (full_height - height) * 0.5);
                Placement { left: left as f32, top: top as f32, right: (left + width) as f32, bottom: (top + height) as f32, ..whole }
            }
            Fit::Pad if is_wide => {
                let height = round_side(full_height / full_width * to.width as f64, to.height);
                Placement { height, above: half(to.height - height), ..whole }
            }
            Fit::Pad => {
                let width = round_side(full_width / full_height * to.height as f64, to.width);
                Placement { width, before: half(to.width - width), ..whole }
            }
        }
    }
}

fn round_side(side: f64, most: usize) -> usize {
    (side.round_ties_even() as usize).clamp(1, most)
}

fn half(side: usize) -> usize {
    (side as f64 * 0.5).round_ties_even() as usize
}

/// One row as red, green, blue and an unused byte a pixel, on white.
fn flatten(row: &[u8], channels: usize, line: &mut [u8]) {
    match channels {
        1 => line.chunks_exact_mut(4).zip(row).for_each(|(to, &grey)| to.fill(grey)),
        2 => line.chunks_exact_mut(4).zip(row.chunks_exact(2)).for_each(|(to, from)| to.fill(on_white(from[0], from[1]))),
        3 => line.chunks_exact_mut(4).zip(row.chunks_exact(3)).for_each(|(to, from)| to[..3].copy_from_slice(from)),
        _ => {
            line.copy_from_slice(row);
            let word = |pixel: &[u8]| u32::from_le_bytes([pixel[0], pixel[1], pixel[2], pixel[3]]);
            if row.chunks_exact(4).fold(u32::MAX, |all, pixel| all & word(pixel)) >> 24 < 255 {
                for pixel in line.chunks_exact_mut(4) {
                    let alpha = pixel[3];
                    pixel[..3].iter_mut().for_each(|value| *value = on_white(*value, alpha));
                }
            }
        }
    }
}

/// Pillow's blend of two bytes, its division by 255 rounded exactly.
fn on_white(value: u8, alpha: u8) -> u8 {
    let sum = 255 * (255 - alpha as u32) + value as u32 * alpha as u32 + 128;
    (((sum >> 8) + sum) >> 8) as u8
}

fn is_nearly_grey(pixel: &[u8]) -> bool {
    let (red, green, blue) = (pixel[0], pixel[1], pixel[2]);
    red.max(green).max(blue) - red.min(green).min(blue) <= GREY_TOLERANCE
}

/// Bits of a weight behind the point: a byte, a sum of weights that reaches a little over one, and the sign have the rest of 32.
const PRECISION: u32 = 32 - 8 - 2;

/// A sum of weighted bytes, rounded and within a byte.
fn to_byte(sum: i32) -> u8 {
    (sum.wrapping_add(1 << (PRECISION - 1)) >> PRECISION).clamp(0, 255) as u8
}

/// Rows of `line` bytes, of which the first is the source's row `offset`, to as many as there are filters.
fn resize_rows(narrow: &[u8], line: usize, rows: &[Filter], offset: usize) -> Vec<u8> {
    let mut result = Vec::with_capacity(rows.len() * line);
    let mut sums = vec![0i32; line];
    for Filter { first, weights } in rows {
        sums.fill(0);
        for (row, &weight) in narrow[(first - offset) * line..].chunks_exact(line).zip(weights) {
            sums.iter_mut().zip(row).for_each(|(sum, &byte)| *sum = sum.wrapping_add(byte as i32 * weight));
        }
        result.extend(sums.iter().map(|&sum| to_byte(sum)));
    }
    result
}

/// Puts the resized part where it belongs, with the channels that are wanted; white around.
fn lay(resized: &[u8], place: &Placement, to: Picture) -> Vec<u8> {
    let mut result = vec![255; to.height * to.width * to.channels];
    let lines = result.chunks_exact_mut(to.width * to.channels).skip(place.above);
    for (line, row) in lines.zip(resized.chunks_exact(4 * place.width)) {
        let pixels = line[place.before * to.channels..].chunks_exact_mut(to.channels);
        for (pixel, colour) in pixels.zip(row.chunks_exact(4)) {
            match pixel {
                [grey] => *grey = luma(colour),
                _ => pixel.copy_from_slice(&colour[..3]),
            }
        }
    }
    result
}

/// Pillow's luma, in 65,536ths.
fn luma(colour: &[u8]) -> u8 {
    ((19_595 * colour[0] as u32 + 38_470 * colour[1] as u32 + 7_471 * colour[2] as u32 + 0x8000) >> 16) as u8
}

/// What one output pixel takes along an axis: input pixels from `first`, their weights in units of 2^-PRECISION.
struct Filter {
    first: usize,
    weights: Vec<i32>,
}

/// Filters of an axis, for rows and packed for columns.
struct Axis {
    filters: Vec<Filter>,
    packed: Vec<PixelWeights>,
}

/// Number of pixels, bits of start and end, number of pixels wanted.
type AxisKey = (usize, u32, u32, usize);

/// Axes that are kept: pictures of a dataset are often of one size, and a small one's filters cost as much as applying them.
const KEPT_AXES: usize = 8;

thread_local! {
    static AXES: RefCell<VecDeque<(AxisKey, Rc<Axis>)>> = const { RefCell::new(VecDeque::new()) };
}

/// The filters of [`filters`], made anew only if they were not among the last.
fn filters_of(from: usize, (start, end): (f32, f32), to: usize) -> Rc<Axis> {
    let key = (from, start.to_bits(), end.to_bits(), to);
    AXES.with_borrow_mut(|axes| {
        if let Some((_, axis)) = axes.iter().find(|(other, _)| *other == key) {
            return axis.clone();
        }
        let filters = filters(from, (start, end), to);
        let packed = filters.iter().map(|filter| PixelWeights::new(filter.first, &filter.weights)).collect();
        let axis = Rc::new(Axis { filters, packed });
        axes.truncate(KEPT_AXES - 1);
        axes.push_front((key, axis.clone()));
        axis
    })
}

/// Filters of `to` pixels over the part of `from` pixels between two places.
fn filters(from: usize, (start, end): (f32, f32), to: usize) -> Vec<Filter> {
    let scale = (end - start) as f64 / to as f64;
    let stretch = scale.max(1.0);
    let reach = LOBES * stretch;
    let filter = |output: usize| {
        let centre = start as f64 + (output as f64 + 0.5) * scale;
        let first = (centre - reach + 0.5).max(0.0) as usize;
        let last = ((centre + reach + 0.5) as usize).min(from);
        let weights: Vec<f64> = (first..last).map(|i| lanczos((i as f64 - centre + 0.5) * (1.0 / stretch))).collect();
        let total: f64 = weights.iter().sum();
        Filter { first, weights: weights.iter().map(|weight| to_fixed(weight / total)).collect() }
    };
    (0..to).map(filter).collect()
}

fn to_fixed(weight: f64) -> i32 {
    // Half away from zero, then cut off.
    (weight * (1u32 << PRECISION) as f64 + if weight < 0.0 { -0.5 } else { 0.5 }) as i32
}

const LOBES: f64 = 3.0;

fn lanczos(x: f64) -> f64 {
    if (-LOBES..LOBES).contains(&x) {
        sinc(x) * sinc(x / LOBES)
    } else {
        0.0
    }
}

fn sinc(x: f64) -> f64 {
    if x == 0.0 {
        return 1.0;
    }
    let x = x * std::f64::consts::PI;
    x.sin() / x
}

#[cfg(test)]
mod tests {
    use super::*;

    fn size(height: usize, width: usize, channels: usize) -> Picture {
        Picture { height, width, channels }
    }

    #[test]
    fn keeps_flat_pictures_flat_and_size_as_asked() {
        for (from, to) in [((40, 31), (28, 28)), ((5, 7), (32, 32)), ((28, 28), (28, 28)), ((1, 1), (9, 3)), ((1, 300), (32, 32))] {
            for channels in 1..=4 {
                let pixel = if channels % 2 == 1 { vec![77; channels] } else { [vec![77; channels - 1], vec![255]].concat() };
                let pixels = pixel.repeat(from.0 * from.1);
                let result = prepare(&pixels, size(from.0, from.1, channels), size(to.0, to.1, 3), Fit::Crop).unwrap();
                assert_eq!(result.pixels, vec![77; to.0 * to.1 * 3]);
                assert!(result.is_grey);
            }
        }
    }

    #[test]
    fn crops_the_middle_and_pads_with_white() {
        let wide = [10, 10, 200, 200, 10, 10];
        assert_eq!(prepare(&wide, size(1, 6, 1), size(1, 2, 1), Fit::Crop).unwrap().pixels, [200, 200]);
        let padded = prepare(&[50; 8], size(2, 4, 1), size(4, 4, 1), Fit::Pad).unwrap().pixels;
        assert_eq!(padded, [[255; 4], [50; 4], [50; 4], [255; 4]].concat());
        let padded = prepare(&[50; 8], size(4, 2, 1), size(4, 4, 1), Fit::Pad).unwrap().pixels;
        assert_eq!(padded, [255, 50, 50, 255].repeat(4));
        // A picture that would shrink to nothing keeps a line.
        assert_eq!(prepare(&[0; 100], size(1, 100, 1), size(3, 3, 1), Fit::Pad).unwrap().pixels[3..6], [0; 3]);
    }

    #[test]
    fn lays_alpha_on_white() {
        let flat = |pixel: &[u8]| prepare(pixel, size(1, 1, pixel.len()), size(1, 1, 3), Fit::Crop).unwrap().pixels;
        assert_eq!(flat(&[0, 128]), [127; 3]);
        assert_eq!(flat(&[10, 20, 30, 0]), [255; 3]);
        assert_eq!(flat(&[10, 20, 30, 255]), [10, 20, 30]);
        assert_eq!(flat(&[200, 0, 100, 51]), [244, 204, 224]);
    }

    #[test]
    fn tells_grey_from_colour_wherever_it_is() {
        let grey = |pixels: &[u8]| prepare(pixels, size(1, pixels.len() / 3, 3), size(1, 1, 3), Fit::Crop).unwrap().is_grey;
        assert!(grey(&[9, 9, 9, 50, 52, 53, 0, 0, 0]));
        assert!(!grey(&[9, 9, 9, 50, 52, 54, 0, 0, 0]));
        assert!(!grey(&[9, 9, 9, 0, 0, 0, 0, 0, 4]));
    }

    #[test]
    fn grey_is_luma_of_the_resized_colours() {
        let one = |pixel: [u8; 3]| prepare(&pixel, size(1, 1, 3), size(1, 1, 1), Fit::Crop).unwrap().pixels;
        assert_eq!([one([255, 0, 0]), one([0, 255, 0]), one([0, 0, 255]), one([7, 7, 7])].concat(), [76, 150, 29, 7]);
    }

    #[test]
    fn refuses_what_does_not_fit() {
        let refused = |bytes: usize, from, to| prepare(&vec![0; bytes], from, to, Fit::Crop).unwrap_err();
        assert!(refused(5, size(2, 3, 1), size(1, 1, 1)).contains("2x3x1 and 5 bytes"));
        assert!(refused(0, size(0, 3, 1), size(1, 1, 1)).contains("0x3x1"));
        assert!(refused(30, size(2, 3, 5), size(1, 1, 1)).contains("1 to 4 channels"));
        assert!(refused(65_536, size(1, 65_536, 1), size(1, 1, 1)).contains("1 to 65535"));
        assert!(refused(6, size(2, 3, 1), size(1, 1025, 1)).contains("1x1025x1"));
        assert!(refused(6, size(2, 3, 1), size(1, 1, 2)).contains("1 or 3 channels"));
    }
}
