//! Where the time of a step goes: seconds, arithmetic and memory traffic by kind of work, per thread, measured on demand.

use crate::memory::Buffer;

/// A kind of work within a step. The order is that of the table which [`Profile::table`] returns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
pub enum Kind {
    /// Images from bytes: crop, flip, cutout, normalisation.
    Assemble,
    /// Views (normalised, rectified) into padded planes.
    Pad,
    /// Rows gathered for dense convolutions and factorised reductions, and their gradients scattered back.
    Gather,
    /// Depthwise convolutions, forward.
    Depthwise,
    /// Depthwise convolutions, forward, computed again for the weight gradient of the pointwise ones.
    DepthwiseAgain,
    /// Pointwise products with their batch statistics, forward.
    Pointwise,
    /// Sums of candidate operations into nodes.
    Combine,
    /// Pooling, forward.
    Pool,
    /// Global average, linear layer and cross-entropy, both directions.
    Classifier,
    /// Dot products of node gradients with their terms.
    Dots,
    /// Gradients through batch normalisation and mixing.
    NormGradient,
    /// Weight gradients of pointwise products.
    PointwiseWeights,
    /// Input gradients of pointwise products.
    PointwiseInputs,
    /// Weight gradients of depthwise convolutions.
    DepthwiseWeights,
    /// Input gradients of depthwise convolutions.
    DepthwiseInputs,
    /// Gradients of padded views into those of tensors.
    Flush,
    /// Pooling, backward.
    PoolGradient,
    /// Statistics and coefficients between phases, weight gradients summed over groups, weights transposed.
    Finish,
    /// Waiting for other threads.
    Barrier,
}

/// Number of kinds.
pub const KINDS: usize = Kind::Barrier as usize + 1;
/// Numbers a kind: seconds, floating-point operations, bytes read and written, calls.
pub const FIELDS: usize = 4;

/// One thread's table.
pub struct Profile {
    table: Buffer<f64>,
}

impl Profile {
    /// All zero.
    ///
    /// # Errors
    /// When memory is exhausted.
    pub fn new() -> Result<Profile, String> {
        Ok(Profile { table: Buffer::zeroed(KINDS * FIELDS)? })
    }

    /// `[KINDS][FIELDS]`, while no team runs.
    pub fn table(&self) -> &[f64] {
        self.table.as_slice()
    }

    /// Zeroes the table.
    pub fn clear(&mut self) {
        self.table.as_mut_slice().fill(0.0);
    }

    /// Runs `work`; if `on`, adds its time and the given operations and bytes to a kind.
    /// Safety: only the thread that owns the profile calls this.
    #[inline(always)]
    pub unsafe fn time<T>(&self, on: bool, kind: Kind, flops: usize, bytes: usize, work: impl FnOnce() -> T) -> T {
        if !on {
            return work();
        }
        let start = now();
        let result = work();
        let row = self.table.pointer().add(kind as usize * FIELDS);
        *row += now() - start;
        *row.add(1) += flops as f64;
        *row.add(2) += bytes as f64;
        *row.add(3) += 1.0;
        result
    }
}

#[cfg(target_arch = "wasm32")]
mod clock {
    use wasm_bindgen::prelude::*;

    #[wasm_bindgen]
    extern "C" {
        #[wasm_bindgen(js_namespace = performance, js_name = now)]
        fn milliseconds() -> f64;
    }

    pub fn now() -> f64 {
        milliseconds() / 1000.0
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod clock {
    pub fn now() -> f64 {
        std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0.0, |since| since.as_secs_f64())
    }
}

use clock::now;
