//! The spread of channels against its twin.

mod common;

use common::{Numbers, BLOCK};
use rootstock_kernels::layers::blocks::Blocks;
use rootstock_kernels::layers::elementwise::View;
use rootstock_kernels::layers::importance::inverse_spread;
use rootstock_kernels::reference::{elementwise, importance as twin, layout};

const PLAIN: View = View { scale: std::ptr::null(), shift: std::ptr::null(), relu: false };

fn spread(x: &[f32], view: &View, channels: usize, pixels: usize) -> f64 {
    let packed = layout::to_blocks(x, channels, pixels);
    // Safety: the blocks were just packed for these channels and pixels.
    unsafe { inverse_spread(Blocks { start: packed.as_ptr(), stride: pixels * BLOCK }, view, channels, pixels) }
}

fn assert_relative(found: f64, expected: f64, what: &str) {
    assert!((found - expected).abs() <= 1e-4 * expected, "{what}: found {found}, expected {expected}");
}

#[test]
fn it_equals_its_twin_whatever_fills_the_last_block() {
    for channels in [2, 3, 7, 8, 9, 16, 20, 64] {
        for pixels in [1, 2, 49, 300] {
            let mut numbers = Numbers::new(channels * pixels);
            let x = numbers.vector(channels * pixels);
            let padded = channels.next_multiple_of(BLOCK);
            // A view's shift moves even the lanes that are no channels.
            let (scale, shift) = (numbers.vector(padded), numbers.vector(padded));
            let what = format!("{channels} channels, {pixels} pixels");
            assert_relative(spread(&x, &PLAIN, channels, pixels), twin::inverse_spread(&x, channels, pixels), &what);
            let seen: Vec<f32> = elementwise::view(&x, pixels, Some((&scale, &shift)), false).iter().map(|&value| value as f32).collect();
            let view = View { scale: scale.as_ptr(), shift: shift.as_ptr(), relu: false };
            assert_relative(spread(&x, &view, channels, pixels), twin::inverse_spread(&seen, channels, pixels), &what);
        }
    }
}

#[test]
fn channels_that_are_all_the_same_tell_nothing() {
    for channels in [1, 5, 16] {
        assert_eq!(spread(&vec![0.0; channels * 3], &PLAIN, channels, 3), f64::INFINITY);
        assert_eq!(twin::inverse_spread(&vec![0.0; channels * 3], channels, 3), f64::INFINITY);
    }
    assert_eq!(spread(&[2.0], &PLAIN, 1, 1), f64::INFINITY);
}
