//! Doubles of those who receive alerts. They are as strict as the real ones, have their own idea of signatures, rates
//! and time, fail as they are told, and note everything.
//!
//! `Robots` stands for DingTalk, WeCom, Feishu, receivers of Standard Webhooks and a gateway for calls, all on one
//! port of loopback; `MailServer` for a mail server; `Hands` for the clock of the dispatcher.

mod clock;
mod mail;
mod robots;
mod vendors;

pub(crate) use clock::Hands;
pub(crate) use mail::{MailFault, MailServer};
pub(crate) use robots::{Arrived, Fate, Fault, Robots};
pub(crate) use vendors::{DINGTALK_SECRET, FEISHU_SECRET, Vendor, WEBHOOK_SECRET};
