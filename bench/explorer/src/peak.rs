//! The most multiply-adds that registers allow: twelve chains, which hide the unit's latency, and no memory.

use crate::vector::{Lanes, F4, F8};

const CHAINS: usize = 12;
const ROUNDS: usize = 8;
const TURNS: usize = 125;

#[inline(never)]
fn chains<L: Lanes, const N: usize>(factor: f32, addend: f32) -> f32 {
    let (factor, addend) = (L::splat(factor), L::splat(addend));
    let mut sums = [L::zero(); N];
    for _ in 0..TURNS {
        // Several rounds a turn: what a loop costs each turn is no part of the peak.
        for _ in 0..ROUNDS {
            for sum in &mut sums {
                *sum = factor.mul_add(addend, *sum);
            }
        }
    }
    let mut total = L::zero();
    for sum in sums {
        total = total.add(sum);
    }
    let mut lanes = [0.0; 8];
    // Safety: eight elements hold any number of lanes.
    unsafe { total.store(lanes.as_mut_ptr()) };
    lanes[0]
}

pub fn run(wide: bool, repeats: u32) -> f64 {
    for _ in 0..repeats {
        // Unknown to the compiler each time: it would compute what does not change once.
        let factor = core::hint::black_box(0.5);
        core::hint::black_box(if wide { chains::<F8, CHAINS>(factor, 1.0) } else { chains::<F4, CHAINS>(factor, 1.0) });
    }
    let lanes = if wide { F8::COUNT } else { F4::COUNT };
    (2 * CHAINS * lanes * ROUNDS * TURNS) as f64
}
