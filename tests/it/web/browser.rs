//! Somebody at a browser: a real Chromium with one page, driven as a person drives it.

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use sitewarden::browser::{self, BrowserError, Event, Limits, Message, Tab};

/// How long one test may use it.
const TIME: Duration = Duration::from_secs(900);

/// How long anything is waited for: far longer than it should take, for machines that are busy.
const PATIENCE: Duration = Duration::from_secs(120);

/// Presses of the key that are tried to get somewhere.
const TABS: usize = 400;

/// A browser with one page, until it is dropped.
pub(super) struct Browser {
    inner: browser::Browser,
    tab: Tab,
    loads: u64,
    /// What the console complained about.
    pub(super) complaints: Vec<String>,
}

impl Browser {
    /// Starts one; `None` where Chromium is not installed.
    pub(super) fn start() -> Option<Browser> {
        let limits = Limits { reachable: Some("127.0.0.1"), ..Limits::default() };
        let mut inner = match browser::Browser::start(&limits) {
            Err(BrowserError::Missing) => return None,
            started => started.expect("chromium starts"),
        };
        inner.allow(TIME);
        let tab = inner.open_tab().expect("chromium opens pages");
        let mut browser = Browser { inner, tab, loads: 0, complaints: Vec::new() };
        for domain in ["Runtime.enable", "Log.enable"] {
            browser.call(domain, json!({}));
        }
        Some(browser)
    }

    /// Calls a method and waits for its result.
    pub(super) fn call(&mut self, method: &str, params: Value) -> Value {
        let result = self.inner.call(&self.tab, method, params).expect("chromium does as it is told");
        while let Some(message) = self.inner.hear_within(Duration::ZERO).expect("chromium goes on") {
            self.note(message);
        }
        result
    }

    fn note(&mut self, message: Message) {
        let Message::Event(Event { method, params, .. }) = message else { return };
        match method.as_str() {
            "Page.loadEventFired" => self.loads += 1,
            "Runtime.exceptionThrown" => self.complaints.push(params.to_string()),
            "Log.entryAdded" if params["entry"]["level"] == "error" => {
                self.complaints.push(params["entry"].to_string());
            }
            _ => {}
        }
    }

    /// Does something that loads a page, and waits for it.
    fn loading(&mut self, act: impl FnOnce(&mut Browser)) {
        let before = self.loads;
        act(self);
        while self.loads == before {
            let message = self.inner.hear().expect("chromium goes on");
            self.note(message);
        }
    }

    /// Opens an address.
    pub(super) fn open(&mut self, address: &str) {
        self.loading(|browser| {
            browser.call("Page.navigate", json!({ "url": address }));
        });
    }

    /// The value of an expression.
    pub(super) fn evaluate(&mut self, expression: &str) -> Value {
        let result =
            self.call("Runtime.evaluate", json!({ "expression": expression, "returnByValue": true }));
        assert!(result["exceptionDetails"].is_null(), "{expression}: {result}");
        result["result"]["value"].clone()
    }

    /// The text of the first element of a selector; empty where there is none.
    pub(super) fn text(&mut self, selector: &str) -> String {
        let text = format!("(document.querySelector({}) || {{}}).textContent || ''", json!(selector));
        self.evaluate(&text).as_str().unwrap_or_default().to_owned()
    }

    /// Waits until an expression comes true, and opens an address again between two looks if there is one.
    pub(super) fn wait_until(&mut self, expression: &str, again: Option<&str>) {
        let until = Instant::now() + PATIENCE;
        while self.evaluate(expression) != json!(true) {
            if Instant::now() >= until {
                panic!("in vain: {expression} on {}", self.text("main"));
            }
            std::thread::sleep(Duration::from_millis(200));
            if let Some(address) = again {
                self.open(address);
            }
        }
    }

    /// Types into a field.
    pub(super) fn fill(&mut self, selector: &str, text: &str) {
        self.evaluate(&format!("document.querySelector({}).value = {}", json!(selector), json!(text)));
    }

    /// Presses something that leads to another page.
    pub(super) fn press(&mut self, selector: &str) {
        let press = format!("document.querySelector({}).click()", json!(selector));
        self.loading(|browser| {
            browser.evaluate(&press);
        });
    }

    /// Presses something that is saved as a file, and gives its bytes.
    pub(super) fn save(&mut self, selector: &str, folder: &Path) -> Vec<u8> {
        let into = json!({ "behavior": "allow", "downloadPath": folder });
        self.call("Page.setDownloadBehavior", into);
        let press = format!("document.querySelector({}).click()", json!(selector));
        self.evaluate(&press);
        let until = Instant::now() + PATIENCE;
        loop {
            let files = std::fs::read_dir(folder).expect("a readable folder").flatten();
            let whole = files.map(|file| file.path()).find(|path| {
                let is_part = path.extension().is_some_and(|ending| ending == "crdownload");
                // Its name is made before its bytes come.
                !is_part && path.metadata().is_ok_and(|file| file.len() > 0)
            });
            if let Some(path) = whole {
                let bytes = std::fs::read(&path).expect("readable");
                std::fs::remove_file(path).expect("removable");
                return bytes;
            }
            assert!(Instant::now() < until, "nothing was saved by {selector}");
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    /// Goes on with the tabulator until what has the focus is this.
    pub(super) fn tab_to(&mut self, selector: &str) {
        let is_there = format!("document.activeElement.matches({})", json!(selector));
        for _ in 0..TABS {
            self.key("Tab", 9);
            if self.evaluate(&is_there) == json!(true) {
                return;
            }
        }
        panic!("no key leads to {selector}");
    }

    /// Types into whatever has the focus, in place of what stands there.
    pub(super) fn type_in(&mut self, text: &str) {
        self.evaluate("document.activeElement.select && document.activeElement.select()");
        self.call("Input.insertText", json!({ "text": text }));
    }

    /// Presses Enter where that leads to another page.
    pub(super) fn enter(&mut self) {
        self.loading(|browser| browser.key("Enter", 13));
    }

    fn key(&mut self, key: &str, code: u32) {
        let text = if key == "Enter" { "\r" } else { "" };
        for kind in ["keyDown", "keyUp"] {
            let stroke = json!({
                "type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code, "text": text,
            });
            self.call("Input.dispatchKeyEvent", stroke);
        }
    }

    /// Shows pages in a frame of this width, in light or dark.
    pub(super) fn look(&mut self, width: u32, scheme: &str) {
        let frame = json!({ "width": width, "height": 800, "deviceScaleFactor": 1, "mobile": false });
        self.call("Emulation.setDeviceMetricsOverride", frame);
        let features = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        self.call("Emulation.setEmulatedMedia", features);
    }
}
