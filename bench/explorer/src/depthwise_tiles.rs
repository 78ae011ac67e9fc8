//! Tiles of depthwise convolutions that were tried: lanes L, outputs in registers T, window rows at once RW, and whether the
//! window row (forward) or the upstream gradients (backward) are kept in registers. `run` lists them; bench/kernels.ts names them.

use crate::vector::{Lanes, F4, F8};
use crate::blocks::BLOCK;

const SIDE: usize = 32;
const PITCH: usize = 48 * BLOCK;
const Y: usize = 48 * 48 * BLOCK;
const K: usize = 100_000;

/// KEEP: window row in registers; else each tap is loaded when used.
#[inline(never)]
unsafe fn forward<L: Lanes, const SW: usize, const S: usize, const D: usize, const T: usize, const KEEP: bool>(
    x: *const f32,
    window: *const f32,
    y: *mut f32,
    taps: usize,
    rows: usize,
    columns: usize,
) {
    for row in 0..rows {
        let input_row = x.add(row * S * PITCH);
        let output_row = y.add(row * SIDE * BLOCK);
        let mut half = 0;
        while half < BLOCK {
            let mut column = 0;
            while column < columns {
                let output = output_row.add(column * BLOCK + half);
                let mut sums = [L::zero(); T];
                let mut input = input_row.add(column * S * BLOCK + half);
                let mut weights = window.add(half);
                for _ in 0..taps {
                    if KEEP {
                        let mut k = [L::zero(); SW];
                        for s in 0..SW {
                            k[s] = L::load(weights.add(s * BLOCK));
                        }
                        for j in 0..(T - 1) * S + (SW - 1) * D + 1 {
                            let mut value = None;
                            for t in 0..T {
                                if j >= t * S && (j - t * S).is_multiple_of(D) && (j - t * S) / D < SW {
                                    let v = match value {
                                        Some(v) => v,
                                        None => L::load(input.add(j * BLOCK)),
                                    };
                                    value = Some(v);
                                    sums[t] = k[(j - t * S) / D].mul_add(v, sums[t]);
                                }
                            }
                        }
                    } else {
                        for s in 0..SW {
                            let k = L::load(weights.add(s * BLOCK));
                            for t in 0..T {
                                sums[t] = k.mul_add(L::load(input.add((t * S + s * D) * BLOCK)), sums[t]);
                            }
                        }
                    }
                    input = input.add(D * PITCH);
                    weights = weights.add(SW * BLOCK);
                }
                for t in 0..T {
                    sums[t].store(output.add(t * BLOCK));
                }
                column += T;
            }
            half += L::COUNT;
        }
    }
}

/// RW window rows at once, T upstream values in registers, every input loaded once a row.
#[inline(never)]
unsafe fn gradient<L: Lanes, const SW: usize, const S: usize, const D: usize, const T: usize, const RW: usize>(
    x: *const f32,
    dy: *const f32,
    dk: *mut f32,
    taps: usize,
    rows: usize,
    columns: usize,
) {
    let mut r = 0;
    while r + RW <= taps {
        let mut half = 0;
        while half < BLOCK {
            let mut sums = [[L::zero(); SW]; RW];
            for row in 0..rows {
                let input_row = x.add((row * S + r * D) * PITCH + half);
                let gradient_row = dy.add(row * SIDE * BLOCK + half);
                let mut column = 0;
                while column < columns {
                    let upstream = gradient_row.add(column * BLOCK);
                    let mut d = [L::zero(); T];
                    for t in 0..T {
                        d[t] = L::load(upstream.add(t * BLOCK));
                    }
                    let mut input = input_row.add(column * S * BLOCK);
                    for i in 0..RW {
                        for j in 0..(T - 1) * S + (SW - 1) * D + 1 {
                            let mut value = None;
                            for t in 0..T {
                                if j >= t * S && (j - t * S).is_multiple_of(D) && (j - t * S) / D < SW {
                                    let v = match value {
                                        Some(v) => v,
                                        None => L::load(input.add(j * BLOCK)),
                                    };
                                    value = Some(v);
                                    let s = (j - t * S) / D;
                                    sums[i][s] = d[t].mul_add(v, sums[i][s]);
                                }
                            }
                        }
                        input = input.add(D * PITCH);
                    }
                    column += T;
                }
            }
            for i in 0..RW {
                for s in 0..SW {
                    let to = dk.add(((r + i) * SW + s) * BLOCK + half);
                    sums[i][s].add(L::load(to)).store(to);
                }
            }
            half += L::COUNT;
        }
        r += RW;
    }
    if RW > 1 && r < taps {
        gradient::<L, SW, S, D, 4, 1>(x.add(r * D * PITCH), dy, dk.add(r * SW * BLOCK), taps - r, rows, columns);
    }
}

macro_rules! tiles {
    ($window:ident, $tile:ident, $repeats:ident, $arena:ident; $($id:literal => $sw:literal $s:literal $d:literal;)*) => {
        match $window { $($id => {
            type Forward = unsafe fn(*const f32, *const f32, *mut f32, usize, usize, usize);
            let forwards: [Forward; 8] = [
                forward::<F8, $sw, $s, $d, 4, true>,
                forward::<F8, $sw, $s, $d, 8, true>,
                forward::<F8, $sw, $s, $d, 4, false>,
                forward::<F8, $sw, $s, $d, 8, false>,
                forward::<F4, $sw, $s, $d, 4, true>,
                forward::<F4, $sw, $s, $d, 8, true>,
                forward::<F4, $sw, $s, $d, 4, false>,
                forward::<F4, $sw, $s, $d, 8, false>,
            ];
            let gradients: [Forward; 10] = [
                gradient::<F8, $sw, $s, $d, 4, 1>,
                gradient::<F8, $sw, $s, $d, 2, 1>,
                gradient::<F4, $sw, $s, $d, 8, 1>,
                gradient::<F4, $sw, $s, $d, 4, 1>,
                gradient::<F4, $sw, $s, $d, 4, 2>,
                gradient::<F4, $sw, $s, $d, 2, 2>,
                gradient::<F4, $sw, $s, $d, 4, 3>,
                gradient::<F4, $sw, $s, $d, 2, 3>,
                gradient::<F8, $sw, $s, $d, 2, 2>,
                gradient::<F8, $sw, $s, $d, 4, 3>,
            ];
            let (x, w, y) = ($arena as *const f32, $arena.add(K) as *const f32, $arena.add(Y));
            let side = SIDE / $s;
            for _ in 0..$repeats {
                match $tile as usize {
                    tile @ 0..8 => forwards[tile](x, w, y, $sw, side, side),
                    tile @ 8..18 => gradients[tile - 8](x, y, $arena.add(K + 1000), $sw, side, side),
                    _ => return 0.0,
                }
            }
            (2 * $sw * $sw * side * side * BLOCK) as f64
        })* _ => 0.0 }
    };
}

/// Window: kernel·100 + stride·10 + dilation.
pub unsafe fn run(window: u32, tile: u32, repeats: u32, arena: *mut f32) -> f64 {
    tiles!(window, tile, repeats, arena; 311 => 3 1 1; 511 => 5 1 1; 312 => 3 1 2; 512 => 5 1 2; 321 => 3 2 1; 521 => 5 2 1;)
}
