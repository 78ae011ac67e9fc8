//! Twin of `layers/elementwise.rs`: views, weighted sums and sums over pixels. Tensors are `[C][P]`, coefficients `[C]`.

/// `relu?(scale[c] · x[c,p] + shift[c])`; without coefficients, `relu?(x[c,p])`.
///
/// `torch.nn.functional.batch_norm` in evaluation mode, folded to one factor and one addend, and `relu`.
pub fn view(x: &[f32], pixels: usize, coefficients: Option<(&[f32], &[f32])>, relu: bool) -> Vec<f64> {
    let mut y = Vec::new();
    for (i, &value) in x.iter().enumerate() {
        let c = i / pixels;
        let normalised = match coefficients {
            Some((scale, shift)) => scale[c] as f64 * value as f64 + shift[c] as f64,
            None => value as f64,
        };
        y.push(if relu && normalised <= 0.0 { 0.0 } else { normalised });
    }
    y
}

/// `y[c,p] = start[c,p] + Σ_t coefficient_t[c] · x_t[c,p]`: the mixed operation of a supernet, `sum(w * op(x))`.
pub fn weighted_sum(start: &[f32], terms: &[(&[f32], &[f32])], pixels: usize) -> Vec<f64> {
    let mut y: Vec<f64> = start.iter().map(|&value| value as f64).collect();
    for (x, coefficient) in terms {
        for i in 0..y.len() {
            y[i] += coefficient[i / pixels] as f64 * x[i] as f64;
        }
    }
    y
}

/// `Σ_p x[c,p]`: `[C]` (`x.sum(1)`).
pub fn sums(x: &[f32], channels: usize, pixels: usize) -> Vec<f64> {
    (0..channels).map(|c| (0..pixels).map(|p| x[c * pixels + p] as f64).sum()).collect()
}

/// `Σ_p a[c,p] · b[c,p]`: `[C]` (`(a * b).sum(1)`); with `a = b`, the second moment.
pub fn dots(a: &[f32], b: &[f32], channels: usize, pixels: usize) -> Vec<f64> {
    (0..channels).map(|c| (0..pixels).map(|p| a[c * pixels + p] as f64 * b[c * pixels + p] as f64).sum()).collect()
}

/// `g = old + dx · [seen > 0]`, the bracket only with ReLU: `relu`'s backward pass, accumulated. Any shape.
pub fn add_gradient(old: &[f32], dx: &[f32], seen: &[f32], relu: bool) -> Vec<f64> {
    let mut g = Vec::new();
    for i in 0..old.len() {
        let passes = !relu || seen[i] > 0.0;
        g.push(old[i] as f64 + if passes { dx[i] as f64 } else { 0.0 });
    }
    g
}
