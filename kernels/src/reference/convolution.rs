//! Twin of `layers/convolution.rs`: a convolution of stride 1 that keeps the size, without bias,
//! `torch.nn.functional.conv2d(x, w, padding = side / 2)`.
//!
//! `y[k,h,w] = Σ_c Σ_rs w[k,c,r,s] · x[c, h + r - side/2, w + s - side/2]`, zero outside; x: `[C][H][W]`, w: `[K][C][side][side]`.

/// Sizes of the convolution.
#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    /// Channels in.
    pub inputs: usize,
    /// Channels out.
    pub outputs: usize,
    /// Rows.
    pub height: usize,
    /// Columns.
    pub width: usize,
    /// Side of the window, odd.
    pub side: usize,
}

/// Calls a function with the indices in w, x and y of every product.
fn each_product(sizes: Sizes, mut visit: impl FnMut(usize, usize, usize)) {
    let Sizes { inputs, outputs, height, width, side } = sizes;
    for k in 0..outputs {
        for c in 0..inputs {
            for (r, s) in (0..side * side).map(|tap| (tap / side, tap % side)) {
                for (h, w) in (0..height * width).map(|pixel| (pixel / width, pixel % width)) {
                    let (y, x) = ((h + r).wrapping_sub(side / 2), (w + s).wrapping_sub(side / 2));
                    if y < height && x < width {
                        visit(((k * inputs + c) * side + r) * side + s, (c * height + y) * width + x, (k * height + h) * width + w);
                    }
                }
            }
        }
    }
}

/// Forward pass: `[K][H][W]`.
pub fn forward(sizes: Sizes, x: &[f32], w: &[f32]) -> Vec<f64> {
    let mut y = vec![0.0; sizes.outputs * sizes.height * sizes.width];
    each_product(sizes, |of_w, of_x, of_y| y[of_y] += w[of_w] as f64 * x[of_x] as f64);
    y
}

/// Input gradient: `[C][H][W]`.
pub fn input_gradient(sizes: Sizes, dy: &[f32], w: &[f32]) -> Vec<f64> {
    let mut dx = vec![0.0; sizes.inputs * sizes.height * sizes.width];
    each_product(sizes, |of_w, of_x, of_y| dx[of_x] += w[of_w] as f64 * dy[of_y] as f64);
    dx
}

/// Weight gradient: `[K][C][side][side]`.
pub fn weight_gradient(sizes: Sizes, x: &[f32], dy: &[f32]) -> Vec<f64> {
    let mut dw = vec![0.0; sizes.outputs * sizes.inputs * sizes.side * sizes.side];
    each_product(sizes, |of_w, of_x, of_y| dw[of_w] += x[of_x] as f64 * dy[of_y] as f64);
    dw
}
