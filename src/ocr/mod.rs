//! Words in pictures, where somebody asked for them: a program of the system reads them, within bounds.
//!
//! What comes out is a guess. Its parts of a document say so ([`Origin::Recognised`]), and the editor's check believes
//! them less than what is written. Which pictures are worth the time is decided here, how they are read behind [`Ocr`].

mod remembered;
mod tesseract;

use crate::document::{self, Document, Limits, Origin, Part};
use crate::facts::Gap;
use crate::file::{Kind, picture_size};

pub use remembered::Remembered;
pub use tesseract::Tesseract;

/// Something that reads the words of a picture.
pub trait Ocr: Send + Sync {
    /// The words, a line a line; empty where there are none.
    fn read(&self, picture: &[u8]) -> Result<String, OcrError>;
}

/// Why a picture was not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OcrError {
    /// There is no program.
    #[error(
        "tesseract is not installed (on Debian: tesseract-ocr, tesseract-ocr-chi-sim); pictures are not read"
    )]
    NoProgram,
    /// It does not know Chinese.
    #[error("tesseract lacks the language chi_sim (on Debian: tesseract-ocr-chi-sim); pictures are not read")]
    NoLanguage,
    /// It took too long.
    #[error("reading the picture took too long")]
    TooSlow,
    /// It could not read the picture, or needed more memory than it may.
    #[error("the picture could not be read")]
    Failed,
    /// As many pictures were read as this scan may.
    #[error("as many pictures were read as one scan may")]
    Spent,
}

/// Pixels from which on a picture can hold a line of words: less is an icon.
const LEAST: (u32, u32) = (200, 60);
/// Pixels of a picture at most: a scanned page at 400 dpi has 15 million.
const MOST_PIXELS: u64 = 40_000_000;
/// Bytes of a picture at most.
const MOST_BYTES: usize = 10 << 20;
/// Pictures of one file that are read.
const PICTURES: usize = 50;

/// Adds what a reader of pictures finds in a file: the file itself, or the pages of a scanned PDF. Gives back why some
/// of it was not read, if so.
pub fn add_words(document: &mut Document, bytes: &[u8], ocr: &dyn Ocr) -> Result<(), OcrError> {
    if Kind::of(bytes).is_image() {
        return add(document, "图片文字（识别）".to_owned(), bytes, ocr);
    }
    if document.limited.as_ref().is_none_or(|limited| limited.gap != Gap::NoText) {
        return Ok(());
    }
    for (number, picture) in (1..).zip(document::pictures(bytes, Limits::default())).take(PICTURES) {
        add(document, format!("第{number}幅图片（识别）"), &picture, ocr)?;
    }
    Ok(())
}

fn add(document: &mut Document, place: String, picture: &[u8], ocr: &dyn Ocr) -> Result<(), OcrError> {
    if !may_hold_words(picture) {
        return Ok(());
    }
    let text = joined(&ocr.read(picture)?);
    if !text.is_empty() {
        document.parts.push(Part { place, text, origin: Origin::Recognised });
    }
    Ok(())
}

/// Whether a picture may hold words, and is not made to hurt.
fn may_hold_words(picture: &[u8]) -> bool {
    let is_read = matches!(Kind::of(picture), Kind::Png | Kind::Jpeg | Kind::Gif | Kind::Bmp | Kind::WebP);
    let fits = |(width, height): (u32, u32)| {
        width >= LEAST.0 && height >= LEAST.1 && u64::from(width) * u64::from(height) <= MOST_PIXELS
    };
    is_read && picture.len() <= MOST_BYTES && picture_size(picture).is_some_and(fits)
}

/// Without the spaces that such programs put between Chinese characters, and without empty lines.
fn joined(text: &str) -> String {
    let mut joined = String::with_capacity(text.len());
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let mut words = line.split_whitespace().peekable();
        while let Some(word) = words.next() {
            joined.push_str(word);
            let is_latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii());
            if words.peek().is_some_and(|next| is_latin(word.chars().last()) && is_latin(next.chars().next()))
            {
                joined.push(' ');
            }
        }
        joined.push('\n');
    }
    joined.truncate(joined.trim_end().len());
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Says the same of every picture.
    struct Says(Result<&'static str, OcrError>);

    impl Ocr for Says {
        fn read(&self, _: &[u8]) -> Result<String, OcrError> {
            self.0.clone().map(str::to_owned)
        }
    }

    const NOTICE: &[u8] = include_bytes!("../../fixtures/text/notice.png");

    fn read(bytes: &[u8], ocr: &dyn Ocr) -> (Document, Result<(), OcrError>) {
        let mut document = Document::default();
        let result = add_words(&mut document, bytes, ocr);
        (document, result)
    }

    #[test]
    fn words_of_pictures_are_parts_of_their_own() {
        let (document, result) = read(NOTICE, &Says(Ok(" 认 真 布 署\n\nPM 2.5 浓 度\n")));
        assert_eq!(result, Ok(()));
        let part = &document.parts[0];
        assert_eq!((part.place.as_str(), part.text.as_str()), ("图片文字（识别）", "认真布署\nPM 2.5浓度"));
        assert_eq!(part.origin, Origin::Recognised);
        assert_eq!(read(NOTICE, &Says(Ok("\n \n"))).0.parts, []);
        assert_eq!(read(NOTICE, &Says(Err(OcrError::TooSlow))).1, Err(OcrError::TooSlow));
    }

    #[test]
    fn icons_bombs_and_text_are_not_offered() {
        let fails = Says(Err(OcrError::Failed));
        let sized = |width: u32, height: u32| {
            let mut png = NOTICE.to_vec();
            png[16..20].copy_from_slice(&width.to_be_bytes());
            png[20..24].copy_from_slice(&height.to_be_bytes());
            png
        };
        for bytes in [&sized(32, 32)[..], &sized(60_000, 60_000), "文字".as_bytes(), b""] {
            assert_eq!(read(bytes, &fails).1, Ok(()));
        }
    }

    #[test]
    fn the_real_program_reads_the_notice() {
        match Tesseract::find() {
            Ok(tesseract) => {
                let (document, result) = read(NOTICE, &tesseract);
                assert_eq!(result, Ok(()));
                assert!(document.parts[0].text.contains("布署"), "{:?}", document.parts);
            }
            Err(error) => println!("skipped: {error}"),
        }
    }
}
