//! A receiver of Standard Webhooks 1.0.0.

use jiff::Timestamp;
use serde_json::json;

use super::{HttpRequest, Unsendable, post_json};
use crate::alert::message::Message;
use crate::alert::sign;
use crate::alert::verdict::{Reply, Verdict};
use crate::config::Webhook;

/// Bytes of text. The specification advises bodies of at most 20 KB.
pub(super) const BYTES: usize = 16_000;

pub(super) fn render(
    webhook: &Webhook,
    message: &Message<'_>,
    now: Timestamp,
) -> Result<HttpRequest, Unsendable> {
    let notice = message.notice;
    let id: String = notice.id.chars().map(|char| if char == '.' { '-' } else { char }).collect();
    let body = json!({
        "type": format!("incident.{}", notice.event.word()),
        "timestamp": notice.at,
        "data": {
            "notice": notice.id,
            "event": notice.event.word(),
            "severity": notice.severity,
            "site": notice.site,
            "incident": notice.incident,
            "title": notice.title,
            "facts": notice.facts,
            "items": notice.items,
            "text": message.sheet(now).fitted(BYTES, crate::alert::sheet::Sheet::plain),
        },
    });
    let mut request = post_json(webhook.url.clone(), &body);
    let seconds = now.as_second();
    // While secrets are changed the receiver has either of them: a signature for each.
    let signatures: Option<Vec<String>> = webhook
        .secrets
        .iter()
        .map(|secret| sign::webhook(secret.expose(), &id, seconds, &request.body))
        .collect();
    let signatures = signatures.ok_or_else(|| Verdict::channel("its secret is not base64"))?;
    request.headers.push(("webhook-id".to_owned(), id));
    request.headers.push(("webhook-timestamp".to_owned(), seconds.to_string()));
    if !signatures.is_empty() {
        request.headers.push(("webhook-signature".to_owned(), signatures.join(" ")));
    }
    Ok(request)
}

/// By the specification any 2xx is success, whatever the body says.
pub(super) fn judge(reply: &Reply, now: Timestamp) -> Verdict {
    match reply.status {
        502 | 504 => Verdict::throttled(reply.pause(now), format!("HTTP {}", reply.status)),
        _ => reply.by_status(now).unwrap_or(Verdict::Confirmed),
    }
}
