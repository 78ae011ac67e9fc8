//! Eigenvalues of a symmetric matrix in f64: Householder reduction to a tridiagonal one, then QL with implicit shifts
//! (Golub & Van Loan, Matrix Computations, 8.3).

/// QL sweeps for one eigenvalue before giving up; two or three are usual.
const MOST_SWEEPS: usize = 60;
/// Sweeps after which a coupling is measured by the whole matrix, not by its neighbours: among eigenvalues that are zero but for
/// rounding, as of a matrix of low rank, each sweep rounds anew, and no coupling ever becomes small beside them.
const RELATIVE_SWEEPS: usize = 20;

/// Eigenvalues of a symmetric matrix `[size][size]`, in no particular order. The matrix is overwritten.
///
/// # Errors
/// When the iteration does not converge, as with numbers that are not finite.
pub fn symmetric_eigenvalues(a: &mut [f64], size: usize) -> Result<Vec<f64>, String> {
    let (mut diagonal, mut off) = tridiagonalise(a, size);
    implicit_ql(&mut diagonal, &mut off)?;
    Ok(diagonal)
}

/// Diagonal and subdiagonal (of `size`, its last element 0) of a tridiagonal matrix with the same eigenvalues.
fn tridiagonalise(a: &mut [f64], size: usize) -> (Vec<f64>, Vec<f64>) {
    let (mut diagonal, mut off) = (vec![0.0; size], vec![0.0; size]);
    let (mut v, mut w) = (vec![0.0; size], vec![0.0; size]);
    for k in 0..size {
        diagonal[k] = a[k * size + k];
        let rest = size - k - 1;
        if rest == 0 {
            break;
        }
        let (v, w) = (&mut v[..rest], &mut w[..rest]);
        v.copy_from_slice(&a[k * size + k + 1..(k + 1) * size]);
        let tail: f64 = v[1..].iter().map(|x| x * x).sum();
        if tail == 0.0 {
            off[k] = v[0];
            continue;
        }
        // Reflection that maps the row onto its first element; the sign avoids cancellation.
        let image = -(v[0] * v[0] + tail).sqrt().copysign(v[0]);
        off[k] = image;
        v[0] -= image;
        let scale = 2.0 / (v[0] * v[0] + tail);
        // w = scale·A·v, as a sum of rows, which the compiler vectorises.
        w.fill(0.0);
        for i in 0..rest {
            let row = &a[(k + 1 + i) * size + k + 1..(k + 2 + i) * size];
            let factor = scale * v[i];
            w.iter_mut().zip(row).for_each(|(sum, value)| *sum += factor * value);
        }
        let half = scale / 2.0 * v.iter().zip(w.iter()).map(|(x, y)| x * y).sum::<f64>();
        w.iter_mut().zip(v.iter()).for_each(|(y, x)| *y -= half * x);
        for i in 0..rest {
            let row = &mut a[(k + 1 + i) * size + k + 1..(k + 2 + i) * size];
            let (x, y) = (v[i], w[i]);
            row.iter_mut().zip(v.iter().zip(w.iter())).for_each(|(value, (vj, wj))| *value -= x * wj + y * vj);
        }
    }
    (diagonal, off)
}

/// Turns the diagonal of a tridiagonal matrix into its eigenvalues; `off[i]` couples i and i + 1.
fn implicit_ql(d: &mut [f64], off: &mut [f64]) -> Result<(), String> {
    let size = d.len();
    let whole = d.iter().zip(off.iter()).fold(0.0, |most: f64, (x, y)| most.max(x.abs() + y.abs()));
    for l in 0..size {
        for sweep in 0.. {
            let scale = |m: usize| if sweep < RELATIVE_SWEEPS { d[m].abs() + d[m + 1].abs() } else { whole };
            let negligible = |m: usize| off[m].abs() <= f64::EPSILON * scale(m);
            let m = (l..size - 1).find(|&m| negligible(m)).unwrap_or(size - 1);
            if m == l {
                break;
            }
            if sweep == MOST_SWEEPS {
                return Err("Cannot find eigenvalues: found no convergence, expected finite numbers".into());
            }
            // Wilkinson's shift.
            let g = (d[l + 1] - d[l]) / (2.0 * off[l]);
            let mut g = d[m] - d[l] + off[l] / (g + (g * g + 1.0).sqrt().copysign(g));
            let (mut s, mut c, mut p) = (1.0, 1.0, 0.0);
            let mut deflated = false;
            for i in (l..m).rev() {
                let (f, b) = (s * off[i], c * off[i]);
                let r = (f * f + g * g).sqrt();
                off[i + 1] = r;
                if r == 0.0 {
                    d[i + 1] -= p;
                    off[m] = 0.0;
                    deflated = true;
                    break;
                }
                (s, c) = (f / r, g / r);
                g = d[i + 1] - p;
                let t = (d[i] - g) * s + 2.0 * c * b;
                p = s * t;
                d[i + 1] = g + p;
                g = c * t - b;
            }
            if !deflated {
                d[l] -= p;
                off[l] = g;
                off[m] = 0.0;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Generator;

    fn sorted(mut a: Vec<f64>, size: usize) -> Vec<f64> {
        let mut values = symmetric_eigenvalues(&mut a, size).unwrap();
        values.sort_by(f64::total_cmp);
        values
    }

    fn assert_near(found: &[f64], wanted: &[f64]) {
        let scale = wanted.iter().fold(1e-300, |most: f64, x| most.max(x.abs()));
        for (x, y) in found.iter().zip(wanted) {
            assert!((x - y).abs() <= 1e-13 * scale * found.len() as f64, "found {found:?}, expected {wanted:?}");
        }
    }

    /// The second-difference matrix has eigenvalues 2 - 2 cos(kπ/(n+1)).
    #[test]
    fn second_differences() {
        for n in [1, 2, 3, 8, 33] {
            let entry = |i: usize, j: usize| if i == j { 2.0 } else { -((i.abs_diff(j) == 1) as u8 as f64) };
            let a = (0..n * n).map(|at| entry(at / n, at % n)).collect();
            let wanted: Vec<f64> = (1..=n).map(|k| 2.0 - 2.0 * (k as f64 * core::f64::consts::PI / (n + 1) as f64).cos()).collect();
            assert_near(&sorted(a, n), &wanted);
        }
    }

    /// J + c·I (all ones plus a multiple of the identity): c, and c + n once.
    #[test]
    fn repeated_eigenvalues() {
        let n = 20;
        let a = (0..n * n).map(|at| 1.0 + if at / n == at % n { 0.5 } else { 0.0 }).collect();
        let mut wanted = vec![0.5; n];
        wanted[n - 1] = n as f64 + 0.5;
        assert_near(&sorted(a, n), &wanted);
    }

    #[test]
    fn diagonal_zero_and_tiny_matrices() {
        assert_near(&sorted(vec![3.0, 0.0, 0.0, 0.0, -1.0, 0.0, 0.0, 0.0, 2.0], 3), &[-1.0, 2.0, 3.0]);
        assert_eq!(sorted(vec![0.0; 16], 4), vec![0.0; 4]);
        assert_eq!(sorted(vec![7.0], 1), vec![7.0]);
        assert_eq!(sorted(vec![], 0), Vec::<f64>::new());
    }

    /// Q·D·Qᵀ with a product of random reflections Q has the eigenvalues D.
    #[test]
    fn prescribed_eigenvalues() {
        let n = 60;
        let generator = Generator::new(3, 98, 0);
        let wanted: Vec<f64> = (0..n).map(|i| (i as f64 / 7.0).exp()).collect();
        let mut a = vec![0.0; n * n];
        (0..n).for_each(|i| a[i * n + i] = wanted[i]);
        for reflection in 0..5u64 {
            let v: Vec<f64> = (0..n as u64).map(|i| generator.normal(reflection * 100 + i) as f64).collect();
            let scale = 2.0 / v.iter().map(|x| x * x).sum::<f64>();
            let product: Vec<f64> = (0..n).map(|i| scale * (0..n).map(|j| a[i * n + j] * v[j]).sum::<f64>()).collect();
            let half = scale / 2.0 * (0..n).map(|i| v[i] * product[i]).sum::<f64>();
            let w: Vec<f64> = (0..n).map(|i| product[i] - half * v[i]).collect();
            (0..n * n).for_each(|at| a[at] -= v[at / n] * w[at % n] + w[at / n] * v[at % n]);
        }
        assert_near(&sorted(a, n), &wanted);
    }

    /// Pictures that are nearly alike have features of a low rank: most eigenvalues are zero but for rounding. The others are those of
    /// the small matrix of products the other way round.
    #[test]
    fn low_ranks() {
        for seed in 0..40u64 {
            let (n, rank) = (60 + seed as usize % 5 * 20, 1 + seed as usize % 24);
            let generator = Generator::new(seed, 98, 0);
            let factor: Vec<f64> =
                (0..n * rank).map(|at| generator.normal(at as u64) as f64 * (-((at % rank) as f64) / 4.0).exp()).collect();
            let products = |rows: usize, entry: &dyn Fn(usize, usize) -> f64, inner: usize| -> Vec<f64> {
                let product = |at: usize| (0..inner).map(|k| entry(at / rows, k) * entry(at % rows, k)).sum();
                (0..rows * rows).map(product).collect()
            };
            let large = products(n, &|i, k| factor[i * rank + k], rank);
            let small = products(rank, &|i, k| factor[k * rank + i], n);
            let mut wanted = vec![0.0; n - rank];
            wanted.extend(sorted(small, rank));
            assert_near(&sorted(large, n), &wanted);
        }
    }

    #[test]
    fn refuses_what_is_not_finite() {
        assert!(symmetric_eigenvalues(&mut [f64::NAN, 1.0, 1.0, f64::NAN], 2).is_err());
    }
}
