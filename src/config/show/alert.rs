//! `[alert]` as it would be written, with credentials masked but for their last characters.

use serde::Serialize;

use super::super::alert::{
    Alert, Channel, Encoding, Http, Kind, Mail, MailTls, Method, Recipient, Route, Signer,
};
use super::super::secret::MASK;
use super::show_duration;

#[derive(Serialize)]
pub(super) struct ShownAlert {
    timeout: String,
    escalate_after: Vec<String>,
    remind_every: String,
    remind_acknowledged: String,
    digest: String,
    allow_private: Vec<String>,
    links: Option<ShownLinks>,
    channel: Vec<ShownChannel>,
    recipient: Vec<ShownRecipient>,
    route: Vec<ShownRoute>,
}

#[derive(Serialize)]
struct ShownLinks {
    base: String,
    secret: &'static str,
    valid: String,
}

#[derive(Serialize, Default)]
struct ShownChannel {
    id: String,
    kind: &'static str,
    url: Option<String>,
    secret: Option<&'static str>,
    secrets: Option<Vec<&'static str>>,
    path: Option<String>,
    #[serde(flatten)]
    http: Option<ShownHttp>,
    #[serde(flatten)]
    mail: Option<ShownMail>,
    ipv4: bool,
    per_minute: u32,
    per_second: u32,
    reserve: u32,
    penalty: String,
    quota_minute: u32,
    quota_hour: u32,
    quota_day: u32,
}

#[derive(Serialize)]
struct ShownHttp {
    method: &'static str,
    headers: Vec<String>,
    body: String,
    encoding: &'static str,
    signer: &'static str,
    success_status: Vec<u16>,
    success_body: Option<(String, String)>,
    retry: Vec<String>,
}

#[derive(Serialize)]
struct ShownMail {
    host: String,
    port: u16,
    tls: &'static str,
    user: Option<String>,
    password: Option<&'static str>,
    from: String,
    ca: Option<String>,
}

#[derive(Serialize)]
struct ShownRecipient {
    id: String,
    name: String,
    channels: Vec<String>,
    mobile: Option<String>,
    mail: Option<String>,
    wecom: Option<String>,
    feishu: Option<String>,
}

#[derive(Serialize)]
struct ShownRoute {
    severity: crate::finding::Severity,
    events: Vec<&'static str>,
    sites: Vec<String>,
    recipients: Vec<String>,
    channels: Vec<String>,
    quiet: Option<String>,
}

impl ShownAlert {
    pub(super) fn of(alert: &Alert) -> ShownAlert {
        ShownAlert {
            timeout: show_duration(alert.timeout),
            escalate_after: alert.insistence.escalate_after.iter().copied().map(show_duration).collect(),
            remind_every: show_duration(alert.insistence.remind_every),
            remind_acknowledged: show_duration(alert.insistence.remind_acknowledged),
            digest: alert.digest.to_string(),
            allow_private: alert.allow_private.iter().map(ToString::to_string).collect(),
            links: alert.links.as_ref().map(|links| ShownLinks {
                base: links.base.clone(),
                secret: MASK,
                valid: show_duration(links.valid),
            }),
            channel: alert.channels.iter().map(channel).collect(),
            recipient: alert.recipients.iter().map(recipient).collect(),
            route: alert.routes.iter().map(route).collect(),
        }
    }
}

fn channel(channel: &Channel) -> ShownChannel {
    let Channel { id, kind, budget, quota, ipv4 } = channel;
    let numbers = ShownChannel {
        id: id.clone(),
        kind: kind.word(),
        ipv4: *ipv4,
        per_minute: budget.per_minute,
        per_second: budget.per_second,
        reserve: budget.reserve,
        penalty: show_duration(budget.penalty),
        quota_minute: quota.minute,
        quota_hour: quota.hour,
        quota_day: quota.day,
        ..ShownChannel::default()
    };
    match kind {
        Kind::DingTalk(robot) | Kind::WeCom(robot) | Kind::Feishu(robot) => ShownChannel {
            url: Some(robot.url.tail()),
            secret: robot.secret.as_ref().map(|_| MASK),
            ..numbers
        },
        Kind::Webhook(webhook) => ShownChannel {
            url: Some(webhook.url.tail()),
            secrets: Some(webhook.secrets.iter().map(|_| MASK).collect()),
            ..numbers
        },
        Kind::Http(gateway) => {
            ShownChannel { url: Some(gateway.url.tail()), http: Some(http(gateway)), ..numbers }
        }
        Kind::Mail(server) => ShownChannel { mail: Some(mail(server)), ..numbers },
        Kind::File(path) => ShownChannel { path: Some(path.display().to_string()), ..numbers },
        Kind::Stdout => numbers,
    }
}

fn http(gateway: &Http) -> ShownHttp {
    ShownHttp {
        method: match gateway.method {
            Method::Post => "POST",
            Method::Put => "PUT",
            Method::Get => "GET",
        },
        headers: gateway.headers.iter().map(|(name, _)| format!("{name}: {MASK}")).collect(),
        body: gateway.body.clone(),
        encoding: match gateway.encoding {
            Encoding::Json => "json",
            Encoding::Form => "form",
        },
        signer: match gateway.signer {
            Signer::None => "none",
            Signer::Header { .. } => "header",
            Signer::Acs3 { .. } => "acs3",
            Signer::Tc3 { .. } => "tc3",
        },
        success_status: gateway.success.statuses.clone(),
        success_body: gateway.success.body.clone(),
        retry: gateway.retry.clone(),
    }
}

fn mail(server: &Mail) -> ShownMail {
    ShownMail {
        host: server.host.clone(),
        port: server.port,
        tls: match server.tls {
            MailTls::Starttls => "starttls",
            MailTls::Implicit => "implicit",
            MailTls::Plain => "plain",
        },
        user: server.login.as_ref().map(|(user, _)| user.clone()),
        password: server.login.as_ref().map(|_| MASK),
        from: server.from.clone(),
        ca: server.ca.as_ref().map(|path| path.display().to_string()),
    }
}

fn recipient(recipient: &Recipient) -> ShownRecipient {
    let Recipient { id, name, channels, mobile, mail, wecom, feishu } = recipient.clone();
    ShownRecipient { id, name, channels, mobile, mail, wecom, feishu }
}

fn route(route: &Route) -> ShownRoute {
    ShownRoute {
        severity: route.severity,
        events: route.events.iter().map(|event| event.word()).collect(),
        sites: route.sites.clone(),
        recipients: route.recipients.clone(),
        channels: route.channels.clone(),
        quiet: route
            .quiet
            .map(|(from, until)| format!("{}-{}", from.strftime("%H:%M"), until.strftime("%H:%M"))),
    }
}
