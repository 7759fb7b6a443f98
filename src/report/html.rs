//! The report as one self-contained web page: no outside resource, readable on a phone, printable on A4.
//!
//! The template only lays out; everything it shows is prepared here as plain text, made visible by
//! [`escape::visible`](super::escape::visible) and cut to a bounded length. Askama escapes it for HTML.

pub(crate) mod coverage;
pub(crate) mod finding;
pub(crate) mod score;
pub(crate) mod tags;
mod view;

use askama::Template;

use super::Report;
use view::View;

/// Renders the page.
pub fn render(report: &Report) -> String {
    View::new(report).render().expect("a template of plain text fields writes into a string")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::life::{Life, Reported};
    use crate::report::sample;

    #[test]
    fn shows_everything() {
        let page = render(&sample::report());
        // Style and script are files of their own, and the footer names the version: neither belongs here.
        let start = page.find("<body").expect("a body");
        let end = page.find("<footer").expect("a footer");
        insta::assert_snapshot!(&page[start..end]);
    }

    #[test]
    fn zero_pages_is_a_failed_run() {
        let page = render(&sample::failed());
        assert!(page.contains("本次扫描失败"));
        assert!(page.contains("<body class=\"tone-bad\">"));
    }

    #[test]
    fn a_flawless_site_says_so() {
        let page = render(&sample::clean());
        assert!(page.contains("<body class=\"tone-good\">"));
        assert!(page.contains("本次扫描未发现问题"));
    }

    #[test]
    fn text_of_the_site_stays_text() {
        let page = render(&sample::report());
        for forbidden in
            ["<script>alert", "<img src=x", "\u{202e}", "\u{1b}", "href=\"javascript:", "<script src"]
        {
            assert!(!page.contains(forbidden), "{forbidden:?}");
        }
        assert_eq!(page.matches("<script>").count(), 1, "our own one");
        assert!(page.contains("&#60;script&#62;alert"));
    }

    #[test]
    fn nothing_is_loaded_from_outside() {
        let page = render(&sample::report());
        let patterns = ["<link", "src=", "url(", "@import", "srcset"];
        let own = page.split("<main").next().expect("a head");
        for pattern in patterns {
            assert!(!own.contains(pattern), "{pattern}");
        }
    }

    #[test]
    fn thousands_of_findings_are_capped_honestly() {
        let mut report = sample::report();
        let model = report.findings.last().cloned().expect("a finding");
        report.findings = (0..1_200).map(|_| Reported { state: Life::Open, ..model.clone() }).collect();
        let page = render(&report);
        assert_eq!(page.matches("<article").count(), finding::ROWS);
        assert!(page.contains("另有 700 条"));
    }
}
