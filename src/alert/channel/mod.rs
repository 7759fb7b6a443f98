//! The channels: each file renders a message for one of them, and judges its answer. Both are plain functions.

mod dingtalk;
mod feishu;
mod file;
mod http;
mod mail;
mod webhook;
mod wecom;

pub use http::PLACEHOLDERS;
pub(super) use mail::judge as judge_mail;

use std::path::PathBuf;

use jiff::Timestamp;
use reqwest::Method;

use super::message::Message;
use super::verdict::{Reply, Verdict};
use crate::config::{Channel, Kind, Mail, Secret};

/// What is to be sent, bytes and all. Made for one attempt: signatures in it are good for an hour at most.
#[derive(Debug, Clone)]
pub enum Request {
    /// An HTTP request.
    Http(HttpRequest),
    /// A mail to one recipient.
    Mail(Letterhead),
    /// A line at the end of a file.
    Append(PathBuf, String),
    /// A line on standard output.
    Print(String),
}

/// An HTTP request.
#[derive(Clone)]
pub struct HttpRequest {
    /// Method.
    pub method: Method,
    /// Address, which may hold a credential.
    pub url: Secret,
    /// Header lines.
    pub headers: Vec<(String, String)>,
    /// Body.
    pub body: Vec<u8>,
}

impl std::fmt::Debug for HttpRequest {
    /// Neither headers nor body: signatures stand there.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {} ({} bytes)", self.method, self.url.tail(), self.body.len())
    }
}

/// A mail and its envelope.
#[derive(Debug, Clone)]
pub struct Letterhead {
    /// The server.
    pub server: Mail,
    /// Sender.
    pub from: lettre::Address,
    /// Recipient.
    pub to: lettre::Address,
    /// The mail as it goes over the wire, but for dots.
    pub raw: Vec<u8>,
}

/// Why a message cannot even be made: the settings or the recipient lack something. It is a verdict at once.
pub type Unsendable = Verdict;

/// Renders a message for a channel.
pub fn render(channel: &Channel, message: &Message<'_>, now: Timestamp) -> Result<Request, Unsendable> {
    match &channel.kind {
        Kind::DingTalk(robot) => dingtalk::render(robot, message, now).map(Request::Http),
        Kind::WeCom(robot) => wecom::render(robot, message, now).map(Request::Http),
        Kind::Feishu(robot) => feishu::render(robot, message, now).map(Request::Http),
        Kind::Webhook(webhook) => webhook::render(webhook, message, now).map(Request::Http),
        Kind::Http(gateway) => http::render(gateway, message, now).map(Request::Http),
        Kind::Mail(server) => mail::render(server, message, now).map(Request::Mail),
        Kind::File(path) => Ok(Request::Append(path.clone(), file::render(message))),
        Kind::Stdout => Ok(Request::Print(file::render(message))),
    }
}

/// Says what the answer to an HTTP request means.
pub fn judge(channel: &Channel, reply: &Reply, now: Timestamp) -> Verdict {
    match &channel.kind {
        Kind::DingTalk(_) => dingtalk::judge(reply, now),
        Kind::WeCom(_) => wecom::judge(reply, now),
        Kind::Feishu(_) => feishu::judge(reply, now),
        Kind::Http(gateway) => http::judge(gateway, reply, now),
        Kind::Webhook(_) | Kind::Mail(_) | Kind::File(_) | Kind::Stdout => webhook::judge(reply, now),
    }
}

/// Bytes of text that a message by this channel may have.
pub fn room(kind: &Kind) -> usize {
    match kind {
        Kind::DingTalk(_) => dingtalk::BYTES,
        Kind::WeCom(_) => wecom::MARKDOWN_BYTES,
        Kind::Feishu(_) => feishu::BYTES,
        Kind::Webhook(_) => webhook::BYTES,
        Kind::Http(_) => http::BYTES,
        Kind::Mail(_) | Kind::File(_) | Kind::Stdout => 100_000,
    }
}

/// A JSON body to an address.
fn post_json(url: Secret, body: &serde_json::Value) -> HttpRequest {
    HttpRequest {
        method: Method::POST,
        url,
        headers: vec![("content-type".to_owned(), "application/json; charset=utf-8".to_owned())],
        body: body.to_string().into_bytes(),
    }
}

#[cfg(test)]
mod tests;
