//! Linear classifier and softmax cross-entropy of one image.
//!
//! Classes may fall into groups, the classes of one dataset each: an image's softmax is that of its label's group, as if every
//! dataset had a head of its own. With one group it is the ordinary one.
//!
//! Letters: F features (padded channels), K classes; G classes of the label's group. Exponentials run in f64 in Rust's own mathematics library, so that
//! strict results are the same on every machine.

use core::ops::Range;

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

/// The group of classes to which a label belongs; groups follow each other and cover all classes.
pub fn group_of(groups: &[Range<usize>], label: usize) -> Range<usize> {
    groups[groups.partition_point(|group| group.end <= label)].clone()
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

/// Cross-entropy of the softmax over `group` against `label`, and whether the group's first largest logit is the label's.
/// Safety: logits: `[K]`, group within K, label in group.
pub unsafe fn cross_entropy(logits: *const f32, group: Range<usize>, label: usize) -> (f64, bool) {
    let (largest, sum, best) = log_sum(logits.add(group.start), group.len());
    (largest + sum.ln() - *logits.add(label) as f64, group.start + best == label)
}

/// How a classifier does on rows of features: its mean cross-entropy and the rows whose first largest logit is the label's.
/// The same bits as a network's with that head. features: `[N][F]`, weights: `[K][F]`, biases: `[K]`.
///
/// # Errors
/// When sizes do not fit each other, or a label is out of range.
pub fn evaluate(features: &[f32], labels: &[u32], weights: &[f32], biases: &[f32]) -> Result<(f64, usize), String> {
    let (n, classes) = (labels.len(), biases.len());
    let f = features.len() / n.max(1);
    if n == 0 || f == 0 || classes == 0 || features.len() != n * f || weights.len() != classes * f {
        return Err(format!(
            "Cannot evaluate a classifier: found {} features of {n} images and {} weights of {classes} classes",
            features.len(),
            weights.len()
        ));
    }
    if let Some(label) = labels.iter().find(|&&label| label as usize >= classes) {
        return Err(format!("Cannot evaluate a classifier: label {label} is out of range, expected less than {classes}"));
    }
    let (mut loss, mut correct) = (0.0, 0);
    let mut logits = vec![0f32; classes];
    for (row, &label) in features.chunks_exact(f).zip(labels) {
        // Safety: sizes and label were checked.
        let (own, hit) = unsafe {
            forward(row.as_ptr(), f, weights.as_ptr(), biases.as_ptr(), classes, logits.as_mut_ptr());
            cross_entropy(logits.as_ptr(), 0..classes, label as usize)
        };
        loss += own;
        correct += hit as usize;
    }
    Ok((loss / n as f64, correct))
}

/// What an image's classification is held against: the cross-entropy of `label` within `group`, times `scale`.
#[derive(Clone, Debug)]
pub struct Loss {
    /// Classes that compete.
    pub group: Range<usize>,
    /// One of them.
    pub label: usize,
    /// Factor of the loss.
    pub scale: f64,
}

/// Where the gradients of a classifier go.
#[derive(Clone, Copy)]
pub struct Gradients {
    /// dw `[K][F]` and db `[K]`, added to, where they are wanted.
    pub parameters: Option<(*mut f32, *mut f32)>,
    /// dlogits `[G]`, overwritten.
    pub logits: *mut f32,
    /// dx `[F]`, overwritten.
    pub x: *mut f32,
}

/// Backward pass: `dlogits = (softmax - onehot) · scale` within the group; `dw += dlogits ⊗ x`, `db += dlogits`, `dx = wᵀ dlogits`.
/// Classes outside of the group have no gradient, and nothing of theirs is touched. x: `[F]`, w: `[K][F]`, logits: `[K]`.
/// Safety: the pointers span what the sizes say and do not overlap; label in group, group within K.
pub unsafe fn backward(x: *const f32, features: usize, w: *const f32, logits: *const f32, loss: Loss, to: Gradients) {
    let Loss { group, label, scale } = loss;
    let Gradients { parameters, logits: dlogits, x: dx } = to;
    let (largest, sum, _) = log_sum(logits.add(group.start), group.len());
    for k in group.clone() {
        let probability = (*logits.add(k) as f64 - largest).exp() / sum;
        *dlogits.add(k - group.start) = ((probability - (k == label) as u8 as f64) * scale) as f32;
    }
    for f in 0..features {
        *dx.add(f) = 0.0;
    }
    for k in group.clone() {
        let d = *dlogits.add(k - group.start);
        for f in 0..features {
            *dx.add(f) += *w.add(k * features + f) * d;
        }
        if let Some((dw, db)) = parameters {
            *db.add(k) += d;
            for f in 0..features {
                *dw.add(k * features + f) += d * *x.add(f);
            }
        }
    }
}
