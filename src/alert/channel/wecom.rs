//! 企业微信: the robot of a group.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::json;

use super::{HttpRequest, Unsendable, post_json};
use crate::alert::defuse::markdown;
use crate::alert::message::Message;
use crate::alert::sheet::Sheet;
use crate::alert::verdict::{Reply, Verdict, code, unreadable, words};
use crate::config::Robot;

/// Bytes of a message in Markdown.
pub(super) const MARKDOWN_BYTES: usize = 4096;
/// Bytes of a message in plain text.
const TEXT_BYTES: usize = 2048;

/// Clients wait about so long after a throttle; the window is a minute.
const PENALTY: Duration = Duration::from_secs(65);

pub(super) fn render(
    robot: &Robot,
    message: &Message<'_>,
    now: Timestamp,
) -> Result<HttpRequest, Unsendable> {
    let sheet = message.sheet(now).rewritten(markdown);
    let to = if message.mentions() { message.to } else { &[] };
    let users: Vec<&str> = to.iter().filter_map(|recipient| recipient.wecom.as_deref()).collect();
    let mobiles: Vec<&str> = to
        .iter()
        .filter(|recipient| recipient.wecom.is_none())
        .filter_map(|recipient| recipient.mobile.as_deref())
        .collect();
    // Only plain text can call somebody by number.
    let body = if mobiles.is_empty() {
        let content = sheet.fitted(MARKDOWN_BYTES, |sheet| written(sheet, &users));
        json!({ "msgtype": "markdown", "markdown": { "content": content } })
    } else {
        let content = sheet.fitted(TEXT_BYTES, Sheet::plain);
        json!({
            "msgtype": "text",
            "text": { "content": content, "mentioned_list": users, "mentioned_mobile_list": mobiles },
        })
    };
    Ok(post_json(robot.url.clone(), &body))
}

fn written(sheet: &Sheet, users: &[&str]) -> String {
    let mut text = format!("### {}\n", sheet.title);
    for line in &sheet.lines {
        match &line.label {
            Some(label) => text.push_str(&format!("> {label}：{}\n", line.text)),
            None => text.push_str(&format!("> {}\n", line.text)),
        }
    }
    for link in &sheet.links {
        text.push_str(&format!("[{}]({})\n", link.text, link.url));
    }
    text.push_str(&format!("<font color=\"comment\">{}</font>", sheet.tail));
    for user in users {
        text.push_str(&format!("<@{user}>"));
    }
    text
}

pub(super) fn judge(reply: &Reply, now: Timestamp) -> Verdict {
    if let Some(verdict) = reply.by_status(now) {
        return verdict;
    }
    let Some(object) = reply.object() else { return unreadable(reply) };
    let Some(code) = code(&object, "errcode") else { return unreadable(reply) };
    let why = format!("{code} {}", words(&object, "errmsg"));
    match code {
        // "ok. Warning: wrong json format. " has been delivered all the same.
        0 => Verdict::Confirmed,
        93000 => Verdict::channel(why),
        45009 => Verdict::throttled(Some(PENALTY), why),
        45033 => Verdict::retry(why),
        -1 => Verdict::few(why),
        _ => Verdict::message(why),
    }
}
