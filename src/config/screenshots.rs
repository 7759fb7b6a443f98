//! Which findings are pictured, and how: `[screenshots]`.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::section::Section;
use super::values::{self, show_duration};
use crate::finding::{Category, Severity};

/// Pictures of findings.
#[derive(Debug, Clone)]
pub struct Screenshots {
    /// Whether there are any.
    pub mode: Pictured,
    /// Findings at least so bad are pictured.
    pub severity: Severity,
    /// Findings of these parts of the inspection are pictured however bad, if they are at least probable.
    pub groups: Vec<Category>,
    /// New pictures after one scan or reading at most.
    pub per_scan: usize,
    /// Time for one picture.
    pub time: Duration,
    /// Whether there are none where the browser cannot keep its own sandbox.
    pub sandbox_required: bool,
}

/// Whether findings are pictured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Pictured {
    /// Where there is a browser.
    Auto,
    /// Yes; that there is no browser is a fault to be told.
    On,
    /// No.
    Off,
}

impl Default for Screenshots {
    fn default() -> Self {
        Screenshots {
            mode: Pictured::Auto,
            severity: Severity::Critical,
            groups: vec![Category::Intrusion],
            per_scan: 20,
            time: Duration::from_secs(20),
            sandbox_required: false,
        }
    }
}

/// Reads `[screenshots]`.
pub(super) fn read(mut section: Section<'_>) -> Screenshots {
    let mut screenshots = Screenshots::default();
    section.set("mode", "\"auto\"", &mut screenshots.mode, Ok);
    section.set("severity", "\"critical\"", &mut screenshots.severity, Ok);
    section.set("groups", "[\"intrusion\"]", &mut screenshots.groups, Ok);
    section.set("per_scan", "20", &mut screenshots.per_scan, Ok);
    section.set("time", "\"20s\"", &mut screenshots.time, |text: String| {
        let time = values::duration(&text)?;
        if (SHORTEST..=LONGEST).contains(&time) {
            Ok(time)
        } else {
            Err(format!("`{text}` is not between 2s and 5m"))
        }
    });
    section.set("sandbox_required", "false", &mut screenshots.sandbox_required, Ok);
    section.finish();
    screenshots
}

/// Below that no page is ever loaded.
const SHORTEST: Duration = Duration::from_secs(2);
/// Beyond that a page is no page.
const LONGEST: Duration = Duration::from_secs(300);

#[derive(Serialize)]
pub(super) struct ShownScreenshots {
    mode: Pictured,
    severity: Severity,
    groups: Vec<Category>,
    per_scan: usize,
    time: String,
    sandbox_required: bool,
}

impl ShownScreenshots {
    pub(super) fn of(screenshots: &Screenshots) -> ShownScreenshots {
        ShownScreenshots {
            mode: screenshots.mode,
            severity: screenshots.severity,
            groups: screenshots.groups.clone(),
            per_scan: screenshots.per_scan,
            time: show_duration(screenshots.time),
            sandbox_required: screenshots.sandbox_required,
        }
    }
}
