//! Picked and shuffled channels against their twin.

mod common;

use common::{assert_close, assert_same_bits, Guarded, Numbers, BLOCK};
use rootstock_kernels::layers::channels::{gather, shuffled_from, shuffled_to, Source};
use rootstock_kernels::reference::{channels as twin, layout};

#[test]
fn a_shuffle_is_that_of_its_twin_and_its_inverse_undoes_it() {
    for groups in 1..=4 {
        for size in 1..=9 {
            let channels = groups * size;
            let numbers: Vec<f32> = (0..channels).map(|c| c as f32).collect();
            let wanted = twin::join(&[(&numbers, 0, channels)], 1, groups);
            for c in 0..channels {
                assert_eq!(shuffled_from(c, channels, groups) as f64, wanted[c]);
                assert_eq!(shuffled_to(shuffled_from(c, channels, groups), channels, groups), c);
            }
        }
    }
}

#[test]
fn lanes_are_filled_from_their_channels_and_stay_zero_without_one() {
    for pixels in [0, 1, 7, 49] {
        for adds in [false, true] {
            let mut numbers = Numbers::new(pixels);
            let x = numbers.vector(12 * pixels);
            let packed = layout::to_blocks(&x, 12, pixels);
            let start = numbers.vector(pixels * BLOCK);
            let mut to = Guarded::new(pixels * BLOCK);
            to.allow(0, pixels * BLOCK);
            let picked = [11, 0, 3, 8, 5, 9];
            let sources: [Source; BLOCK] = std::array::from_fn(|lane| match picked.get(lane) {
                Some(c) => Source { from: packed[c / BLOCK * pixels * BLOCK..].as_ptr().wrapping_add(c % BLOCK), view: [2.0, 0.5] },
                None => Source::NONE,
            });
            // Safety: all span the pixels.
            unsafe {
                std::ptr::copy_nonoverlapping(start.as_ptr(), to.pointer(0), pixels * BLOCK);
                gather(&sources, to.pointer(0), pixels, adds);
            }
            let what = format!("{pixels} pixels, adds {adds}");
            to.check(&what);
            let mut wanted = Vec::new();
            for p in 0..pixels {
                for lane in 0..BLOCK {
                    let found = picked.get(lane).map_or(0.0, |c| 2.0 * x[c * pixels + p] as f64 + 0.5);
                    wanted.push(found + if adds { start[p * BLOCK + lane] as f64 } else { 0.0 });
                }
            }
            assert_close(to.read(0, pixels * BLOCK), &wanted, &what);
        }
    }
}

#[test]
fn a_channel_that_is_only_moved_keeps_its_bits() {
    let x = Numbers::new(3).vector(5 * BLOCK);
    let sources: [Source; BLOCK] = std::array::from_fn(|lane| Source { from: x[7 - lane..].as_ptr(), view: [1.0, 0.0] });
    let mut to = vec![0f32; 5 * BLOCK];
    // Safety: both span five pixels.
    unsafe { gather(&sources, to.as_mut_ptr(), 5, false) };
    for (pixel, wanted) in to.chunks(BLOCK).zip(x.chunks(BLOCK)) {
        assert_same_bits(pixel, &wanted.iter().rev().copied().collect::<Vec<f32>>(), "a pixel");
    }
}
