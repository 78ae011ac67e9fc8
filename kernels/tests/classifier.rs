//! Linear classifier and cross-entropy against their twin.

mod common;

use core::ops::Range;

use common::{added, assert_close, Guarded, Numbers};
use rootstock_kernels::layers::classifier::{self, Gradients, Loss, Softening, Target};
use rootstock_kernels::reference::classifier as twin;

/// Features and classes.
const SHAPES: [(usize, usize); 6] = [(1, 1), (8, 2), (13, 3), (24, 10), (64, 37), (200, 100)];

fn each_case(mut test: impl FnMut(usize, usize, &mut Numbers, &str)) {
    for (features, classes) in SHAPES {
        test(features, classes, &mut Numbers::new(features), &format!("{features} features, {classes} classes"));
    }
}

#[test]
fn forward_equals_its_twin() {
    each_case(|features, classes, numbers, what| {
        let (x, w, b) = (numbers.vector(features), numbers.vector(classes * features), numbers.vector(classes));
        let mut logits = Guarded::new(classes);
        logits.allow(0, classes);
        // Safety: all have the sizes said.
        unsafe { classifier::forward(x.as_ptr(), features, w.as_ptr(), b.as_ptr(), classes, logits.pointer(0)) };
        logits.check(what);
        assert_close(logits.read(0, classes), &twin::forward(&x, &w, &b), what);
    });
}

#[test]
fn cross_entropy_equals_its_twin() {
    each_case(|_, classes, numbers, what| {
        // From nearly equal logits to such whose exponentials overflow.
        for factor in [0.01, 1.0, 30.0, 2000.0] {
            let logits: Vec<f32> = numbers.vector(classes).into_iter().map(|value| factor * value).collect();
            for label in [0, classes / 2, classes - 1] {
                // Safety: the label is a class.
                let (loss, correct) = unsafe { classifier::cross_entropy(logits.as_ptr(), &Target::one(0..classes, label)) };
                let expected = twin::cross_entropy(&logits, label);
                assert!((loss - expected).abs() <= 1e-10 * (1.0 + expected), "{what}, label {label}: {loss}, expected {expected}");
                assert_eq!(correct, twin::correct(&logits, label), "{what}, label {label}");
            }
        }
    });
}

#[test]
fn the_first_of_equal_logits_is_the_answer() {
    let logits = [0.5f32, 2.0, -1.0, 2.0, 2.0];
    for label in 0..5 {
        // Safety: the label is a class.
        let (_, correct) = unsafe { classifier::cross_entropy(logits.as_ptr(), &Target::one(0..5, label)) };
        assert_eq!(correct, label == 1);
        assert_eq!(twin::correct(&logits, label), label == 1);
    }
}

#[test]
fn backward_equals_its_twin() {
    each_case(|features, classes, numbers, what| {
        for (scale, label) in [(1.0, 0), (1.0 / 64.0, classes - 1), (0.4, classes / 2)] {
            let (x, w) = (numbers.vector(features), numbers.vector(classes * features));
            let logits: Vec<f32> = numbers.vector(classes).into_iter().map(|value| 3.0 * value).collect();
            let (old_w, old_b) = (numbers.vector(classes * features), numbers.vector(classes));
            let expected = twin::backward(&x, &w, &logits, &vec![0; classes], label, scale);
            for wanted in [true, false] {
                let (mut dw, mut db) = (Guarded::holding(&old_w), Guarded::holding(&old_b));
                let (mut dlogits, mut dx) = (Guarded::new(classes), Guarded::new(features));
                dlogits.allow(0, classes);
                dx.allow(0, features);
                let parameters = wanted.then(|| (dw.pointer(0), db.pointer(0)));
                let to = Gradients { parameters, logits: dlogits.pointer(0), x: dx.pointer(0) };
                let loss = Loss { target: Target::one(0..classes, label), scale };
                // Safety: all have the sizes said.
                unsafe { classifier::backward(x.as_ptr(), features, w.as_ptr(), logits.as_ptr(), &loss, to) };
                for memory in [&dw, &db, &dlogits, &dx] {
                    memory.check(what);
                }
                assert_close(dlogits.read(0, classes), &expected.logits, what);
                assert_close(dx.read(0, features), &expected.x, what);
                if wanted {
                    assert_close(dw.read(0, classes * features), &added(&old_w, &expected.w), what);
                    assert_close(db.read(0, classes), &added(&old_b, &expected.logits), what);
                } else {
                    assert!(dw.read(0, old_w.len()) == old_w && db.read(0, classes) == old_b, "{what}: unwanted gradients");
                }
            }
        }
    });
}

/// Sizes of the groups of a classifier.
const GROUPS: [&[usize]; 5] = [&[3], &[1, 1], &[2, 10], &[7, 1, 29], &[10, 20, 8, 62]];

fn each_group(mut test: impl FnMut(&[Range<usize>], &[usize], &mut Numbers, &str)) {
    for sizes in GROUPS {
        let mut end = 0;
        let ranges: Vec<Range<usize>> = sizes
            .iter()
            .map(|size| {
                end += size;
                end - size..end
            })
            .collect();
        let groups: Vec<usize> = sizes.iter().enumerate().flat_map(|(group, &size)| vec![group; size]).collect();
        test(&ranges, &groups, &mut Numbers::new(end), &format!("groups of {sizes:?}"));
    }
}

#[test]
fn a_label_belongs_to_the_group_that_holds_it() {
    each_group(|ranges, groups, _, what| {
        for (label, &group) in groups.iter().enumerate() {
            assert_eq!(classifier::group_of(ranges, label), ranges[group], "{what}, label {label}");
        }
    });
}

#[test]
fn cross_entropy_of_a_group_equals_its_twin() {
    each_group(|ranges, groups, numbers, what| {
        for factor in [0.01, 1.0, 2000.0] {
            let logits: Vec<f32> = numbers.vector(groups.len()).into_iter().map(|value| factor * value).collect();
            for label in 0..groups.len() {
                // Safety: the label is a class.
                let target = Target::one(classifier::group_of(ranges, label), label);
                let (loss, correct) = unsafe { classifier::cross_entropy(logits.as_ptr(), &target) };
                let (own, own_label) = twin::own_group(&logits, groups, label);
                let expected = twin::cross_entropy(&own, own_label);
                assert!((loss - expected).abs() <= 1e-10 * (1.0 + expected), "{what}, label {label}: {loss}, expected {expected}");
                assert_eq!(correct, twin::correct(&own, own_label), "{what}, label {label}");
            }
        }
    });
}

#[test]
fn backward_of_a_group_equals_its_twin_and_leaves_other_groups_alone() {
    each_group(|ranges, groups, numbers, what| {
        let (features, classes) = (16, groups.len());
        for label in [0, classes / 2, classes - 1] {
            let (x, w) = (numbers.vector(features), numbers.vector(classes * features));
            let logits = numbers.vector(classes);
            let (old_w, old_b) = (numbers.vector(classes * features), numbers.vector(classes));
            let expected = twin::backward(&x, &w, &logits, groups, label, 0.25);
            let group = classifier::group_of(ranges, label);
            let (mut dw, mut db) = (Guarded::holding(&old_w), Guarded::holding(&old_b));
            let (mut dlogits, mut dx) = (Guarded::new(group.len()), Guarded::new(features));
            dlogits.allow(0, group.len());
            dx.allow(0, features);
            let parameters = Some((dw.pointer(0), db.pointer(0)));
            let to = Gradients { parameters, logits: dlogits.pointer(0), x: dx.pointer(0) };
            let loss = Loss { target: Target::one(group.clone(), label), scale: 0.25 };
            // Safety: all have the sizes said.
            unsafe { classifier::backward(x.as_ptr(), features, w.as_ptr(), logits.as_ptr(), &loss, to) };
            for memory in [&dw, &db, &dlogits, &dx] {
                memory.check(what);
            }
            assert_close(dlogits.read(0, group.len()), &expected.logits[group.clone()], what);
            assert_close(dx.read(0, features), &expected.x, what);
            assert_close(dw.read(0, classes * features), &added(&old_w, &expected.w), what);
            assert_close(db.read(0, classes), &added(&old_b, &expected.logits), what);
            for k in (0..classes).filter(|k| !group.contains(k)) {
                assert_eq!(db.read(0, classes)[k], old_b[k], "{what}: class {k} is of another group");
            }
        }
    });
}

/// Partner's share, smoothing, and whether classes have weights: each alone, and all together.
const SOFT: [(Option<f64>, f64, bool); 6] =
    [(None, 0.1, false), (Some(0.75), 0.0, false), (None, 0.0, true), (None, 0.25, true), (Some(0.5), 0.0, true), (Some(0.875), 0.1, true)];

#[test]
fn soft_targets_equal_their_twin_in_groups_too() {
    each_group(|ranges, groups, numbers, what| {
        let (features, classes) = (8, groups.len());
        for (keep, smoothing, is_weighted) in SOFT {
            for label in [0, classes / 2, classes - 1] {
                let what = format!("{what}, label {label}, {keep:?} {smoothing} {is_weighted}");
                let group = classifier::group_of(ranges, label);
                let other = group.end - 1;
                let weights: Vec<f32> = if is_weighted { (0..classes).map(|k| 0.25 + (k % 5) as f32).collect() } else { Vec::new() };
                let softening = Softening { mixed: keep.map(|keep| (other, keep)), smoothing, weights: &weights };
                let target = Target::new(group.clone(), label, softening);
                let of_group = if is_weighted { weights[group.clone()].to_vec() } else { vec![1.0; group.len()] };
                let labels = (label - group.start, other - group.start);
                let weighted = twin::weighted_shares(labels, keep.unwrap_or(1.0), smoothing, &of_group);
                let weight: f64 = weighted.iter().sum();
                assert!((target.weight() - weight).abs() <= 1e-12 * weight, "{what}: weight {}, expected {weight}", target.weight());
                let mut shares = vec![0.0; classes];
                shares[group.clone()].iter_mut().zip(&weighted).for_each(|(share, w)| *share = w / weight);

                let (x, w) = (numbers.vector(features), numbers.vector(classes * features));
                let logits: Vec<f32> = numbers.vector(classes).into_iter().map(|value| 3.0 * value).collect();
                // Safety: the target's classes are among the logits.
                let (loss, _) = unsafe { classifier::cross_entropy(logits.as_ptr(), &target) };
                let expected = twin::soft_cross_entropy(&logits[group.clone()], &shares[group.clone()]);
                assert!((loss - expected).abs() <= 1e-12 * (1.0 + expected), "{what}: {loss}, expected {expected}");

                let expected = twin::soft_backward(&x, &w, &logits, groups, label, &shares, 0.5);
                let (mut dlogits, mut dx) = (Guarded::new(group.len()), Guarded::new(features));
                dlogits.allow(0, group.len());
                dx.allow(0, features);
                let to = Gradients { parameters: None, logits: dlogits.pointer(0), x: dx.pointer(0) };
                // Safety: all have the sizes said.
                unsafe { classifier::backward(x.as_ptr(), features, w.as_ptr(), logits.as_ptr(), &Loss { target, scale: 0.5 }, to) };
                assert_close(dlogits.read(0, group.len()), &expected.logits[group.clone()], &what);
                assert_close(dx.read(0, features), &expected.x, &what);
            }
        }
    });
}

#[test]
fn a_class_of_no_share_adds_nothing_even_if_its_logit_is_infinite() {
    let logits = [f32::NEG_INFINITY, 1.0, 2.0];
    // Safety: the target's classes are among the logits.
    let (loss, _) = unsafe { classifier::cross_entropy(logits.as_ptr(), &Target::one(0..3, 2)) };
    assert!((loss - (1.0 + (-1.0f64).exp()).ln()).abs() < 1e-12);
}

#[test]
fn the_twins_soft_gradient_is_that_of_finite_differences() {
    let (logits, shares, step) = ([0.5f32, -1.25, 2.0], [0.5, 0.375, 0.125], 2f32.powi(-10));
    let gradient = twin::soft_backward(&[1.0], &[0.0; 3], &logits, &[0; 3], 0, &shares, 1.0).logits;
    for k in 0..3 {
        let at = |by: f32| {
            let mut moved = logits;
            moved[k] += by;
            twin::soft_cross_entropy(&moved, &shares)
        };
        let slope = (at(step) - at(-step)) / (2.0 * step as f64);
        assert!((slope - gradient[k]).abs() < 1e-6, "class {k}: {slope}, expected {}", gradient[k]);
    }
}
