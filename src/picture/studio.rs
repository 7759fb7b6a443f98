//! Taking pictures: one browser, one page at a time, a bounded time for each.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::browser::{Browser, BrowserError, Limits, Tab};
use crate::privacy::mask_all;

use super::served::{Served, Supply};
use super::sheet::{Frame, Sheet, is_hidden};
use super::{Concealment, Picture, PictureError, Sight, Subject};

/// The window that a page is shown in, in pixels: a common desk.
const WINDOW: (u32, u32) = (1280, 800);

/// Pixels of a sheet at most: window and all that stands above it.
const SHEET_HEIGHT: u32 = 1600;

/// Bytes of a picture at most.
const PICTURE_BYTES: usize = 1 << 20;

/// Qualities of JPEG, the first that fits counts.
const QUALITIES: [u8; 3] = [80, 60, 35];

/// Characters of source that stand above a picture.
const SOURCE: usize = 300;

const LOCATE: &str = include_str!("locate.js");

/// The text of a page, piece by piece, in the order of its tree.
const TEXTS: &str = "(() => { const texts = []; \
    const walker = Document.prototype.createTreeWalker.call(document, document, NodeFilter.SHOW_TEXT); \
    while (walker.nextNode()) texts.push(walker.currentNode.data); \
    return texts; })()";

/// Writes pieces anew; `CHANGED` stands for their numbers and words.
const REWRITE: &str = "(() => { const changed = new Map(CHANGED); let number = 0; \
    const walker = Document.prototype.createTreeWalker.call(document, document, NodeFilter.SHOW_TEXT); \
    while (walker.nextNode()) { const words = changed.get(number); number += 1; \
    if (words !== undefined) walker.currentNode.data = words; } })()";

/// How pictures are taken.
#[derive(Debug, Clone)]
pub struct Workshop {
    /// Time for one picture; half of it for loading the page.
    pub time: Duration,
    /// How the browser is kept in.
    pub limits: Limits,
}

/// Takes pictures, one after the other.
#[derive(Debug)]
pub struct Studio {
    workshop: Workshop,
    /// The browser, unless the last picture was its end.
    browser: Option<Browser>,
}

/// What was found on a page.
#[derive(Default, Deserialize)]
struct Located {
    sight: String,
    #[serde(default)]
    concealment: Option<Concealment>,
    #[serde(rename = "box", default)]
    frame: Option<Frame>,
    #[serde(default)]
    source: String,
}

impl Located {
    fn sight(&self) -> Sight {
        match (self.sight.as_str(), self.concealment) {
            ("shown", _) => Sight::Shown,
            ("hidden", Some(concealment)) => Sight::Hidden(concealment),
            _ => Sight::Absent,
        }
    }
}

impl Studio {
    /// Starts the browser, where there is one.
    pub fn open(workshop: Workshop) -> Result<Studio, BrowserError> {
        let browser = Browser::start(&workshop.limits)?;
        Ok(Studio { workshop, browser: Some(browser) })
    }

    /// Takes a picture.
    pub fn take(&mut self, subject: Subject<'_>, supply: &mut dyn Supply) -> Result<Picture, PictureError> {
        let mut browser = match self.browser.take() {
            Some(browser) => browser,
            None => Browser::start(&self.workshop.limits)?,
        };
        browser.allow(self.workshop.time);
        let tab = browser.open_tab()?;
        let taken = self.draw(&mut browser, &tab, subject, supply);
        // A browser that failed is in no state that anybody knows; the next picture gets a new one.
        if taken.is_ok() && browser.close_tab(tab).is_ok() {
            self.browser = Some(browser);
        }
        taken
    }

    #[cfg(test)]
    pub(super) fn workshop(&mut self) -> &mut Workshop {
        &mut self.workshop
    }

    fn draw(
        &self,
        browser: &mut Browser,
        tab: &Tab,
        subject: Subject<'_>,
        supply: &mut dyn Supply,
    ) -> Result<Picture, PictureError> {
        let (width, height) = WINDOW;
        window(browser, tab, height)?;
        let time = self.workshop.time / 2;
        let mut served = Served::new(tab, (subject.address, subject.html), supply, time);
        served.open(browser)?;
        mask(browser, tab)?;
        let find = format!("({LOCATE})({})", json!(subject.hint));
        let located = match browser.evaluate_apart(tab, &find) {
            Ok(found) => serde_json::from_value(found).unwrap_or_default(),
            // A page can be made so that nothing is found on it; it is pictured all the same.
            Err(BrowserError::Refused { .. }) => Located::default(),
            Err(error) => return Err(error.into()),
        };
        served.settle(browser)?;
        let page = json!({ "format": "png", "optimizeForSpeed": true });
        let page = browser.call(tab, "Page.captureScreenshot", page)?;
        browser.call(tab, "Fetch.disable", json!({}))?;
        let sight = located.sight();
        let sheet = Sheet {
            caption: subject.caption,
            note: sight.note(),
            is_hidden: is_hidden(sight),
            source: is_hidden(sight).then(|| cut(&mask_all(&located.source))),
            frame: located.frame.and_then(|frame| frame.within(width, height)),
            png: page["data"].as_str().unwrap_or_default(),
            width,
            height,
        };
        Ok(Picture { jpeg: expose(browser, &sheet)?, sight })
    }
}

/// Draws a sheet in a page of its own.
fn expose(browser: &mut Browser, sheet: &Sheet<'_>) -> Result<Vec<u8>, PictureError> {
    let tab = browser.open_tab()?;
    window(browser, &tab, sheet.height)?;
    browser.show(&tab, &sheet.html())?;
    let height = browser.evaluate(&tab, "document.documentElement.scrollHeight")?;
    let height = height.as_u64().unwrap_or_default().min(SHEET_HEIGHT.into());
    let clip = json!({ "x": 0, "y": 0, "width": sheet.width, "height": height, "scale": 1 });
    let mut drawn = Err(PictureError::Unfit);
    for quality in QUALITIES {
        let sheet = json!({
            "format": "jpeg", "quality": quality, "captureBeyondViewport": true, "clip": clip,
        });
        let answer = browser.call(&tab, "Page.captureScreenshot", sheet)?;
        let jpeg = STANDARD.decode(answer["data"].as_str().unwrap_or_default()).unwrap_or_default();
        if jpeg.starts_with(&[0xff, 0xd8]) && jpeg.len() <= PICTURE_BYTES {
            drawn = Ok(jpeg);
            break;
        }
    }
    browser.close_tab(tab)?;
    drawn
}

fn window(browser: &mut Browser, tab: &Tab, height: u32) -> Result<(), BrowserError> {
    let size = json!({ "width": WINDOW.0, "height": height, "deviceScaleFactor": 1, "mobile": false });
    browser.call(tab, "Emulation.setDeviceMetricsOverride", size)?;
    Ok(())
}

/// Masks numbers of people in the text of a page, before anybody sees it.
fn mask(browser: &mut Browser, tab: &Tab) -> Result<(), BrowserError> {
    let texts = browser.evaluate_apart(tab, TEXTS)?;
    let texts = texts.as_array().into_iter().flatten().filter_map(Value::as_str);
    let changed: Vec<(usize, String)> = texts
        .enumerate()
        .filter_map(|(number, text)| match mask_all(text) {
            std::borrow::Cow::Borrowed(_) => None,
            std::borrow::Cow::Owned(masked) => Some((number, masked)),
        })
        .collect();
    if !changed.is_empty() {
        browser.evaluate_apart(tab, &REWRITE.replace("CHANGED", &json!(changed).to_string()))?;
    }
    Ok(())
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(SOURCE) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
