//! Twin of `layers/depthwise.rs`: `torch.nn.functional.conv2d(x, k, stride=S, padding=p, dilation=D, groups=C)` of one image.
//!
//! `y[c,h,w] = Σ_r Σ_s k[c,r,s] · x[c, S·h + D·r - p, S·w + D·s - p]`, pixels outside the image being zero; `p = D·(K-1)/2`.
//! x: `[C][H][W]`, k: `[C][K][K]`, y: `[C][Ho][Wo]` with `Ho = (H-1)/S + 1`.

use crate::layers::depthwise::Window;

/// Input index along one axis that tap `r` of output `o` reads, if it is inside the image.
fn tap(window: Window, o: usize, r: usize, side: usize) -> Option<usize> {
    let padding = window.dilation * (window.kernel - 1) / 2;
    let index = (window.stride * o + window.dilation * r) as isize - padding as isize;
    (0..side as isize).contains(&index).then_some(index as usize)
}

/// Calls `visit(input, weight, output)` with the three indices of every product of the convolution.
fn each_product(window: Window, channels: usize, height: usize, width: usize, mut visit: impl FnMut(usize, usize, usize)) {
    let (rows, columns) = ((height - 1) / window.stride + 1, (width - 1) / window.stride + 1);
    for c in 0..channels {
        for h in 0..rows {
            for w in 0..columns {
                for r in 0..window.kernel {
                    for s in 0..window.kernel {
                        if let (Some(y), Some(x)) = (tap(window, h, r, height), tap(window, w, s, width)) {
                            let weight = (c * window.kernel + r) * window.kernel + s;
                            visit((c * height + y) * width + x, weight, (c * rows + h) * columns + w);
                        }
                    }
                }
            }
        }
    }
}

/// Forward pass: y of the formula above.
pub fn forward(window: Window, x: &[f32], k: &[f32], channels: usize, height: usize, width: usize) -> Vec<f64> {
    let (rows, columns) = ((height - 1) / window.stride + 1, (width - 1) / window.stride + 1);
    let mut y = vec![0.0; channels * rows * columns];
    each_product(window, channels, height, width, |input, weight, output| y[output] += k[weight] as f64 * x[input] as f64);
    y
}

/// `dk[c,r,s] = Σ_hw dy[c,h,w] · x[…]` (`torch.nn.grad.conv2d_weight`): `[C][K][K]`.
pub fn weight_gradient(window: Window, x: &[f32], dy: &[f32], channels: usize, height: usize, width: usize) -> Vec<f64> {
    let mut dk = vec![0.0; channels * window.kernel * window.kernel];
    each_product(window, channels, height, width, |input, weight, output| dk[weight] += dy[output] as f64 * x[input] as f64);
    dk
}

/// `dx[c,y,x] = Σ dy[c,h,w] · k[c,r,s]` over the products that read that pixel (`torch.nn.grad.conv2d_input`): `[C][H][W]`.
pub fn input_gradient(window: Window, dy: &[f32], k: &[f32], channels: usize, height: usize, width: usize) -> Vec<f64> {
    let mut dx = vec![0.0; channels * height * width];
    each_product(window, channels, height, width, |input, weight, output| dx[input] += dy[output] as f64 * k[weight] as f64);
    dx
}
