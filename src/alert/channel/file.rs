//! JSON lines, for whatever reads them.

use serde_json::json;

use crate::alert::message::Message;
use crate::report::escape;

/// One line with its end. What could disturb a terminal is escaped.
pub(super) fn render(message: &Message<'_>) -> String {
    let to: Vec<&str> = message.to.iter().map(|recipient| recipient.id.as_str()).collect();
    let line = json!({ "schema": 1, "to": to, "notice": message.notice }).to_string();
    format!("{}\n", escape::json(&line))
}
