//! Drawings (SVG): the words that they show, and those that describe them.

use super::Reading;
use super::xml::{Token, walk};

/// Where the words of a drawing stand.
pub const DRAWN: &str = "图形文字";

/// Elements whose words nobody sees.
const UNSEEN: [&str; 2] = ["style", "script"];

pub(super) fn read(reading: &mut Reading<'_>, bytes: &[u8]) {
    let mut words = String::new();
    let mut unseen = 0_usize;
    walk(bytes, |token| match token {
        Token::Open(name, _) if UNSEEN.contains(&name) => unseen += 1,
        Token::Close(name) if UNSEEN.contains(&name) => unseen = unseen.saturating_sub(1),
        Token::Text(text) if unseen == 0 => words.push_str(text),
        // One element may be cut up to style its letters, so that only those that hold whole words part them.
        Token::Close("text" | "title" | "desc") => words.push('\n'),
        _ => {}
    });
    let lines: Vec<&str> = words.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    reading.keep(DRAWN, &lines.join("\n"));
}
