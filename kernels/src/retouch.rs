//! What happens to an image while it is assembled where bytes do not stay bytes, row by row, and how two images become one.
//!
//! Values are 0 to 1. No products are fused with sums: the same bits in every build.

use crate::layers::blocks::BLOCK;
use crate::variation::{Mix, Part};
use crate::vector::{Lanes, F8};
use core::ops::Range;

/// How bytes become numbers: `(byte / 255 - mean) / std` per network channel.
#[derive(Clone, Copy, Debug, Default)]
pub struct Normalisation {
    /// Means of the network's input channels.
    pub mean: [f32; 4],
    /// Standard deviations, not zero.
    pub std: [f32; 4],
}

/// Longest side of an image.
pub const LONGEST: usize = 1024;

/// One row of an image, channel by channel.
pub struct Row {
    planes: [[f32; LONGEST]; 3],
    grey: [f32; LONGEST],
    width: usize,
    channels: usize,
}

/// `factor · value + (1 - factor) · other` within 0 to 1.
fn blend(value: f32, other: f32, factor: f32) -> f32 {
    (factor * value + (1.0 - factor) * other).clamp(0.0, 1.0)
}

impl Row {
    /// A black row of up to [`LONGEST`] pixels of 1 or 3 channels.
    pub fn new(width: usize, channels: usize) -> Row {
        Row { planes: [[0.0; LONGEST]; 3], grey: [0.0; LONGEST], width, channels }
    }

    /// Values of a channel.
    pub fn plane(&mut self, channel: usize) -> &mut [f32] {
        &mut self.planes[channel][..self.width]
    }

    /// Writes the row's values, channel by channel.
    /// Safety: `to` spans width · channels elements.
    pub unsafe fn store(&self, to: *mut f32) {
        for c in 0..self.channels {
            core::ptr::copy_nonoverlapping(self.planes[c].as_ptr(), to.add(c * self.width), self.width);
        }
    }

    /// Reads what [`Row::store`] wrote.
    /// Safety: `from` spans width · channels elements.
    pub unsafe fn load(&mut self, from: *const f32) {
        for c in 0..self.channels {
            core::ptr::copy_nonoverlapping(from.add(c * self.width), self.planes[c].as_mut_ptr(), self.width);
        }
    }

    /// Takes the grey of each pixel: `torchvision.transforms.functional.rgb_to_grayscale`.
    fn take_grey(&mut self) {
        let [red, green, blue] = &self.planes;
        for (x, grey) in self.grey[..self.width].iter_mut().enumerate() {
            *grey = if self.channels == 1 { red[x] } else { 0.2989 * red[x] + 0.587 * green[x] + 0.114 * blue[x] };
        }
    }

    /// Changes the brightness as torchvision's `adjust_brightness` does with floats; returns the sum of the greys then, which is
    /// taken in eight lanes.
    pub fn brighten(&mut self, factor: f32) -> f64 {
        for c in 0..self.channels {
            self.plane(c).iter_mut().for_each(|value| *value = (factor * *value).clamp(0.0, 1.0));
        }
        self.take_grey();
        let mut lanes = [0f32; BLOCK];
        for pixels in self.grey[..self.width].chunks(BLOCK) {
            lanes.iter_mut().zip(pixels).for_each(|(lane, grey)| *lane += grey);
        }
        lanes.iter().map(|&lane| lane as f64).sum()
    }

    /// Changes contrast, then saturation, as torchvision's `adjust_contrast` and `adjust_saturation` do with floats, `mean` being the
    /// image's mean grey. Of a grey image the saturation stays.
    pub fn recolour(&mut self, mean: f32, contrast: f32, saturation: f32) {
        for c in 0..self.channels {
            self.plane(c).iter_mut().for_each(|value| *value = blend(*value, mean, contrast));
        }
        if self.channels == 1 {
            return;
        }
        self.take_grey();
        for plane in &mut self.planes {
            let values = plane[..self.width].iter_mut().zip(&self.grey);
            values.for_each(|(value, &grey)| *value = blend(*value, grey, saturation));
        }
    }

    /// Writes the row as `[width][8]` normalised numbers for a network of `channels` inputs, zeros in the columns of `hole`. Grey
    /// enters colour networks by replication, colour enters grey ones as luma (ITU-R BT.601).
    /// Safety: `to` spans width · 8 elements, the hole's columns are among them.
    pub unsafe fn write(&self, normalisation: &Normalisation, channels: usize, hole: Range<usize>, to: *mut f32) {
        let Normalisation { mean, std } = normalisation;
        let scale = std.map(|std| 1.0 / std);
        let [red, green, blue] = &self.planes;
        let put = |x: usize, pixel: [f32; BLOCK]| core::ptr::copy_nonoverlapping(pixel.as_ptr(), to.add(x * BLOCK), BLOCK);
        let number = |c: usize, value: f32| (value - mean[c]) * scale[c];
        let width = self.width.min(LONGEST);
        match (self.channels, channels) {
            (3, 3) => (0..width).for_each(|x| {
                let [r, g, b] = [number(0, red[x]), number(1, green[x]), number(2, blue[x])];
                put(x, [r, g, b, 0.0, 0.0, 0.0, 0.0, 0.0])
            }),
            (3, 1) => (0..width).for_each(|x| {
                let luma = 0.299 * red[x] + 0.587 * green[x] + 0.114 * blue[x];
                put(x, [number(0, luma), 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0])
            }),
            (own, _) => (0..width).for_each(|x| {
                let mut pixel = [0f32; BLOCK];
                let read = if own == 1 { channels } else { channels.min(3) };
                (0..read).for_each(|c| pixel[c] = number(c, self.planes[if own == 1 { 0 } else { c }][x]));
                put(x, pixel)
            }),
        }
        for x in hole {
            core::ptr::write_bytes(to.add(x * BLOCK), 0, BLOCK);
        }
    }
}

/// Between which columns of a part those of a whole row fall.
pub struct Columns {
    left: [u16; LONGEST],
    right: [u16; LONGEST],
    /// Share of the right one.
    across: [f32; LONGEST],
    /// A row of the part, pixel by pixel.
    line: [f32; 3 * LONGEST],
}

/// The two pixels between which a pixel of a line falls that `from` pixels are brought to, and the share of the second.
pub fn between(at: usize, from: usize, to: usize) -> (usize, usize, f32) {
    let source = ((at as f32 + 0.5) * (from as f32 / to as f32) - 0.5).max(0.0);
    let first = (source as usize).min(from - 1);
    (first, (first + 1).min(from - 1), source - first as f32)
}

impl Columns {
    /// Columns of a part of `from` ones that is brought to `to`, mirrored if asked for.
    pub fn new(from: usize, to: usize, flip: bool) -> Columns {
        let mut columns = Columns { left: [0; LONGEST], right: [0; LONGEST], across: [0.0; LONGEST], line: [0.0; 3 * LONGEST] };
        for x in 0..to {
            let (left, right, across) = between(if flip { to - 1 - x } else { x }, from, to);
            (columns.left[x], columns.right[x], columns.across[x]) = (left as u16, right as u16, across);
        }
        columns
    }

    /// A row between two rows of a part, each `[columns][channels]` bytes, `down` being the share of the lower one, in units of
    /// byte/255: `torch.nn.functional.interpolate` with "bilinear". A part is never larger than the whole, so nothing shrinks and
    /// antialiasing would change nothing.
    pub fn resize(&mut self, above: &[u8], below: &[u8], down: f32, to: &mut Row) {
        let channels = to.channels;
        let (upper, lower) = ((1.0 - down) / 255.0, down / 255.0);
        for ((value, &above), &below) in self.line.iter_mut().zip(above).zip(below) {
            *value = upper * above as f32 + lower * below as f32;
        }
        for c in 0..channels {
            for (x, value) in to.plane(c).iter_mut().enumerate() {
                let at = |column: u16| self.line[column as usize * channels + c];
                *value = (1.0 - self.across[x]) * at(self.left[x]) + self.across[x] * at(self.right[x]);
            }
        }
    }
}

/// Mixes an image with its partner: pixel by pixel, or by a part that is the partner's.
/// Safety: both span `height · width · 8` elements, the mix is one of that size, and they do not overlap.
pub unsafe fn mix(image: *mut f32, partner: *const f32, (height, width): (usize, usize), mix: &Mix) {
    let Some(Part { top, left, height: rows, width: columns }) = mix.patch else {
        let (own, other) = (F8::splat(mix.keep as f32), F8::splat((1.0 - mix.keep) as f32));
        for at in (0..height * width * BLOCK).step_by(BLOCK) {
            F8::load(image.add(at)).mul(own).add(F8::load(partner.add(at)).mul(other)).store(image.add(at));
        }
        return;
    };
    for y in top as usize..top as usize + rows {
        let at = (y * width + left as usize) * BLOCK;
        core::ptr::copy_nonoverlapping(partner.add(at), image.add(at), columns * BLOCK);
    }
}
