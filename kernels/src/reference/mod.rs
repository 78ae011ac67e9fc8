//! Plain-loop twins of the kernels, for tests: loops over logical indices, f32 in, f64 inside and out.
//!
//! Nothing here is fast, tiled or laid out in channel blocks; every function is its formula, written down. Tensors of one image
//! are `[C][H][W]`, matrices `[K][C]`, windows `[C][K][K]`, as PyTorch has them; `layout` brings them to and from blocks.

pub mod adam;
pub mod batch_norm;
pub mod channels;
pub mod classifier;
pub mod convolution;
pub mod depthwise;
pub mod elementwise;
pub mod importance;
pub mod layout;
pub mod pointwise;
pub mod pool;
pub mod sampling;
pub mod sgd;
pub mod transport;
