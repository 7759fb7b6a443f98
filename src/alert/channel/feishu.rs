//! 飞书: the custom robot of a group, and Lark's.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{HttpRequest, Unsendable, post_json};
use crate::alert::defuse::markdown;
use crate::alert::message::Message;
use crate::alert::sheet::Sheet;
use crate::alert::sign;
use crate::alert::verdict::{Reply, Verdict, code, unreadable, words};
use crate::config::Robot;
use crate::store::outbox::Form;

/// Bytes of text. A body may have 20 KB, and its JSON takes its share.
pub(super) const BYTES: usize = 15_000;

pub(super) fn render(
    robot: &Robot,
    message: &Message<'_>,
    now: Timestamp,
) -> Result<HttpRequest, Unsendable> {
    let sheet = message.sheet(now).rewritten(markdown);
    let to = if message.mentions() { message.to } else { &[] };
    let users: Vec<&str> = to.iter().filter_map(|recipient| recipient.feishu.as_deref()).collect();
    let mut body = match message.form {
        Form::Full => json!({ "msg_type": "post", "content": { "post": { "zh_cn": post(&sheet, &users) } } }),
        Form::Bare => {
            json!({ "msg_type": "text", "content": { "text": sheet.fitted(BYTES, Sheet::plain) } })
        }
    };
    if let Some(secret) = &robot.secret {
        let seconds = now.as_second();
        body["timestamp"] = seconds.to_string().into();
        body["sign"] = sign::feishu(seconds, secret.expose()).into();
    }
    Ok(post_json(robot.url.clone(), &body))
}

/// Rich text: the keyword rule reads its title and texts, and links and mentions work in it.
fn post(sheet: &Sheet, users: &[&str]) -> Value {
    // `fitted` works on text; lines of rich text are those of the text, without title, links and tail.
    let bare = Sheet { links: Vec::new(), tail: String::new(), ..sheet.clone() };
    let text = bare.fitted(BYTES, Sheet::plain);
    let mut rows: Vec<Vec<Value>> = text
        .lines()
        .skip(1)
        .filter(|line| !line.is_empty())
        .map(|line| vec![json!({ "tag": "text", "text": line })])
        .collect();
    for link in &sheet.links {
        rows.push(vec![json!({ "tag": "a", "text": link.text, "href": link.url })]);
    }
    rows.push(vec![json!({ "tag": "text", "text": sheet.tail })]);
    if !users.is_empty() {
        rows.push(users.iter().map(|user| json!({ "tag": "at", "user_id": user })).collect());
    }
    json!({ "title": sheet.title, "content": rows })
}

pub(super) fn judge(reply: &Reply, now: Timestamp) -> Verdict {
    // Refusals also come as 400 and 429, so the body is asked first.
    let object = reply.object();
    let said = object.as_ref().and_then(|object| match code(object, "code") {
        // The older field only counts where the newer one is absent.
        None if !object.contains_key("code") => code(object, "StatusCode"),
        code => code,
    });
    let (Some(object), Some(code)) = (object, said) else {
        return reply.by_status(now).unwrap_or_else(|| unreadable(reply));
    };
    let why = format!("{code} {}", words(&object, "msg"));
    match code {
        0 => reply.by_status(now).unwrap_or(Verdict::Confirmed),
        19001 | 19022 | 19024 => Verdict::channel(why),
        19021 => Verdict::channel(format!("{why}（请检查密钥与本机时钟）")),
        11232 | 11247 | 99991400 => Verdict::throttled(reply.pause(now), why),
        _ => Verdict::message(why),
    }
}
