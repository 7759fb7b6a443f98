//! What each vendor checks, in which order, and what he answers. Written from the vendors' documents alone: nothing of
//! the product is used here.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// Secret of the DingTalk robot.
pub(crate) const DINGTALK_SECRET: &str = "SEC0123456789abcdefDINGTALK";
/// Secret of the Feishu robot.
pub(crate) const FEISHU_SECRET: &str = "feishu-secret-0123456789";
/// Secret of the webhook.
pub(crate) const WEBHOOK_SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
/// What every message has to contain.
const KEYWORD: &str = "网站监测";
/// How far clocks may differ, in seconds.
const SKEW: i64 = 3600;

/// Who is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Vendor {
    DingTalk,
    WeCom,
    Feishu,
    Webhook,
    Voice,
}

impl Vendor {
    /// By the path of a request.
    pub(crate) fn of(path: &str) -> Option<Vendor> {
        let known = [
            ("/robot/send", Vendor::DingTalk),
            ("/cgi-bin/webhook/send", Vendor::WeCom),
            ("/open-apis/bot/v2/hook/", Vendor::Feishu),
            ("/hooks/std/", Vendor::Webhook),
            ("/voice/", Vendor::Voice),
        ];
        known.into_iter().find(|(prefix, _)| path.starts_with(prefix)).map(|(_, vendor)| vendor)
    }

    /// What he answers when all is well.
    pub(crate) fn success(self) -> &'static str {
        match self {
            Vendor::DingTalk | Vendor::WeCom => r#"{"errcode":0,"errmsg":"ok"}"#,
            Vendor::Feishu => {
                r#"{"StatusCode":0,"StatusMessage":"success","code":0,"data":{},"msg":"success"}"#
            }
            Vendor::Webhook => "thanks",
            Vendor::Voice => r#"{"Code":"OK","Message":"OK","RequestId":"r","CallId":"116^1"}"#,
        }
    }
}

/// A request as it arrived.
pub(crate) struct Asked<'a> {
    pub(crate) method: &'a str,
    pub(crate) target: &'a str,
    pub(crate) headers: &'a [(String, String)],
    pub(crate) body: &'a [u8],
    /// The vendor's own time, seconds since 1970.
    pub(crate) now: i64,
}

/// An answer: status, further header lines, body.
pub(crate) type Answer = (u16, &'static str, String);

fn refusal(body: Value) -> Option<Answer> {
    Some((200, "", body.to_string()))
}

impl Asked<'_> {
    fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(other, _)| other == name).map_or("", |(_, value)| value)
    }

    /// A value of the query, decoded as a form is: `+` is a space.
    fn query(&self, name: &str) -> Option<String> {
        let query = self.target.split_once('?')?.1;
        url::form_urlencoded::parse(query.as_bytes())
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
    }
}

/// What is wrong with a request; `None`: nothing. Rates are counted elsewhere.
pub(crate) fn refuse(vendor: Vendor, asked: &Asked<'_>) -> Option<Answer> {
    match vendor {
        Vendor::DingTalk => dingtalk(asked),
        Vendor::WeCom => wecom(asked),
        Vendor::Feishu => feishu(asked),
        Vendor::Webhook => webhook(asked),
        Vendor::Voice => None,
    }
}

fn dingtalk(asked: &Asked<'_>) -> Option<Answer> {
    let no = |code: i64, message: &str| refusal(json!({ "errcode": code, "errmsg": message }));
    if asked.method != "POST" {
        return no(43002, "需要POST请求");
    }
    if !asked.header("content-type").starts_with("application/json") {
        return no(43004, "无效的HTTP HEADER Content-Type");
    }
    match asked.query("access_token").as_deref() {
        None => return no(40035, "缺少参数 access_token"),
        Some("dingtalk-token-0001") => {}
        Some(_) => return no(300005, "token is not exist"),
    }
    if asked.body.len() > 20_000 {
        return no(460101, "message too long, exceed 20000 bytes");
    }
    let (Some(time), Some(sign)) = (asked.query("timestamp"), asked.query("sign")) else {
        return no(310000, "sign not match");
    };
    let millis: i64 = time.parse().unwrap_or_default();
    if (millis / 1000 - asked.now).abs() > SKEW {
        return no(310000, "invalid timestamp");
    }
    let text = format!("{time}\n{DINGTALK_SECRET}");
    if sign != STANDARD.encode(hmac(DINGTALK_SECRET.as_bytes(), text.as_bytes())) {
        return no(310000, "sign not match");
    }
    if !text_of(asked.body).contains(KEYWORD) {
        return no(310000, "keywords not in content");
    }
    None
}

fn wecom(asked: &Asked<'_>) -> Option<Answer> {
    let no = |code: i64, reason: &str| {
        let tail = "hint: [1790806079345572489457392], from ip: 198.51.100.7, more info at https://open.work.weixin.qq.com/devtool/query";
        refusal(json!({ "errcode": code, "errmsg": format!("{reason}, {tail}?e={code}") }))
    };
    if asked.query("key").as_deref() != Some("wecom-key-0001") {
        return no(93000, "invalid webhook url");
    }
    let body: Value = serde_json::from_slice(asked.body).unwrap_or_default();
    let bytes = |pointer: &str| body.pointer(pointer).and_then(Value::as_str).map_or(0, str::len);
    if bytes("/markdown/content") > 4096 {
        return no(40058, "markdown.content exceed max length 4096. invalid Request Parameter");
    }
    if bytes("/text/content") > 2048 {
        return no(45002, "content size out of limit");
    }
    if !matches!(body["msgtype"].as_str(), Some("text" | "markdown")) {
        return no(40008, "invalid message type");
    }
    None
}

fn feishu(asked: &Asked<'_>) -> Option<Answer> {
    let no = |code: i64, message: &str| refusal(json!({ "code": code, "data": {}, "msg": message }));
    if !asked.target.ends_with("/feishu-token-0001") {
        return no(19001, "param invalid: incoming webhook access token invalid");
    }
    let Ok(body) = serde_json::from_slice::<Value>(asked.body) else {
        return Some((400, "", r#"{"code":9499,"msg":"Bad Request","data":{}}"#.to_owned()));
    };
    if asked.body.len() > 20 << 10 {
        return no(9499, "Bad Request");
    }
    let time = body["timestamp"].as_str().unwrap_or_default();
    let seconds: i64 = time.parse().unwrap_or_default();
    let key = format!("{time}\n{FEISHU_SECRET}");
    let sign = STANDARD.encode(hmac(key.as_bytes(), b""));
    if body["sign"] != sign || (seconds - asked.now).abs() > SKEW {
        return no(19021, "sign match fail or timestamp is not within one hour from current time");
    }
    let shown = [text_under(&body, "text"), text_under(&body, "title")].concat();
    if !shown.contains(KEYWORD) {
        return no(19024, "Key Words Not Found");
    }
    None
}

fn webhook(asked: &Asked<'_>) -> Option<Answer> {
    let (id, time) = (asked.header("webhook-id"), asked.header("webhook-timestamp"));
    let seconds: i64 = time.parse().unwrap_or_default();
    let key = STANDARD.decode(&WEBHOOK_SECRET[6..]).expect("a constant");
    let signed = [format!("{id}.{time}.").as_bytes(), asked.body].concat();
    let expected = format!("v1,{}", STANDARD.encode(hmac(&key, &signed)));
    let is_signed = asked.header("webhook-signature").split(' ').any(|one| one == expected);
    let is_good = is_signed && (seconds - asked.now).abs() <= 300 && !id.contains('.');
    (!is_good).then(|| (401, "", "bad signature".to_owned()))
}

/// HMAC-SHA256, spelled out.
fn hmac(key: &[u8], message: &[u8]) -> Vec<u8> {
    let mut block = [0u8; 64];
    if key.len() > 64 {
        block[..32].copy_from_slice(&Sha256::digest(key));
    } else {
        block[..key.len()].copy_from_slice(key);
    }
    let inner = Sha256::digest([&block.map(|byte| byte ^ 0x36)[..], message].concat());
    Sha256::digest([&block.map(|byte| byte ^ 0x5c)[..], &inner].concat()).to_vec()
}

/// Every text of a body, whatever holds it.
pub(crate) fn text_of(body: &[u8]) -> String {
    fn all(value: &Value, into: &mut String) {
        match value {
            Value::String(text) => {
                into.push_str(text);
                into.push('\n');
            }
            Value::Array(values) => values.iter().for_each(|value| all(value, into)),
            Value::Object(object) => object.values().for_each(|value| all(value, into)),
            _ => {}
        }
    }
    let mut text = String::new();
    match serde_json::from_slice(body) {
        Ok(value) => all(&value, &mut text),
        Err(_) => text.push_str(&String::from_utf8_lossy(body)),
    }
    text
}

fn text_under(value: &Value, name: &str) -> String {
    match value {
        Value::Object(object) => object
            .iter()
            .map(|(key, value)| match value {
                Value::String(text) if key == name => text.clone(),
                other => text_under(other, name),
            })
            .collect(),
        Value::Array(values) => values.iter().map(|value| text_under(value, name)).collect(),
        _ => String::new(),
    }
}
