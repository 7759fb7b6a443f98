//! The Chromium of the system, without a window: driven over two pipes by its DevTools protocol, within bounds.
//!
//! What is shown in it may be hostile. So every wait ends by a deadline, the memory of all its processes is watched, its
//! profile is thrown away, it can connect to nobody by itself (whatever it loads is handed to it by whoever drives it),
//! and whatever belongs to it is killed when a [`Browser`] is dropped. What is shown, and what follows, is not
//! decided here.

mod process;
mod wire;

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

pub use process::{Confinement, confinement, find};
pub use wire::{Event, Message};

use process::Process;
use wire::Wire;

/// How often a silent browser is looked after: its memory, and whether it is still wanted.
const LOOK: Duration = Duration::from_millis(250);

/// Time in which it has to be ready. A start was measured at 0.5 s, beside two compilers.
const START: Duration = Duration::from_secs(30);

/// Events that wait for somebody to ask for them. A page that makes more means to.
const WAITING: usize = 10_000;

/// Why a browser did not do its work.
#[derive(Debug, thiserror::Error)]
pub enum BrowserError {
    /// There is none.
    #[error("Chromium is not installed")]
    Missing,
    /// Its own sandbox cannot be kept, and nothing else was allowed.
    #[error("Chromium cannot keep its sandbox: {0}")]
    Unconfined(&'static str),
    /// It took too long.
    #[error("Chromium took too long")]
    TooSlow,
    /// It took too much memory.
    #[error("Chromium took more than {} MiB of memory", process::MEMORY >> 20)]
    TooLarge,
    /// It ended by itself.
    #[error("Chromium ended by itself; where it never starts, it may not be allowed to set up its sandbox")]
    Ended,
    /// It is not wanted any more.
    #[error("stopped")]
    Stopped,
    /// It said more than anybody could read.
    #[error("Chromium told too much")]
    Flooded,
    /// It refuses what it was asked for.
    #[error("Chromium refuses {method}: {answer}")]
    Refused {
        /// What it was asked for.
        method: String,
        /// Its words.
        answer: String,
    },
    /// Its folder or its process cannot be made.
    #[error("starting Chromium: {0}")]
    Io(#[from] std::io::Error),
}

/// How a browser is kept in.
#[derive(Debug, Clone, Default)]
pub struct Limits {
    /// Whether it may only run in its own sandbox.
    pub sandbox_required: bool,
    /// Ends everything early once it is set.
    pub stop: Arc<AtomicBool>,
    /// Hosts or addresses that it may connect to by itself, as in `EXCLUDE`: for tests of our own pages.
    pub reachable: Option<&'static str>,
}

/// A running browser.
#[derive(Debug)]
pub struct Browser {
    process: Process,
    wire: Wire,
    waiting: VecDeque<Event>,
    sent: u64,
    until: Instant,
    stop: Arc<AtomicBool>,
}

/// A page of a browser, with cookies and storage of its own.
#[derive(Debug)]
pub struct Tab {
    session: String,
    context: String,
}

/// A question that was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call(u64);

impl Browser {
    /// Starts one, and waits until it answers.
    pub fn start(limits: &Limits) -> Result<Browser, BrowserError> {
        let (process, pipes) = Process::start(limits)?;
        let mut browser = Browser {
            process,
            wire: Wire::over(pipes),
            waiting: VecDeque::new(),
            sent: 0,
            until: Instant::now() + START,
            stop: limits.stop.clone(),
        };
        browser.ask(None, "Browser.getVersion", json!({}))?;
        Ok(browser)
    }

    /// How long whatever follows may take. Once the time is over nothing works any more, as nobody knows what state the
    /// browser is in.
    pub fn allow(&mut self, time: Duration) {
        self.until = Instant::now() + time;
    }

    /// How much of that time is left.
    pub fn time_left(&self) -> Duration {
        self.until.saturating_duration_since(Instant::now())
    }

    /// Opens an empty page that shares nothing with others.
    pub fn open_tab(&mut self) -> Result<Tab, BrowserError> {
        let made = self.ask(None, "Target.createBrowserContext", json!({ "disposeOnDetach": true }))?;
        let context = text(&made["browserContextId"]);
        let target = json!({ "url": "about:blank", "browserContextId": context });
        let target = self.ask(None, "Target.createTarget", target)?;
        let attach = json!({ "targetId": target["targetId"], "flatten": true });
        let attached = self.ask(None, "Target.attachToTarget", attach)?;
        let tab = Tab { session: text(&attached["sessionId"]), context };
        self.call(&tab, "Page.enable", json!({}))?;
        Ok(tab)
    }

    /// Closes a page and forgets all about it.
    pub fn close_tab(&mut self, tab: Tab) -> Result<(), BrowserError> {
        self.ask(None, "Target.disposeBrowserContext", json!({ "browserContextId": tab.context }))?;
        self.waiting.retain(|event| event.session != tab.session);
        Ok(())
    }

    /// Asks something of a page and waits for the answer. Events that come meanwhile wait.
    pub fn call(&mut self, tab: &Tab, method: &str, params: Value) -> Result<Value, BrowserError> {
        self.ask(Some(tab), method, params)
    }

    /// Asks something of a page; the answer comes with [`hear`](Self::hear).
    pub fn send(&mut self, tab: &Tab, method: &str, params: Value) -> Result<Call, BrowserError> {
        self.post(Some(tab), method, params)
    }

    /// What comes next: an event that has waited, or whatever is told now.
    pub fn hear(&mut self) -> Result<Message, BrowserError> {
        match self.waiting.pop_front() {
            Some(event) => Ok(Message::Event(event)),
            None => self.receive(),
        }
    }

    /// The same, but does not wait longer than this; `None`: nothing came.
    pub fn hear_within(&mut self, time: Duration) -> Result<Option<Message>, BrowserError> {
        if let Some(event) = self.waiting.pop_front() {
            return Ok(Some(Message::Event(event)));
        }
        self.listen(Instant::now() + time)
    }

    /// The value of an expression in a page.
    pub fn evaluate(&mut self, tab: &Tab, expression: &str) -> Result<Value, BrowserError> {
        let params = json!({ "expression": expression, "returnByValue": true, "awaitPromise": true });
        value(self.call(tab, "Runtime.evaluate", params)?)
    }

    /// The value of an expression in a world of its own: it sees the page, whose scripts see nothing of it.
    pub fn evaluate_apart(&mut self, tab: &Tab, expression: &str) -> Result<Value, BrowserError> {
        let frame = self.frame(tab)?;
        let world = self.call(tab, "Page.createIsolatedWorld", json!({ "frameId": frame }))?;
        let params = json!({
            "expression": expression,
            "contextId": world["executionContextId"],
            "returnByValue": true,
        });
        value(self.call(tab, "Runtime.evaluate", params)?)
    }

    /// Shows a document of ours, and waits until its pictures are there.
    pub fn show(&mut self, tab: &Tab, html: &str) -> Result<(), BrowserError> {
        const LOADED: &str = "new Promise((done) => document.readyState === 'complete' \
                              ? done() : addEventListener('load', () => done()))";
        let frame = self.frame(tab)?;
        self.call(tab, "Page.setDocumentContent", json!({ "frameId": frame, "html": html }))?;
        self.evaluate(tab, LOADED)?;
        Ok(())
    }

    /// The frame that is the page itself.
    fn frame(&mut self, tab: &Tab) -> Result<Value, BrowserError> {
        let tree = self.call(tab, "Page.getFrameTree", json!({}))?;
        Ok(tree["frameTree"]["frame"]["id"].clone())
    }

    fn ask(&mut self, tab: Option<&Tab>, method: &str, params: Value) -> Result<Value, BrowserError> {
        let call = self.post(tab, method, params)?;
        loop {
            match self.receive()? {
                Message::Answer { to, result } if to == call => {
                    return result
                        .map_err(|answer| BrowserError::Refused { method: method.to_owned(), answer });
                }
                // Nobody waits for it any more.
                Message::Answer { .. } => {}
                // A page that is about to go elsewhere answers nothing until it is told whether it may.
                Message::Event(event) if event.is_leaving() => self.hold(&event)?,
                Message::Event(event) if self.waiting.len() < WAITING => self.waiting.push_back(event),
                Message::Event(_) => return Err(BrowserError::Flooded),
            }
        }
    }

    /// Keeps a page where it is. Any other reason than "Aborted" would show an error in its place.
    fn hold(&mut self, leaving: &Event) -> Result<(), BrowserError> {
        let tab = Tab { session: leaving.session.clone(), context: String::new() };
        let refusal = json!({ "requestId": leaving.params["requestId"], "errorReason": "Aborted" });
        self.post(Some(&tab), "Fetch.failRequest", refusal)?;
        Ok(())
    }

    fn post(&mut self, tab: Option<&Tab>, method: &str, params: Value) -> Result<Call, BrowserError> {
        self.sent += 1;
        let mut message = json!({ "id": self.sent, "method": method, "params": params });
        if let Some(tab) = tab {
            message["sessionId"] = json!(tab.session);
        }
        self.wire.send(&message)?;
        Ok(Call(self.sent))
    }

    fn receive(&mut self) -> Result<Message, BrowserError> {
        self.listen(self.until)?.ok_or(BrowserError::TooSlow)
    }

    /// What is told until then.
    fn listen(&mut self, until: Instant) -> Result<Option<Message>, BrowserError> {
        loop {
            let now = Instant::now();
            match () {
                () if self.stop.load(Ordering::Relaxed) => return Err(BrowserError::Stopped),
                () if now >= self.until => return Err(BrowserError::TooSlow),
                () if now >= until => return Ok(None),
                () => self.process.watch(now)?,
            }
            let patience = LOOK.min(until - now).min(self.until - now);
            if let Some(message) = self.wire.receive(patience)? {
                return Ok(Some(message));
            }
        }
    }
}

impl Tab {
    /// Whether an event comes from this page.
    pub fn told(&self, event: &Event) -> bool {
        event.session == self.session
    }
}

/// What an evaluation came to.
fn value(answer: Value) -> Result<Value, BrowserError> {
    match &answer["exceptionDetails"] {
        Value::Null => Ok(answer["result"]["value"].clone()),
        thrown => {
            Err(BrowserError::Refused { method: "Runtime.evaluate".to_owned(), answer: thrown.to_string() })
        }
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests;
