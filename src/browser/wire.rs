//! Messages of the DevTools protocol over a pair of pipes: JSON, each ended by a zero byte.
//!
//! Pipes know no deadline, so two threads read and write them. Both end when the browser does.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{ChildStdin, ChildStdout};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, channel, sync_channel};
use std::thread;
use std::time::Duration;

use serde_json::Value;

use super::{BrowserError, Call};

/// Bytes of one message. The largest that is asked for is a document to print, in base64.
const MESSAGE: u64 = 128 << 20;

/// Messages that were read and not asked for yet; the browser waits meanwhile.
const AHEAD: usize = 256;

/// What a browser says.
#[derive(Debug)]
pub enum Message {
    /// The answer to a question, or why there is none.
    Answer {
        /// Which question.
        to: Call,
        /// What it came to.
        result: Result<Value, String>,
    },
    /// Something that happened.
    Event(Event),
}

/// Something that happened in a page.
#[derive(Debug)]
pub struct Event {
    /// The page, as [`Tab::told`](super::Tab::told) knows it.
    pub(super) session: String,
    /// What happened, by the name of the protocol.
    pub method: String,
    /// The particulars.
    pub params: Value,
}

impl Event {
    /// Whether a page or one of its frames asks whether it may go elsewhere. Only asked where requests are intercepted.
    pub(super) fn is_leaving(&self) -> bool {
        self.method == "Fetch.requestPaused" && self.params["resourceType"] == "Document"
    }
}

/// Both pipes.
#[derive(Debug)]
pub(super) struct Wire {
    to: Sender<Vec<u8>>,
    from: Receiver<Message>,
}

impl Wire {
    pub(super) fn over((to, from): (ChildStdin, ChildStdout)) -> Wire {
        let (sender, unsent) = channel();
        let (told, receiver) = sync_channel(AHEAD);
        thread::spawn(move || write(to, &unsent));
        thread::spawn(move || read(from, &told));
        Wire { to: sender, from: receiver }
    }

    pub(super) fn send(&self, message: &Value) -> Result<(), BrowserError> {
        let mut bytes = message.to_string().into_bytes();
        bytes.push(0);
        self.to.send(bytes).map_err(|_| BrowserError::Ended)
    }

    /// The next message, if there is one in time.
    pub(super) fn receive(&self, patience: Duration) -> Result<Option<Message>, BrowserError> {
        match self.from.recv_timeout(patience) {
            Ok(message) => Ok(Some(message)),
            Err(RecvTimeoutError::Timeout) => Ok(None),
            Err(RecvTimeoutError::Disconnected) => Err(BrowserError::Ended),
        }
    }
}

fn write(mut pipe: ChildStdin, unsent: &Receiver<Vec<u8>>) {
    // A broken pipe is noticed by whoever reads.
    while unsent.recv().is_ok_and(|bytes| pipe.write_all(&bytes).and_then(|()| pipe.flush()).is_ok()) {}
}

fn read(pipe: ChildStdout, told: &SyncSender<Message>) {
    let mut pipe = BufReader::new(pipe);
    loop {
        let mut bytes = Vec::new();
        let read = (&mut pipe).take(MESSAGE).read_until(0, &mut bytes);
        // Without the zero it is cut off: the browser has ended, or the message is larger than any we ask for.
        if read.is_err() || bytes.pop() != Some(0) {
            return;
        }
        let Ok(message) = serde_json::from_slice::<Value>(&bytes) else { return };
        if told.send(understood(message)).is_err() {
            return;
        }
    }
}

fn understood(mut message: Value) -> Message {
    match message["id"].as_u64() {
        Some(id) => {
            let result = match &message["error"] {
                Value::Null => Ok(message["result"].take()),
                error => Err(error.to_string()),
            };
            Message::Answer { to: Call(id), result }
        }
        None => {
            let text = |key: &str| message[key].as_str().unwrap_or_default().to_owned();
            let (session, method) = (text("sessionId"), text("method"));
            Message::Event(Event { session, method, params: message["params"].take() })
        }
    }
}
