//! Rootstock's numeric core: programs of supernet layers, forward and backward, on WebAssembly SIMD and a team of threads.
#![cfg_attr(all(target_arch = "wasm32", target_feature = "atomics"), feature(stdarch_wasm_atomic_wait))]
#![cfg_attr(target_arch = "wasm32", feature(asm_experimental_arch))]

pub mod batch;
pub mod decode;
pub mod executor;
pub mod exports;
pub mod layers;
pub mod memory;
pub mod memory_plan;
pub mod optimizers;
pub mod parameters;
pub mod picture;
pub mod plan;
pub mod profile;
pub mod program;
pub mod random;
#[cfg(not(target_arch = "wasm32"))]
pub mod reference;
pub mod resize;
pub mod retouch;
pub mod team;
pub mod transport;
pub mod validate;
pub mod variation;
pub mod vector;
