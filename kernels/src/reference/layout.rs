//! Between logical tensors `[C][P]` and channel blocks `[ceil(C/8)][P][8]`.

use crate::layers::blocks::BLOCK;

/// Channel blocks of `channels` channels.
pub fn blocks(channels: usize) -> usize {
    channels.div_ceil(BLOCK)
}

/// `[C][P]` to `[ceil(C/8)][P][8]`; padding channels are zero.
///
/// Also packs depthwise windows, whose pixels are taps.
pub fn to_blocks(logical: &[f32], channels: usize, pixels: usize) -> Vec<f32> {
    assert_eq!(logical.len(), channels * pixels);
    let mut packed = vec![0.0; blocks(channels) * pixels * BLOCK];
    for c in 0..channels {
        for p in 0..pixels {
            packed[((c / BLOCK) * pixels + p) * BLOCK + c % BLOCK] = logical[c * pixels + p];
        }
    }
    packed
}

/// `[ceil(C/8)][P][8]` to `[C][P]`: the inverse of [`to_blocks`].
pub fn from_blocks(packed: &[f32], channels: usize, pixels: usize) -> Vec<f32> {
    assert_eq!(packed.len(), blocks(channels) * pixels * BLOCK);
    let mut logical = vec![0.0; channels * pixels];
    for c in 0..channels {
        for p in 0..pixels {
            logical[c * pixels + p] = packed[((c / BLOCK) * pixels + p) * BLOCK + c % BLOCK];
        }
    }
    logical
}

/// A matrix `[K][C]` to `[ceil(K/8)][8·ceil(C/8)][8]`, padding zero.
pub fn pack_matrix(logical: &[f32], inputs: usize, outputs: usize) -> Vec<f32> {
    let rows = blocks(inputs) * BLOCK;
    let mut packed = vec![0.0; blocks(outputs) * rows * BLOCK];
    for k in 0..outputs {
        for c in 0..inputs {
            packed[((k / BLOCK) * rows + c) * BLOCK + k % BLOCK] = logical[k * inputs + c];
        }
    }
    packed
}

/// The inverse of [`pack_matrix`].
pub fn unpack_matrix(packed: &[f32], inputs: usize, outputs: usize) -> Vec<f32> {
    let rows = blocks(inputs) * BLOCK;
    let mut logical = vec![0.0; outputs * inputs];
    for k in 0..outputs {
        for c in 0..inputs {
            logical[k * inputs + c] = packed[((k / BLOCK) * rows + c) * BLOCK + k % BLOCK];
        }
    }
    logical
}
