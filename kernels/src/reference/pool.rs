//! Twin of `layers/pool.rs`: `torch.nn.functional.max_pool2d` and `avg_pool2d(…, count_include_pad=False)` of one image.
//!
//! Window `(h, w)` holds the pixels `(S·h + r - p, S·w + s - p)`, `r, s < K`, that are inside the image; y is their maximum or their
//! mean. x: `[C][H][W]`, y: `[C][Ho][Wo]` with `Ho = (H + 2p - K)/S + 1`.

use crate::layers::pool::Pool;

/// Windows along an axis of `side` pixels.
fn output(pool: Pool, side: usize) -> usize {
    (side + 2 * pool.padding - pool.kernel) / pool.stride + 1
}

/// Pixel indices of window `(h, w)` inside the image, in row-major order.
fn pixels(pool: Pool, h: usize, w: usize, height: usize, width: usize) -> Vec<usize> {
    let mut inside = Vec::new();
    for r in 0..pool.kernel {
        for s in 0..pool.kernel {
            let y = (pool.stride * h + r) as isize - pool.padding as isize;
            let x = (pool.stride * w + s) as isize - pool.padding as isize;
            if (0..height as isize).contains(&y) && (0..width as isize).contains(&x) {
                inside.push(y as usize * width + x as usize);
            }
        }
    }
    inside
}

/// First pixel of a window that no later one is greater than.
fn first_largest(image: &[f32], window: &[usize]) -> usize {
    let mut best = window[0];
    for &pixel in window {
        if image[pixel] > image[best] {
            best = pixel;
        }
    }
    best
}

/// Forward pass: `[C][Ho][Wo]`.
pub fn forward(pool: Pool, x: &[f32], channels: usize, height: usize, width: usize) -> Vec<f64> {
    let mut y = Vec::new();
    for c in 0..channels {
        let image = &x[c * height * width..][..height * width];
        for h in 0..output(pool, height) {
            for w in 0..output(pool, width) {
                let window = pixels(pool, h, w, height, width);
                y.push(if pool.max {
                    image[first_largest(image, &window)] as f64
                } else {
                    window.iter().map(|&pixel| image[pixel] as f64).sum::<f64>() / window.len() as f64
                });
            }
        }
    }
    y
}

/// Backward pass, `[C][H][W]`: the gradient of a maximum goes to its first pixel, that of a mean in equal shares to all.
pub fn backward(pool: Pool, x: &[f32], dy: &[f32], channels: usize, height: usize, width: usize) -> Vec<f64> {
    let (rows, columns) = (output(pool, height), output(pool, width));
    let mut dx = vec![0.0; channels * height * width];
    for c in 0..channels {
        let image = &x[c * height * width..][..height * width];
        for h in 0..rows {
            for w in 0..columns {
                let upstream = dy[(c * rows + h) * columns + w] as f64;
                let window = pixels(pool, h, w, height, width);
                if pool.max {
                    dx[c * height * width + first_largest(image, &window)] += upstream;
                } else {
                    for &pixel in &window {
                        dx[c * height * width + pixel] += upstream / window.len() as f64;
                    }
                }
            }
        }
    }
    dx
}
