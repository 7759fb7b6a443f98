//! Who is told what, and by which channels.

use std::{path::PathBuf, time::Duration};

use jiff::civil::Time;

use super::Secret;
use crate::finding::Severity;
use crate::net::guard::Network;
use crate::notice::Event;
use crate::schedule::Cron;

/// Everything about alerts.
#[derive(Debug, Clone)]
pub struct Alert {
    /// The channels.
    pub channels: Vec<Channel>,
    /// The people.
    pub recipients: Vec<Recipient>,
    /// Who hears what. All that fit count, each recipient and channel once.
    pub routes: Vec<Route>,
    /// Links in messages; `None`: messages have none.
    pub links: Option<Links>,
    /// Private networks that channels may be in.
    pub allow_private: Vec<Network>,
    /// How long one attempt may take, connecting and answer included.
    pub timeout: Duration,
    /// How an incident that stays open is told again.
    pub insistence: Insistence,
    /// When what need not be told at once is told together.
    pub digest: Cron,
}

impl Default for Alert {
    fn default() -> Self {
        Alert {
            channels: Vec::new(),
            recipients: Vec::new(),
            routes: Vec::new(),
            links: None,
            allow_private: Vec::new(),
            // The Standard Webhooks specification advises 15 to 30 seconds.
            timeout: Duration::from_secs(15),
            insistence: Insistence::default(),
            digest: "0 9 * * *".parse().expect("a constant that is tried in a test"),
        }
    }
}

/// How an incident that stays open is told again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Insistence {
    /// Time after the opening at which each further rung of the ladders is climbed, while nobody knows of it.
    pub escalate_after: Vec<Duration>,
    /// Time between two reminders while nobody knows of it; none: never.
    pub remind_every: Duration,
    /// The same once somebody has said that he knows of it.
    pub remind_acknowledged: Duration,
}

impl Default for Insistence {
    fn default() -> Self {
        let minutes = |minutes: u64| Duration::from_secs(minutes * 60);
        Insistence {
            // A response is owed within 30 minutes (SLA-01): two further rungs before that.
            escalate_after: vec![minutes(10), minutes(20)],
            remind_every: minutes(60),
            remind_acknowledged: minutes(8 * 60),
        }
    }
}

/// Where links in messages lead, and what signs them.
#[derive(Debug, Clone)]
pub struct Links {
    /// Address of the dashboard as recipients reach it, without a slash at the end.
    pub base: String,
    /// Key of the signatures.
    pub secret: Secret,
    /// How long an incident can be confirmed by a link.
    pub valid: Duration,
}

/// One way to reach people.
#[derive(Debug, Clone)]
pub struct Channel {
    /// Its id, `[a-z0-9-]+`.
    pub id: String,
    /// What it is.
    pub kind: Kind,
    /// How many messages it takes.
    pub budget: Budget,
    /// How many messages one recipient gets by it, however many there are to tell.
    pub quota: Quota,
    /// Whether it is reached over IPv4 only; the address lists of some robots know nothing else.
    pub ipv4: bool,
}

/// How many messages a channel takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// Messages within any minute; 0: as many as there are.
    pub per_minute: u32,
    /// Messages within any second; 0: as many as there are.
    pub per_second: u32,
    /// How many of a minute's messages are kept for critical notices and recoveries.
    pub reserve: u32,
    /// How long a channel is left alone that says it is sent too much, where it does not say how long.
    pub penalty: Duration,
}

/// How many messages one recipient gets by a channel; 0: as many as there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Quota {
    /// Within any minute.
    pub minute: u32,
    /// Within any hour.
    pub hour: u32,
    /// Within any 24 hours.
    pub day: u32,
}

/// What a channel is.
#[derive(Debug, Clone)]
pub enum Kind {
    /// A robot of a DingTalk group.
    DingTalk(Robot),
    /// A robot of a WeCom group, which has no secret but its address.
    WeCom(Robot),
    /// A robot of a Feishu or Lark group.
    Feishu(Robot),
    /// A webhook by the specification Standard Webhooks.
    Webhook(Webhook),
    /// Anything that takes an HTTP request: gateways for text messages and calls.
    Http(Box<Http>),
    /// Mail.
    Mail(Box<Mail>),
    /// JSON lines at the end of a file.
    File(PathBuf),
    /// JSON lines on standard output.
    Stdout,
}

impl Kind {
    /// As the configuration names it.
    pub fn word(&self) -> &'static str {
        match self {
            Kind::DingTalk(_) => "dingtalk",
            Kind::WeCom(_) => "wecom",
            Kind::Feishu(_) => "feishu",
            Kind::Webhook(_) => "webhook",
            Kind::Http(_) => "http",
            Kind::Mail(_) => "mail",
            Kind::File(_) => "file",
            Kind::Stdout => "stdout",
        }
    }

    /// What its vendor lets through, as far as he says; each number can be set otherwise for a channel.
    pub fn budget(&self) -> Budget {
        let minutes = |per_minute, penalty| Budget {
            per_minute,
            per_second: 0,
            reserve: 5,
            penalty: Duration::from_secs(penalty),
        };
        match self {
            // open.dingtalk.com, 自定义机器人发送群消息: 20 a minute, else throttled for 10 minutes.
            Kind::DingTalk(_) => minutes(20, 600),
            // developer.work.weixin.qq.com/document/path/99110: 20 a minute.
            Kind::WeCom(_) => minutes(20, 65),
            // open.feishu.cn, add-custom-bot: 100 a minute and 5 a second.
            Kind::Feishu(_) => Budget { per_second: 5, ..minutes(100, 60) },
            Kind::Webhook(_) | Kind::Http(_) | Kind::Mail(_) => minutes(60, 60),
            Kind::File(_) | Kind::Stdout => Budget { reserve: 0, ..minutes(0, 0) },
        }
    }

    /// Whether one message reaches a whole group, so that it need not be sent to each recipient.
    pub fn is_group(&self) -> bool {
        !matches!(self, Kind::Http(_) | Kind::Mail(_))
    }
}

/// A robot of a group chat.
#[derive(Debug, Clone)]
pub struct Robot {
    /// Its address, which is a credential as it stands.
    pub url: Secret,
    /// What signs its messages, where that is switched on.
    pub secret: Option<Secret>,
}

/// A receiver of Standard Webhooks.
#[derive(Debug, Clone)]
pub struct Webhook {
    /// Its address.
    pub url: Secret,
    /// Its secrets, `whsec_…`: several while they are changed.
    pub secrets: Vec<Secret>,
}

/// A gateway that takes an HTTP request for each recipient.
#[derive(Debug, Clone)]
pub struct Http {
    /// Method.
    pub method: Method,
    /// Address.
    pub url: Secret,
    /// Header lines, name and value.
    pub headers: Vec<(String, Secret)>,
    /// The body, with `{placeholders}`.
    pub body: String,
    /// How values are written into the body.
    pub encoding: Encoding,
    /// What signs the request.
    pub signer: Signer,
    /// When a message counts as taken.
    pub success: Success,
    /// Values that ask to try again, under the pointer of `success`.
    pub retry: Vec<String>,
}

/// Methods of a gateway.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// POST.
    Post,
    /// PUT.
    Put,
    /// GET, for old gateways; its address carries the placeholders.
    Get,
}

/// How values are written into a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// As the inside of JSON strings.
    Json,
    /// As values of a form.
    Form,
}

/// What signs a request.
#[derive(Debug, Clone)]
pub enum Signer {
    /// Nothing.
    None,
    /// HMAC-SHA256 of the body, in hex, in a header.
    Header {
        /// The header.
        name: String,
        /// The key.
        secret: Secret,
    },
    /// ACS3-HMAC-SHA256 of Aliyun; action and version stand among the headers.
    Acs3 {
        /// Access key id.
        id: String,
        /// Access key secret.
        secret: Secret,
    },
    /// TC3-HMAC-SHA256 of Tencent Cloud.
    Tc3 {
        /// Secret id.
        id: String,
        /// Secret key.
        secret: Secret,
        /// The service: `vms`.
        service: String,
    },
}

/// When a gateway has taken a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Success {
    /// Statuses; empty: any 2xx.
    pub statuses: Vec<u16>,
    /// A JSON pointer and the value there, where the status alone does not tell.
    pub body: Option<(String, String)>,
}

/// A mail server and how to speak to it.
#[derive(Debug, Clone)]
pub struct Mail {
    /// Its host.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub tls: MailTls,
    /// Name and password, where it wants them.
    pub login: Option<(String, Secret)>,
    /// The sender.
    pub from: String,
    /// A PEM file with a further trust root.
    pub ca: Option<PathBuf>,
}

/// How a connection to a mail server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailTls {
    /// STARTTLS; nothing is sent where the server does not offer it.
    Starttls,
    /// TLS from the first byte.
    Implicit,
    /// None, inside an intranet.
    Plain,
}

/// Somebody who is told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recipient {
    /// Id, `[a-z0-9-]+`.
    pub id: String,
    /// Name.
    pub name: String,
    /// Ids of channels, in the order they are tried.
    pub channels: Vec<String>,
    /// Mobile number, for mentions, text messages and calls.
    pub mobile: Option<String>,
    /// Mail address.
    pub mail: Option<String>,
    /// User id in WeCom, for mentions.
    pub wecom: Option<String>,
    /// Open id in Feishu, for mentions.
    pub feishu: Option<String>,
}

/// Who hears what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// At least so bad.
    pub severity: Severity,
    /// One of these; empty: any.
    pub events: Vec<Event>,
    /// About one of these sites; empty: about any, or none.
    pub sites: Vec<String>,
    /// Ids of recipients.
    pub recipients: Vec<String>,
    /// Ids of channels that are told as such.
    pub channels: Vec<String>,
    /// When digests wait, by the clock of Beijing: from, until.
    pub quiet: Option<(Time, Time)>,
}
