//! Presentations, by the number in the names of their slides.

use super::Reading;
use super::archive::Archive;
use super::office::paragraphs;
use super::xml::{Token, walk};

pub(super) fn read(reading: &mut Reading<'_>, archive: &Archive<'_>) {
    for (number, name) in archive.numbered("ppt/slides/slide", ".xml") {
        let hidden = if is_hidden(archive, name) { "（隐藏）" } else { "" };
        reading.keep(format!("第{number}张幻灯片{hidden}"), &paragraphs(archive, name));
    }
    for (number, name) in archive.numbered("ppt/notesSlides/notesSlide", ".xml") {
        reading.keep(format!("第{number}张备注"), &paragraphs(archive, name));
    }
    for (_, name) in archive.numbered("ppt/comments/comment", ".xml") {
        reading.keep("批注", &paragraphs(archive, name));
    }
}

fn is_hidden(archive: &Archive<'_>, name: &str) -> bool {
    let mut hidden = false;
    if let Some(source) = archive.read(name) {
        walk(source, |token| {
            if let Token::Open("sld", element) = token {
                hidden = matches!(element.attribute("show").as_deref(), Some("0" | "false"));
            }
        });
    }
    hidden
}
