//! Random choices by which a training image is varied, and mixed with another one. No pixels here.
//!
//! Every choice is a function of the settings and of (seed, epoch, image): it depends on neither batch, threads nor store.

use crate::random::{below, stream, to_unit, Generator};
use core::ops::Range;

/// Random changes to a training image (all off by default).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Augmentation {
    /// Zero pixels added around before a crop back to size at a random place.
    pub crop_padding: usize,
    /// Mirror half of the images, left to right.
    pub flip: bool,
    /// Side of a square set to the mean, at a random centre (DeVries & Taylor 2017); it may reach over the edge.
    pub cutout: usize,
    /// Least share of the area that a random part of 3:4 to 4:3 keeps, which is then brought to the whole size.
    pub crop_scale: Option<f32>,
    /// Random colours.
    pub jitter: Jitter,
}

/// How far colours change: each factor is uniform in `max(0, 1 - x)..1 + x`, as of `torchvision.transforms.ColorJitter`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Jitter {
    /// Of the factor of all values.
    pub brightness: f32,
    /// Of the factor of the distance from the mean grey.
    pub contrast: f32,
    /// Of the factor of the distance from the pixel's own grey.
    pub saturation: f32,
}

impl Augmentation {
    /// Whether bytes stay bytes: nothing is resized or recoloured.
    pub fn keeps_bytes(&self) -> bool {
        self.crop_scale.is_none() && self.jitter == Jitter::default()
    }

    /// Checks what has a range.
    ///
    /// # Errors
    /// One line that says what is out of range.
    pub fn check(&self) -> Result<(), String> {
        let Jitter { brightness, contrast, saturation } = self.jitter;
        if [brightness, contrast, saturation].iter().any(|x| !(0.0..=1.0).contains(x)) {
            return Err(format!("Cannot vary images: colours change by {brightness}, {contrast}, {saturation}, expected 0 to 1 each"));
        }
        match self.crop_scale {
            Some(scale) if !(scale > 0.0 && scale <= 1.0) => {
                Err(format!("Cannot vary images: the least share of a crop is {scale}, expected one above 0 and at most 1"))
            }
            Some(_) if self.crop_padding > 0 => Err("Cannot vary images: found padded and resized crops, expected one of both".into()),
            _ => Ok(()),
        }
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

/// A rectangle of pixels; it may reach over the image's edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// First row.
    pub top: isize,
    /// First column.
    pub left: isize,
    /// Rows.
    pub height: usize,
    /// Columns.
    pub width: usize,
}

impl Part {
    /// Whether a pixel is in it.
    pub fn holds(&self, y: isize, x: isize) -> bool {
        y >= self.top && y < self.top + self.height as isize && x >= self.left && x < self.left + self.width as isize
    }

    /// Its columns in a row of an image of that width.
    pub fn columns(&self, y: usize, width: usize) -> Range<usize> {
        let end = |x: isize| x.clamp(0, width as isize) as usize;
        let (first, last) = (end(self.left), end(self.left + self.width as isize));
        let is_there = (self.top..self.top + self.height as isize).contains(&(y as isize));
        first..if is_there { last } else { first }
    }
}

/// What is done to an image.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Variation {
    /// The part that is shown: of the image's own size, or brought to it.
    pub part: Part,
    /// Whether it is mirrored.
    pub flip: bool,
    /// Pixels that become the mean.
    pub hole: Part,
    /// Factors of brightness, contrast and saturation, in this order.
    pub factors: [f32; 3],
}

impl Variation {
    /// Draws the changes to an image of `height` rows and `width` columns.
    pub fn draw(augmentation: &Augmentation, key: ImageKey, height: usize, width: usize) -> Variation {
        let words = Generator::new(key.seed, stream::AUGMENTATION, key.epoch).words(key.image as u64);
        let part = match augmentation.crop_scale {
            Some(scale) => draw_part(scale, key, height, width),
            None => {
                let padding = augmentation.crop_padding;
                let shift = |word: u32| if padding == 0 { 0 } else { below(word, 2 * padding as u32 + 1) as isize - padding as isize };
                Part { top: shift(words[0]), left: shift(words[1]), height, width }
            }
        };
        let half = (augmentation.cutout / 2) as isize;
        let (y, x) = (below(words[3] << 16, height as u32) as isize, below(words[3] & 0xFFFF_0000, width as u32) as isize);
        let side = 2 * half as usize;
        let hole = Part { top: y - half, left: x - half, height: side, width: side };
        Variation { part, flip: augmentation.flip && words[2] & 1 == 1, hole, factors: draw_factors(augmentation.jitter, key) }
    }
}

/// Attempts at a part that fits into the image, as torchvision's.
const ATTEMPTS: u64 = 10;

/// A random part of an image: `torchvision.transforms.RandomResizedCrop.get_params` with shares of the area up to 1 and sides of
/// 3:4 to 4:3. After ten attempts, none of which fits, it is the middle.
fn draw_part(scale: f32, key: ImageKey, height: usize, width: usize) -> Part {
    let generator = Generator::new(key.seed, stream::RESIZED_CROP, key.epoch);
    let (area, steepest) = ((height * width) as f64, (4.0f64 / 3.0).ln());
    for attempt in 0..ATTEMPTS {
        let words = generator.words(key.image as u64 * 16 + attempt);
        let share = scale as f64 + (1.0 - scale as f64) * to_unit(words[0]) as f64;
        let aspect = (steepest * (2.0 * to_unit(words[1]) as f64 - 1.0)).exp();
        let columns = (area * share * aspect).sqrt().round() as usize;
        let rows = (area * share / aspect).sqrt().round() as usize;
        if (1..=width).contains(&columns) && (1..=height).contains(&rows) {
            let top = below(words[2], (height - rows) as u32 + 1) as isize;
            let left = below(words[3], (width - columns) as u32 + 1) as isize;
            return Part { top, left, height: rows, width: columns };
        }
    }
    let rows = height.min((width as f64 * 4.0 / 3.0).round() as usize);
    let columns = width.min((height as f64 * 4.0 / 3.0).round() as usize);
    Part { top: ((height - rows) / 2) as isize, left: ((width - columns) / 2) as isize, height: rows, width: columns }
}

fn draw_factors(Jitter { brightness, contrast, saturation }: Jitter, key: ImageKey) -> [f32; 3] {
    let words = Generator::new(key.seed, stream::JITTER, key.epoch).words(key.image as u64);
    let factor = |by: f32, word: u32| {
        let least = (1.0 - by).max(0.0);
        least + (1.0 + by - least) * to_unit(word)
    };
    [factor(brightness, words[0]), factor(contrast, words[1]), factor(saturation, words[2])]
}

/// How images are mixed in pairs; both off by default. With both, each image is mixed in one of the two ways, by equal chance.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Mixing {
    /// Mixup (Zhang et al. 2018): both parameters of the Beta distribution of the shares, 0 for none.
    pub mixup: f32,
    /// CutMix (Yun et al. 2019), likewise.
    pub cutmix: f32,
}

/// Largest parameter: above it draws of the Beta distribution would take many attempts.
pub const MOST_MIXING: f32 = 2.0;

impl Mixing {
    /// Whether images are mixed.
    pub fn is_on(&self) -> bool {
        self.mixup > 0.0 || self.cutmix > 0.0
    }

    /// Checks the range.
    ///
    /// # Errors
    /// One line that says what is out of range.
    pub fn check(&self) -> Result<(), String> {
        let Mixing { mixup, cutmix } = *self;
        if [mixup, cutmix].iter().all(|x| (0.0..=MOST_MIXING).contains(x)) {
            return Ok(());
        }
        Err(format!("Cannot mix images: mixup is {mixup} and cutmix {cutmix}, expected 0 to {MOST_MIXING}"))
    }
}

/// How an image is mixed with its partner.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mix {
    /// Share of the image itself: at least half of it, but for the rounding of pixels.
    pub keep: f64,
    /// The part that is the partner's; none where all pixels are mixed.
    pub patch: Option<Part>,
}

impl Mix {
    /// Draws how an image is mixed. The greater share is the image's own: with each image once in the lead, that leaves the
    /// distribution of mixed batches as it is.
    pub fn draw(mixing: &Mixing, key: ImageKey, height: usize, width: usize) -> Mix {
        let generator = Generator::new(key.seed, stream::MIXING, key.epoch);
        let first = key.image as u64 * 64;
        let words = generator.words(first);
        let is_patched = mixing.mixup == 0.0 || (mixing.cutmix > 0.0 && words[0] & 1 == 1);
        let parameter = if is_patched { mixing.cutmix } else { mixing.mixup };
        let share = draw_beta(parameter as f64, (1..64).map(|attempt| generator.words(first + attempt)));
        let keep = share.max(1.0 - share);
        if !is_patched {
            return Mix { keep, patch: None };
        }
        // The half sides are whole, and what reaches over the edge is cut off, as in the authors' code.
        let side = (1.0 - keep).sqrt();
        let span = |word: u32, length: usize| {
            let (half, centre) = ((length as f64 * side) as isize / 2, below(word, length as u32) as isize);
            ((centre - half).max(0), (centre + half).min(length as isize))
        };
        let ((top, bottom), (left, right)) = (span(words[1], height), span(words[2], width));
        let patch = Part { top, left, height: (bottom - top) as usize, width: (right - left) as usize };
        Mix { keep: 1.0 - (patch.height * patch.width) as f64 / (height * width) as f64, patch: Some(patch) }
    }
}

/// A number of the Beta distribution with both parameters the same, by Jöhnk's rejection in logarithms; the middle if all
/// attempts fail (one in 10⁵ at the largest parameter).
fn draw_beta(parameter: f64, attempts: impl Iterator<Item = [u32; 4]>) -> f64 {
    let power = |word: u32| ((word as f64 + 0.5) / 4294967296.0).ln() / parameter;
    for words in attempts {
        let (x, y) = (power(words[0]), power(words[1]));
        if x.exp() + y.exp() <= 1.0 {
            return 1.0 / (1.0 + (y - x).exp());
        }
    }
    0.5
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(image: u32) -> ImageKey {
        ImageKey { seed: 3, epoch: 1, image }
    }

    fn assert_near(found: f64, expected: f64, tolerance: f64, what: &str) {
        assert!((found - expected).abs() <= tolerance, "{what}: {found}, expected {expected}");
    }

    #[test]
    fn parts_lie_within_the_image_and_keep_their_share() {
        let augmentation = Augmentation { crop_scale: Some(0.25), ..Augmentation::default() };
        for (height, width) in [(96, 96), (7, 5), (1, 1), (60, 20), (20, 60)] {
            let mut shares = 0.0;
            for image in 0..2000 {
                let Part { top, left, height: rows, width: columns } = Variation::draw(&augmentation, key(image), height, width).part;
                assert!(top >= 0 && left >= 0 && top as usize + rows <= height && left as usize + columns <= width);
                shares += (rows * columns) as f64 / (height * width) as f64 / 2000.0;
            }
            if height == 96 {
                // Uniform in 0.25..1, less what the rejection of long parts takes off the large ones.
                assert_near(shares, 0.6, 0.04, "mean share");
            }
        }
    }

    #[test]
    fn a_part_of_a_long_image_that_never_fits_is_the_middle() {
        let part = |height, width| draw_part(1.0, key(0), height, width);
        assert_eq!(part(100, 300), Part { top: 0, left: 83, height: 100, width: 133 });
        assert_eq!(part(300, 100), Part { top: 83, left: 0, height: 133, width: 100 });
    }

    #[test]
    fn factors_are_uniform_about_one() {
        let jitter = Jitter { brightness: 0.4, contrast: 0.0, saturation: 1.0 };
        let (mut least, mut most, mut sum) = (9f32, 0f32, 0.0);
        for image in 0..2000 {
            let [brightness, contrast, saturation] = draw_factors(jitter, key(image));
            assert!(contrast == 1.0 && (0.0..=2.0).contains(&saturation));
            (least, most, sum) = (least.min(brightness), most.max(brightness), sum + brightness as f64);
        }
        assert!((0.6..0.61).contains(&least) && (1.39..=1.4).contains(&most));
        assert_near(sum / 2000.0, 1.0, 0.02, "mean brightness");
    }

    #[test]
    fn shares_have_the_moments_of_the_beta_distribution() {
        for parameter in [0.2, 1.0, 2.0] {
            let shares: Vec<f64> =
                (0..20_000).map(|image| draw_beta(parameter, (0..63).map(|i| Generator::new(5, 9, 0).words(image * 64 + i)))).collect();
            let mean = shares.iter().sum::<f64>() / shares.len() as f64;
            let variance = shares.iter().map(|share| (share - mean).powi(2)).sum::<f64>() / shares.len() as f64;
            assert_near(mean, 0.5, 0.012, "mean");
            assert_near(variance, 0.25 / (2.0 * parameter + 1.0), 0.006, "variance");
        }
    }

    #[test]
    fn the_image_itself_has_the_greater_share_and_a_patch_its_exact_one() {
        let mut patches = 0;
        for image in 0..500 {
            let Mix { keep, patch } = Mix::draw(&Mixing { mixup: 1.0, cutmix: 1.0 }, key(image), 12, 20);
            assert!((0.5..=1.0).contains(&keep));
            if let Some(Part { top, left, height, width }) = patch {
                patches += 1;
                assert!(top >= 0 && left >= 0 && top as usize + height <= 12 && left as usize + width <= 20);
                assert_eq!(keep, 1.0 - (height * width) as f64 / 240.0);
            }
        }
        assert!((200..300).contains(&patches), "{patches} of 500 are patched");
        assert!(Mix::draw(&Mixing { mixup: 0.0, cutmix: 0.5 }, key(0), 8, 8).patch.is_some());
        assert!(Mix::draw(&Mixing { mixup: 0.5, cutmix: 0.0 }, key(0), 8, 8).patch.is_none());
    }

    #[test]
    fn refuses_what_is_out_of_range() {
        let jitter = |by| Augmentation { jitter: Jitter { contrast: by, ..Jitter::default() }, ..Augmentation::default() };
        let crop = |scale| Augmentation { crop_scale: Some(scale), ..Augmentation::default() };
        for wrong in [jitter(-0.1), jitter(1.1), jitter(f32::NAN), crop(0.0), crop(1.1), crop(f32::NAN)] {
            assert!(wrong.check().is_err(), "{wrong:?}");
        }
        assert!(Augmentation { crop_padding: 2, ..crop(0.5) }.check().is_err());
        assert!(jitter(1.0).check().is_ok() && crop(1.0).check().is_ok());
        for wrong in [-0.1, 2.1, f32::NAN, f32::INFINITY] {
            assert!(Mixing { mixup: wrong, cutmix: 0.0 }.check().is_err() && Mixing { mixup: 0.0, cutmix: wrong }.check().is_err());
        }
    }
}
