//! Assembly of an image from bytes: varied as drawn ([`crate::variation`]), normalised; grey and colour adapted.

use crate::layers::blocks::BLOCK;
use crate::memory::Buffer;
use crate::retouch::{between, Columns, Normalisation, Row};
use crate::variation::{Augmentation, ImageKey, Jitter, Part, Variation};

/// Grey of a colour, 0 to 255 each (ITU-R BT.601).
pub(crate) fn luma(red: usize, green: usize, blue: usize) -> usize {
    (299 * red + 587 * green + 114 * blue + 500) / 1000
}

/// Images of one dataset: `[count][height][width][channels]` bytes.
pub struct Images {
    /// The bytes.
    pub pixels: Buffer<u8>,
    /// Number of images.
    pub count: usize,
    /// Rows.
    pub height: usize,
    /// Columns.
    pub width: usize,
    /// 1 or 3.
    pub channels: usize,
}

/// How images of one dataset are prepared.
#[derive(Clone, Copy, Debug, Default)]
pub struct Preparation {
    /// Random changes.
    pub augmentation: Augmentation,
    /// Bytes to numbers.
    pub normalisation: Normalisation,
}

impl Preparation {
    /// Numbers of a row besides means and deviations.
    const AUGMENTATION: usize = 7;

    /// Reads rows of `[means, deviations, crop padding, flip, cutout, crop scale, brightness, contrast, saturation]`, one a
    /// dataset, for a network of `channels` inputs. A crop scale of 1 is none.
    ///
    /// # Errors
    /// When there are no whole rows, or a change is out of range.
    pub fn rows(numbers: &[f32], channels: usize) -> Result<Vec<Preparation>, String> {
        let width = 2 * channels + Preparation::AUGMENTATION;
        if numbers.is_empty() || !numbers.len().is_multiple_of(width) {
            return Err(format!("Cannot run: found {} numbers of preparation, expected {width} a dataset", numbers.len()));
        }
        let row = |row: &[f32]| {
            let mut normalisation = Normalisation { mean: [0.0; 4], std: [1.0; 4] };
            normalisation.mean[..channels].copy_from_slice(&row[..channels]);
            normalisation.std[..channels].copy_from_slice(&row[channels..2 * channels]);
            let &[padding, flip, cutout, scale, brightness, contrast, saturation] = &row[2 * channels..] else {
                return Err("Cannot run: a row of preparation is too short".into());
            };
            let augmentation = Augmentation {
                crop_padding: (padding as usize).min(1024),
                flip: flip != 0.0,
                cutout: (cutout as usize).min(2048),
                crop_scale: (scale != 1.0).then_some(scale),
                jitter: Jitter { brightness, contrast, saturation },
            };
            augmentation.check()?;
            Ok(Preparation { augmentation, normalisation })
        };
        numbers.chunks_exact(width).map(row).collect()
    }
}

/// Sums over bytes, channel by channel: integers, so that they are the same in whatever pieces bytes come.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sums {
    /// Of the bytes.
    pub values: [u64; 3],
    /// Of their squares.
    pub squares: [u64; 3],
}

impl Sums {
    /// Adds pixels of `channels` bytes each.
    pub fn add(&mut self, pixels: &[u8], channels: usize) {
        for pixel in pixels.chunks_exact(channels) {
            for (c, &byte) in pixel.iter().enumerate() {
                self.values[c] += byte as u64;
                self.squares[c] += (byte as u64) * (byte as u64);
            }
        }
    }

    /// Sums, then sums of squares; exact below 2^53.
    pub fn numbers(&self, channels: usize) -> Vec<f64> {
        self.values[..channels].iter().chain(&self.squares[..channels]).map(|&sum| sum as f64).collect()
    }
}

impl Images {
    /// Copies bytes.
    ///
    /// # Errors
    /// When the sizes are inconsistent or memory is exhausted.
    pub fn new(count: usize, height: usize, width: usize, channels: usize) -> Result<Images, String> {
        if !(1..=1024).contains(&height) || !(1..=1024).contains(&width) || (channels != 1 && channels != 3) {
            return Err(format!("Cannot load images of {height}x{width}x{channels}: expected sides of 1 to 1024 and 1 or 3 channels"));
        }
        let bytes = count.checked_mul(height * width * channels).filter(|&b| b < 1 << 31).ok_or("Cannot load images: they exceed 2 GiB")?;
        Ok(Images { pixels: Buffer::zeroed(bytes)?, count, height, width, channels })
    }

    /// Sums and sums of squares of each channel's bytes over the given images.
    pub fn sums(&self, indices: &[u32]) -> Sums {
        let size = self.height * self.width * self.channels;
        let mut sums = Sums::default();
        for &index in indices {
            sums.add(&self.pixels.as_slice()[index as usize * size..][..size], self.channels);
        }
        sums
    }

    /// Writes image `index` as one channel block `[height·width][8]`, augmented, for a network of `channels` inputs.
    ///
    /// Grey enters colour networks by replication, colour enters grey ones as luma (ITU-R BT.601). Random choices are keyed
    /// by (seed, epoch, key), the key being the image's number in its dataset: they depend on nothing else.
    /// Safety: `to` spans height·width·8 elements, index < count.
    pub unsafe fn assemble(&self, index: usize, preparation: &Preparation, channels: usize, key: ImageKey, to: *mut f32) {
        let Preparation { augmentation, normalisation } = preparation;
        let image = self.pixels.pointer().add(index * self.height * self.width * self.channels);
        let variation = Variation::draw(augmentation, key, self.height, self.width);
        if augmentation.keeps_bytes() {
            return self.look_up(image, &variation, normalisation, channels, to);
        }
        self.retouch(image, &variation, preparation, channels, to);
    }

    /// The same where bytes do not stay bytes.
    unsafe fn retouch(&self, image: *const u8, variation: &Variation, preparation: &Preparation, channels: usize, to: *mut f32) {
        let Preparation { augmentation, normalisation } = preparation;
        let (line, mut row) = (self.width * BLOCK, Row::new(self.width, self.channels));
        let mut columns = augmentation.crop_scale.map(|_| Columns::new(variation.part.width, self.width, variation.flip));
        let is_recoloured = augmentation.jitter != Jitter::default();
        let [brightness, contrast, saturation] = variation.factors;
        let mut sum = 0.0;
        for y in 0..self.height {
            match &mut columns {
                Some(columns) => self.resize(image, &variation.part, columns, y, &mut row),
                None => self.shift(image, variation, y, &mut row),
            }
            if is_recoloured {
                sum += row.brighten(brightness);
                // The contrast needs the mean of all rows: until then each waits in its own place.
                row.store(to.add(y * line));
            } else {
                row.write(normalisation, channels, variation.hole.columns(y, self.width), to.add(y * line));
            }
        }
        if !is_recoloured {
            return;
        }
        let mean = (sum / (self.height * self.width) as f64) as f32;
        for y in 0..self.height {
            row.load(to.add(y * line));
            row.recolour(mean, contrast, saturation);
            row.write(normalisation, channels, variation.hole.columns(y, self.width), to.add(y * line));
        }
    }

    /// Bytes to normalised numbers by a table, where nothing but their place changes.
    unsafe fn look_up(&self, image: *const u8, variation: &Variation, normalisation: &Normalisation, channels: usize, to: *mut f32) {
        let mut table = [[0f32; 256]; 4];
        for c in 0..channels {
            for (byte, value) in table[c].iter_mut().enumerate() {
                *value = (byte as f32 / 255.0 - normalisation.mean[c]) / normalisation.std[c];
            }
        }
        for y in 0..self.height as isize {
            for x in 0..self.width as isize {
                let mut pixel = [0f32; BLOCK];
                if !variation.hole.holds(y, x) {
                    let bytes = self.bytes(image, variation, y, x);
                    match (self.channels, channels) {
                        (1, _) => (0..channels).for_each(|c| pixel[c] = table[c][bytes[0]]),
                        (3, 1) => pixel[0] = table[0][luma(bytes[0], bytes[1], bytes[2])],
                        _ => (0..channels.min(3)).for_each(|c| pixel[c] = table[c][bytes[c]]),
                    }
                }
                core::ptr::copy_nonoverlapping(pixel.as_ptr(), to.add((y as usize * self.width + x as usize) * BLOCK), BLOCK);
            }
        }
    }

    /// Bytes of the pixel that a padded crop shows at a place: zeros beyond the edge.
    unsafe fn bytes(&self, image: *const u8, Variation { part, flip, .. }: &Variation, y: isize, x: isize) -> [usize; 3] {
        let (height, width) = (self.height as isize, self.width as isize);
        let from_y = y + part.top;
        let from_x = (if *flip { width - 1 - x } else { x }) + part.left;
        let mut bytes = [0; 3];
        if from_y >= 0 && from_y < height && from_x >= 0 && from_x < width {
            let at = image.add(((from_y * width + from_x) as usize) * self.channels);
            (0..self.channels).for_each(|c| bytes[c] = *at.add(c) as usize);
        }
        bytes
    }

    /// A row of a padded crop in units of byte/255.
    unsafe fn shift(&self, image: *const u8, variation: &Variation, y: usize, row: &mut Row) {
        for x in 0..self.width {
            let bytes = self.bytes(image, variation, y as isize, x as isize);
            (0..self.channels).for_each(|c| row.plane(c)[x] = bytes[c] as f32 / 255.0);
        }
    }

    /// A row of a part that is brought to the whole size, in units of byte/255.
    unsafe fn resize(&self, image: *const u8, part: &Part, columns: &mut Columns, y: usize, row: &mut Row) {
        let (above, below, down) = between(y, part.height, self.height);
        let line = |y: usize| {
            let first = (part.top as usize + y) * self.width + part.left as usize;
            core::slice::from_raw_parts(image.add(first * self.channels), part.width * self.channels)
        };
        columns.resize(line(above), line(below), down, row);
    }
}
