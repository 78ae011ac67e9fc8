//! Twin of `transport/`: ground cost and Sinkhorn's iteration by their formulas, in f64.
//!
//! Shapes: points `[N][D]` and `[M][D]`, costs `[N][M]`.

/// `cost[i][j] = Σ_c (x[i,c] - y[j,c])² + label_cost(i, j)`.
pub fn cost(x: &[f32], y: &[f32], dimension: usize, label_cost: impl Fn(usize, usize) -> f64) -> Vec<Vec<f64>> {
    let mut costs = Vec::new();
    for (i, row) in x.chunks_exact(dimension).enumerate() {
        let mut line = Vec::new();
        for (j, column) in y.chunks_exact(dimension).enumerate() {
            let square: f64 = row.iter().zip(column).map(|(a, b)| (*a as f64 - *b as f64).powi(2)).sum();
            line.push(square + label_cost(i, j));
        }
        costs.push(line);
    }
    costs
}

/// `⟨a, f⟩ + ⟨b, g⟩` after so many updates `f[i] = -ε ln Σ_j exp((g[j] - cost[i][j])/ε)/M` and the same of g, at one ε.
pub fn transport(cost: &[Vec<f64>], epsilon: f64, updates: usize) -> f64 {
    let (n, m) = (cost.len(), cost[0].len());
    let (mut f, mut g) = (vec![0.0; n], vec![0.0; m]);
    for _ in 0..updates {
        for i in 0..n {
            f[i] = softmin((0..m).map(|j| g[j] - cost[i][j]), epsilon);
        }
        for j in 0..m {
            g[j] = softmin((0..n).map(|i| f[i] - cost[i][j]), epsilon);
        }
    }
    f.iter().sum::<f64>() / n as f64 + g.iter().sum::<f64>() / m as f64
}

/// `-ε ln mean exp(x/ε)`, shifted by the largest.
fn softmin(x: impl ExactSizeIterator<Item = f64> + Clone, epsilon: f64) -> f64 {
    let most = x.clone().fold(f64::NEG_INFINITY, f64::max);
    let count = x.len() as f64;
    -most - epsilon * (x.map(|value| ((value - most) / epsilon).exp()).sum::<f64>() / count).ln()
}
