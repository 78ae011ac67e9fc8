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

/// What an image's classification is held against: shares of the classes of one group, which add up to 1.
///
/// `q = (1 - smoothing) · (keep · onehot(label) + (1 - keep) · onehot(other)) + smoothing / G`, each times its class's weight if
/// classes have any, and all divided by the sum ([`Target::weight`]).
#[derive(Clone, Debug)]
pub struct Target<'a> {
    group: Range<usize>,
    label: usize,
    other: usize,
    keep: f64,
    smoothing: f64,
    weights: &'a [f32],
    weight: f64,
}

/// How a target differs from a single class.
#[derive(Clone, Copy, Debug)]
pub struct Softening<'a> {
    /// The class of the image that this one is mixed with, and the share that this one keeps.
    pub mixed: Option<(usize, f64)>,
    /// Share that all classes of the group have alike (Szegedy et al. 2016), from 0 to less than 1.
    pub smoothing: f64,
    /// Weight of each class, `[K]`; empty when all count alike.
    pub weights: &'a [f32],
}

impl<'a> Target<'a> {
    /// One class, `label`, of a group.
    pub fn one(group: Range<usize>, label: usize) -> Target<'static> {
        Target::new(group, label, Softening { mixed: None, smoothing: 0.0, weights: &[] })
    }

    /// The class `label` of a group, softened. The other class must be of the group, too.
    pub fn new(group: Range<usize>, label: usize, Softening { mixed, smoothing, weights }: Softening<'a>) -> Target<'a> {
        let (other, keep) = mixed.unwrap_or((label, 1.0));
        let weight = if weights.is_empty() {
            1.0
        } else {
            let of = |k: usize| weights[k] as f64;
            let even: f64 = group.clone().map(of).sum::<f64>() * smoothing / group.len() as f64;
            (1.0 - smoothing) * (keep * of(label) + (1.0 - keep) * of(other)) + even
        };
        Target { group, label, other, keep, smoothing, weights, weight }
    }

    /// By what the loss counts in a mean: the sum of the classes' weights by their shares, 1 without weights.
    pub fn weight(&self) -> f64 {
        self.weight
    }

    /// Share of a class of the group.
    pub fn share(&self, k: usize) -> f64 {
        let mixed = self.keep * (k == self.label) as u8 as f64 + (1.0 - self.keep) * (k == self.other) as u8 as f64;
        let share = (1.0 - self.smoothing) * mixed + self.smoothing / self.group.len() as f64;
        match self.weights.get(k) {
            Some(&weight) => weight as f64 * share / self.weight,
            None => share,
        }
    }
}

/// Cross-entropy of the softmax over the target's group against its shares, `-Σ_k share_k · log softmax_k`, and whether the group's
/// first largest logit is the label's: `torch.nn.functional.cross_entropy` with `label_smoothing`, classes' weights and
/// probabilities as targets. Classes of share 0 add nothing, whatever their logit.
/// Safety: logits: `[K]`, the target's classes within K.
pub unsafe fn cross_entropy(logits: *const f32, target: &Target) -> (f64, bool) {
    let group = target.group.clone();
    let (largest, sum, best) = log_sum(logits.add(group.start), group.len());
    let share = |k: usize| Some(target.share(k)).filter(|&share| share > 0.0);
    let own: f64 = group.clone().filter_map(|k| share(k).map(|share| share * *logits.add(k) as f64)).sum();
    (largest + sum.ln() - own, group.start + best == target.label)
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
            cross_entropy(logits.as_ptr(), &Target::one(0..classes, label as usize))
        };
        loss += own;
        correct += hit as usize;
    }
    Ok((loss / n as f64, correct))
}

/// The cross-entropy against a target, times `scale`.
#[derive(Clone, Debug)]
pub struct Loss<'a> {
    /// What the classification is held against.
    pub target: Target<'a>,
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

/// Backward pass: `dlogits = (softmax - share) · scale` within the group; `dw += dlogits ⊗ x`, `db += dlogits`, `dx = wᵀ dlogits`.
/// Classes outside of the group have no gradient, and nothing of theirs is touched. x: `[F]`, w: `[K][F]`, logits: `[K]`.
/// Safety: the pointers span what the sizes say and do not overlap; the target's classes within K.
pub unsafe fn backward(x: *const f32, features: usize, w: *const f32, logits: *const f32, loss: &Loss, to: Gradients) {
    let Loss { target, scale } = loss;
    let group = target.group.clone();
    let Gradients { parameters, logits: dlogits, x: dx } = to;
    let (largest, sum, _) = log_sum(logits.add(group.start), group.len());
    for k in group.clone() {
        let probability = (*logits.add(k) as f64 - largest).exp() / sum;
        *dlogits.add(k - group.start) = ((probability - target.share(k)) * scale) as f32;
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
