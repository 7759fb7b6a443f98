//! `[alert]` as written: channels, recipients and routes, and whether they know each other.

use std::collections::HashSet;

use jiff::civil::Time;
use url::Url;

use super::super::alert::{
    Alert, Budget, Channel, Encoding, Http, Kind, Links, Mail, MailTls, Method, Quota, Recipient, Robot,
    Route, Signer, Success, Webhook,
};
use super::super::{Secret, Site, section::Section, values};
use super::{path, some};
use crate::alert::channel::PLACEHOLDERS;
use crate::finding::Severity;
use crate::notice::Event;

/// Reads everything about alerts. `sites` are those that routes may name.
pub(super) fn alert(mut section: Section<'_>, sites: &[Site]) -> Alert {
    let mut alert = Alert::default();
    section.set("timeout", "\"15s\"", &mut alert.timeout, |text: String| match values::duration(&text)? {
        none if none.is_zero() => Err("must be more than nothing".to_owned()),
        timeout => Ok(timeout),
    });
    let Alert { insistence, digest, .. } = &mut alert;
    section.set_list(
        "escalate_after",
        "[\"10m\", \"20m\"]",
        &mut insistence.escalate_after,
        values::duration,
    );
    section
        .set("remind_every", "\"1h\"", &mut insistence.remind_every, |text: String| values::duration(&text));
    section.set("remind_acknowledged", "\"8h\"", &mut insistence.remind_acknowledged, |text: String| {
        values::duration(&text)
    });
    section.set("digest", "\"0 9 * * *\"", digest, |text: String| {
        text.parse().map_err(|wrong: crate::schedule::NoCron| wrong.to_string())
    });
    section.set_list("allow_private", "[\"10.0.0.0/8\"]", &mut alert.allow_private, values::network);
    if let Some(mut table) = section.section("links", "[alert.links]") {
        alert.links = links(&mut table);
        table.finish();
    }
    let mut ids = HashSet::new();
    for mut table in section.sections("channel", "[[alert.channel]]") {
        if let Some(channel) = channel(&mut table) {
            if !ids.insert(channel.id.clone()) {
                table.wrong(format!("two channels have the id `{}`", channel.id), "give each its own");
            }
            alert.channels.push(channel);
        }
        table.finish();
    }
    let mut people = HashSet::new();
    for mut table in section.sections("recipient", "[[alert.recipient]]") {
        if let Some(recipient) = recipient(&mut table, &alert.channels) {
            if !people.insert(recipient.id.clone()) {
                table.wrong(format!("two recipients have the id `{}`", recipient.id), "give each its own");
            }
            alert.recipients.push(recipient);
        }
        table.finish();
    }
    for mut table in section.sections("route", "[[alert.route]]") {
        let route = route(&mut table, &alert, sites);
        alert.routes.push(route);
        table.finish();
    }
    section.finish();
    alert
}

fn links(table: &mut Section<'_>) -> Option<Links> {
    let (mut base, mut secret) = (None, None);
    let mut valid = std::time::Duration::from_secs(3 * 86_400);
    require(table, &["base", "secret"]);
    table.set("base", "\"https://warden.example.gov.cn\"", &mut base, |text: String| {
        values::home(&text).map(|_| Some(text.trim_end_matches('/').to_owned()))
    });
    table.set("secret", "\"env:SITEWARDEN_LINK_SECRET\"", &mut secret, key);
    table.set("valid", "\"72h\"", &mut valid, |text: String| values::duration(&text));
    Some(Links { base: base?, secret: secret?, valid })
}

/// Reads a channel; `None` where it lacks something, which is then already reported.
fn channel(table: &mut Section<'_>) -> Option<Channel> {
    let mut id = None;
    let mut word = None;
    require(table, &["id", "kind"]);
    table.set("id", "\"duty-group\"", &mut id, |text: String| values::id(text).map(Some));
    table.set("kind", "\"dingtalk\"", &mut word, |text: String| {
        let known = ["dingtalk", "wecom", "feishu", "webhook", "http", "mail", "file", "stdout"];
        match known.contains(&text.as_str()) {
            true => Ok(Some(text)),
            false => Err(format!("`{text}` is no kind of channel; there are {}", known.join(", "))),
        }
    });
    let kind = match word.as_deref()? {
        "dingtalk" => robot(table, true).map(Kind::DingTalk),
        "wecom" => robot(table, false).map(Kind::WeCom),
        "feishu" => robot(table, true).map(Kind::Feishu),
        "webhook" => webhook(table).map(Kind::Webhook),
        "http" => http(table).map(|http| Kind::Http(Box::new(http))),
        "mail" => mail(table).map(|mail| Kind::Mail(Box::new(mail))),
        "file" => {
            require(table, &["path"]);
            let mut file = None;
            table.set("path", "\"./data/alerts.jsonl\"", &mut file, |text| path(text).map(Some));
            file.map(Kind::File)
        }
        _ => Some(Kind::Stdout),
    };
    // Numbers are read even where the rest is wrong, so that their problems show as well.
    let mut budget = kind.as_ref().unwrap_or(&Kind::Stdout).budget();
    let Budget { per_minute, per_second, reserve, penalty } = &mut budget;
    table.set("per_minute", "20", per_minute, Ok);
    table.set("per_second", "5", per_second, Ok);
    table.set("reserve", "5", reserve, Ok);
    table.set("penalty", "\"10m\"", penalty, |text: String| values::duration(&text));
    let mut quota = Quota::default();
    table.set("quota_minute", "1", &mut quota.minute, Ok);
    table.set("quota_hour", "5", &mut quota.hour, Ok);
    table.set("quota_day", "20", &mut quota.day, Ok);
    let mut ipv4 = false;
    table.set("ipv4", "true", &mut ipv4, Ok);
    Some(Channel { id: id?, kind: kind?, budget, quota, ipv4 })
}

fn robot(table: &mut Section<'_>, signs: bool) -> Option<Robot> {
    let mut secret = None;
    let url = url(table);
    if signs {
        table.set("secret", "\"env:ROBOT_SECRET\"", &mut secret, key);
    }
    Some(Robot { url: url?, secret })
}

fn webhook(table: &mut Section<'_>) -> Option<Webhook> {
    let mut secrets = Vec::new();
    table.set_list("secrets", "[\"env:WEBHOOK_SECRET\"]", &mut secrets, |text| {
        let secret = Secret::read(text)?;
        // What cannot be decoded could not sign anything.
        match crate::alert::sign::webhook(secret.expose(), "", 0, b"") {
            Some(_) => Ok(secret),
            None => Err("is no whsec_ with base64 behind it".to_owned()),
        }
    });
    Some(Webhook { url: url(table)?, secrets })
}

fn http(table: &mut Section<'_>) -> Option<Http> {
    let url = url(table);
    let mut method = Method::Post;
    table.set("method", "\"POST\"", &mut method, |text: String| match text.as_str() {
        "POST" => Ok(Method::Post),
        "PUT" => Ok(Method::Put),
        "GET" => Ok(Method::Get),
        _ => Err(format!("`{text}` is none of POST, PUT and GET")),
    });
    let mut headers = Vec::new();
    table.set_list("headers", "[\"X-Api-Key: env:API_KEY\"]", &mut headers, header);
    let mut body = String::new();
    table.set("body", "'{\"to\":\"{mobile}\",\"text\":\"{text}\"}'", &mut body, template);
    let mut encoding = Encoding::Json;
    table.set("encoding", "\"form\"", &mut encoding, |text: String| match text.as_str() {
        "json" => Ok(Encoding::Json),
        "form" => Ok(Encoding::Form),
        _ => Err(format!("`{text}` is none of json and form")),
    });
    let signer = signer(table);
    let mut success = Success { statuses: Vec::new(), body: None };
    table.set("success_status", "[200]", &mut success.statuses, Ok);
    table.set(
        "success_body",
        "[\"/Code\", \"OK\"]",
        &mut success.body,
        |(pointer, value): (String, String)| match pointer.starts_with('/') {
            true => Ok(Some((pointer, value))),
            false => Err(format!("`{pointer}` is no JSON pointer, which begins with /")),
        },
    );
    let mut retry = Vec::new();
    table.set_list("retry", "[\"isv.BUSINESS_LIMIT_CONTROL\"]", &mut retry, values::not_empty);
    Some(Http { method, url: url?, headers, body, encoding, signer: signer?, success, retry })
}

fn signer(table: &mut Section<'_>) -> Option<Signer> {
    let mut word = "none".to_owned();
    table.set("signer", "\"acs3\"", &mut word, |text: String| {
        match ["none", "header", "acs3", "tc3"].contains(&text.as_str()) {
            true => Ok(text),
            false => Err(format!("`{text}` is none of none, header, acs3 and tc3")),
        }
    });
    let (mut name, mut id, mut secret, mut service) = (None, None, None, None);
    match word.as_str() {
        "none" => return Some(Signer::None),
        "header" => require(table, &["sign_header", "sign_secret"]),
        "acs3" => require(table, &["sign_id", "sign_secret"]),
        _ => require(table, &["sign_id", "sign_secret", "sign_service"]),
    }
    table.set("sign_secret", "\"env:ACCESS_SECRET\"", &mut secret, key);
    if word == "header" {
        table.set("sign_header", "\"x-signature\"", &mut name, some::<String>);
        return Some(Signer::Header { name: name?, secret: secret? });
    }
    table.set("sign_id", "\"env:ACCESS_ID\"", &mut id, |text: String| {
        Secret::read(&text).map(|id| Some(id.expose().to_owned()))
    });
    if word == "acs3" {
        return Some(Signer::Acs3 { id: id?, secret: secret? });
    }
    table.set("sign_service", "\"vms\"", &mut service, some::<String>);
    Some(Signer::Tc3 { id: id?, secret: secret?, service: service? })
}

fn mail(table: &mut Section<'_>) -> Option<Mail> {
    require(table, &["host", "from"]);
    let (mut host, mut from) = (None, None);
    table
        .set("host", "\"mail.example.gov.cn\"", &mut host, |text: String| values::not_empty(&text).map(Some));
    table.set("from", "\"网哨 <warden@example.gov.cn>\"", &mut from, |text: String| {
        match text.parse::<lettre::message::Mailbox>() {
            Ok(_) => Ok(Some(text)),
            Err(_) => Err(format!("`{text}` is no mail address")),
        }
    });
    let mut tls = MailTls::Starttls;
    table.set("tls", "\"starttls\"", &mut tls, |text: String| match text.as_str() {
        "starttls" => Ok(MailTls::Starttls),
        "implicit" => Ok(MailTls::Implicit),
        "plain" => Ok(MailTls::Plain),
        _ => Err(format!("`{text}` is none of starttls, implicit and plain")),
    });
    let mut port = match tls {
        MailTls::Starttls => 587,
        MailTls::Implicit => 465,
        MailTls::Plain => 25,
    };
    table.set("port", "587", &mut port, Ok);
    let (mut user, mut password) = (None, None);
    table.set("user", "\"warden\"", &mut user, some::<String>);
    table.set("password", "\"env:MAIL_PASSWORD\"", &mut password, key);
    if user.is_some() != password.is_some() {
        table.wrong("only one of `user` and `password`", "write both, or none");
    }
    let mut ca = None;
    table.set("ca", "\"/etc/ssl/own-root.pem\"", &mut ca, |text: String| {
        values::existing_file(&text).map(Some)
    });
    Some(Mail { host: host?, port, tls, login: user.zip(password), from: from?, ca })
}

fn recipient(table: &mut Section<'_>, channels: &[Channel]) -> Option<Recipient> {
    let mut recipient = Recipient::default();
    let mut id = None;
    require(table, &["id", "name", "channels"]);
    table.set("id", "\"zhang\"", &mut id, |text: String| values::id(text).map(Some));
    table.set("name", "\"张三\"", &mut recipient.name, |text: String| values::not_empty(&text));
    table.set_list("channels", "[\"duty-group\", \"sms\"]", &mut recipient.channels, |text| {
        values::known(text, channels.iter().map(|channel| channel.id.as_str()), "channel")
    });
    table.set("mobile", "\"13800000000\"", &mut recipient.mobile, |text: String| {
        let fits = |byte: u8| byte.is_ascii_digit() || byte == b'+';
        match !text.is_empty() && text.bytes().all(fits) {
            true => Ok(Some(text)),
            false => Err("must be digits".to_owned()),
        }
    });
    table.set("mail", "\"zhang@example.gov.cn\"", &mut recipient.mail, |text: String| match text
        .parse::<lettre::Address>(
    ) {
        Ok(_) => Ok(Some(text)),
        Err(_) => Err(format!("`{text}` is no mail address")),
    });
    table.set("wecom", "\"ZhangSan\"", &mut recipient.wecom, |text: String| mention(text).map(Some));
    table.set("feishu", "\"ou_…\"", &mut recipient.feishu, |text: String| mention(text).map(Some));
    // A channel that needs an address has nothing to do with somebody who has none.
    for channel in channels.iter().filter(|channel| recipient.channels.contains(&channel.id)) {
        match channel.kind {
            Kind::Mail(_) if recipient.mail.is_none() => table.wrong(
                format!("a recipient without `mail` on the channel `{}`", channel.id),
                "write `mail = \"…\"`, or take the channel out",
            ),
            Kind::Http(_) if recipient.mobile.is_none() => table.wrong(
                format!("a recipient without `mobile` on the channel `{}`", channel.id),
                "write `mobile = \"…\"`, or take the channel out",
            ),
            _ => {}
        }
    }
    Some(Recipient { id: id?, ..recipient })
}

fn route(table: &mut Section<'_>, alert: &Alert, sites: &[Site]) -> Route {
    let mut route = Route {
        severity: Severity::Low,
        events: Vec::new(),
        sites: Vec::new(),
        recipients: Vec::new(),
        channels: Vec::new(),
        quiet: None,
    };
    table.set("severity", "\"high\"", &mut route.severity, Ok);
    table.set_list("events", "[\"opened\", \"recovered\"]", &mut route.events, |text| {
        // Who gets documents stands in [reports].
        let known = Event::ALL.into_iter().filter(|event| *event != Event::Report);
        known.clone().find(|event| event.word() == text).ok_or_else(|| {
            let all: Vec<&str> = known.map(Event::word).collect();
            format!("`{text}` is no event; there are {}", all.join(", "))
        })
    });
    table.set_list("sites", "[\"sthjt\"]", &mut route.sites, |text| {
        values::known(text, sites.iter().map(|site| site.id.as_str()), "site")
    });
    table.set_list("recipients", "[\"zhang\"]", &mut route.recipients, |text| {
        values::known(text, alert.recipients.iter().map(|recipient| recipient.id.as_str()), "recipient")
    });
    table.set_list("channels", "[\"duty-group\"]", &mut route.channels, |text| {
        let id = values::known(text, alert.channels.iter().map(|channel| channel.id.as_str()), "channel")?;
        match alert.channels.iter().find(|channel| channel.id == id) {
            Some(channel) if !channel.kind.is_group() => {
                Err(format!("`{id}` needs an address for each person; name recipients"))
            }
            _ => Ok(id),
        }
    });
    table.set("quiet", "\"22:00-07:00\"", &mut route.quiet, |text: String| quiet(&text).map(Some));
    if !table.was_read("recipients") && !table.was_read("channels") {
        table.wrong("a route that leads to nobody", "write `recipients = […]` or `channels = […]`");
    }
    route
}

fn require(table: &Section<'_>, keys: &[&str]) {
    for key in keys.iter().filter(|key| !table.has(key)) {
        table.wrong(format!("without `{key}` it cannot work"), format!("write `{key} = …`"));
    }
}

fn url(table: &mut Section<'_>) -> Option<Secret> {
    require(table, &["url"]);
    let mut url = None;
    table.set("url", "\"env:ROBOT_URL\"", &mut url, |text: String| {
        let secret = Secret::read(&text)?;
        // Not quoted: it holds a credential.
        match Url::parse(secret.expose()).map(|url| matches!(url.scheme(), "http" | "https")) {
            Ok(true) => Ok(Some(secret)),
            _ => Err("is no http or https address".to_owned()),
        }
    });
    url
}

fn key(text: String) -> Result<Option<Secret>, String> {
    let secret = Secret::read(&text)?;
    if secret.expose().trim().is_empty() { Err("must not be empty".to_owned()) } else { Ok(Some(secret)) }
}

fn header(text: &str) -> Result<(String, Secret), String> {
    let (name, value) = text.split_once(": ").ok_or("is no `Name: value`")?;
    let value = Secret::read(value)?;
    let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    match is_name && !value.expose().contains(['\r', '\n']) {
        true => Ok((name.to_owned(), value)),
        false => Err("is no `Name: value`".to_owned()),
    }
}

/// A template may only name what there is; JSON braces are followed by something else than a name.
fn template(text: String) -> Result<String, String> {
    for (at, _) in text.match_indices('{') {
        let rest = &text[at + 1..];
        let name: String = rest.chars().take_while(char::is_ascii_lowercase).collect();
        let is_named = !name.is_empty() && rest[name.len()..].starts_with('}');
        if is_named && !PLACEHOLDERS.contains(&name.as_str()) {
            return Err(format!("`{{{name}}}` is not known; there are {}", PLACEHOLDERS.join(", ")));
        }
    }
    Ok(text)
}

/// An id that stands inside a message: nothing in it may be markup.
fn mention(text: String) -> Result<String, String> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.@".contains(&byte);
    match !text.is_empty() && text.bytes().all(fits) {
        true => Ok(text),
        false => Err(format!("`{text}` is no user id")),
    }
}

fn quiet(text: &str) -> Result<(Time, Time), String> {
    let wrong = || format!("`{text}` is no stretch of a day");
    let (from, until) = text.split_once('-').ok_or_else(wrong)?;
    let time = |text: &str| text.trim().parse::<Time>().map_err(|_| wrong());
    Ok((time(from)?, time(until)?))
}

#[cfg(test)]
mod tests;
