//! What a thread does of an operation: its rows of every tensor.

use crate::program::Tensor;
use core::ops::Range;

/// A thread's part of an operation.
#[derive(Clone, Copy)]
pub(super) struct Share {
    /// Its number.
    pub index: usize,
    /// Number of parts.
    pub of: usize,
}

impl Share {
    /// All of it.
    pub const ALL: Share = Share { index: 0, of: 1 };

    /// Its rows of a tensor of `height`.
    pub fn rows(self, height: usize) -> Range<usize> {
        self.index * height / self.of..(self.index + 1) * height / self.of
    }

    /// The pixels of its rows.
    pub fn pixels(self, tensor: &Tensor) -> Range<usize> {
        let rows = self.rows(tensor.height);
        rows.start * tensor.width..rows.end * tensor.width
    }

    /// Its rows of a tensor of `height` and those that windows on them reach: by their padding, and two more if their stride is 2, for
    /// twice its first of ceil(height / 2) rows is at most two before its first of `height`.
    pub fn seen_rows(self, height: usize, reach: usize) -> Range<usize> {
        let rows = self.rows(height);
        rows.start.saturating_sub(reach)..(rows.end + reach).min(height)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::depthwise::PADDING;

    #[test]
    fn parts_are_all_rows_and_see_what_windows_read() {
        for (height, of) in [(1, 2), (7, 2), (8, 2), (32, 3), (33, 4), (5, 16)] {
            let shares = || (0..of).map(|index| Share { index, of });
            assert_eq!(shares().flat_map(|share| share.rows(height)).collect::<Vec<_>>(), (0..height).collect::<Vec<_>>());
            for (share, stride) in shares().flat_map(|share| [(share, 1), (share, 2)]) {
                let seen = share.seen_rows(height, PADDING + 2 * (stride - 1));
                for row in share.rows(height.div_ceil(stride)) {
                    let window = (row * stride).saturating_sub(PADDING)..(row * stride + PADDING + 1).min(height);
                    assert!(seen.start <= window.start && window.end <= seen.end, "{height} rows, stride {stride}");
                }
            }
        }
    }
}
