//! Assembly of an image from bytes: crop with zero padding, flip, cutout, normalisation; grey and colour adapted.

use crate::layers::blocks::BLOCK;
use crate::memory::Buffer;
use crate::random::{below, stream, Generator};

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

/// Random changes to a training image (all off by default).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Augmentation {
    /// Zero pixels added around before a crop back to size at a random place.
    pub crop_padding: usize,
    /// Mirror half of the images, left to right.
    pub flip: bool,
    /// Side of a square set to the mean, at a random centre (DeVries & Taylor 2017); it may reach over the edge.
    pub cutout: usize,
}

/// How bytes become numbers: `(byte / 255 - mean) / std` per network channel.
#[derive(Clone, Copy, Debug, Default)]
pub struct Normalisation {
    /// Means of the network's input channels.
    pub mean: [f32; 4],
    /// Standard deviations, not zero.
    pub std: [f32; 4],
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
    const AUGMENTATION: usize = 3;

    /// Reads rows of `[means, deviations, crop padding, flip, cutout]`, one a dataset, for a network of `channels` inputs.
    ///
    /// # Errors
    /// When there are no whole rows.
    pub fn rows(numbers: &[f32], channels: usize) -> Result<Vec<Preparation>, String> {
        let width = 2 * channels + Preparation::AUGMENTATION;
        if numbers.is_empty() || !numbers.len().is_multiple_of(width) {
            return Err(format!("Cannot run: found {} numbers of preparation, expected {width} a dataset", numbers.len()));
        }
        let row = |row: &[f32]| {
            let mut normalisation = Normalisation { mean: [0.0; 4], std: [1.0; 4] };
            normalisation.mean[..channels].copy_from_slice(&row[..channels]);
            normalisation.std[..channels].copy_from_slice(&row[channels..2 * channels]);
            let [padding, flip, cutout] = [row[width - 3], row[width - 2], row[width - 1]];
            let augmentation =
                Augmentation { crop_padding: (padding as usize).min(1024), flip: flip != 0.0, cutout: (cutout as usize).min(2048) };
            Preparation { augmentation, normalisation }
        };
        Ok(numbers.chunks_exact(width).map(row).collect())
    }
}

/// On what the random changes to an image depend.
#[derive(Clone, Copy, Debug)]
pub struct ImageKey {
    /// The run's seed.
    pub seed: u64,
    /// Epoch.
    pub epoch: u32,
    /// Number of the image in its dataset.
    pub image: u32,
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
        let (height, width) = (self.height as isize, self.width as isize);
        let image = self.pixels.pointer().add(index * self.height * self.width * self.channels);
        let words = Generator::new(key.seed, stream::AUGMENTATION, key.epoch).words(key.image as u64);
        let room = 2 * augmentation.crop_padding as u32 + 1;
        let (down, right) = match augmentation.crop_padding {
            0 => (0, 0),
            padding => (below(words[0], room) as isize - padding as isize, below(words[1], room) as isize - padding as isize),
        };
        let flip = augmentation.flip && words[2] & 1 == 1;
        let half = (augmentation.cutout / 2) as isize;
        let (hole_y, hole_x) = (below(words[3] << 16, height as u32) as isize, below(words[3] & 0xFFFF_0000, width as u32) as isize);
        let mut table = [[0f32; 256]; 4];
        for c in 0..channels {
            for (byte, value) in table[c].iter_mut().enumerate() {
                *value = (byte as f32 / 255.0 - normalisation.mean[c]) / normalisation.std[c];
            }
        }
        for y in 0..height {
            for x in 0..width {
                let mut pixel = [0f32; BLOCK];
                let hole = augmentation.cutout > 0 && y >= hole_y - half && y < hole_y + half && x >= hole_x - half && x < hole_x + half;
                if !hole {
                    let from_y = y + down;
                    let from_x = (if flip { width - 1 - x } else { x }) + right;
                    let inside = from_y >= 0 && from_y < height && from_x >= 0 && from_x < width;
                    let at = if inside { image.add(((from_y * width + from_x) as usize) * self.channels) } else { image };
                    let byte = |c: usize| if inside { *at.add(c) as usize } else { 0 };
                    match (self.channels, channels) {
                        (1, _) => (0..channels).for_each(|c| pixel[c] = table[c][byte(0)]),
                        (3, 1) => pixel[0] = table[0][luma(byte(0), byte(1), byte(2))],
                        _ => (0..channels.min(3)).for_each(|c| pixel[c] = table[c][byte(c)]),
                    }
                }
                core::ptr::copy_nonoverlapping(pixel.as_ptr(), to.add((y * width + x) as usize * BLOCK), BLOCK);
            }
        }
    }
}
