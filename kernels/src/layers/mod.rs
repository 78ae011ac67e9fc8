//! One file a layer, forward and backward side by side, on one image's channel blocks.

pub mod batch_norm;
pub mod blocks;
pub mod channels;
pub mod classifier;
pub mod convolution;
pub mod depthwise;
pub mod discriminant;
pub mod elementwise;
pub mod importance;
pub mod pointwise;
pub mod pool;
pub mod sampling;
pub mod window_gradient;
