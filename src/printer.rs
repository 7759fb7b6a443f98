//! Web pages of our own as PDF, printed by the Chromium of the system where there is one.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use crate::browser::{Browser, BrowserError, Limits};

/// Time for one document.
const TIME: Duration = Duration::from_secs(60);

/// Why there is no PDF.
#[derive(Debug, thiserror::Error)]
pub enum PrintError {
    /// There is no Chromium.
    #[error("a PDF takes Chromium, which is not installed; ask for html and print it, or for docx")]
    NoProgram,
    /// It did not do its work.
    #[error("printing: {0}")]
    Browser(BrowserError),
    /// It printed nothing.
    #[error("Chromium printed nothing")]
    Failed,
}

impl From<BrowserError> for PrintError {
    fn from(error: BrowserError) -> PrintError {
        match error {
            BrowserError::Missing => PrintError::NoProgram,
            error => PrintError::Browser(error),
        }
    }
}

/// Prints a self-contained page, on paper of the size it asks for. It can load nothing.
pub fn pdf(html: &str) -> Result<Vec<u8>, PrintError> {
    let mut browser = Browser::start(&Limits::default())?;
    browser.allow(TIME);
    let tab = browser.open_tab()?;
    browser.show(&tab, html)?;
    let paper = json!({ "printBackground": true, "preferCSSPageSize": true });
    let printed = browser.call(&tab, "Page.printToPDF", paper)?;
    let pdf = STANDARD.decode(printed["data"].as_str().unwrap_or_default()).unwrap_or_default();
    if pdf.starts_with(b"%PDF-") { Ok(pdf) } else { Err(PrintError::Failed) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_becomes_a_pdf_where_there_is_chromium() {
        match pdf("<!DOCTYPE html><meta charset=utf-8><title>报告</title><p>正文") {
            Ok(pdf) => assert!(pdf.len() > 1_000),
            Err(PrintError::NoProgram) => println!("skipped: chromium is not installed"),
            Err(error) => panic!("{error}"),
        }
    }
}
