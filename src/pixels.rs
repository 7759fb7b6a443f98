//! Pictures that strangers made, opened: one place and one set of bounds for all who look at pixels.

use std::io::Cursor;
use std::panic::catch_unwind;

use image::{DynamicImage, GrayImage, ImageReader, Limits, Luma, Rgba};

/// Pixels along a side at most.
const SIDE: u32 = 12_000;
/// Pixels at most. An emblem or a banner has a tenth of that, and decoding one pixel takes some ten bytes for a while.
const PIXELS: u64 = 4 << 20;
/// Bytes that a decoder may set aside: the pixels above at sixteen bits, with room for one more copy.
const MEMORY: u64 = 64 << 20;

/// A picture by its bytes (PNG, JPEG, GIF, WebP, BMP); `None` where it is no such picture, damaged, or out of bounds.
pub fn open(bytes: &[u8]) -> Option<DynamicImage> {
    // The decoders are not ours, and what they are given is hostile: a panic must cost one picture, not the scan.
    catch_unwind(|| decode(bytes)).unwrap_or_else(|_| {
        tracing::error!("a reader of pictures panicked; the picture is left out");
        None
    })
}

fn decode(bytes: &[u8]) -> Option<DynamicImage> {
    let reader = || ImageReader::new(Cursor::new(bytes)).with_guessed_format().ok();
    let (width, height) = reader()?.into_dimensions().ok()?;
    let fits = width.min(height) > 0 && width.max(height) <= SIDE;
    if !fits || u64::from(width) * u64::from(height) > PIXELS {
        return None;
    }
    let mut reader = reader()?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(SIDE);
    limits.max_image_height = Some(SIDE);
    limits.max_alloc = Some(MEMORY);
    reader.limits(limits);
    reader.decode().ok()
}

/// How bright a pixel is (ITU-R BT.601), on the white paper that a browser shows through what is transparent.
pub fn shade(Rgba([red, green, blue, alpha]): Rgba<u8>) -> u8 {
    let ink = (299 * u32::from(red) + 587 * u32::from(green) + 114 * u32::from(blue)) / 1000;
    let alpha = u32::from(alpha);
    // A mean of numbers up to 255.
    ((ink * alpha + 255 * (255 - alpha)) / 255) as u8
}

/// A picture in shades of grey.
pub fn on_white(picture: &DynamicImage) -> GrayImage {
    let pixels = picture.to_rgba8();
    GrayImage::from_fn(pixels.width(), pixels.height(), |x, y| Luma([shade(*pixels.get_pixel(x, y))]))
}

#[cfg(test)]
mod tests {
    use image::{ImageFormat, RgbaImage};

    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        RgbaImage::new(width, height).write_to(&mut bytes, ImageFormat::Png).expect("it can be written");
        bytes.into_inner()
    }

    /// A picture whose head claims another size.
    fn claiming(width: u32, height: u32) -> Vec<u8> {
        let mut png = png(40, 40);
        png[16..20].copy_from_slice(&width.to_be_bytes());
        png[20..24].copy_from_slice(&height.to_be_bytes());
        let mut sum = flate2::Crc::new();
        sum.update(&png[12..29]);
        png[29..33].copy_from_slice(&sum.sum().to_be_bytes());
        png
    }

    #[test]
    fn what_claims_to_be_huge_or_is_cut_is_no_picture() {
        assert!(open(&claiming(40, 40)).is_some(), "its head is sound");
        for (width, height) in [(u32::MAX, u32::MAX), (30_000, 30_000), (2_049, 2_048), (SIDE + 1, 1), (0, 9)]
        {
            assert!(open(&claiming(width, height)).is_none(), "{width} × {height}");
        }
        let whole = png(40, 40);
        for bytes in [&png(SIDE + 1, 1)[..], &whole[..whole.len() / 2], b"<svg/>", b""] {
            assert!(open(bytes).is_none());
        }
        assert!(open(&png(1, 1)).is_some());
    }

    #[test]
    fn what_shines_through_is_white() {
        for (pixel, expected) in [([0, 0, 0, 255], 0), ([0, 0, 0, 0], 255), ([255, 0, 0, 255], 76)] {
            assert_eq!(shade(Rgba(pixel)), expected, "{pixel:?}");
        }
    }
}
