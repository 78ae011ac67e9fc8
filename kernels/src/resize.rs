//! Pictures of any size to the size and channels that a network takes.
//!
//! A triangle filter, as wide as the reduction (bilinear with antialiasing, what PIL calls BILINEAR): every input pixel counts
//! when a picture shrinks, and it is interpolated when it grows.

use crate::batch::luma;

/// Longest side of a picture, in pixels.
const LONGEST: usize = 1 << 14;

/// Sizes of a picture: rows, columns, channels (1 grey, 3 colour).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Rows.
    pub height: usize,
    /// Columns.
    pub width: usize,
    /// Channels.
    pub channels: usize,
}

impl Size {
    fn bytes(self) -> usize {
        self.height * self.width * self.channels
    }

    fn is_valid(self) -> bool {
        (1..=LONGEST).contains(&self.height) && (1..=LONGEST).contains(&self.width) && matches!(self.channels, 1 | 3)
    }
}

/// Resizes `[height][width][channels]` bytes; colour becomes grey as luma (ITU-R BT.601), grey becomes colour by replication.
///
/// # Errors
/// When a size is out of range or does not fit the bytes.
pub fn resize(pixels: &[u8], from: Size, to: Size) -> Result<Vec<u8>, String> {
    if !from.is_valid() || !to.is_valid() || pixels.len() != from.bytes() {
        return Err(format!(
            "Cannot resize a picture of {}x{}x{} and {} bytes: expected sides of 1 to {LONGEST} and 1 or 3 channels",
            from.height,
            from.width,
            from.channels,
            pixels.len()
        ));
    }
    let converted = convert(pixels, from.channels, to.channels);
    if (from.height, from.width) == (to.height, to.width) {
        return Ok(converted);
    }
    let channels = to.channels;
    let (columns, rows) = (filters(from.width, to.width), filters(from.height, to.height));
    let mut narrow = vec![0f32; from.height * to.width * channels];
    for y in 0..from.height {
        for (x, filter) in columns.iter().enumerate() {
            for c in 0..channels {
                let byte = |i: usize| converted[(y * from.width + filter.first + i) * channels + c] as f32;
                narrow[(y * to.width + x) * channels + c] = filter.weights.iter().enumerate().map(|(i, weight)| weight * byte(i)).sum();
            }
        }
    }
    let line = to.width * channels;
    let mut result = Vec::with_capacity(to.bytes());
    for filter in &rows {
        for i in 0..line {
            let sum: f32 = filter.weights.iter().enumerate().map(|(r, weight)| weight * narrow[(filter.first + r) * line + i]).sum();
            result.push(sum.round().clamp(0.0, 255.0) as u8);
        }
    }
    Ok(result)
}

fn convert(pixels: &[u8], from: usize, to: usize) -> Vec<u8> {
    match (from, to) {
        (1, 3) => pixels.iter().flat_map(|&grey| [grey; 3]).collect(),
        (3, 1) => {
            let grey = |p: &[u8]| luma(p[0] as usize, p[1] as usize, p[2] as usize) as u8;
            pixels.chunks_exact(3).map(grey).collect()
        }
        _ => pixels.to_vec(),
    }
}

/// What one output pixel takes along an axis: input pixels from `first`, their weights adding up to 1.
struct Filter {
    first: usize,
    weights: Vec<f32>,
}

fn filters(from: usize, to: usize) -> Vec<Filter> {
    let scale = from as f64 / to as f64;
    let reach = scale.max(1.0);
    let filter = |output: usize| {
        let centre = (output as f64 + 0.5) * scale;
        let first = (centre - reach).floor().max(0.0) as usize;
        let last = ((centre + reach).ceil() as usize).min(from);
        let weight = |i: usize| (1.0 - ((i as f64 + 0.5 - centre) / reach).abs()).max(0.0);
        let total: f64 = (first..last).map(weight).sum();
        Filter { first, weights: (first..last).map(|i| (weight(i) / total) as f32).collect() }
    };
    (0..to).map(filter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn size(height: usize, width: usize, channels: usize) -> Size {
        Size { height, width, channels }
    }

    #[test]
    fn keeps_flat_pictures_flat_and_size_as_asked() {
        for (from, to) in [((40, 31), (28, 28)), ((5, 7), (32, 32)), ((28, 28), (28, 28)), ((1, 1), (9, 3))] {
            let pixels = vec![77; from.0 * from.1 * 3];
            let result = resize(&pixels, size(from.0, from.1, 3), size(to.0, to.1, 3)).unwrap();
            assert_eq!(result, vec![77; to.0 * to.1 * 3]);
        }
    }

    #[test]
    fn halving_averages_with_a_triangle() {
        // Weights of pixels -1.5 -0.5 0.5 1.5 around the centre at reach 2: 1/8 3/8 3/8 1/8; at the edge the first is missing.
        let result = resize(&[0, 80, 160, 240], size(1, 4, 1), size(1, 2, 1)).unwrap();
        assert_eq!(
            result,
            vec![((3.0 * 80.0 + 160.0) / 7.0f64).round() as u8, ((80.0 + 3.0 * 160.0 + 3.0 * 240.0) / 7.0f64).round() as u8]
        );
    }

    #[test]
    fn converts_channels() {
        assert_eq!(resize(&[255, 0, 0], size(1, 1, 3), size(1, 1, 1)).unwrap(), vec![76]);
        assert_eq!(resize(&[9], size(1, 1, 1), size(1, 1, 3)).unwrap(), vec![9; 3]);
    }

    #[test]
    fn refuses_what_does_not_fit() {
        assert!(resize(&[0; 5], size(2, 3, 1), size(1, 1, 1)).is_err());
        assert!(resize(&[0; 12], size(2, 3, 2), size(1, 1, 1)).is_err());
        assert!(resize(&[], size(0, 3, 1), size(1, 1, 1)).is_err());
    }
}
