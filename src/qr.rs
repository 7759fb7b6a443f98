//! QR codes in pictures: what a phone reads where a visitor sees squares.
//!
//! A picture is decoded only where it may be a code, within bounds of its bytes and pixels; whatever cannot be read says
//! nothing.

use std::io::Cursor;
use std::panic::catch_unwind;

use image::{ImageReader, Limits};

use crate::file::picture_size;

/// Pixels of a side: the smallest code has 21 squares, of one pixel each and a border; the pages of offices show none
/// beyond a thousand.
const SIDE: std::ops::RangeInclusive<u32> = 29..=1_000;
/// Bytes of a picture at most. Codes of black and white take some kilobytes, photographs of them a few hundred.
const BYTES: usize = 1 << 20;
/// Bytes of memory that decoding one may take: four for each pixel, and as many again on the way.
const MEMORY: u64 = 16 << 20;
/// Codes of one picture that are read.
const CODES: usize = 8;
/// Bytes of what a code says. The largest hold 2,953.
const SAID: usize = 3_000;

/// What the QR codes of a picture say; nothing where it is no picture of such a kind.
pub fn read(picture: &[u8]) -> Vec<String> {
    if picture.len() > BYTES || !picture_size(picture).is_some_and(may_be_code) {
        return Vec::new();
    }
    // A decoder that panics must cost one picture, not the scan.
    catch_unwind(|| codes(picture)).unwrap_or_else(|_| {
        tracing::error!("a reader of pictures panicked; the picture is left out");
        Vec::new()
    })
}

/// Whether a picture of this size may be a code, with a line of words above or below.
fn may_be_code((width, height): (u32, u32)) -> bool {
    let (short, long) = (width.min(height), width.max(height));
    SIDE.contains(&short) && SIDE.contains(&long) && long * 2 <= short * 3
}

fn codes(picture: &[u8]) -> Vec<String> {
    let Ok(mut reader) = ImageReader::new(Cursor::new(picture)).with_guessed_format() else {
        return Vec::new();
    };
    let mut limits = Limits::default();
    limits.max_image_width = Some(*SIDE.end());
    limits.max_image_height = Some(*SIDE.end());
    limits.max_alloc = Some(MEMORY);
    reader.limits(limits);
    let Ok(pixels) = reader.decode().map(|picture| on_white(&picture)) else { return Vec::new() };
    let (width, height) = (pixels.width() as usize, pixels.height() as usize);
    let mut reader = quircs::Quirc::default();
    let found = reader.identify(width, height, &pixels).take(CODES);
    let said = found.filter_map(|code| String::from_utf8(code.ok()?.decode().ok()?.payload).ok());
    said.filter(|said| said.len() <= SAID).collect()
}

/// Shades of grey, on the white paper that a browser shows through what is transparent.
fn on_white(picture: &image::DynamicImage) -> image::GrayImage {
    let pixels = picture.to_luma_alpha8();
    image::GrayImage::from_fn(pixels.width(), pixels.height(), |x, y| {
        let [shade, alpha] = pixels.get_pixel(x, y).0.map(u32::from);
        image::Luma([((shade * alpha + 255 * (255 - alpha)) / 255) as u8])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const CODE: &[u8] = include_bytes!("../fixtures/checks/dark-link/fires/img/t94.png");

    #[test]
    fn codes_are_read() {
        assert_eq!(read(CODE), ["http://t94.vip/reg?c=8"]);
    }

    #[test]
    fn what_is_no_code_says_nothing() {
        let photograph = include_bytes!("../fixtures/text/notice.png");
        for bytes in [&b""[..], b"GIF89a", &CODE[..200], photograph] {
            assert_eq!(read(bytes), Vec::<String>::new());
        }
    }

    #[test]
    fn a_picture_full_of_corners_takes_bounded_time() {
        // The pattern in the corner of a code, as often as it fits.
        let shade = |x: u32, y: u32| {
            let (x, y) = ((x % 9).abs_diff(4), (y % 9).abs_diff(4));
            if matches!(x.max(y), 0 | 1 | 3) { 0_u8 } else { 255 }
        };
        let pixels = image::GrayImage::from_fn(999, 999, |x, y| image::Luma([shade(x, y)]));
        let mut png = Cursor::new(Vec::new());
        pixels.write_to(&mut png, image::ImageFormat::Png).expect("in memory");
        assert_eq!(read(png.get_ref()), Vec::<String>::new());
    }

    #[test]
    fn only_pictures_of_the_shape_of_a_code_are_decoded() {
        for size in [(29, 29), (258, 258), (300, 400), (1_000, 1_000)] {
            assert!(may_be_code(size), "{size:?}");
        }
        for size in [(0, 0), (16, 16), (1_001, 1_001), (1_000, 600), (60_000, 60_000)] {
            assert!(!may_be_code(size), "{size:?}");
        }
    }
}
