//! How many pages carry each page tag, for the file; the summary has the findings.

use super::Writer;
use crate::indicators::TagCount;
use crate::report::columns::{pad, pad_left};
use crate::report::{escape, figures, wording};

impl Writer {
    pub(super) fn tags(&mut self, tags: &[TagCount]) {
        if !self.full || tags.is_empty() {
            return;
        }
        self.heading("页面标签填写情况");
        for kind in tags.chunk_by(|one, next| one.kind == next.kind) {
            if let Some(first) = kind.first() {
                let (name, pages) = (wording::page_kind(first.kind), figures::count(first.pages()));
                self.line(&format!("{name}（{pages} 页）"));
            }
            for count in kind {
                let name = format!("{} {}", escape::terminal(&count.tag), escape::terminal(&count.label));
                let [filled, empty, absent] = [count.filled, count.empty, count.absent]
                    .map(|number| pad_left(&figures::count(number), 7));
                let share = figures::percent(count.filled, count.pages()).unwrap_or_default();
                self.line(&format!(
                    "  {}  {}有值{filled}  为空{empty}  缺失{absent}  {}",
                    wording::requirement(count.required),
                    pad(&name, 34),
                    pad_left(&share, 6),
                ));
            }
        }
    }
}
