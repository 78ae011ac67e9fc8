//! Twin of `layers/classifier.rs`: `torch.nn.functional.linear` and `cross_entropy` of one image.
//!
//! Shapes: x `[F]`, w `[K][F]`, b and logits `[K]`. `groups`: the group of each class, `[K]`; an image sees only the classes of
//! its label's group.

/// `logits[k] = b[k] + Σ_f w[k,f] · x[f]`.
pub fn forward(x: &[f32], w: &[f32], b: &[f32]) -> Vec<f64> {
    let mut logits = Vec::new();
    for k in 0..b.len() {
        let mut sum = b[k] as f64;
        for f in 0..x.len() {
            sum += w[k * x.len() + f] as f64 * x[f] as f64;
        }
        logits.push(sum);
    }
    logits
}

/// `softmax[k] = exp(logits[k]) / Σ_j exp(logits[j])`, all shifted by the largest, which changes nothing.
pub fn softmax(logits: &[f32]) -> Vec<f64> {
    let largest = logits.iter().fold(f64::NEG_INFINITY, |largest, &value| largest.max(value as f64));
    let exponentials: Vec<f64> = logits.iter().map(|&value| (value as f64 - largest).exp()).collect();
    let sum: f64 = exponentials.iter().sum();
    exponentials.iter().map(|value| value / sum).collect()
}

/// `-log(softmax[label])`, as `log Σ_j exp(logits[j] - logits[label])`, which does not lose small probabilities.
pub fn cross_entropy(logits: &[f32], label: usize) -> f64 {
    let own = logits[label] as f64;
    let most = logits.iter().map(|&value| value as f64 - own).fold(f64::NEG_INFINITY, f64::max);
    most + logits.iter().map(|&value| (value as f64 - own - most).exp()).sum::<f64>().ln()
}

/// `-Σ_k shares[k] · log(softmax[k])`.
pub fn soft_cross_entropy(logits: &[f32], shares: &[f64]) -> f64 {
    (0..logits.len()).map(|k| shares[k] * cross_entropy(logits, k)).sum()
}

/// Shares of the classes of one group: `keep` of the label, the rest of the other class, and of all that `smoothing` in equal
/// parts to every class; then each times its weight. Not divided by their sum.
pub fn weighted_shares(labels: (usize, usize), keep: f64, smoothing: f64, weights: &[f32]) -> Vec<f64> {
    let mut shares = vec![smoothing / weights.len() as f64; weights.len()];
    shares[labels.0] += (1.0 - smoothing) * keep;
    shares[labels.1] += (1.0 - smoothing) * (1.0 - keep);
    shares.iter().zip(weights).map(|(share, &weight)| share * weight as f64).collect()
}

/// Whether the label's logit is the first largest (`logits.argmax() == label`).
pub fn correct(logits: &[f32], label: usize) -> bool {
    (0..logits.len()).all(|k| if k < label { logits[k] < logits[label] } else { logits[k] <= logits[label] })
}

/// Logits of the classes of the label's group, and which of them is the label's.
pub fn own_group(logits: &[f32], groups: &[usize], label: usize) -> (Vec<f32>, usize) {
    let (mut own, mut own_label) = (Vec::new(), 0);
    for k in 0..logits.len() {
        if k == label {
            own_label = own.len();
        }
        if groups[k] == groups[label] {
            own.push(logits[k]);
        }
    }
    (own, own_label)
}

/// Gradients of `scale · cross_entropy(linear(x, w, b), label)`.
#[derive(Clone, Debug)]
pub struct Gradients {
    /// `softmax - onehot`, scaled: `[K]`; also the gradient of b.
    pub logits: Vec<f64>,
    /// `dw[k,f] = dlogits[k] · x[f]`: `[K][F]`.
    pub w: Vec<f64>,
    /// `dx[f] = Σ_k w[k,f] · dlogits[k]`: `[F]`.
    pub x: Vec<f64>,
}

/// Backward pass from given logits for one class; classes of other groups have no gradient.
pub fn backward(x: &[f32], w: &[f32], logits: &[f32], groups: &[usize], label: usize, scale: f64) -> Gradients {
    let shares: Vec<f64> = (0..logits.len()).map(|k| if k == label { 1.0 } else { 0.0 }).collect();
    soft_backward(x, w, logits, groups, label, &shares, scale)
}

/// The same for shares of the classes of the label's group, which add up to 1; those of others are 0.
pub fn soft_backward(x: &[f32], w: &[f32], logits: &[f32], groups: &[usize], label: usize, shares: &[f64], scale: f64) -> Gradients {
    let mut gradients = Gradients { logits: Vec::new(), w: Vec::new(), x: vec![0.0; x.len()] };
    let mut probabilities = softmax(&own_group(logits, groups, label).0).into_iter();
    for k in 0..logits.len() {
        let probability = if groups[k] == groups[label] { probabilities.next().unwrap_or(f64::NAN) } else { 0.0 };
        let d = (probability - shares[k]) * scale;
        gradients.logits.push(d);
        for f in 0..x.len() {
            gradients.w.push(d * x[f] as f64);
            gradients.x[f] += w[k * x.len() + f] as f64 * d;
        }
    }
    gradients
}
