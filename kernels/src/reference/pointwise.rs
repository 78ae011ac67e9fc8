//! Twin of `layers/pointwise.rs`: a 1×1 convolution without bias, `torch.nn.functional.conv2d(x, w[:, :, None, None])`.
//!
//! `y[k,p] = Σ_c w[k,c] · x[c,p]`; x: `[C][P]`, w: `[K][C]`, y: `[K][P]`. Where only some inputs feed an output, `feeds(k, c)` says
//! so: other products are left out, and their weights have no gradient.

/// Sizes of the product.
#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    /// Channels in.
    pub inputs: usize,
    /// Channels out.
    pub outputs: usize,
    /// Pixels.
    pub pixels: usize,
}

/// Forward pass: y of the formula above.
pub fn forward(sizes: Sizes, x: &[f32], w: &[f32], feeds: impl Fn(usize, usize) -> bool) -> Vec<f64> {
    let mut y = vec![0.0; sizes.outputs * sizes.pixels];
    for k in 0..sizes.outputs {
        for p in 0..sizes.pixels {
            for c in (0..sizes.inputs).filter(|&c| feeds(k, c)) {
                y[k * sizes.pixels + p] += w[k * sizes.inputs + c] as f64 * x[c * sizes.pixels + p] as f64;
            }
        }
    }
    y
}

/// `dw[k,c] = Σ_p x[c,p] · dy[k,p]`: `[K][C]`.
pub fn weight_gradient(sizes: Sizes, x: &[f32], dy: &[f32], feeds: impl Fn(usize, usize) -> bool) -> Vec<f64> {
    let mut dw = vec![0.0; sizes.outputs * sizes.inputs];
    for k in 0..sizes.outputs {
        for c in (0..sizes.inputs).filter(|&c| feeds(k, c)) {
            for p in 0..sizes.pixels {
                dw[k * sizes.inputs + c] += x[c * sizes.pixels + p] as f64 * dy[k * sizes.pixels + p] as f64;
            }
        }
    }
    dw
}

/// `dx[c,p] = Σ_k w[k,c] · dy[k,p]`: `[C][P]`.
pub fn input_gradient(sizes: Sizes, dy: &[f32], w: &[f32], feeds: impl Fn(usize, usize) -> bool) -> Vec<f64> {
    let mut dx = vec![0.0; sizes.inputs * sizes.pixels];
    for c in 0..sizes.inputs {
        for p in 0..sizes.pixels {
            for k in (0..sizes.outputs).filter(|&k| feeds(k, c)) {
                dx[c * sizes.pixels + p] += w[k * sizes.inputs + c] as f64 * dy[k * sizes.pixels + p] as f64;
            }
        }
    }
    dx
}

/// `t[c,k] = w[k,c]`: `[C][K]` (`w.t()`).
pub fn transpose(w: &[f32], inputs: usize, outputs: usize) -> Vec<f32> {
    let mut t = vec![0.0; inputs * outputs];
    for k in 0..outputs {
        for c in 0..inputs {
            t[c * outputs + k] = w[k * inputs + c];
        }
    }
    t
}
