//! The sheet: what stands above the page, the page, and the frame. It is a document of ours, drawn apart from the page,
//! so that nothing of the page can change or cover it.

use askama::Template;
use serde::Deserialize;

use super::Sight;

/// The frame is drawn around what was found, not on it.
const MARGIN: f64 = 6.0;

#[derive(Template)]
#[template(path = "sheet.html")]
pub(super) struct Sheet<'a> {
    pub(super) caption: &'a [(&'static str, String)],
    pub(super) note: String,
    pub(super) is_hidden: bool,
    pub(super) source: Option<String>,
    pub(super) frame: Option<Frame>,
    /// The page, as PNG in base64.
    pub(super) png: &'a str,
    pub(super) width: u32,
    pub(super) height: u32,
}

impl Sheet<'_> {
    /// As HTML.
    pub(super) fn html(&self) -> String {
        self.render().expect("a template of plain text fields writes into a string")
    }
}

/// Where something stands on the page, in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
pub(super) struct Frame {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

impl Frame {
    /// The part of it that is on a page of this size, with a margin; `None` where none is.
    pub(super) fn within(self, width: u32, height: u32) -> Option<Frame> {
        let (right, bottom) = (self.left + self.width + MARGIN, self.top + self.height + MARGIN);
        let (left, top) = ((self.left - MARGIN).max(0.0), (self.top - MARGIN).max(0.0));
        let (right, bottom) = (right.min(width.into()), bottom.min(height.into()));
        (right - left > 0.0 && bottom - top > 0.0).then_some(Frame {
            left,
            top,
            width: right - left,
            height: bottom - top,
        })
    }
}

/// Whether something on a picture was hidden.
pub(super) fn is_hidden(sight: Sight) -> bool {
    matches!(sight, Sight::Hidden(_))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_stays_on_the_page() {
        let frame = |left, top, width, height| Frame { left, top, width, height };
        assert_eq!(frame(10.0, 20.0, 30.0, 40.0).within(100, 100), Some(frame(4.0, 14.0, 42.0, 52.0)));
        assert_eq!(frame(-50.0, 90.0, 500.0, 50.0).within(100, 100), Some(frame(0.0, 84.0, 100.0, 16.0)));
        assert_eq!(frame(0.0, 5_000.0, 10.0, 10.0).within(100, 100), None);
    }

    #[test]
    fn text_of_the_site_stays_text() {
        let caption = [("网址", "<script>alert(1)</script>".to_owned())];
        let sheet = Sheet {
            caption: &caption,
            note: Sight::Absent.note(),
            is_hidden: false,
            source: Some("</dd><img src=x>".to_owned()),
            frame: None,
            png: "",
            width: 1,
            height: 1,
        };
        let html = sheet.html();
        assert!(!html.contains("<script>") && !html.contains("<img src=x>"), "{html}");
    }
}
