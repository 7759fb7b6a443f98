//! What the formats of Office share: paragraphs of runs.

use super::archive::Archive;
use super::xml::{Token, walk};

/// The text of a file in which `t` holds words, `p` is a paragraph and `br` breaks a line: slides, comments, notes,
/// text boxes.
pub(super) fn paragraphs(archive: &Archive<'_>, name: &str) -> String {
    let mut text = String::new();
    let mut is_text = false;
    let Some(source) = archive.read(name) else { return text };
    walk(source, |token| match token {
        Token::Open("t" | "text", _) => is_text = true,
        Token::Close(name @ ("t" | "text")) => {
            is_text = false;
            if name == "text" {
                text.push('\n');
            }
        }
        Token::Text(words) if is_text => text.push_str(words),
        Token::Open("br", _) | Token::Close("p") => text.push('\n'),
        Token::Open("tab", _) => text.push('\t'),
        _ => {}
    });
    text
}
