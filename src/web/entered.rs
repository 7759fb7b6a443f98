//! What people enter by hand, from pages and programs alike: tickets, their steps, time that does not count,
//! documents that were handed in, and words on hosts. What makes no sense is refused here, and what is done leaves its trace.

use jiff::Timestamp;

use super::answer::Failure;
use super::app::App;
use super::visitor::Visitor;
use crate::config::values;
use crate::contract::{Exclusion, Step, Ticket, Withdrawal};
use crate::inventory::{Trust, Vouching};
use crate::store::papers::{HandIn, Matter, NewHandIn, Senseless};
use crate::store::{NewExclusion, NewTicket};

/// Characters of a name at most.
const NAME: usize = 100;
/// Characters of a description at most.
const TEXT: usize = 2_000;

/// Opens a ticket.
pub(super) async fn open_ticket(app: &App, visitor: &Visitor, ticket: NewTicket) -> Result<Ticket, Failure> {
    said(&ticket.system, NAME, "系统名称")?;
    said(&ticket.what, TEXT, "故障情况")?;
    said(&ticket.opened_by, NAME, "报障人")?;
    let at = app.now();
    if ticket.opened > at {
        return Err(Failure::Wrong("报障时间不能晚于现在".to_owned()));
    }
    let note = visitor.action(at, "ticket.open", &ticket.site, &ticket.what);
    Ok(app.ask(move |store| store.open_ticket(&ticket, Some(&note))).await?)
}

/// Enters a step of a ticket.
pub(super) async fn take_step(
    app: &App,
    visitor: &Visitor,
    site: &str,
    ticket: i64,
    step: Step,
) -> Result<Ticket, Failure> {
    said(&step.person, NAME, "处理人")?;
    if step.note.chars().count() > TEXT {
        return Err(Failure::Wrong(format!("说明不超过 {TEXT} 个字符")));
    }
    if step.at > step.entered {
        return Err(Failure::Wrong("处理时间不能晚于现在".to_owned()));
    }
    let note = visitor.action(step.entered, "ticket.step", format!("{site}/{ticket}"), step.kind.word());
    let site = site.to_owned();
    Ok(app.ask(move |store| store.take_steps(&site, ticket, &[step], Some(&note))).await?)
}

/// Enters time that does not count.
pub(super) async fn exclude(
    app: &App,
    visitor: &Visitor,
    exclusion: NewExclusion,
) -> Result<Exclusion, Failure> {
    said(&exclusion.reason, TEXT, "事由")?;
    if let Some(name) = &exclusion.approved_by {
        said(name, NAME, "批准人")?;
    }
    if exclusion.span.is_empty() {
        return Err(Failure::Wrong("结束时间须晚于开始时间".to_owned()));
    }
    let note = visitor.action(exclusion.at, "exclusion.add", &exclusion.site, &exclusion.reason);
    Ok(app.ask(move |store| store.exclude(&exclusion, Some(&note))).await?)
}

/// Takes an exclusion back.
pub(super) async fn withdraw_exclusion(
    app: &App,
    visitor: &Visitor,
    site: &str,
    number: i64,
    reason: &str,
) -> Result<Exclusion, Failure> {
    said(reason, TEXT, "撤回原因")?;
    let withdrawal = Withdrawal { at: app.now(), author: visitor.actor(), reason: reason.to_owned() };
    let note =
        visitor.action(withdrawal.at, "exclusion.withdraw", format!("{site}/{number}"), &withdrawal.reason);
    let site = site.to_owned();
    Ok(app.ask(move |store| store.withdraw_exclusion(&site, number, &withdrawal, Some(&note))).await?)
}

/// Enters what somebody says of a host that a site links to.
pub(super) async fn vouch(
    app: &App,
    visitor: &Visitor,
    site: &str,
    vouching: Vouching,
) -> Result<(), Failure> {
    said(&vouching.note, TEXT, "理由")?;
    let what = match vouching.trust {
        Trust::Revoked => "host.revoke",
        given if given.holds_on(app.today()) => "host.approve",
        Trust::Given(_) => return Err(Failure::Wrong("截止日期不能早于今天".to_owned())),
    };
    let note = visitor.action(vouching.at, what, format!("{site}/{}", vouching.host), &vouching.note);
    let site = site.to_owned();
    Ok(app.ask(move |store| store.vouch(&site, &vouching, Some(&note))).await?)
}

/// Enters that a document was handed in.
pub(super) async fn hand_in(app: &App, visitor: &Visitor, document: NewHandIn) -> Result<HandIn, Failure> {
    let wrong = |why: &str| Err(Failure::Wrong(why.to_owned()));
    match document.matter.senseless() {
        Some(Senseless::Period) => return wrong("这种文件没有这样的报告期"),
        Some(Senseless::NoInterval) => return wrong("请填写故障的台账区间"),
        Some(Senseless::StrayInterval) => return wrong("只有故障报告有台账区间"),
        None => {}
    }
    said(&document.by, NAME, "提交人")?;
    said(&document.to, NAME, "接收人")?;
    if document.note.chars().count() > TEXT {
        return Err(Failure::Wrong(format!("说明不超过 {TEXT} 个字符")));
    }
    let is_digest = |text: &String| text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    if document.sha256.as_ref().is_some_and(|text| !is_digest(text)) {
        return wrong("SHA-256 是 64 位十六进制数字");
    }
    if document.at > document.entered {
        return wrong("提交时间不能晚于现在");
    }
    let Matter { site, kind, period, .. } = &document.matter;
    let note = visitor.action(document.entered, "document.hand-in", site, format!("{kind} {period}"));
    Ok(app.ask(move |store| store.hand_in(&document, Some(&note))).await?)
}

/// Withdraws what was entered as handed in.
pub(super) async fn withdraw_document(
    app: &App,
    visitor: &Visitor,
    site: &str,
    number: i64,
    reason: String,
) -> Result<HandIn, Failure> {
    said(&reason, TEXT, "撤销的理由")?;
    let withdrawal = Withdrawal { at: app.now(), author: visitor.actor(), reason };
    let subject = format!("{site}/{number}");
    let note = visitor.action(withdrawal.at, "document.withdraw", subject, &withdrawal.reason);
    let site = site.to_owned();
    Ok(app.ask(move |store| store.withdraw_document(&site, number, &withdrawal, Some(&note))).await?)
}

/// A moment as a person writes it; now, where nothing is written.
pub(super) fn moment(app: &App, text: &str, what: &str) -> Result<Timestamp, Failure> {
    match text {
        "" => Ok(app.now()),
        text => values::moment(text, &app.current().settings.timezone)
            .map_err(|_| Failure::Wrong(format!("{what}写作 2026-12-05 02:00"))),
    }
}

/// Makes sure that a text says something, and not too much.
fn said(text: &str, most: usize, what: &str) -> Result<(), Failure> {
    match text.trim().chars().count() {
        0 => Err(Failure::Wrong(format!("请填写{what}"))),
        count if count > most => Err(Failure::Wrong(format!("{what}不超过 {most} 个字符"))),
        _ => Ok(()),
    }
}
