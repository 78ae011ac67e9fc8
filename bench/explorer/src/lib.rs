//! Kernels and tile shapes in isolation, for `deno task bench kernels`: how far each shipped kernel is from the peak of the
//! registers, and which other tiles were tried. Rerun it when the wasm engine changes, and take the best tiles into kernels/.
#![no_std]
#![feature(asm_experimental_arch)]
#![allow(clippy::missing_safety_doc, clippy::needless_range_loop)]

#[path = "../../../kernels/src/layers/blocks.rs"]
mod blocks;
#[path = "../../../kernels/src/layers/depthwise.rs"]
mod depthwise;
mod depthwise_tiles;
mod peak;
#[path = "../../../kernels/src/layers/pointwise.rs"]
mod pointwise;
mod shipped;
#[path = "../../../kernels/src/vector.rs"]
mod vector;
#[path = "../../../kernels/src/layers/window_gradient.rs"]
mod window_gradient;

/// Elements of the arena.
const ARENA: usize = 1 << 18;

#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    core::arch::wasm32::unreachable()
}

static mut NUMBERS: [f32; ARENA] = [0.0; ARENA];

fn arena() -> *mut f32 {
    &raw mut NUMBERS as *mut f32
}

/// Fills the arena with numbers of no meaning and ordinary size.
#[no_mangle]
pub extern "C" fn reset() {
    for i in 0..ARENA {
        // Safety: within the arena, and there is one thread.
        unsafe { *arena().add(i) = ((i * 7919) % 1013) as f32 / 1013.0 - 0.5 };
    }
}

/// Multiply-adds on registers alone, four (`wide` 0) or eight lanes at a time; returns floating-point operations a repeat.
#[no_mangle]
pub extern "C" fn peak(wide: u32, repeats: u32) -> f64 {
    peak::run(wide != 0, repeats)
}

/// A shipped kernel on one image's planes; returns floating-point operations a repeat, 0 if there is no such kernel or shape.
#[no_mangle]
pub extern "C" fn shipped_kernel(kernel: u32, shape: u32, wide: u32, repeats: u32) -> f64 {
    // Safety: the arena spans every shape.
    unsafe { shipped::run(kernel, shape as usize, wide != 0, repeats, arena()) }
}

/// A tile of a depthwise convolution that was tried; returns floating-point operations a repeat, 0 if there is none.
#[no_mangle]
pub extern "C" fn depthwise_tile(window: u32, tile: u32, repeats: u32) -> f64 {
    // Safety: the arena spans every shape.
    unsafe { depthwise_tiles::run(window, tile, repeats, arena()) }
}
