//! What a page is served while it is shown: its original, and from a supply what belongs to it.

use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::browser::{Browser, BrowserError, Event, Message, Tab};

use super::PictureError;

/// Whatever a page loads besides itself.
pub trait Supply {
    /// What stands at an address, if it may be asked for and can be had in this time.
    fn get(&mut self, address: &str, time: Duration) -> Option<Resource>;
}

/// A part of a page.
#[derive(Debug, Clone)]
pub struct Resource {
    /// Its type, as it came.
    pub content_type: String,
    /// Its bytes.
    pub body: bytes::Bytes,
}

/// Parts of one page at most; what is beyond is not there.
const PARTS: usize = 150;

/// Bytes of the parts of one page at most.
const PART_BYTES: usize = 24 << 20;

/// Kinds of parts that change how a page looks. Frames stay empty: what stands in one is a page with findings of its own,
/// and nobody would mask numbers of people in it.
const KINDS: [&str; 3] = ["Stylesheet", "Image", "Font"];

/// A page that asks for nothing new for so long has what it wants.
const CALM: Duration = Duration::from_millis(250);

/// A page that is never calm is pictured after so long.
const UNREST: Duration = Duration::from_secs(2);

/// What no document may do, whatever it says itself. A browser without scripts would show `noscript`, which readers
/// do not see; so scripts are on, and none may run.
const POLICY: &str = "script-src 'none'; object-src 'none'; worker-src 'none'; connect-src 'none'; \
                      form-action 'none'; media-src 'none'";

/// A page that is being shown.
pub(super) struct Served<'a> {
    pub(super) tab: &'a Tab,
    pub(super) address: &'a str,
    pub(super) html: &'a str,
    pub(super) supply: &'a mut dyn Supply,
    /// Until when parts are loaded; the page is shown with those that came.
    until: Instant,
    is_given: bool,
    is_loaded: bool,
    parts: usize,
    bytes: usize,
}

impl<'a> Served<'a> {
    pub(super) fn new(
        tab: &'a Tab,
        (address, html): (&'a str, &'a str),
        supply: &'a mut dyn Supply,
        time: Duration,
    ) -> Served<'a> {
        let until = Instant::now() + time;
        Served { tab, address, html, supply, until, is_given: false, is_loaded: false, parts: 0, bytes: 0 }
    }

    /// Opens the page and serves it until it is loaded, or for as long as it may take.
    pub(super) fn open(&mut self, browser: &mut Browser) -> Result<(), PictureError> {
        let everything = json!({ "patterns": [{ "urlPattern": "*" }] });
        browser.call(self.tab, "Fetch.enable", everything)?;
        let going = browser.send(self.tab, "Page.navigate", json!({ "url": self.address }))?;
        let mut has_gone = false;
        while !(has_gone && self.is_loaded) {
            let left = self.until.saturating_duration_since(Instant::now());
            if has_gone && left.is_zero() {
                // It asks and asks; it is shown with what it has.
                return Ok(());
            }
            match browser.hear_within(left.max(CALM))? {
                Some(Message::Answer { to, result }) if to == going => {
                    let answer = result.map_err(PictureError::Unshown)?;
                    if let Some(error) = answer["errorText"].as_str() {
                        return Err(PictureError::Unshown(error.to_owned()));
                    }
                    has_gone = true;
                }
                Some(Message::Answer { .. }) => {}
                Some(Message::Event(event)) => self.take(browser, &event)?,
                // Whatever is still missing does not come in time.
                None if has_gone => return Ok(()),
                None => return Err(PictureError::Browser(BrowserError::TooSlow)),
            }
        }
        Ok(())
    }

    /// Serves what the page asks for late, as pictures that were scrolled into view, until it is calm.
    pub(super) fn settle(&mut self, browser: &mut Browser) -> Result<(), PictureError> {
        let until = Instant::now() + UNREST;
        while Instant::now() < until
            && let Some(message) = browser.hear_within(CALM)?
        {
            if let Message::Event(event) = message {
                self.take(browser, &event)?;
            }
        }
        Ok(())
    }

    fn take(&mut self, browser: &mut Browser, event: &Event) -> Result<(), PictureError> {
        if !self.tab.told(event) {
            return Ok(());
        }
        match event.method.as_str() {
            "Page.loadEventFired" => self.is_loaded = true,
            "Fetch.requestPaused" => self.answer(browser, &event.params)?,
            _ => {}
        }
        Ok(())
    }

    fn answer(&mut self, browser: &mut Browser, asked: &Value) -> Result<(), PictureError> {
        let (id, address) = (&asked["requestId"], asked["request"]["url"].as_str().unwrap_or_default());
        let kind = asked["resourceType"].as_str().unwrap_or_default();
        if !self.is_given && kind == "Document" {
            self.is_given = true;
            let html = self.html.as_bytes();
            return fulfil(browser, self.tab, id, "text/html; charset=utf-8", html);
        }
        let is_wanted = KINDS.contains(&kind) && asked["request"]["method"] == "GET";
        let time = self.until.saturating_duration_since(Instant::now());
        let may = is_wanted && self.parts < PARTS && self.bytes < PART_BYTES && !time.is_zero();
        self.parts += 1;
        match may.then(|| self.supply.get(address, time)).flatten() {
            Some(Resource { content_type, body }) => {
                self.bytes += body.len();
                fulfil(browser, self.tab, id, &content_type, &body)
            }
            // "Aborted" leaves the page where it is if it wanted to go elsewhere; any other reason shows an error.
            None => {
                let refusal = json!({ "requestId": id, "errorReason": "Aborted" });
                browser.send(self.tab, "Fetch.failRequest", refusal)?;
                Ok(())
            }
        }
    }
}

fn fulfil(browser: &mut Browser, tab: &Tab, id: &Value, kind: &str, body: &[u8]) -> Result<(), PictureError> {
    let headers = json!([
        { "name": "Content-Type", "value": kind },
        { "name": "Content-Security-Policy", "value": POLICY },
        // Fonts ask for permission.
        { "name": "Access-Control-Allow-Origin", "value": "*" },
    ]);
    let answer = json!({
        "requestId": id,
        "responseCode": 200,
        "responseHeaders": headers,
        "body": STANDARD.encode(body),
    });
    browser.send(tab, "Fetch.fulfillRequest", answer)?;
    Ok(())
}
