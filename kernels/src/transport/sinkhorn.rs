//! Entropic optimal transport between uniform weights, solved by Sinkhorn's iteration in the log domain.
//!
//! OT_ε = min over plans P with marginals a, b of ⟨P, C⟩ + ε KL(P | a⊗b) = max over potentials of ⟨a, f⟩ + ⟨b, g⟩ (Feydy et al.,
//! AISTATS 2019). f is best for a given g at fᵢ = -ε ln Σⱼ bⱼ exp((gⱼ - Cᵢⱼ)/ε), and the other way round. ε falls from the largest
//! cost by halves, each start being the end before it; the value is that of the last, whose error is quadratic in the
//! violation of the marginals.

use super::cost::Cost;
use super::exponential::exp;
use super::share::share;
use crate::memory::Buffer;
use crate::team::Team;
use crate::vector::{Lanes, F8};

const BLOCK: usize = F8::COUNT;
/// Rows of a piece of work.
const ROWS: usize = 16;
/// Columns summed in single precision before the sum goes on in double precision.
const RUN: usize = 256;
/// Updates at an ε before the last one, whatever is left of the violation.
const COARSE_UPDATES: usize = 10;
/// Violation at which such an ε is left.
const COARSE_VIOLATION: f64 = 0.02;

/// How far to go.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// In units of the cost.
    pub epsilon: f64,
    /// Sum of |marginal - weight| over the points of a side at which the iteration ends.
    pub tolerance: f64,
    /// Most updates of both potentials at the last ε.
    pub iterations: usize,
}

/// What an iteration came to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Solution {
    /// ⟨a, f⟩ + ⟨b, g⟩.
    pub value: f64,
    /// Updates of both potentials, those at larger ε included.
    pub iterations: usize,
    /// Violation of the marginals that is left.
    pub violation: f64,
}

/// OT_ε between two sets of points.
///
/// # Errors
/// When memory is exhausted.
pub fn transport(team: &Team, cost: &Cost, settings: Settings) -> Result<Solution, String> {
    let back = cost.transposed(team)?;
    let (mut softmin, mut softmin_back) = (Softmin::new(team, cost)?, Softmin::new(team, &back)?);
    let mut g = vec![0.0; cost.columns];
    let mut f = vec![0.0; cost.rows];
    anneal(cost, settings, &mut |epsilon| {
        let better = softmin.of(&g, epsilon);
        let violation = violation(&f, better, epsilon);
        f.copy_from_slice(better);
        let value = mean(&f) + mean(&g);
        g.copy_from_slice(softmin_back.of(&f, epsilon));
        (value, violation)
    })
}

/// OT_ε between a set of points and itself; the costs must be symmetric. One potential serves both sides, and the mean of old
/// and new converges in a few updates.
///
/// # Errors
/// When memory is exhausted.
pub fn self_transport(team: &Team, cost: &Cost, settings: Settings) -> Result<Solution, String> {
    let mut softmin = Softmin::new(team, cost)?;
    let mut f = vec![0.0; cost.rows];
    anneal(cost, settings, &mut |epsilon| {
        let better = softmin.of(&f, epsilon);
        let violation = violation(&f, better, epsilon);
        let value = mean(&f) + mean(better);
        f.iter_mut().zip(better).for_each(|(f, better)| *f = (*f + better) / 2.0);
        (value, violation)
    })
}

/// Runs updates from the largest ε to that of the settings. `update(ε)` gives the dual value at potentials of which one is
/// best for the other, and the violation of the other's marginal before.
fn anneal(cost: &Cost, settings: Settings, update: &mut dyn FnMut(f64) -> (f64, f64)) -> Result<Solution, String> {
    let Settings { epsilon: last, tolerance, iterations } = settings;
    let mut epsilon = cost.mean_and_most().1.max(last);
    let mut solution = Solution { value: 0.0, iterations: 0, violation: f64::INFINITY };
    loop {
        let (most, enough) = if epsilon > last { (COARSE_UPDATES, COARSE_VIOLATION) } else { (iterations, tolerance) };
        for _ in 0..most {
            let (value, violation) = update(epsilon);
            solution = Solution { value, iterations: solution.iterations + 1, violation };
            if violation <= enough {
                break;
            }
        }
        if epsilon <= last {
            return Ok(solution);
        }
        epsilon = (epsilon / 2.0).max(last);
    }
}

/// Σ aᵢ |exp((fᵢ - f'ᵢ)/ε) - 1|: how far the marginal at f is from the weights, f' being the best potential.
#[inline(never)]
fn violation(f: &[f64], better: &[f64], epsilon: f64) -> f64 {
    f.iter().zip(better).map(|(f, better)| (((f - better) / epsilon).exp() - 1.0).abs()).sum::<f64>() / f.len() as f64
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// Best potentials of the rows of a cost matrix.
struct Softmin<'a> {
    team: &'a Team,
    cost: &'a Cost,
    /// gⱼ/ε, far below everything where there is no column.
    scaled: Buffer,
    result: Buffer<f64>,
}

impl<'a> Softmin<'a> {
    fn new(team: &'a Team, cost: &'a Cost) -> Result<Self, String> {
        Ok(Softmin { team, cost, scaled: Buffer::zeroed(cost.pitch)?, result: Buffer::zeroed(cost.rows)? })
    }

    /// fᵢ = -ε ln Σⱼ bⱼ exp((gⱼ - Cᵢⱼ)/ε) for every row. Rows are shared among the threads, each summed in order.
    #[inline(never)]
    fn of(&mut self, g: &[f64], epsilon: f64) -> &[f64] {
        self.scaled.as_mut_slice().fill(-1e30);
        self.scaled.as_mut_slice().iter_mut().zip(g).for_each(|(to, g)| *to = (g / epsilon) as f32);
        let (cost, scaled, result) = (self.cost, &self.scaled, &self.result);
        let log_weight = -(cost.columns as f64).ln();
        share(self.team, cost.rows.div_ceil(ROWS), &|_, piece| {
            for row in piece * ROWS..cost.rows.min((piece + 1) * ROWS) {
                // Safety: rows and potentials have `pitch` elements; a result belongs to a row.
                unsafe {
                    let line = cost.values.pointer().add(row * cost.pitch);
                    let sum = log_sum_exp(line, scaled.pointer(), cost.pitch, (-1.0 / epsilon) as f32);
                    *result.pointer().add(row) = -epsilon * (sum + log_weight);
                }
            }
        });
        self.result.as_slice()
    }
}

/// ln Σⱼ exp(hⱼ + scale·cⱼ), in two passes: the largest exponent, then the sum relative to it.
#[inline(never)]
unsafe fn log_sum_exp(c: *const f32, h: *const f32, length: usize, scale: f32) -> f64 {
    let scale = F8::splat(scale);
    let mut most = F8::splat(f32::MIN);
    let mut at = 0;
    while at < length {
        most = most.max(F8::load(c.add(at)).mul_add(scale, F8::load(h.add(at))));
        at += BLOCK;
    }
    let most = lanes(most).into_iter().fold(f32::MIN, f32::max);
    let shift = F8::splat(most);
    let mut total = 0.0;
    let mut start = 0;
    while start < length {
        let mut sum = F8::zero();
        let end = length.min(start + RUN);
        while start < end {
            sum = sum.add(exp(F8::load(c.add(start)).mul_add(scale, F8::load(h.add(start))).sub(shift)));
            start += BLOCK;
        }
        total += lanes(sum).into_iter().map(|lane| lane as f64).sum::<f64>();
    }
    most as f64 + total.ln()
}

fn lanes(vector: F8) -> [f32; BLOCK] {
    let mut values = [0.0; BLOCK];
    // Safety: the array has as many elements as there are lanes.
    unsafe { vector.store(values.as_mut_ptr()) };
    values
}
