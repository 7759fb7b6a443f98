//! QR codes in pictures: what a phone reads where a visitor sees squares.
//!
//! A picture is opened only where it may be a code; whatever cannot be read says nothing.

use std::panic::catch_unwind;

use image::GrayImage;

use crate::file::picture_size;
use crate::pixels;

/// Pixels of a side: the smallest code has 21 squares, of one pixel each and a border; the pages of offices show none
/// beyond a thousand.
const SIDE: std::ops::RangeInclusive<u32> = 29..=1_000;
/// Bytes of a picture at most. Codes of black and white take some kilobytes, photographs of them a few hundred.
const BYTES: usize = 1 << 20;
/// Codes of one picture that are read.
const CODES: usize = 8;
/// Bytes of what a code says. The largest hold 2,953.
const SAID: usize = 3_000;

/// What the QR codes of a picture say; nothing where it is no picture of such a kind.
pub fn read(picture: &[u8]) -> Vec<String> {
    if picture.len() > BYTES || !picture_size(picture).is_some_and(may_be_code) {
        return Vec::new();
    }
    let Some(picture) = pixels::open(picture) else { return Vec::new() };
    let shades = pixels::on_white(&picture);
    // The reader of codes is not ours either.
    catch_unwind(|| codes(&shades)).unwrap_or_else(|_| {
        tracing::error!("the reader of codes panicked; the picture is left out");
        Vec::new()
    })
}

/// Whether a picture of this size may be a code, with a line of words above or below.
fn may_be_code((width, height): (u32, u32)) -> bool {
    let (short, long) = (width.min(height), width.max(height));
    SIDE.contains(&short) && SIDE.contains(&long) && long * 2 <= short * 3
}

fn codes(pixels: &GrayImage) -> Vec<String> {
    let (width, height) = (pixels.width() as usize, pixels.height() as usize);
    let mut reader = quircs::Quirc::default();
    let found = reader.identify(width, height, pixels).take(CODES);
    let said = found.filter_map(|code| String::from_utf8(code.ok()?.decode().ok()?.payload).ok());
    said.filter(|said| said.len() <= SAID).collect()
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

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
