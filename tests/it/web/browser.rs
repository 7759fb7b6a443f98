//! A real Chromium, driven over a pair of pipes by the DevTools protocol: no port, no driver, no other program.

use std::fs::{File, OpenOptions};
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

/// A browser with one page, until it is dropped.
pub(super) struct Browser {
    process: Child,
    to: File,
    from: BufReader<File>,
    session: String,
    sent: u64,
    loads: u64,
    /// What the console complained about.
    pub(super) complaints: Vec<String>,
    _profile: tempfile::TempDir,
}

impl Browser {
    /// Starts one; `None` where Chromium is not installed.
    pub(super) fn start() -> Option<Browser> {
        Command::new("chromium").arg("--version").stdout(Stdio::null()).status().ok()?;
        let profile = tempfile::tempdir().expect("a scratch folder");
        let (to, from) = (profile.path().join("to"), profile.path().join("from"));
        let made = Command::new("mkfifo").args([&to, &from]).status().expect("mkfifo is there");
        assert!(made.success());
        let process = Command::new("sh")
            .args(["-c", "to=$1 from=$2; shift 2; exec chromium \"$@\" 3<\"$to\" 4>\"$from\"", "sh"])
            .args([&to, &from])
            .args(["--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe"])
            .args(["--no-first-run", "--disable-background-networking", "--no-proxy-server"])
            .args(["--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"])
            .arg(format!("--user-data-dir={}", profile.path().join("profile").display()))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("a shell is there");
        // Opening waits for the other side, in the order of the redirections above.
        let to = OpenOptions::new().write(true).open(to).expect("chromium reads");
        let from = BufReader::new(File::open(from).expect("chromium writes"));
        let (session, complaints) = (String::new(), Vec::new());
        let mut browser =
            Browser { process, to, from, session, sent: 0, loads: 0, complaints, _profile: profile };
        let target = browser.call("Target.createTarget", json!({ "url": "about:blank" }));
        let attached = json!({ "targetId": target["targetId"], "flatten": true });
        browser.session = browser.call("Target.attachToTarget", attached)["sessionId"]
            .as_str()
            .expect("a session")
            .to_owned();
        for domain in ["Page.enable", "Runtime.enable", "Log.enable"] {
            browser.call(domain, json!({}));
        }
        Some(browser)
    }

    /// Calls a method and waits for its result.
    pub(super) fn call(&mut self, method: &str, params: Value) -> Value {
        self.sent += 1;
        let mut message = json!({ "id": self.sent, "method": method, "params": params });
        if !self.session.is_empty() {
            message["sessionId"] = json!(self.session);
        }
        self.to.write_all(format!("{message}\0").as_bytes()).expect("chromium listens");
        loop {
            let answer = self.receive();
            if answer["id"] == self.sent {
                assert!(answer["error"].is_null(), "{method}: {answer}");
                return answer["result"].clone();
            }
        }
    }

    fn receive(&mut self) -> Value {
        let mut bytes = Vec::new();
        self.from.read_until(0, &mut bytes).expect("chromium answers");
        assert_eq!(bytes.pop(), Some(0), "chromium has ended");
        let message: Value = serde_json::from_slice(&bytes).expect("JSON");
        match message["method"].as_str() {
            Some("Page.loadEventFired") => self.loads += 1,
            Some("Runtime.exceptionThrown") => self.complaints.push(message["params"].to_string()),
            Some("Log.entryAdded") if message["params"]["entry"]["level"] == "error" => {
                self.complaints.push(message["params"]["entry"].to_string());
            }
            _ => {}
        }
        message
    }

    /// Does something that loads a page, and waits for it.
    fn loading(&mut self, act: impl FnOnce(&mut Browser)) {
        let before = self.loads;
        act(self);
        while self.loads == before {
            self.receive();
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

    /// Shows pages in a frame of this width, in light or dark.
    pub(super) fn look(&mut self, width: u32, scheme: &str) {
        let frame = json!({ "width": width, "height": 800, "deviceScaleFactor": 1, "mobile": false });
        self.call("Emulation.setDeviceMetricsOverride", frame);
        let features = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        self.call("Emulation.setEmulatedMedia", features);
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // It may have ended by itself; either way nothing is left of it.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
