//! Linear classifier and softmax cross-entropy of one image.
//!
//! Letters: F features (padded channels), K classes. Exponentials run in f64 in Rust's own mathematics library, so that
//! strict results are the same on every machine.

/// `logits[k] = b[k] + Σ_f w[k,f] · x[f]`, f ascending, in f32 with an f64 sum.
/// x: `[F]`, w: `[K][F]`, b: `[K]`, logits: `[K]`, overwritten.
/// Safety: the pointers span what the sizes say.
pub unsafe fn forward(x: *const f32, features: usize, w: *const f32, b: *const f32, classes: usize, logits: *mut f32) {
    for k in 0..classes {
        let mut sum = *b.add(k) as f64;
        for f in 0..features {
            sum += (*w.add(k * features + f) * *x.add(f)) as f64;
        }
        *logits.add(k) = sum as f32;
    }
}

unsafe fn log_sum(logits: *const f32, classes: usize) -> (f64, f64, usize) {
    let mut best = 0;
    for k in 1..classes {
        if *logits.add(k) > *logits.add(best) {
            best = k;
        }
    }
    let largest = *logits.add(best) as f64;
    let sum: f64 = (0..classes).map(|k| (*logits.add(k) as f64 - largest).exp()).sum();
    (largest, sum, best)
}

/// Cross-entropy of the softmax against `label`, and whether the first largest logit is the label's.
/// Safety: logits: `[K]`, label < K.
pub unsafe fn cross_entropy(logits: *const f32, classes: usize, label: usize) -> (f64, bool) {
    let (largest, sum, best) = log_sum(logits, classes);
    (largest + sum.ln() - *logits.add(label) as f64, best == label)
}

/// Backward pass: `dlogits = (softmax - onehot) · scale`; `dw += dlogits ⊗ x`, `db += dlogits`, `dx = wᵀ dlogits`.
/// dw, db are added to when given; dx: `[F]`, overwritten; logits are overwritten by their gradient's buffer `dlogits`: `[K]`.
/// Safety: the pointers span what the sizes say and do not overlap.
pub unsafe fn backward(
    x: *const f32,
    features: usize,
    w: *const f32,
    logits: *const f32,
    classes: usize,
    label: usize,
    scale: f64,
    dlogits: *mut f32,
    gradients: Option<(*mut f32, *mut f32)>,
    dx: *mut f32,
) {
    let (largest, sum, _) = log_sum(logits, classes);
    for k in 0..classes {
        let probability = (*logits.add(k) as f64 - largest).exp() / sum;
        *dlogits.add(k) = ((probability - (k == label) as u8 as f64) * scale) as f32;
    }
    for f in 0..features {
        *dx.add(f) = 0.0;
    }
    for k in 0..classes {
        let d = *dlogits.add(k);
        for f in 0..features {
            *dx.add(f) += *w.add(k * features + f) * d;
        }
        if let Some((dw, db)) = gradients {
            *db.add(k) += d;
            for f in 0..features {
                *dw.add(k * features + f) += d * *x.add(f);
            }
        }
    }
}
