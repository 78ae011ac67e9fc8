//! Twin of `layers/channels.rs`. Tensors are `[C][P]`.

/// `torch.cat(parts)` where a part is `x[start : start + count]`, then `.view(groups, C / groups, P).transpose(0, 1)`.
pub fn join(parts: &[(&[f32], usize, usize)], pixels: usize, groups: usize) -> Vec<f64> {
    let mut joined: Vec<&[f32]> = Vec::new();
    for &(x, start, count) in parts {
        joined.extend(x.chunks(pixels).skip(start).take(count));
    }
    let size = joined.len() / groups;
    let mut y = Vec::new();
    for i in 0..size {
        for group in 0..groups {
            y.extend(joined[group * size + i].iter().map(|&value| value as f64));
        }
    }
    y
}
