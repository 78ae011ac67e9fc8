//! Channel blocks, in which every activation and weight lies: eight channels beside each other, block after block.

/// Channels of a block; elements of one of its pixels.
pub const BLOCK: usize = 8;

/// Blocks to be read.
#[derive(Clone, Copy)]
pub struct Blocks {
    /// First element of the first one.
    pub start: *const f32,
    /// Elements from one to the next.
    pub stride: usize,
}

impl Blocks {
    /// First element of block `b`.
    /// Safety: there is such a block.
    #[inline(always)]
    pub unsafe fn at(self, b: usize) -> *const f32 {
        self.start.add(b * self.stride)
    }

    /// The blocks from block `b` on.
    /// Safety: as [`Blocks::at`].
    #[inline(always)]
    pub unsafe fn tail(self, b: usize) -> Blocks {
        Blocks { start: self.at(b), ..self }
    }

    /// The same blocks without the first `elements` of each.
    /// Safety: each has as many.
    #[inline(always)]
    pub unsafe fn skip(self, elements: usize) -> Blocks {
        Blocks { start: self.start.add(elements), ..self }
    }
}

/// Blocks to be written or added to.
#[derive(Clone, Copy)]
pub struct BlocksMut {
    /// First element of the first one.
    pub start: *mut f32,
    /// Elements from one to the next.
    pub stride: usize,
}

impl BlocksMut {
    /// First element of block `b`.
    /// Safety: there is such a block.
    #[inline(always)]
    pub unsafe fn at(self, b: usize) -> *mut f32 {
        self.start.add(b * self.stride)
    }

    /// The blocks from block `b` on.
    /// Safety: as [`BlocksMut::at`].
    #[inline(always)]
    pub unsafe fn tail(self, b: usize) -> BlocksMut {
        BlocksMut { start: self.at(b), ..self }
    }

    /// The same blocks without the first `elements` of each.
    /// Safety: each has as many.
    #[inline(always)]
    pub unsafe fn skip(self, elements: usize) -> BlocksMut {
        BlocksMut { start: self.start.add(elements), ..self }
    }
}
