//! Streaming passes against their twin: views, weighted sums, sums for statistics, gradients through views.

mod common;

use common::{added, assert_close, assert_near, assert_same_bits, Guarded, Numbers, BLOCK};
use rootstock_kernels::layers::elementwise::{self, Start, Term, View};
use rootstock_kernels::reference::{elementwise as twin, layout};
use rootstock_kernels::vector::{Lanes, F8};

/// Pixels on both sides of the lengths at which a pass changes its ways (strips of 128, runs of 256).
const PIXELS: [usize; 14] = [0, 1, 7, 8, 13, 28, 127, 128, 129, 255, 256, 257, 513, 784];

/// The eight lanes at `from`.
fn lanes(from: &[f32]) -> F8 {
    assert!(from.len() >= BLOCK);
    // Safety: just checked.
    unsafe { F8::load(from.as_ptr()) }
}

/// Views of every kind: without and with coefficients, without and with ReLU.
fn each_view(scale: &[f32], shift: &[f32], mut test: impl FnMut(View, Option<(&[f32], &[f32])>, &str)) {
    for relu in [false, true] {
        test(View { scale: std::ptr::null(), shift: std::ptr::null(), relu }, None, &format!("relu {relu}"));
        let view = View { scale: scale.as_ptr(), shift: shift.as_ptr(), relu };
        test(view, Some((scale, shift)), &format!("normalised, relu {relu}"));
    }
}

#[test]
fn views_equal_their_twin() {
    let channels = 24;
    for pixels in PIXELS {
        let mut numbers = Numbers::new(pixels);
        let x = numbers.vector(channels * pixels);
        let (scale, shift) = (numbers.vector(channels), numbers.vector(channels));
        let packed = layout::to_blocks(&x, channels, pixels);
        each_view(&scale, &shift, |view, coefficients, what| {
            let what = format!("{what}, {pixels} pixels");
            let mut found = Vec::new();
            for b in 0..channels / BLOCK {
                let mut to = Guarded::new(pixels * BLOCK);
                to.allow(0, pixels * BLOCK);
                // Safety: both span the block.
                unsafe { view.copy(b, packed[b * pixels * BLOCK..].as_ptr(), to.pointer(0), pixels) };
                to.check(&what);
                found.extend_from_slice(to.read(0, pixels * BLOCK));
            }
            let found = layout::from_blocks(&found, channels, pixels);
            let expected = twin::view(&x, pixels, coefficients, view.relu);
            assert_close(&found, &expected, &what);
            if coefficients.is_none() {
                assert_same_bits(&found, &expected.iter().map(|&value| value as f32).collect::<Vec<f32>>(), &what);
            }
        });
    }
}

#[test]
fn views_without_coefficients_scale_by_one() {
    let numbers = Numbers::new(1).vector(16);
    each_view(&numbers, &numbers, |view, coefficients, what| {
        let mut found = [[0f32; BLOCK]; 2];
        // Safety: the coefficients span two blocks.
        unsafe {
            let (scale, shift) = view.coefficients(1);
            scale.store(found[0].as_mut_ptr());
            shift.store(found[1].as_mut_ptr());
        }
        let (scale, shift) = coefficients.map_or((&[1.0; BLOCK][..], &[0.0; BLOCK][..]), |(scale, shift)| (&scale[8..], &shift[8..]));
        assert_same_bits(&found[0], scale, what);
        assert_same_bits(&found[1], shift, what);
    });
}

#[test]
fn view_rows_equal_their_twin_and_keep_what_is_between() {
    let channels = 16;
    for (height, width, gap) in [(1, 1, 0), (3, 7, 0), (5, 8, 2), (4, 13, 8), (0, 5, 1), (7, 28, 3)] {
        let mut numbers = Numbers::new(height * width);
        let x = numbers.vector(channels * height * width);
        let (scale, shift) = (numbers.vector(channels), numbers.vector(channels));
        let packed = layout::to_blocks(&x, channels, height * width);
        each_view(&scale, &shift, |view, coefficients, what| {
            let (what, pitch) = (format!("{what}, {height}×{width}, {gap} between"), (width + gap) * BLOCK);
            let mut found = Vec::new();
            for b in 0..channels / BLOCK {
                let mut to = Guarded::new(height * pitch);
                for row in 0..height {
                    to.allow(row * pitch, width * BLOCK);
                }
                let from = packed[b * height * width * BLOCK..].as_ptr();
                // Safety: from spans the block, to its rows.
                unsafe { view.rows(b, from, to.pointer(0), height, width, pitch) };
                to.check(&what);
                for row in 0..height {
                    found.extend_from_slice(to.read(row * pitch, width * BLOCK));
                }
            }
            let found = layout::from_blocks(&found, channels, height * width);
            assert_close(&found, &twin::view(&x, height * width, coefficients, view.relu), &what);
        });
    }
}

#[test]
fn fill_writes_what_it_should_and_no_more() {
    for count in [0, 8, 16, 104] {
        let mut to = Guarded::new(count);
        to.allow(0, count);
        // Safety: to spans the elements.
        unsafe { elementwise::fill(to.pointer(0), count, -1.5) };
        to.check("fill");
        assert!(to.read(0, count).iter().all(|&value| value == -1.5));
    }
}

/// One block's weighted sum by the kernel; `old` is what `to` holds before.
fn weighted_sum(old: &[f32], terms: &[Term], start: Start, what: &str) -> Vec<f32> {
    let mut to = Guarded::holding(old);
    // Safety: to and all terms span as many pixels.
    unsafe { elementwise::weighted_sum(to.pointer(0), terms, start, old.len() / BLOCK) };
    to.check(what);
    to.read(0, old.len()).to_vec()
}

#[test]
fn weighted_sums_equal_their_twin() {
    for pixels in PIXELS {
        for count in 0..=9 {
            let mut numbers = Numbers::new(pixels + count);
            let xs: Vec<Vec<f32>> = (0..count).map(|_| numbers.vector(BLOCK * pixels)).collect();
            let coefficients: Vec<Vec<f32>> = (0..count).map(|_| numbers.vector(BLOCK)).collect();
            let (old, constant) = (numbers.vector(BLOCK * pixels), numbers.vector(BLOCK));
            let packed: Vec<Vec<f32>> = xs.iter().map(|x| layout::to_blocks(x, BLOCK, pixels)).collect();
            let mut terms = Vec::new();
            for (x, coefficient) in packed.iter().zip(&coefficients) {
                terms.push(Term { from: x.as_ptr(), coefficient: lanes(coefficient) });
            }
            let logical: Vec<(&[f32], &[f32])> = xs.iter().zip(&coefficients).map(|(x, c)| (&x[..], &c[..])).collect();
            let constants: Vec<f32> = constant.iter().flat_map(|&value| vec![value; pixels]).collect();
            for (start, logical_start) in [(Start::Output, &old), (Start::Value(lanes(&constant)), &constants)] {
                let what = format!("{count} terms, {pixels} pixels, from the output {}", matches!(start, Start::Output));
                let found = weighted_sum(&layout::to_blocks(&old, BLOCK, pixels), &terms, start, &what);
                let expected = twin::weighted_sum(logical_start, &logical, pixels);
                assert_close(&layout::from_blocks(&found, BLOCK, pixels), &expected, &what);
                // Term after term: the grouping changes no bits.
                let mut single = layout::to_blocks(logical_start, BLOCK, pixels);
                for &term in &terms {
                    single = weighted_sum(&single, &[term], Start::Output, &what);
                }
                assert_same_bits(&found, &single, &what);
            }
        }
    }
}

#[test]
fn moments_and_sums_equal_their_twin() {
    for pixels in PIXELS {
        let what = format!("{pixels} pixels");
        let mut numbers = Numbers::new(pixels);
        let (x, old) = (numbers.vector(BLOCK * pixels), numbers.vector(2 * BLOCK));
        let packed = layout::to_blocks(&x, BLOCK, pixels);
        let [mut sums, mut squares, mut only] = [&old[..BLOCK], &old[BLOCK..], &old[..BLOCK]].map(|old| added(old, &[0.0; BLOCK]));
        // Safety: packed spans the pixels.
        unsafe {
            elementwise::moments(packed.as_ptr(), pixels, &mut sums, &mut squares);
            elementwise::sums(packed.as_ptr(), pixels, &mut only);
        }
        let expected = added(&old[..BLOCK], &twin::sums(&x, BLOCK, pixels));
        assert_near(&sums, &expected, &what);
        assert_near(&only, &expected, &what);
        assert_near(&squares, &added(&old[BLOCK..], &twin::dots(&x, &x, BLOCK, pixels)), &what);
    }
}

#[test]
fn dots_and_sums_in_one_pass_equal_their_twins() {
    for pixels in PIXELS {
        for count in 0..=9 {
            let what = format!("{count} terms, {pixels} pixels");
            let mut numbers = Numbers::new(pixels + count);
            let dy = numbers.vector(BLOCK * pixels);
            let zs: Vec<Vec<f32>> = (0..count).map(|_| numbers.vector(BLOCK * pixels)).collect();
            let packed: Vec<Vec<f32>> = zs.iter().map(|z| layout::to_blocks(z, BLOCK, pixels)).collect();
            let pointers: Vec<*const f32> = packed.iter().map(|z| z.as_ptr()).collect();
            let upstream = layout::to_blocks(&dy, BLOCK, pixels);
            let (mut sum, mut found) = ([2.5; BLOCK], vec![[1.5; BLOCK]; count]);
            // Safety: all span the pixels.
            unsafe { elementwise::dots(upstream.as_ptr(), &pointers, pixels, &mut sum, &mut found) };
            assert_near(&sum, &added(&[2.5; BLOCK], &twin::sums(&dy, BLOCK, pixels)), &what);
            for (found, z) in found.iter().zip(&zs) {
                assert_near(found, &added(&[1.5; BLOCK], &twin::dots(&dy, z, BLOCK, pixels)), &what);
            }
        }
    }
}

/// Coarse numbers: a view that is exactly zero passes nothing back.
#[test]
fn gradients_through_views_equal_their_twin() {
    for pixels in PIXELS {
        for (relu, overwrite) in [(false, false), (false, true), (true, false), (true, true)] {
            let what = format!("{pixels} pixels, relu {relu}, overwrite {overwrite}");
            let mut numbers = Numbers::new(pixels);
            let [old, dx, seen] = [(); 3].map(|_| numbers.coarse(BLOCK * pixels));
            let mut g = Guarded::holding(&old);
            // Safety: all span the pixels.
            unsafe { elementwise::add_gradient(g.pointer(0), dx.as_ptr(), seen.as_ptr(), pixels, relu, overwrite) };
            g.check(&what);
            let start = if overwrite { vec![0.0; old.len()] } else { old };
            let expected: Vec<f32> = twin::add_gradient(&start, &dx, &seen, relu).iter().map(|&value| value as f32).collect();
            // Multiples of a half: sums are exact.
            assert!(g.read(0, expected.len()).iter().eq(&expected), "{what}");
        }
    }
}
