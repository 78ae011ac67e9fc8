//! Tile shapes of the hot kernels, side by side: rerun when the wasm engine changes and take the best into kernels/.
#![no_std]
#![allow(clippy::missing_safety_doc, clippy::needless_range_loop, static_mut_refs)]

#[path = "../../../kernels/src/vector.rs"]
pub mod vector;
mod depthwise;
#[path = "../../../kernels/src/layers/depthwise.rs"]
pub mod shipped_depthwise;
#[path = "../../../kernels/src/layers/pointwise.rs"]
pub mod shipped_pointwise;
mod shipped;

#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    core::arch::wasm32::unreachable()
}

pub const BLOCK: usize = 8;
/// Elements of the arena: planes far smaller than a first-level cache slice each.
pub static mut ARENA: [f32; 1 << 17] = [0.0; 1 << 17];

/// Runs variant `variant` of case `case` on a 32×32 plane `repeats` times; returns its floating-point operations a run, 0 if there is none.
#[no_mangle]
pub unsafe extern "C" fn explore(case: u32, variant: u32, repeats: u32) -> f64 {
    let arena = ARENA.as_mut_ptr();
    match variant {
        200.. => shipped::pointwise(case, variant, repeats, arena),
        100.. => shipped::run(case, variant, repeats, arena),
        _ => depthwise::run(case, variant, repeats, arena),
    }
}

/// Fills the arena with numbers and returns a checksum of the output part.
#[no_mangle]
pub unsafe extern "C" fn reset() {
    for i in 0..ARENA.len() {
        ARENA[i] = ((i * 7919) % 1013) as f32 / 1013.0 - 0.5;
    }
}

#[no_mangle]
pub unsafe extern "C" fn checksum(from: u32, count: u32) -> f64 {
    let mut sum = 0.0;
    for i in 0..count as usize {
        sum += ARENA[from as usize + i] as f64 * ((i % 97) + 1) as f64;
    }
    sum
}
