//! Gateways for text messages and calls: a template, a signer, and a rule for what counts as success.
//!
//! "Accepted" means queued, not heard: escalation waits for a person, never for a gateway.

use jiff::Timestamp;
use serde_json::Value;
use url::Url;

use super::{HttpRequest, Unsendable};
use crate::alert::message::Message;
use crate::alert::sheet::{self, Sheet};
use crate::alert::sign::{self, Canonical};
use crate::alert::verdict::{Reply, Verdict, unreadable};
use crate::beijing;
use crate::config::{Encoding, Http, Method, Secret, Signer};
use crate::digest::{hex, sha256};

/// Bytes of text, where the template has `{text}`. Voice templates allow 250 to 350 characters.
pub(super) const BYTES: usize = 750;

/// Bytes of a title, where the template has `{title}`.
const TITLE_BYTES: usize = 180;

/// What a template may name.
pub const PLACEHOLDERS: [&str; 10] =
    ["mobile", "name", "site", "code", "title", "text", "id", "incident", "severity", "time"];

pub(super) fn render(
    gateway: &Http,
    message: &Message<'_>,
    now: Timestamp,
) -> Result<HttpRequest, Unsendable> {
    let values = values(message, now)?;
    let body = fill(&gateway.body, &values, |value| match gateway.encoding {
        Encoding::Json => {
            let quoted = Value::from(value).to_string();
            quoted[1..quoted.len() - 1].to_owned()
        }
        Encoding::Form => encoded(value),
    });
    let url = fill(gateway.url.expose(), &values, encoded);
    let url = Url::parse(&url).map_err(|_| Verdict::channel("its url is none"))?;
    let content_type = match gateway.encoding {
        Encoding::Json => "application/json; charset=utf-8",
        Encoding::Form => "application/x-www-form-urlencoded",
    };
    let method = match gateway.method {
        Method::Post => reqwest::Method::POST,
        Method::Put => reqwest::Method::PUT,
        Method::Get => reqwest::Method::GET,
    };
    let mut headers = vec![("content-type".to_owned(), content_type.to_owned())];
    let own = gateway.headers.iter();
    headers.extend(own.map(|(name, value)| (name.to_lowercase(), value.expose().to_owned())));
    let body = if method == reqwest::Method::GET { Vec::new() } else { body.into_bytes() };
    let signed = sign(&gateway.signer, method.as_str(), &url, &headers, &body, now, &message.notice.id);
    headers.extend(signed);
    Ok(HttpRequest { method, url: Secret::of(url), headers, body })
}

/// The value of each placeholder, in the order of [`PLACEHOLDERS`].
fn values(message: &Message<'_>, now: Timestamp) -> Result<[(&'static str, String); 10], Unsendable> {
    let notice = message.notice;
    let to = message.to.first();
    let Some(mobile) = to.and_then(|to| to.mobile.clone()) else {
        return Err(Verdict::message("the recipient has no mobile number"));
    };
    let sheet = message.sheet(now);
    let site = notice.site.as_ref();
    let incident = notice.incident.map(|incident| incident.to_string()).unwrap_or_default();
    let said = [
        mobile,
        to.map(|to| to.name.clone()).unwrap_or_default(),
        site.map(|site| site.name.clone()).unwrap_or_default(),
        site.map(|site| site.id.clone()).unwrap_or_default(),
        sheet::cut(&sheet.title, TITLE_BYTES),
        Sheet { links: Vec::new(), ..sheet.clone() }.fitted(BYTES, Sheet::plain),
        notice.id.clone(),
        incident,
        crate::report::wording::severity(notice.severity).label.to_owned(),
        beijing::moment(notice.at),
    ];
    let mut said = said.into_iter();
    Ok(PLACEHOLDERS.map(|name| (name, said.next().unwrap_or_default())))
}

/// A template with its placeholders filled, in one pass: a value that looks like a placeholder stays what it is.
fn fill(template: &str, values: &[(&'static str, String)], encode: impl Fn(&str) -> String) -> String {
    let mut out = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        out.push_str(&rest[..open]);
        rest = &rest[open..];
        let named = values
            .iter()
            .find(|(name, _)| rest[1..].strip_prefix(name).is_some_and(|after| after.starts_with('}')));
        match named {
            Some((name, value)) => {
                out.push_str(&encode(value));
                rest = &rest[name.len() + 2..];
            }
            None => {
                out.push('{');
                rest = &rest[1..];
            }
        }
    }
    out + rest
}

fn encoded(value: &str) -> String {
    url::form_urlencoded::byte_serialize(value.as_bytes()).collect()
}

/// The header lines that a signer adds.
fn sign(
    signer: &Signer,
    method: &str,
    url: &Url,
    headers: &[(String, String)],
    body: &[u8],
    now: Timestamp,
    notice: &str,
) -> Vec<(String, String)> {
    let line = |name: &str, value: String| (name.to_owned(), value);
    let host = match url.port() {
        Some(port) => format!("{}:{port}", url.host_str().unwrap_or_default()),
        None => url.host_str().unwrap_or_default().to_owned(),
    };
    // Only lines that nobody on the way changes are signed.
    let stable = |prefixes: &[&str], added: &[(String, String)]| {
        let own = headers.iter().chain(added).filter(|(name, _)| {
            name == "content-type" || prefixes.iter().any(|prefix| name.starts_with(prefix))
        });
        let mut lines: Vec<(String, String)> = own.cloned().chain([line("host", host.clone())]).collect();
        lines.sort();
        lines
    };
    let canonical = |headers: &[(String, String)], make: &dyn Fn(&Canonical<'_>) -> String| {
        let (path, query) = (url.path(), url.query().unwrap_or_default());
        make(&Canonical { method, path, query, headers, body })
    };
    match signer {
        Signer::None => Vec::new(),
        Signer::Header { name, secret } => {
            vec![line(name, hex(&sign::hmac(secret.expose().as_bytes(), body)))]
        }
        Signer::Acs3 { id, secret } => {
            // Two attempts at the same notice never share a time, so this is used once, as it must be.
            let nonce = sha256(format!("{notice} {}", now.as_nanosecond()))[..32].to_owned();
            let mut added = vec![
                line("x-acs-content-sha256", sha256(body)),
                line("x-acs-date", now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()),
                line("x-acs-signature-nonce", nonce),
            ];
            let lines = stable(&["x-acs-"], &added);
            let authorization = canonical(&lines, &|request| sign::acs3(request, id, secret.expose()));
            added.push(line("authorization", authorization));
            added
        }
        Signer::Tc3 { id, secret, service } => {
            let mut added = vec![line("x-tc-timestamp", now.as_second().to_string())];
            let lines = stable(&["x-tc-action"], &added);
            let authorization =
                canonical(&lines, &|request| sign::tc3(request, id, secret.expose(), service, now));
            added.push(line("authorization", authorization));
            added
        }
    }
}

pub(super) fn judge(gateway: &Http, reply: &Reply, now: Timestamp) -> Verdict {
    let statuses = &gateway.success.statuses;
    let is_good = if statuses.is_empty() {
        (200..300).contains(&reply.status)
    } else {
        statuses.contains(&reply.status)
    };
    if !is_good {
        let refused = || Verdict::message(format!("HTTP {}", reply.status));
        return reply.by_status(now).unwrap_or_else(refused);
    }
    let Some((pointer, expected)) = &gateway.success.body else { return Verdict::Confirmed };
    let Ok(body) = serde_json::from_slice::<Value>(&reply.body) else { return unreadable(reply) };
    let found = match body.pointer(pointer) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Null) | None => return unreadable(reply),
        Some(other) => other.to_string(),
    };
    if found == *expected {
        Verdict::Confirmed
    } else if gateway.retry.contains(&found) {
        Verdict::retry(found)
    } else {
        Verdict::message(sheet::cut(&found, 160))
    }
}
