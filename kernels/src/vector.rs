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
    /// Of each four pixels: the four high halves, then the four low ones. Zero beyond the last weight.
    halves: Vec<[i16; 8]>,
}

impl PixelWeights {
    /// Bytes that must be readable beyond the last weighted pixel.
    pub const READ_BEYOND: usize = 12;

    /// Splits weights, each below 2^30 in size.
    pub fn new(weights: &[i32]) -> PixelWeights {
        let half = |four: &[i32], i: usize| {
            let weight = four.get(i % 4).copied().unwrap_or(0);
            (if i < 4 { weight >> 15 } else { weight & 0x7fff }) as i16
        };
        PixelWeights { halves: weights.chunks(4).map(|four| std::array::from_fn(|i| half(four, i))).collect() }
    }
}

/// Sums of weight times byte, one for each of the four bytes of a pixel. `pixels` holds four bytes a pixel, one pixel a weight or more,
/// and [`PixelWeights::READ_BEYOND`] bytes more.
///
/// Panics: if there are fewer bytes.
#[inline(always)]
pub fn weigh_pixels(pixels: &[u8], weights: &PixelWeights) -> [i32; 4] {
    let pixels = &pixels[..16 * weights.halves.len()];
    #[cfg(target_arch = "wasm32")]
    {
        use core::arch::wasm32::*;
        // Bytes of two neighbouring pixels beside each other, as 16 bits; an index outside gives zero.
        let first = i8x16(0, -1, 4, -1, 1, -1, 5, -1, 2, -1, 6, -1, 3, -1, 7, -1);
        let second = i8x16(8, -1, 12, -1, 9, -1, 13, -1, 10, -1, 14, -1, 11, -1, 15, -1);
        let (mut high, mut low) = (i32x4_splat(0), i32x4_splat(0));
        for (four, halves) in pixels.chunks_exact(16).zip(&weights.halves) {
            let halves: *const u32 = halves.as_ptr().cast();
            // Safety: both are 16 bytes.
            let bytes = unsafe { v128_load(four.as_ptr().cast()) };
            // Loaded, not shuffled: machines shuffle once a cycle and load twice.
            let pair = |i: usize| unsafe { v128_load32_splat(halves.add(i)) };
            let (left, right) = (i8x16_swizzle(bytes, first), i8x16_swizzle(bytes, second));
            high = i32x4_add(high, i32x4_dot_i16x8(left, pair(0)));
            high = i32x4_add(high, i32x4_dot_i16x8(right, pair(1)));
            low = i32x4_add(low, i32x4_dot_i16x8(left, pair(2)));
            low = i32x4_add(low, i32x4_dot_i16x8(right, pair(3)));
        }
        let mut sums = [0; 4];
        // Safety: `sums` has 16 bytes.
        unsafe { v128_store(sums.as_mut_ptr().cast(), i32x4_add(i32x4_shl(high, 15), low)) };
        sums
    }
    #[cfg(not(target_arch = "wasm32"))]
    {
        let mut sums = [0i32; 4];
        for (four, halves) in pixels.chunks_exact(16).zip(&weights.halves) {
            for (i, pixel) in four.chunks_exact(4).enumerate() {
                let weight = ((halves[i] as i32) << 15) + halves[4 + i] as i32;
                sums.iter_mut().zip(pixel).for_each(|(sum, &byte)| *sum = sum.wrapping_add(byte as i32 * weight));
            }
        }
        sums
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weighs_pixels_with_weights_of_either_sign() {
        let weights = [1 << 22, -(1 << 20), 3, -1, 77_777];
        let pixels: Vec<u8> = (0..20).map(|i| i * 12).chain([9; PixelWeights::READ_BEYOND]).collect();
        let expected = std::array::from_fn(|c| weights.iter().enumerate().map(|(i, weight)| weight * pixels[4 * i + c] as i32).sum());
        assert_eq!(weigh_pixels(&pixels, &PixelWeights::new(&weights)), expected);
        assert_eq!(weigh_pixels(&[], &PixelWeights::new(&[])), [0; 4]);
    }
}
