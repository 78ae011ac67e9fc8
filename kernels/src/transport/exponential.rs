//! The exponential function over lanes: the inner loop of Sinkhorn's iteration.

use crate::vector::Lanes;

/// Below it the result is zero: near where single precision ends.
const LOWEST: f32 = -87.0;
/// ln 2 in two parts, the first of few enough bits that its multiples are exact (Cody & Waite 1980).
const LN_2: (f32, f32) = (0.693_359_4, -2.121_944_4e-4);
/// Adding and subtracting it rounds a number below 2^22 to a whole one.
const ROUNDER: f32 = 12_582_912.0;
/// Minimax polynomial of (eʳ - 1 - r)/r² on |r| ≤ ln 2 / 2, highest power first (Cephes `expf`, Moshier).
const POLYNOMIAL: [f32; 6] = [1.987_569_1e-4, 1.398_2e-3, 8.333_452e-3, 4.166_579_6e-2, 1.666_666_5e-1, 0.5];

/// eˣ in every lane for x ≤ 0 (and a little above), to two units in the last place; 0 below -87.
#[inline(always)]
pub fn exp<V: Lanes>(x: V) -> V {
    let bounded = x.max(V::splat(LOWEST));
    let n = bounded.mul_add(V::splat(core::f32::consts::LOG2_E), V::splat(ROUNDER)).sub(V::splat(ROUNDER));
    let r = n.mul_add(V::splat(-LN_2.0), bounded);
    let r = n.mul_add(V::splat(-LN_2.1), r);
    let mut sum = V::splat(POLYNOMIAL[0]);
    for coefficient in &POLYNOMIAL[1..] {
        sum = sum.mul_add(r, V::splat(*coefficient));
    }
    let power = sum.mul_add(r.mul(r), r).add(V::splat(1.0));
    power.mul(n.exp2_whole()).where_positive(x.sub(V::splat(LOWEST)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vector::{F4, F8};

    fn lanes<V: Lanes>(x: &[f32]) -> Vec<f32> {
        let mut y = vec![0.0; V::COUNT];
        // Safety: both hold as many elements as there are lanes.
        unsafe { exp(V::load(x.as_ptr())).store(y.as_mut_ptr()) };
        y
    }

    #[test]
    fn follows_the_library() {
        for i in 0..40_000 {
            let x: Vec<f32> = (0..8).map(|lane| 0.5 - (i * 8 + lane) as f32 * 2.734e-4).collect();
            for (y, x) in lanes::<F8>(&x).iter().zip(&x).chain(lanes::<F4>(&x).iter().zip(&x)) {
                let wanted = if *x <= LOWEST { 0.0 } else { (*x as f64).exp() };
                assert!((*y as f64 - wanted).abs() <= 2.5e-7 * wanted, "exp({x}) is {y}, expected {wanted}");
            }
        }
    }

    #[test]
    fn is_exact_at_zero_and_zero_far_below() {
        assert_eq!(lanes::<F4>(&[0.0, -1e30, f32::NEG_INFINITY, -200.0]), [1.0, 0.0, 0.0, 0.0]);
    }
}
