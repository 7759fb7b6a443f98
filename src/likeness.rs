//! What a picture looks like, in 64 bits: the same for one that was only compressed or scaled anew.
//!
//! The difference hash (dHash): the picture in 9 × 8 shades of grey, and of each whether it is darker than the one on
//! its right. From which distance on two pictures are others stands in the rules.

use std::io::Cursor;
use std::panic::catch_unwind;

use image::{DynamicImage, GenericImageView as _, ImageReader, Limits};
use serde::{Deserialize, Serialize};

/// Pixels along a side at most.
const SIDE: u32 = 12_000;
/// Pixels at most. An emblem or a banner has a tenth of that, and decoding one pixel takes some ten bytes for a while.
const PIXELS: u64 = 4 << 20;
/// Bytes that a decoder may set aside: the pixels above at sixteen bits, with room for one more copy.
const MEMORY: u64 = 64 << 20;
/// Columns and rows of shades that are compared.
const COLUMNS: usize = 9;
const ROWS: usize = 8;
/// Shades of 256 by which neighbours must differ: compressing a plain surface anew makes it uneven by one or two.
const UNEVEN: u32 = 3;

/// What a picture looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Likeness(u64);

impl Likeness {
    /// That of a picture by its bytes (PNG, JPEG, GIF, WebP, BMP); `None` where it is no such picture, damaged, or
    /// larger than anything a site is known by.
    pub fn of(body: &[u8]) -> Option<Likeness> {
        // The decoders are not ours, and what they are given is hostile.
        catch_unwind(|| decode(body)).ok().flatten().map(|picture| Likeness(hash(&picture)))
    }

    /// Bits in which two pictures differ, of 64.
    pub fn distance(self, other: Likeness) -> u32 {
        (self.0 ^ other.0).count_ones()
    }
}

fn decode(body: &[u8]) -> Option<DynamicImage> {
    let reader = || ImageReader::new(Cursor::new(body)).with_guessed_format().ok();
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

fn hash(picture: &DynamicImage) -> u64 {
    let shades = shades(picture);
    let mut bits = 0;
    for row in &shades {
        for pair in row.windows(2) {
            bits = bits << 1 | u64::from(pair[0] + UNEVEN <= pair[1]);
        }
    }
    bits
}

/// The mean shade, from 0 to 255, of each field of a grid over the picture. What shines through is white, as on a page.
fn shades(picture: &DynamicImage) -> [[u32; COLUMNS]; ROWS] {
    let (width, height) = picture.dimensions();
    // A picture narrower than the grid has fields of the same pixel.
    let bound = |number: usize, of: usize, side: u32| (number as u64 * u64::from(side) / of as u64) as u32;
    let mut shades = [[0; COLUMNS]; ROWS];
    for (row, shades) in shades.iter_mut().enumerate() {
        let (top, bottom) = (bound(row, ROWS, height), bound(row + 1, ROWS, height));
        for (column, shade) in shades.iter_mut().enumerate() {
            let (left, right) = (bound(column, COLUMNS, width), bound(column + 1, COLUMNS, width));
            let (mut sum, mut count) = (0_u64, 0_u64);
            for y in top..bottom.max(top + 1) {
                for x in left..right.max(left + 1) {
                    sum += u64::from(luma(picture.get_pixel(x, y).0));
                    count += 1;
                }
            }
            *shade = (sum / count) as u32;
        }
    }
    shades
}

/// How bright a pixel is on white paper (ITU-R BT.601).
fn luma([red, green, blue, alpha]: [u8; 4]) -> u32 {
    let ink = (299 * u32::from(red) + 587 * u32::from(green) + 114 * u32::from(blue)) / 1000;
    let alpha = u32::from(alpha);
    (ink * alpha + 255 * (255 - alpha)) / 255
}

#[cfg(test)]
mod tests {
    use image::{ImageFormat, Rgba, RgbaImage};
    use proptest::prelude::*;

    use super::*;

    /// A disc in a frame, somewhat as an emblem.
    fn emblem(side: u32) -> DynamicImage {
        let middle = f64::from(side) / 2.0;
        RgbaImage::from_fn(side, side, |x, y| {
            let reach = (f64::from(x) - middle).hypot(f64::from(y) - middle) / middle;
            match reach {
                _ if reach < 0.3 => Rgba([250, 210, 40, 255]),
                _ if reach < 0.8 => Rgba([190, 20, 20, 255]),
                _ => Rgba([0, 0, 0, 0]),
            }
        })
        .into()
    }

    fn written(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        let picture = match format {
            ImageFormat::Jpeg => on_white(picture),
            _ => picture.clone(),
        };
        picture.write_to(&mut bytes, format).expect("it can be written");
        bytes.into_inner()
    }

    fn on_white(picture: &DynamicImage) -> DynamicImage {
        let white = |x, y| {
            let shade = luma(picture.get_pixel(x, y).0) as u8;
            image::Luma([shade])
        };
        image::GrayImage::from_fn(picture.width(), picture.height(), white).into()
    }

    fn likeness(bytes: &[u8]) -> Likeness {
        Likeness::of(bytes).expect("a picture")
    }

    #[test]
    fn compressed_or_scaled_anew_it_is_the_same() {
        let known = likeness(&written(&emblem(120), ImageFormat::Png));
        for (side, format) in [
            (120, ImageFormat::Jpeg),
            (120, ImageFormat::WebP),
            (120, ImageFormat::Bmp),
            (240, ImageFormat::Png),
            (90, ImageFormat::Jpeg),
        ] {
            let distance = known.distance(likeness(&written(&emblem(side), format)));
            assert!(distance <= 5, "{side} {format:?}: {distance}");
        }
    }

    #[test]
    fn another_picture_is_another() {
        let known = likeness(&written(&emblem(120), ImageFormat::Png));
        let stripes: DynamicImage = RgbaImage::from_fn(120, 120, |x, _| match x / 13 % 2 {
            0 => Rgba([0, 0, 0, 255]),
            _ => Rgba([200, 0, 0, 255]),
        })
        .into();
        assert!(known.distance(likeness(&written(&stripes, ImageFormat::Png))) > 20);
    }

    #[test]
    fn what_claims_to_be_huge_or_is_cut_is_no_picture() {
        let claiming = |width: u32, height: u32| {
            let mut png = written(&emblem(40), ImageFormat::Png);
            png[16..20].copy_from_slice(&width.to_be_bytes());
            png[20..24].copy_from_slice(&height.to_be_bytes());
            let mut sum = flate2::Crc::new();
            sum.update(&png[12..29]);
            png[29..33].copy_from_slice(&sum.sum().to_be_bytes());
            png
        };
        assert!(Likeness::of(&claiming(40, 40)).is_some(), "its head is sound");
        for (width, height) in [(u32::MAX, u32::MAX), (30_000, 30_000), (2_049, 2_048), (SIDE + 1, 1), (0, 9)]
        {
            assert_eq!(Likeness::of(&claiming(width, height)), None, "{width} × {height}");
        }
        let wide = written(&RgbaImage::new(SIDE + 1, 1).into(), ImageFormat::Png);
        assert_eq!(Likeness::of(&wide), None);
        let whole = written(&emblem(40), ImageFormat::Png);
        assert_eq!(Likeness::of(&whole[..whole.len() / 2]), None);
        assert_eq!(Likeness::of(b"<svg/>"), None);
        assert_eq!(Likeness::of(b""), None);
        let dot = written(&RgbaImage::new(1, 1).into(), ImageFormat::Png);
        assert_eq!(Likeness::of(&dot), Some(Likeness(0)));
    }

    proptest! {
        #[test]
        fn no_bytes_do_harm(
            at in 0_usize..400,
            noise in proptest::collection::vec(any::<u8>(), 0..64),
            format in prop_oneof![
                Just(ImageFormat::Png), Just(ImageFormat::Jpeg), Just(ImageFormat::Gif), Just(ImageFormat::WebP),
                Just(ImageFormat::Bmp),
            ],
        ) {
            let mut bytes = written(&emblem(24), format);
            let at = at.min(bytes.len());
            let end = bytes.len().min(at + noise.len());
            bytes.splice(at..end, noise);
            let _ = Likeness::of(&bytes);
        }
    }
}
