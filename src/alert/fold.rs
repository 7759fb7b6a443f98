//! What is told together: a thread whose opening was never told and is over already, and what a channel has no
//! budget left to tell one by one.

use std::collections::HashSet;

use jiff::Timestamp;

use super::defuse;
use super::message::item_line;
use crate::beijing;
use crate::finding::Severity;
use crate::notice::{Event, Fact, Notice};
use crate::store::outbox::{Form, LetterId, Queued};

/// What one message will tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bundle {
    /// The letters it carries.
    pub letters: Vec<LetterId>,
    /// What it tells.
    pub notice: Notice,
    /// How much of it may be said.
    pub form: Form,
    /// Who is told by it, without those told as a group.
    pub recipients: Vec<String>,
    /// The most attempts any of its letters has had.
    pub attempts: u32,
}

/// How letters may be put together.
#[derive(Debug, Clone, Copy)]
pub struct Terms {
    /// Whether one message reaches all recipients.
    pub is_group: bool,
    /// Bytes of text in one message.
    pub bytes: usize,
    /// Messages that may be sent now.
    pub left: u32,
    /// Messages that may be sent now, with what is kept back for the urgent.
    pub left_urgent: u32,
}

/// The next message out of what waits; `None` where the budget lets none through.
///
/// What waits comes as threads, urgent ones first. Each thread is one bundle. While there is room for all bundles,
/// they go one by one; else the urgent go first by what is kept for them, and the rest as digests.
pub fn next(waiting: &[Queued], terms: Terms) -> Option<Bundle> {
    let bundles = threads(waiting, terms.is_group);
    let first = bundles.first()?;
    let ordinary = bundles.iter().filter(|bundle| !bundle.notice.is_urgent()).count();
    let fits = |count: usize, left: u32| u32::try_from(count).is_ok_and(|count| count <= left);
    if first.notice.is_urgent() {
        // One message is left for the digest of those that will not get one of their own.
        let urgent = bundles.len() - ordinary;
        return match terms.left_urgent {
            0 => None,
            left if fits(urgent, left) || left > 1 => Some(first.clone()),
            _ => Some(digest(&bundles, terms)),
        };
    }
    match terms.left {
        0 => None,
        left if fits(ordinary, left) => Some(first.clone()),
        _ => Some(digest(&bundles, terms)),
    }
}

/// One bundle for each thread, in the order of the letters.
fn threads(waiting: &[Queued], is_group: bool) -> Vec<Bundle> {
    let mut bundles: Vec<Vec<&Queued>> = Vec::new();
    for letter in waiting {
        let same = |thread: &Vec<&Queued>| {
            thread[0].notice.order_key == letter.notice.order_key
                && (is_group || thread[0].recipient == letter.recipient)
        };
        match bundles.iter_mut().find(|thread| same(thread)) {
            Some(thread) => thread.push(letter),
            None => bundles.push(vec![letter]),
        }
    }
    bundles.into_iter().map(|thread| bundle(&thread, story(&thread))).collect()
}

fn bundle(letters: &[&Queued], notice: Notice) -> Bundle {
    let mut seen = HashSet::new();
    let named = letters.iter().map(|letter| letter.recipient.as_str()).filter(|id| !id.is_empty());
    Bundle {
        letters: letters.iter().map(|letter| letter.id).collect(),
        notice,
        form: letters.iter().map(|letter| letter.form).max().unwrap_or(Form::Full),
        recipients: named.filter(|id| seen.insert(*id)).map(str::to_owned).collect(),
        attempts: letters.iter().map(|letter| letter.attempts).max().unwrap_or_default(),
    }
}

/// What a thread has to tell: its last notice, which knows most; with the beginning where that was never told.
fn story(thread: &[&Queued]) -> Notice {
    let mut notices: Vec<&Notice> = thread.iter().map(|letter| &letter.notice).collect();
    notices.dedup_by(|next, before| next.id == before.id);
    let (first, last) = (notices[0], notices[notices.len() - 1]);
    let mut story = last.clone();
    if first.id == last.id {
        return story;
    }
    let severity = notices.iter().map(|notice| notice.severity).max().unwrap_or(story.severity);
    story.severity = severity;
    if first.event == Event::Opened && last.event == Event::Recovered {
        story.title = format!("{}（{}–{} 中断，现已恢复）", first.title, clock(first.at), clock(last.at));
        story.facts.splice(0..0, first.facts.iter().cloned());
    }
    story.facts.insert(0, Fact::own("开始", beijing::moment(first.at)));
    let earlier: Vec<&str> = notices.iter().rev().skip(1).rev().map(|notice| notice.id.as_str()).collect();
    story.facts.push(Fact::own("合并编号", earlier.join(" ")));
    story
}

/// `10:02`, by the clock of Beijing.
fn clock(at: Timestamp) -> String {
    beijing::clock(at).strftime("%H:%M").to_string()
}

/// As many bundles as fit into one message, as lines of a digest: what is cut from a digest would never be told.
fn digest(bundles: &[Bundle], terms: Terms) -> Bundle {
    let recipient = &bundles[0].recipients;
    let mine = bundles.iter().filter(|bundle| terms.is_group || bundle.recipients == *recipient);
    let mut used = HEAD_BYTES;
    let mut listed: Vec<&Bundle> = Vec::new();
    for bundle in mine {
        used += defuse::markdown(&item_line(&bundle.notice.item()).text).len() + LINE_BYTES;
        if used > terms.bytes && !listed.is_empty() {
            break;
        }
        listed.push(bundle);
    }
    let first = &listed[0].notice;
    let notice = Notice {
        // Stable as long as the same is listed, and as recognisable as that of its first line.
        id: format!("{}-d{}", first.id, listed.len()),
        event: Event::Digest,
        severity: listed.iter().map(|bundle| bundle.notice.severity).max().unwrap_or(Severity::Low),
        site: None,
        title: format!("本通道消息较多，以下 {} 条合并发送", listed.len()),
        facts: Vec::new(),
        at: listed.iter().map(|bundle| bundle.notice.at).max().unwrap_or(first.at),
        incident: None,
        order_key: String::new(),
        opening: None,
        items: listed.iter().map(|bundle| bundle.notice.item()).collect(),
        view: None,
        // What is told in one line still goes with its documents.
        enclosed: listed.iter().flat_map(|bundle| bundle.notice.enclosed.iter().cloned()).collect(),
    };
    let mut seen = HashSet::new();
    let all = listed.iter().flat_map(|bundle| bundle.recipients.iter());
    Bundle {
        letters: listed.iter().flat_map(|bundle| bundle.letters.iter().copied()).collect(),
        notice,
        form: listed.iter().map(|bundle| bundle.form).max().unwrap_or(Form::Full),
        recipients: all.filter(|id| seen.insert(id.as_str())).cloned().collect(),
        attempts: listed.iter().map(|bundle| bundle.attempts).max().unwrap_or_default(),
    }
}

/// Bytes of a digest that its lines cannot have: title, time, tail and mentions.
const HEAD_BYTES: usize = 500;
/// Bytes that a format adds to a line.
const LINE_BYTES: usize = 8;
