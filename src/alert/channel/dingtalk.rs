//! 钉钉: the custom robot of a group.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Map, Value, json};
use url::Url;

use super::{HttpRequest, Unsendable, post_json};
use crate::alert::defuse::markdown;
use crate::alert::message::Message;
use crate::alert::sheet::Sheet;
use crate::alert::sign;
use crate::alert::verdict::{Reply, Verdict, code, unreadable, words};
use crate::config::{Robot, Secret};

/// Bytes of text. A body may have about 20,000, and JSON and mentions take their share.
pub(super) const BYTES: usize = 18_000;

/// How long a robot is refused that was sent too much.
const PENALTY: Duration = Duration::from_secs(600);

pub(super) fn render(
    robot: &Robot,
    message: &Message<'_>,
    now: Timestamp,
) -> Result<HttpRequest, Unsendable> {
    let mut url = Url::parse(robot.url.expose()).map_err(|_| Verdict::channel("its url is none"))?;
    // A pasted address may have an old signature, which would count against ours.
    let kept: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(name, _)| !matches!(&**name, "timestamp" | "sign"))
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    url.query_pairs_mut().clear().extend_pairs(kept);
    if let Some(secret) = &robot.secret {
        let millis = now.as_millisecond();
        let signature = sign::dingtalk(millis, secret.expose());
        url.query_pairs_mut().append_pair("timestamp", &millis.to_string()).append_pair("sign", &signature);
    }
    let mobiles: Vec<&str> = if message.mentions() {
        message.to.iter().filter_map(|recipient| recipient.mobile.as_deref()).collect()
    } else {
        Vec::new()
    };
    let sheet = message.sheet(now).rewritten(markdown);
    let text = sheet.fitted(BYTES, |sheet| written(sheet, &mobiles));
    let body = json!({
        "msgtype": "markdown",
        "markdown": { "title": sheet.title, "text": text },
        "at": { "atMobiles": mobiles, "isAtAll": false },
    });
    Ok(post_json(Secret::of(url), &body))
}

/// Headings, lists and links are all the Markdown it dependably knows. A mention only works where the number also
/// stands in the text.
fn written(sheet: &Sheet, mobiles: &[&str]) -> String {
    let mut text = format!("### {}\n\n", sheet.title);
    for line in &sheet.lines {
        match &line.label {
            Some(label) => text.push_str(&format!("- **{label}**：{}\n", line.text)),
            None => text.push_str(&format!("- {}\n", line.text)),
        }
    }
    let links: Vec<String> =
        sheet.links.iter().map(|link| format!("[{}]({})", link.text, link.url)).collect();
    if !links.is_empty() {
        text.push_str(&format!("\n{}\n", links.join(" · ")));
    }
    text.push_str(&format!("\n{}", sheet.tail));
    for mobile in mobiles {
        text.push_str(&format!(" @{mobile}"));
    }
    text
}

pub(super) fn judge(reply: &Reply, now: Timestamp) -> Verdict {
    let Some(object) = reply.object() else {
        return reply.by_status(now).unwrap_or_else(|| unreadable(reply));
    };
    // The gateway's refusal has no errcode, or one that does not matter.
    if code(&object, "status") == Some(1111) {
        let wait = code(&object, "wait").and_then(|wait| u64::try_from(wait).ok()).map(Duration::from_secs);
        return Verdict::throttled(wait, "status 1111: throttled by the gateway");
    }
    if let Some(verdict) = reply.by_status(now) {
        return verdict;
    }
    match code(&object, "errcode") {
        Some(0) => Verdict::Confirmed,
        Some(code) => refusal(code, &object),
        None => unreadable(reply),
    }
}

fn refusal(code: i64, object: &Map<String, Value>) -> Verdict {
    let said = words(object, "errmsg");
    let why = format!("{code} {said}");
    let lower = said.to_lowercase();
    let says = |parts: &[&str]| parts.iter().any(|part| lower.contains(part));
    match code {
        // "exceed 20000 bytes" sounds like a throttle, and is none.
        460101 => Verdict::message(why),
        _ if says(&["too long"]) => Verdict::message(why),
        310000 if says(&["timestamp", "过期"]) => Verdict::channel(format!("{why}（请检查本机时钟）")),
        // Every message begins with the same words: a keyword rule that refuses one refuses all.
        310000 => Verdict::channel(why),
        130101 | 410100 => Verdict::throttled(Some(PENALTY), why),
        // A quota of the month: it will not be better in ten minutes.
        90030 => Verdict::channel(why),
        88 | 40035 | 300001 | 300005 | 400013 | 400101 | 400102 | 400106 => Verdict::channel(why),
        400105 | 430101..=430104 | 43002 | 43004 => Verdict::message(why),
        _ if says(&["too fast", "exceed", "限流", "frequency"]) => Verdict::throttled(Some(PENALTY), why),
        _ => Verdict::few(why),
    }
}
