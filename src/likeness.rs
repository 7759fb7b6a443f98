//! What a picture looks like, in 64 bits: the same for one that was only compressed or scaled anew.
//!
//! The difference hash (dHash): the picture in 9 × 8 shades of grey, and of each whether it is darker than the one on
//! its right. From which distance on two pictures are others stands in the rules.

use image::{DynamicImage, GenericImageView as _};
use serde::{Deserialize, Serialize};

use crate::pixels;

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
        pixels::open(body).map(|picture| Likeness(hash(&picture)))
    }

    /// Bits in which two pictures differ, of 64.
    pub fn distance(self, other: Likeness) -> u32 {
        (self.0 ^ other.0).count_ones()
    }
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
                    sum += u64::from(pixels::shade(picture.get_pixel(x, y)));
                    count += 1;
                }
            }
            *shade = (sum / count) as u32;
        }
    }
    shades
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

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
            ImageFormat::Jpeg => pixels::on_white(picture).into(),
            _ => picture.clone(),
        };
        picture.write_to(&mut bytes, format).expect("it can be written");
        bytes.into_inner()
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
    fn what_is_no_picture_looks_like_nothing() {
        assert_eq!(Likeness::of(b"<svg/>"), None);
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
