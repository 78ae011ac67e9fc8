//! Four and eight f32 lanes, and weighted sums of pixels: the only vocabulary in which kernels speak, and the only file that names wasm
//! intrinsics.
//!
//! Off wasm the same words are plain arrays, so that `cargo test` runs every kernel's tile logic natively.

/// A fixed number of f32 lanes that kernels are generic over: [`F4`] or [`F8`].
///
/// Pointers count f32 elements; every access touches exactly `COUNT` elements and needs no alignment.
pub trait Lanes: Copy {
    /// Number of f32 lanes.
    const COUNT: usize;
    /// All lanes equal to `value`.
    fn splat(value: f32) -> Self;
    /// Reads `COUNT` elements. Safety: `from..from+COUNT` must be readable.
    unsafe fn load(from: *const f32) -> Self;
    /// Reads one element into all lanes. Safety: `from` must be readable.
    unsafe fn load_splat(from: *const f32) -> Self;
    /// Writes `COUNT` elements. Safety: `to..to+COUNT` must be writable.
    unsafe fn store(self, to: *mut f32);
    /// Lane-wise sum.
    fn add(self, other: Self) -> Self;
    /// Lane-wise difference.
    fn sub(self, other: Self) -> Self;
    /// Lane-wise product.
    fn mul(self, other: Self) -> Self;
    /// `self * factor + addend`: two roundings in the strict builds, one where the relaxed build meets a fused unit.
    fn mul_add(self, factor: Self, addend: Self) -> Self;
    /// Lane-wise maximum (`other` where it is greater; NaN handling is not promised).
    fn max(self, other: Self) -> Self;
    /// `self` where `condition > 0`, zero elsewhere: the derivative of ReLU.
    fn where_positive(self, condition: Self) -> Self;
    /// All-ones bits in the lanes where both are equal.
    fn equal_mask(self, other: Self) -> Self;
    /// Bitwise and.
    fn and(self, other: Self) -> Self;
    /// Bitwise `self & !other`.
    fn and_not(self, other: Self) -> Self;
    /// Bitwise or.
    fn or(self, other: Self) -> Self;
    /// Lane `LANE` (0 to 3) of four lanes in all lanes.
    fn splat_lane<const LANE: usize>(four: F4) -> Self;
    /// 2 to the power of each lane, which must be a whole number from -126 to 127.
    fn exp2_whole(self) -> Self;
    /// Zero in all lanes.
    #[inline(always)]
    fn zero() -> Self {
        Self::splat(0.0)
    }
}

/// The same pointer, of which the compiler knows nothing: at the end of a loop it keeps addresses within the loop at constant offsets
/// from it. (LLVM's strength reduction would compute each address apart, and V8 packs only accesses at constant offsets.)
#[inline(always)]
pub fn opaque(pointer: *const f32) -> *const f32 {
    #[cfg(target_arch = "wasm32")]
    {
        let mut pointer = pointer;
        // Safety: it reads a local and writes it back.
        unsafe { core::arch::asm!("local.get {0}", "local.set {0}", inout(local) pointer, options(pure, nomem, nostack, preserves_flags)) };
        pointer
    }
    #[cfg(not(target_arch = "wasm32"))]
    pointer
}

/// [`opaque`] of a pointer to write through.
#[inline(always)]
pub fn opaque_mut(pointer: *mut f32) -> *mut f32 {
    opaque(pointer).cast_mut()
}

#[cfg(target_arch = "wasm32")]
mod lanes4 {
    use core::arch::wasm32::*;

    /// Four f32 lanes in one v128.
    #[derive(Clone, Copy)]
    pub struct F4(v128);

    impl super::Lanes for F4 {
        const COUNT: usize = 4;
        #[inline(always)]
        fn splat(value: f32) -> Self {
            F4(f32x4_splat(value))
        }
        #[inline(always)]
        unsafe fn load(from: *const f32) -> Self {
            F4(v128_load(from as *const v128))
        }
        #[inline(always)]
        unsafe fn load_splat(from: *const f32) -> Self {
            F4(v128_load32_splat(from as *const u32))
        }
        #[inline(always)]
        unsafe fn store(self, to: *mut f32) {
            v128_store(to as *mut v128, self.0)
        }
        #[inline(always)]
        fn add(self, other: Self) -> Self {
            F4(f32x4_add(self.0, other.0))
        }
        #[inline(always)]
        fn sub(self, other: Self) -> Self {
            F4(f32x4_sub(self.0, other.0))
        }
        #[inline(always)]
        fn mul(self, other: Self) -> Self {
            F4(f32x4_mul(self.0, other.0))
        }
        #[cfg(target_feature = "relaxed-simd")]
        #[inline(always)]
        fn mul_add(self, factor: Self, addend: Self) -> Self {
            F4(f32x4_relaxed_madd(self.0, factor.0, addend.0))
        }
        #[cfg(not(target_feature = "relaxed-simd"))]
        #[inline(always)]
        fn mul_add(self, factor: Self, addend: Self) -> Self {
            F4(f32x4_add(f32x4_mul(self.0, factor.0), addend.0))
        }
        #[inline(always)]
        fn max(self, other: Self) -> Self {
            F4(f32x4_pmax(self.0, other.0))
        }
        #[inline(always)]
        fn where_positive(self, condition: Self) -> Self {
            F4(v128_and(self.0, f32x4_gt(condition.0, f32x4_splat(0.0))))
        }
        #[inline(always)]
        fn equal_mask(self, other: Self) -> Self {
            F4(f32x4_eq(self.0, other.0))
        }
        #[inline(always)]
        fn and(self, other: Self) -> Self {
            F4(v128_and(self.0, other.0))
        }
        #[inline(always)]
        fn and_not(self, other: Self) -> Self {
            F4(v128_andnot(self.0, other.0))
        }
        #[inline(always)]
        fn or(self, other: Self) -> Self {
            F4(v128_or(self.0, other.0))
        }
        #[inline(always)]
        fn exp2_whole(self) -> Self {
            F4(i32x4_shl(i32x4_add(i32x4_trunc_sat_f32x4(self.0), i32x4_splat(127)), 23))
        }
        #[inline(always)]
        fn splat_lane<const LANE: usize>(four: F4) -> Self {
            F4(match LANE {
                0 => i32x4_shuffle::<0, 0, 0, 0>(four.0, four.0),
                1 => i32x4_shuffle::<1, 1, 1, 1>(four.0, four.0),
                2 => i32x4_shuffle::<2, 2, 2, 2>(four.0, four.0),
                _ => i32x4_shuffle::<3, 3, 3, 3>(four.0, four.0),
            })
        }
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod lanes4 {
    /// Four f32 lanes in an array (native builds, for tests).
    #[derive(Clone, Copy)]
    pub struct F4([f32; 4]);

    impl F4 {
        #[inline(always)]
        fn zip(self, other: Self, f: impl Fn(f32, f32) -> f32) -> Self {
            F4(core::array::from_fn(|i| f(self.0[i], other.0[i])))
        }
        #[inline(always)]
        fn bits(self, other: Self, f: impl Fn(u32, u32) -> u32) -> Self {
            self.zip(other, |a, b| f32::from_bits(f(a.to_bits(), b.to_bits())))
        }
    }

    impl super::Lanes for F4 {
        const COUNT: usize = 4;
        #[inline(always)]
        fn splat(value: f32) -> Self {
            F4([value; 4])
        }
        #[inline(always)]
        unsafe fn load(from: *const f32) -> Self {
            F4(core::ptr::read_unaligned(from as *const [f32; 4]))
        }
        #[inline(always)]
        unsafe fn load_splat(from: *const f32) -> Self {
            F4([*from; 4])
        }
        #[inline(always)]
        unsafe fn store(self, to: *mut f32) {
            core::ptr::write_unaligned(to as *mut [f32; 4], self.0)
        }
        #[inline(always)]
        fn add(self, other: Self) -> Self {
            self.zip(other, |a, b| a + b)
        }
        #[inline(always)]
        fn sub(self, other: Self) -> Self {
            self.zip(other, |a, b| a - b)
        }
        #[inline(always)]
        fn mul(self, other: Self) -> Self {
            self.zip(other, |a, b| a * b)
        }
        #[inline(always)]
        fn mul_add(self, factor: Self, addend: Self) -> Self {
            self.mul(factor).add(addend)
        }
        #[inline(always)]
        fn max(self, other: Self) -> Self {
            self.zip(other, |a, b| if b > a { b } else { a })
        }
        #[inline(always)]
        fn where_positive(self, condition: Self) -> Self {
            self.zip(condition, |a, c| if c > 0.0 { a } else { 0.0 })
        }
        #[inline(always)]
        fn equal_mask(self, other: Self) -> Self {
            self.zip(other, |a, b| f32::from_bits(if a == b { u32::MAX } else { 0 }))
        }
        #[inline(always)]
        fn and(self, other: Self) -> Self {
            self.bits(other, |a, b| a & b)
        }
        #[inline(always)]
        fn and_not(self, other: Self) -> Self {
            self.bits(other, |a, b| a & !b)
        }
        #[inline(always)]
        fn or(self, other: Self) -> Self {
            self.bits(other, |a, b| a | b)
        }
        #[inline(always)]
        fn exp2_whole(self) -> Self {
            F4(self.0.map(|n| f32::from_bits(((n as i32 + 127) << 23) as u32)))
        }
        #[inline(always)]
        fn splat_lane<const LANE: usize>(four: F4) -> Self {
            F4([four.0[LANE]; 4])
        }
    }
}

pub use lanes4::F4;

/// Eight f32 lanes: one channel block. Two adjacent v128, which V8's revectoriser packs into one 256-bit register.
#[derive(Clone, Copy)]
pub struct F8(F4, F4);

macro_rules! lane_wise {
    ($($name:ident($($argument:ident),*);)*) => {
        $(#[inline(always)]
        fn $name(self, $($argument: Self),*) -> Self {
            F8(self.0.$name($($argument.0),*), self.1.$name($($argument.1),*))
        })*
    };
}

impl Lanes for F8 {
    const COUNT: usize = 8;
    #[inline(always)]
    fn splat(value: f32) -> Self {
        F8(F4::splat(value), F4::splat(value))
    }
    #[inline(always)]
    unsafe fn load(from: *const f32) -> Self {
        F8(F4::load(from), F4::load(from.add(4)))
    }
    #[inline(always)]
    unsafe fn load_splat(from: *const f32) -> Self {
        let value = F4::load_splat(from);
        F8(value, value)
    }
    #[inline(always)]
    unsafe fn store(self, to: *mut f32) {
        self.0.store(to);
        self.1.store(to.add(4));
    }
    #[inline(always)]
    fn splat_lane<const LANE: usize>(four: F4) -> Self {
        let value = F4::splat_lane::<LANE>(four);
        F8(value, value)
    }
    lane_wise! {
        add(other); sub(other); mul(other); mul_add(factor, addend); max(other); where_positive(condition);
        equal_mask(other); and(other); and_not(other); or(other); exp2_whole();
    }
}

/// Whole weights of neighbouring pixels, four pixels at a time, for [`weigh_pixels`].
///
/// A weight is two halves, `high * 2^15 + low`, since the machine multiplies and adds pairs of 16 bits at once. Sums may wrap: they are
/// right as long as the whole sum fits in 32 bits.
pub struct PixelWeights {
    /// First pixel that is read: even, since pixels are paired.
    start: usize,
    /// Of each four pixels: the four high halves, then the four low ones. Zero beyond the weights.
    halves: Vec<[i16; 8]>,
}

impl PixelWeights {
    /// Splits weights, each below 2^30 in size, of the pixels from `first`.
    pub fn new(first: usize, weights: &[i32]) -> PixelWeights {
        let padded: Vec<i32> = std::iter::repeat_n(0, first % 2).chain(weights.iter().copied()).collect();
        let half = |four: &[i32], i: usize| {
            let weight = four.get(i % 4).copied().unwrap_or(0);
            (if i < 4 { weight >> 15 } else { weight & 0x7fff }) as i16
        };
        PixelWeights { start: first - first % 2, halves: padded.chunks(4).map(|four| std::array::from_fn(|i| half(four, i))).collect() }
    }
}

/// Bytes that [`pair_pixels`] writes for pixels of four bytes.
pub fn paired_bytes(pixels: usize) -> usize {
    8 * pixels.div_ceil(2) + 16
}

/// Puts pixels of four bytes in pairs, for [`weigh_pixels`]: the first bytes of two neighbours, then their second ones, and so on.
pub fn pair_pixels(pixels: &[u8], pairs: &mut [u8]) {
    let (fours, rest) = pixels.split_at(pixels.len() / 16 * 16);
    let (paired, last) = pairs.split_at_mut(fours.len());
    for (four, pair) in fours.chunks_exact(16).zip(paired.chunks_exact_mut(16)) {
        #[cfg(target_arch = "wasm32")]
        {
            use core::arch::wasm32::*;
            // Safety: both are 16 bytes.
            unsafe {
                let bytes = v128_load(four.as_ptr().cast());
                let bytes = i8x16_shuffle::<0, 4, 1, 5, 2, 6, 3, 7, 8, 12, 9, 13, 10, 14, 11, 15>(bytes, bytes);
                v128_store(pair.as_mut_ptr().cast(), bytes);
            }
        }
        #[cfg(not(target_arch = "wasm32"))]
        for (i, &byte) in four.iter().enumerate() {
            pair[i / 8 * 8 + 2 * (i % 4) + i % 8 / 4] = byte;
        }
    }
    for (i, &byte) in rest.iter().enumerate() {
        last[i / 8 * 8 + 2 * (i % 4) + i % 8 / 4] = byte;
    }
}

/// Sums of weight times byte, one for each of the four bytes of a pixel, in two rows at a time. A row is what [`pair_pixels`] has written
/// to [`paired_bytes`].
///
/// Panics: if a row is shorter than the weights reach.
#[inline(always)]
pub fn weigh_pixels(rows: [&[u8]; 2], weights: &PixelWeights) -> [[i32; 4]; 2] {
    let place = 4 * weights.start;
    let [first, second] = rows.map(|row| &row[place..place + 16 * weights.halves.len()]);
    #[cfg(target_arch = "wasm32")]
    {
        use core::arch::wasm32::*;
        let (mut high, mut low) = ([i32x4_splat(0); 2], [i32x4_splat(0); 2]);
        for ((one, two), halves) in first.chunks_exact(16).zip(second.chunks_exact(16)).zip(&weights.halves) {
            // Safety: each is 16 bytes.
            let [one, two, halves] = unsafe { [one.as_ptr(), two.as_ptr(), halves.as_ptr().cast()].map(|from| v128_load(from.cast())) };
            let high_left = i32x4_shuffle::<0, 0, 0, 0>(halves, halves);
            let high_right = i32x4_shuffle::<1, 1, 1, 1>(halves, halves);
            let low_left = i32x4_shuffle::<2, 2, 2, 2>(halves, halves);
            let low_right = i32x4_shuffle::<3, 3, 3, 3>(halves, halves);
            for (row, bytes) in [one, two].into_iter().enumerate() {
                let (left, right) = (u16x8_extend_low_u8x16(bytes), u16x8_extend_high_u8x16(bytes));
                high[row] = i32x4_add(high[row], i32x4_dot_i16x8(left, high_left));
                high[row] = i32x4_add(high[row], i32x4_dot_i16x8(right, high_right));
                low[row] = i32x4_add(low[row], i32x4_dot_i16x8(left, low_left));
                low[row] = i32x4_add(low[row], i32x4_dot_i16x8(right, low_right));
            }
        }
        std::array::from_fn(|row| {
            let mut sums = [0; 4];
            // Safety: `sums` has 16 bytes.
            unsafe { v128_store(sums.as_mut_ptr().cast(), i32x4_add(i32x4_shl(high[row], 15), low[row])) };
            sums
        })
    }
    #[cfg(not(target_arch = "wasm32"))]
    {
        [first, second].map(|row| {
            let mut sums = [0i32; 4];
            for (four, halves) in row.chunks_exact(16).zip(&weights.halves) {
                for (i, &byte) in four.iter().enumerate() {
                    // Within a pair the pixels alternate.
                    let pixel = 2 * (i / 8) + i % 2;
                    let weight = ((halves[pixel] as i32) << 15) + halves[4 + pixel] as i32;
                    let sum = &mut sums[i % 8 / 2];
                    *sum = sum.wrapping_add(byte as i32 * weight);
                }
            }
            sums
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weighs_pixels_of_two_rows_with_weights_of_either_sign() {
        let weights = [1 << 22, -(1 << 20), 3, -1, 77_777];
        let rows: [Vec<u8>; 2] = [(0..28).map(|i| i * 9).collect(), (0..28).map(|i| 255 - i * 7).collect()];
        for first in 0..3 {
            let sum = |row: &[u8], c: usize| weights.iter().enumerate().map(|(i, weight)| weight * row[4 * (first + i) + c] as i32).sum();
            let expected = [0, 1].map(|row| std::array::from_fn(|c| sum(&rows[row], c)));
            let paired = rows.each_ref().map(|row| {
                let mut pairs = vec![0; paired_bytes(7)];
                pair_pixels(row, &mut pairs);
                pairs
            });
            let found = weigh_pixels([&paired[0], &paired[1]], &PixelWeights::new(first, &weights));
            assert_eq!(found, expected);
        }
        assert_eq!(weigh_pixels([&[], &[]], &PixelWeights::new(0, &[])), [[0; 4]; 2]);
    }
}
