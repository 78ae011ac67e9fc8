//! Images.

use super::{fail, keep, Answer, REGISTRY};
use crate::batch::{Images, Sums};
use crate::picture::{self, Fit, Picture};
use crate::resize::{self, Size};
use wasm_bindgen::prelude::*;

/// Makes room for images; their bytes go to `images_pointer`.
#[wasm_bindgen]
pub fn images_new(count: u32, height: u32, width: u32, channels: u32) -> Answer<u32> {
    let images = fail(Images::new(count as usize, height as usize, width as usize, channels as usize))?;
    Ok(REGISTRY.with_borrow_mut(|registry| keep(&mut registry.images, images)))
}

fn with_images<T>(handle: u32, work: impl FnOnce(&Images) -> Result<T, String>) -> Answer<T> {
    REGISTRY.with_borrow(|registry| {
        let images = registry.images.get(handle as usize).and_then(Option::as_ref);
        fail(images.ok_or_else(|| format!("Cannot use images {handle}: they do not exist")).and_then(work))
    })
}

/// Byte address of the first pixel.
#[wasm_bindgen]
pub fn images_pointer(handle: u32) -> Answer<u32> {
    with_images(handle, |images| Ok(images.pixels.pointer() as usize as u32))
}

/// Sums of each channel's bytes over the given images, then of their squares.
#[wasm_bindgen]
pub fn images_sums(handle: u32, indices: &[u32]) -> Answer<Vec<f64>> {
    with_images(handle, |images| {
        if let Some(index) = indices.iter().find(|&&i| i as usize >= images.count) {
            return Err(format!("Cannot read image {index}: there are {}", images.count));
        }
        Ok(images.sums(indices).numbers(images.channels))
    })
}

/// The same over images that are given, `[count][height][width][channels]` bytes.
#[wasm_bindgen]
pub fn pixel_sums(pixels: &[u8], channels: u32) -> Answer<Vec<f64>> {
    if channels != 1 && channels != 3 {
        return Err(JsError::new(&format!("Cannot add pixels up: they have {channels} channels, expected 1 or 3")));
    }
    let mut sums = Sums::default();
    sums.add(pixels, channels as usize);
    Ok(sums.numbers(channels as usize))
}

/// Frees images.
#[wasm_bindgen]
pub fn images_free(handle: u32) {
    REGISTRY.with_borrow_mut(|registry| {
        if let Some(images) = registry.images.get_mut(handle as usize) {
            *images = None;
        }
    });
}

/// Resizes a picture, `[height][width][channels]` bytes; sizes: height, width, channels before and after.
#[wasm_bindgen]
pub fn resize_picture(pixels: &[u8], sizes: &[u32]) -> Answer<Vec<u8>> {
    let &[height, width, channels, new_height, new_width, new_channels] = sizes else {
        return Err(JsError::new(&format!("Cannot resize: found {} sizes, expected 6", sizes.len())));
    };
    let size =
        |height: u32, width: u32, channels: u32| Size { height: height as usize, width: width as usize, channels: channels as usize };
    fail(resize::resize(pixels, size(height, width, channels), size(new_height, new_width, new_channels)))
}

/// Prepares a decoded picture; sizes: height, width, channels before and after, and 1 to pad rather than crop. One byte follows the
/// pixels: 1 if the whole source is grey.
#[wasm_bindgen]
pub fn prepare_picture(pixels: &[u8], sizes: &[u32]) -> Answer<Vec<u8>> {
    let &[height, width, channels, new_height, new_width, new_channels, is_padded] = sizes else {
        return Err(JsError::new(&format!("Cannot prepare a picture: found {} sizes, expected 7", sizes.len())));
    };
    let size =
        |height: u32, width: u32, channels: u32| Picture { height: height as usize, width: width as usize, channels: channels as usize };
    let fit = if is_padded == 0 { Fit::Crop } else { Fit::Pad };
    let prepared = fail(picture::prepare(pixels, size(height, width, channels), size(new_height, new_width, new_channels), fit))?;
    let mut bytes = prepared.pixels;
    bytes.push(prepared.is_grey as u8);
    Ok(bytes)
}
