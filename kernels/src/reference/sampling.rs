//! Twin of `layers/sampling.rs`: `torch.nn.functional.unfold` and `fold` of one image, and slices `x[:, o::2, o::2]`.
//!
//! Tensors are `[C][H][W]`. What is gathered is a view of x, which `elementwise::view` computes; what is scattered goes back through
//! that view's ReLU only, which `elementwise::add_gradient` computes.

use crate::layers::sampling::Patch;

/// Windows along an axis of `side` pixels.
fn output(patch: Patch, side: usize) -> usize {
    (side + 2 * patch.padding - patch.kernel) / patch.stride + 1
}

/// Calls `visit(column, pixel)` for every tap inside the image: the index in `[C][k·k][Ho·Wo]`, the index in `[C][H][W]`.
fn each_tap(patch: Patch, height: usize, width: usize, mut visit: impl FnMut(usize, usize)) {
    let (rows, columns) = (output(patch, height), output(patch, width));
    for c in 0..patch.channels {
        for r in 0..patch.kernel {
            for s in 0..patch.kernel {
                for h in 0..rows {
                    for w in 0..columns {
                        let y = (patch.stride * h + r) as isize - patch.padding as isize;
                        let x = (patch.stride * w + s) as isize - patch.padding as isize;
                        if (0..height as isize).contains(&y) && (0..width as isize).contains(&x) {
                            let column = (((c * patch.kernel + r) * patch.kernel + s) * rows + h) * columns + w;
                            visit(column, (c * height + y as usize) * width + x as usize);
                        }
                    }
                }
            }
        }
    }
}

/// `unfold`: `columns[c,t,p]` is the pixel of channel c under tap t of window p, zero outside: `[C][k·k][Ho·Wo]`.
pub fn gather_patches(patch: Patch, x: &[f64], height: usize, width: usize) -> Vec<f64> {
    let mut columns = vec![0.0; patch.channels * patch.kernel * patch.kernel * output(patch, height) * output(patch, width)];
    each_tap(patch, height, width, |column, pixel| columns[column] = x[pixel]);
    columns
}

/// `fold`, the adjoint: `dx[c,y,x] = Σ columns[c,t,p]` over the taps that read that pixel: `[C][H][W]`.
pub fn scatter_patches(patch: Patch, columns: &[f32], height: usize, width: usize) -> Vec<f64> {
    let mut dx = vec![0.0; patch.channels * height * width];
    each_tap(patch, height, width, |column, pixel| dx[pixel] += columns[column] as f64);
    dx
}

/// `y[c,h,w] = x[c, 2h + offset, 2w + offset]`, zero outside: `[C][ceil(H/2)][ceil(W/2)]`.
///
/// What the second convolution of a factorised reduction reads in PyTorch: `x[:, :, 1:, 1:]`, padded by zeros for odd sizes.
pub fn gather_strided(x: &[f64], channels: usize, height: usize, width: usize, offset: usize) -> Vec<f64> {
    let (rows, columns) = (height.div_ceil(2), width.div_ceil(2));
    let mut y = vec![0.0; channels * rows * columns];
    for c in 0..channels {
        for h in 0..rows {
            for w in 0..columns {
                if 2 * h + offset < height && 2 * w + offset < width {
                    y[(c * rows + h) * columns + w] = x[(c * height + 2 * h + offset) * width + 2 * w + offset];
                }
            }
        }
    }
    y
}

/// The adjoint: `dx[c, 2h + offset, 2w + offset] = dy[c,h,w]` inside the image, zero elsewhere: `[C][H][W]`.
pub fn scatter_strided(dy: &[f32], channels: usize, height: usize, width: usize, offset: usize) -> Vec<f64> {
    let (rows, columns) = (height.div_ceil(2), width.div_ceil(2));
    let mut dx = vec![0.0; channels * height * width];
    for c in 0..channels {
        for h in 0..rows {
            for w in 0..columns {
                if 2 * h + offset < height && 2 * w + offset < width {
                    dx[(c * height + 2 * h + offset) * width + 2 * w + offset] = dy[(c * rows + h) * columns + w] as f64;
                }
            }
        }
    }
    dx
}
