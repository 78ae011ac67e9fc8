//! Aligned buffers that several threads write disjoint parts of.

use std::alloc::{alloc, alloc_zeroed, dealloc, Layout};

const ALIGNMENT: usize = 64; // one cache line, and the widest vector

/// A block of numbers aligned to a cache line. Threads share it by pointer; who writes what is the executor's business.
pub struct Buffer<T = f32> {
    start: *mut T,
    length: usize,
}

// Safety: a Buffer is a plain range of memory; all concurrent access goes through raw pointers whose disjointness the
// executor guarantees (one image, group or parameter chunk belongs to one thread between two barriers).
unsafe impl<T: Copy> Send for Buffer<T> {}
unsafe impl<T: Copy> Sync for Buffer<T> {}

impl<T: Copy> Buffer<T> {
    fn layout(length: usize) -> Option<Layout> {
        let bytes = length.max(16).checked_mul(core::mem::size_of::<T>())?;
        Layout::from_size_align(bytes, ALIGNMENT).ok()
    }

    fn allocate(length: usize, zeroed: bool) -> Result<Self, String> {
        let failure =
            || format!("Cannot allocate {} MiB of memory: use a smaller batch or --memory", (length * core::mem::size_of::<T>()) >> 20);
        let layout = Self::layout(length).ok_or_else(failure)?;
        // Safety: the layout is never empty.
        let start = unsafe {
            if zeroed {
                alloc_zeroed(layout)
            } else {
                alloc(layout)
            }
        } as *mut T;
        if start.is_null() {
            return Err(failure());
        }
        Ok(Buffer { start, length })
    }

    /// `length` zeros.
    ///
    /// # Errors
    /// When memory is exhausted.
    pub fn zeroed(length: usize) -> Result<Self, String> {
        Self::allocate(length, true)
    }

    /// `length` elements of whatever was there: for memory that is written before it is read.
    ///
    /// # Errors
    /// When memory is exhausted.
    pub fn raw(length: usize) -> Result<Self, String> {
        Self::allocate(length, false)
    }

    /// First element.
    pub fn pointer(&self) -> *mut T {
        self.start
    }

    /// Number of elements.
    pub fn len(&self) -> usize {
        self.length
    }

    /// Whether it holds nothing.
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// All elements, for use while no team runs.
    pub fn as_slice(&self) -> &[T] {
        // Safety: start is valid for length elements for the life of self.
        unsafe { core::slice::from_raw_parts(self.start, self.length) }
    }

    /// All elements, for use while no team runs.
    pub fn as_mut_slice(&mut self) -> &mut [T] {
        // Safety: as above, and self is borrowed mutably.
        unsafe { core::slice::from_raw_parts_mut(self.start, self.length) }
    }
}

impl<T> Drop for Buffer<T> {
    fn drop(&mut self) {
        let bytes = self.length.max(16) * core::mem::size_of::<T>();
        // Safety: allocated with this very layout.
        unsafe { dealloc(self.start as *mut u8, Layout::from_size_align_unchecked(bytes, ALIGNMENT)) }
    }
}
