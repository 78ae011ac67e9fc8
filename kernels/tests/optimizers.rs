//! Optimisers against their twins: SGD over arenas of storages, Adam over vectors.

mod common;

use common::{assert_close, assert_near, assert_same_bits, Numbers};
use rootstock_kernels::memory::Buffer;
use rootstock_kernels::optimizers::adam::{self, Adam};
use rootstock_kernels::optimizers::sgd::{self, Sgd};
use rootstock_kernels::parameters::{slot, Arrangement, Pack, Parameters, Storage};
use rootstock_kernels::program::Program;
use rootstock_kernels::reference::{adam as adam_twin, sgd as sgd_twin};

/// Length of every storage of the arena, and whether it is frozen.
const STORAGES: [(usize, bool); 7] = [(16, false), (48, true), (32, false), (16, false), (112, false), (16, true), (64, false)];

fn buffer(content: &[f32]) -> Buffer {
    let mut buffer = Buffer::zeroed(content.len()).unwrap();
    buffer.as_mut_slice().copy_from_slice(content);
    buffer
}

/// An arena of [`STORAGES`] with numbers in every slot.
fn parameters(seed: usize) -> Parameters {
    let mut storages = Vec::new();
    let mut total = 0;
    for (length, _) in STORAGES {
        storages.push(Storage { offset: total, length, pack: Pack::Vector });
        total += length;
    }
    let arrangement = Arrangement { storages, storage_of: vec![], map: vec![], total, norm_offset: vec![], norm_total: 0 };
    let mut numbers = Numbers::new(seed);
    let program = Program { tensors: vec![], parameters: vec![], norms: vec![], instructions: vec![], mixing: 0 };
    let mut parameters = Parameters::new(&program, arrangement).unwrap();
    parameters.slots = (0..3).map(|_| Some(buffer(&numbers.vector(total)))).collect();
    parameters.frozen = STORAGES.map(|(_, frozen)| frozen).to_vec();
    parameters
}

/// A slot's elements that take part in a step, and those that do not.
fn parts(parameters: &Parameters, index: usize) -> [Vec<f32>; 2] {
    let mut parts = [Vec::new(), Vec::new()];
    let mut at = 0;
    for (length, frozen) in STORAGES {
        parts[frozen as usize].extend_from_slice(&parameters.slot(index).unwrap().as_slice()[at..at + length]);
        at += length;
    }
    parts
}

#[test]
fn sgd_equals_its_twin() {
    let mut seed = 0;
    for clip in [0.0, 0.5, 5.0, 1e3] {
        for (momentum, weight_decay) in [(0.0, 0.0), (0.9, 3e-4), (0.9, 0.1)] {
            let settings = Sgd { learning_rate: 0.025, momentum, weight_decay, clip };
            let what = format!("{settings:?}");
            seed += 1;
            let mut parameters = parameters(seed);
            for step in 0..4 {
                let before = [slot::VALUES, slot::GRADIENTS, slot::MOMENTUM].map(|index| parts(&parameters, index));
                let [values, gradient, velocity] = [0, 1, 2].map(|i| &before[i][0]);
                let norm = sgd::step(&mut parameters, settings).unwrap();
                assert_near(&[norm], &[sgd_twin::norm(gradient)], &what);
                let (new_values, new_velocity) = sgd_twin::step(settings, values, gradient, velocity);
                assert_close(&parts(&parameters, slot::VALUES)[0], &new_values, &what);
                assert_close(&parts(&parameters, slot::MOMENTUM)[0], &new_velocity, &what);
                for (index, before) in before.iter().enumerate() {
                    assert_same_bits(&parts(&parameters, index)[1], &before[1], &format!("{what}, frozen"));
                }
                assert_same_bits(&parts(&parameters, slot::GRADIENTS)[0], gradient, &what);
                let next = Numbers::new(100 * seed + step).vector(parameters.arrangement.total);
                parameters.slot_mut(slot::GRADIENTS).unwrap().as_mut_slice().copy_from_slice(&next);
            }
        }
    }
}

#[test]
fn sgd_refuses_missing_slots_and_changes_nothing() {
    let settings = Sgd { learning_rate: 0.1, momentum: 0.9, weight_decay: 0.0, clip: 1.0 };
    for missing in [slot::VALUES, slot::GRADIENTS, slot::MOMENTUM] {
        let (mut parameters, untouched) = (parameters(1), parameters(1));
        parameters.slots[missing] = None;
        assert!(sgd::step(&mut parameters, settings).unwrap_err().contains("not allocated"));
        for index in (0..3).filter(|&index| index != missing) {
            let [found, expected] = [&parameters, &untouched].map(|p| p.slot(index).unwrap().as_slice());
            assert_same_bits(found, expected, &format!("slot {index} without slot {missing}"));
        }
    }
}

#[test]
fn square_norms_equal_their_twin() {
    for length in [0, 1, 5, 8, 16, 19, 1000] {
        let values = Numbers::new(length).vector(length);
        assert_near(&[sgd::square_norm(&values)], &[sgd_twin::norm(&values).powi(2)], &format!("{length} values"));
    }
    // Squares that f32 could not hold.
    assert_near(&[sgd::square_norm(&[3e30, 4e30])], &[25e60], "large values");
    assert_near(&[sgd::square_norm(&[3e-30, 4e-30])], &[25e-60], "small values");
}

#[test]
fn adam_equals_its_twin() {
    for (learning_rate, weight_decay) in [(3e-4, 1e-3), (0.1, 0.0), (0.01, 0.5)] {
        for (beta1, beta2) in [(0.5, 0.999), (0.9, 0.99), (0.0, 0.0)] {
            for length in [0, 1, 8, 112] {
                let settings = Adam { learning_rate, beta1, beta2, epsilon: 1e-8, weight_decay };
                let what = format!("{settings:?}, {length} values");
                let mut numbers = Numbers::new(length);
                let mut values = numbers.vector(length);
                let (mut first, mut second) = (vec![0.0; length], vec![0.0; length]);
                let wide = values.iter().map(|&value| value as f64).collect();
                let mut state = adam_twin::State { values: wide, first: vec![0.0; length], second: vec![0.0; length] };
                for step in 1..=20 {
                    let gradient = numbers.vector(length);
                    adam::step(settings, step, &mut values, &gradient, &mut first, &mut second);
                    adam_twin::step(settings, step, &mut state, &gradient);
                    assert_close(&values, &state.values, &what);
                    assert_close(&first, &state.first, &what);
                    assert_close(&second, &state.second, &what);
                }
            }
        }
    }
}
