//! The open formats: OFD (GB/T 33190) and OpenDocument.

use super::Reading;
use super::archive::Archive;
use super::reflow::reflow;
use super::xml::{Token, walk};

/// OFD: pages of text objects, each a line or a part of one.
pub(super) fn fixed_layout(reading: &mut Reading<'_>, archive: &Archive<'_>) {
    let mut pages: Vec<(Vec<u32>, &str)> = archive
        .members()
        .filter(|(name, _)| name.ends_with(".xml") && !name.ends_with("Res.xml"))
        .map(|(name, _)| (numbers(name), name))
        .collect();
    pages.sort_unstable();
    let mut page = 0;
    for (_, name) in pages {
        let (mut text, mut in_text) = (String::new(), false);
        let Some(source) = archive.read(name) else { continue };
        walk(source, |token| match token {
            Token::Open("TextCode", _) => in_text = true,
            Token::Close("TextCode") => in_text = false,
            Token::Close("TextObject") => text.push('\n'),
            Token::Text(words) if in_text => text.push_str(words),
            _ => {}
        });
        if name.contains("/Annots/") {
            reading.keep("注释", &text);
        } else if !text.is_empty() {
            page += 1;
            reading.keep(format!("第{page}页"), &reflow(&text));
        }
    }
}

/// The numbers in a name, so that page 10 comes after page 9.
fn numbers(name: &str) -> Vec<u32> {
    name.split(|c: char| !c.is_ascii_digit()).filter_map(|digits| digits.parse().ok()).collect()
}

/// OpenDocument: text, tables and slides alike.
pub(super) fn document(reading: &mut Reading<'_>, archive: &Archive<'_>) {
    let (mut shown, mut deleted, mut noted) = (String::new(), String::new(), String::new());
    let (mut deletions, mut notes, mut paragraphs) = (0_usize, 0_usize, 0_usize);
    let Some(source) = archive.read("content.xml") else { return };
    walk(source, |token| {
        match token {
            Token::Open("deletion", _) => return deletions += 1,
            Token::Close("deletion") => return deletions = deletions.saturating_sub(1),
            Token::Open("annotation", _) => return notes += 1,
            Token::Close("annotation") => return notes = notes.saturating_sub(1),
            Token::Open("p" | "h", _) => return paragraphs += 1,
            _ => {}
        }
        let text = match (deletions, notes) {
            (0, 0) => &mut shown,
            (0, _) => &mut noted,
            _ => &mut deleted,
        };
        match token {
            Token::Close("p" | "h") => {
                paragraphs = paragraphs.saturating_sub(1);
                text.push('\n');
            }
            Token::Open("line-break", _) => text.push('\n'),
            Token::Open("tab", _) => text.push('\t'),
            Token::Open("s", _) => text.push(' '),
            Token::Text(words) if paragraphs > 0 => text.push_str(words),
            _ => {}
        }
    });
    reading.keep("正文", &shown);
    reading.keep("批注", &noted);
    reading.keep("修订删除", &deleted);
}
