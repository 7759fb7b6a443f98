//! What somebody does about findings, as a form says it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::diff::{Decision, Ruling};
use crate::finding::Fingerprint;
use crate::people::Account;
use crate::store::{Assignee, Case, Effort, Work};
use crate::web::answer::Failure;
use crate::web::app::App;
use crate::web::form::Fields;
use crate::web::visitor::Visitor;

/// Characters of what somebody says about a finding.
const TEXT_CHARS: usize = 2_000;

/// Characters of the name of a department.
const OFFICE_CHARS: usize = 40;

/// Something done about findings.
enum Deed {
    /// A decision, with the word of its action.
    Rule(&'static str, Ruling),
    /// Work, with the word of its action.
    Work(&'static str, Work),
    /// An assignment until a day that follows from the severity of each finding.
    AssignInTime(Option<Assignee>),
}

/// Does what the form says about these findings: what is part of everybody's work.
pub(in crate::web) async fn work(
    app: &App,
    visitor: &Visitor,
    cases: Vec<Case>,
    fields: &Fields,
) -> Result<(), Failure> {
    let text = text(fields)?;
    let deed = match fields.get("deed") {
        "acknowledge" => Deed::Rule("finding.acknowledge", Ruling::Acknowledge),
        "assign" => {
            let to = assignee(app, &cases, fields).await?;
            match due(fields)? {
                None if to.is_some() => Deed::AssignInTime(to),
                due => Deed::Work("finding.assign", Work::Assign { to, due, text: text.clone() }),
            }
        }
        "comment" if text.is_empty() => return Err(Failure::Wrong("请填写备注".to_owned())),
        "comment" => Deed::Work("finding.comment", Work::Comment(text.clone())),
        "mended" => Deed::Work("finding.mended", Work::Mended(text.clone())),
        "recheck" => Deed::Work("finding.recheck", Work::Recheck),
        _ => return Err(Failure::Wrong("请选择操作".to_owned())),
    };
    let looks_again = matches!(deed, Deed::Work(_, Work::Mended(_) | Work::Recheck));
    let sites: Vec<String> = cases.iter().map(|case| case.site.clone()).collect();
    record(app, visitor, cases, deed, text).await?;
    if looks_again {
        let mut asked = sites;
        asked.sort();
        asked.dedup();
        asked.iter().for_each(|site| app.knobs.read(site));
    }
    Ok(())
}

/// Does what the form says about these findings: what takes a decision.
pub(in crate::web) async fn decide(
    app: &App,
    visitor: &Visitor,
    cases: Vec<Case>,
    fields: &Fields,
) -> Result<(), Failure> {
    let text = text(fields)?;
    let deed = match fields.get("deed") {
        "dismiss" => Deed::Rule("finding.dismiss", Ruling::Dismiss { until: until(app, fields)? }),
        "withdraw" => Deed::Rule("finding.withdraw", Ruling::Withdraw),
        _ => return Err(Failure::Wrong("请选择操作".to_owned())),
    };
    record(app, visitor, cases, deed, text).await
}

async fn record(
    app: &App,
    visitor: &Visitor,
    cases: Vec<Case>,
    deed: Deed,
    text: String,
) -> Result<(), Failure> {
    let (at, actor) = (app.now(), visitor.actor());
    let ids: Vec<Fingerprint> = cases.iter().map(|case| case.reported.id.clone()).collect();
    match deed {
        Deed::Rule(what, ruling) => {
            let note = visitor.action(at, what, "", text.clone());
            let decision = Decision { ruling, actor, reason: text, at };
            app.ask(move |store| store.rule(&ids, &decision, &note)).await?;
        }
        Deed::Work(what, work) => {
            let note = visitor.action(at, what, "", detail(&work));
            let effort = Effort { at, actor, work };
            app.ask(move |store| store.work(&ids, &effort, &note)).await?;
        }
        Deed::AssignInTime(to) => {
            let (rules, today) = (app.current().rules, app.today());
            let mut by_day: BTreeMap<Date, Vec<Fingerprint>> = BTreeMap::new();
            for case in cases {
                let day = rules.remedy().due(case.reported.finding.severity, today);
                by_day.entry(day).or_default().push(case.reported.id);
            }
            for (day, ids) in by_day {
                let work = Work::Assign { to: to.clone(), due: Some(day), text: text.clone() };
                let note = visitor.action(at, "finding.assign", "", detail(&work));
                let effort = Effort { at, actor: actor.clone(), work };
                app.ask(move |store| store.work(&ids, &effort, &note)).await?;
            }
        }
    }
    Ok(())
}

/// What the audit log says of it besides its word.
fn detail(work: &Work) -> String {
    match work {
        Work::Assign { to, due, text } => {
            let to = to.as_ref().map_or_else(|| "取消指派".to_owned(), Assignee::word);
            let due = due.map_or_else(String::new, |due| format!("，期限 {due}"));
            let text = if text.is_empty() { String::new() } else { format!("，{text}") };
            format!("{to}{due}{text}")
        }
        Work::Comment(text) | Work::Mended(text) => text.clone(),
        Work::Recheck => String::new(),
    }
}

fn text(fields: &Fields) -> Result<String, Failure> {
    let text = fields.get("text");
    if text.chars().count() > TEXT_CHARS {
        return Err(Failure::Wrong(format!("说明不能超过 {TEXT_CHARS} 字")));
    }
    Ok(text.to_owned())
}

/// Who is to see to it: a department where one is named, else the person, who must be somebody that may.
async fn assignee(app: &App, cases: &[Case], fields: &Fields) -> Result<Option<Assignee>, Failure> {
    let office = fields.get("office");
    if office.chars().count() > OFFICE_CHARS {
        return Err(Failure::Wrong(format!("处室名称不能超过 {OFFICE_CHARS} 字")));
    }
    if !office.is_empty() {
        return Ok(Some(Assignee::Office(office.to_owned())));
    }
    let login = match fields.get("to") {
        "" => return Ok(None),
        login => login.to_owned(),
    };
    let wanted = login.clone();
    let account = app.ask(move |store| store.account(&wanted)).await?;
    let is_able = |account: &Account| cases.iter().all(|case| may_see_to(account, &case.site));
    match account.filter(is_able) {
        Some(_) => Ok(Some(Assignee::Person(login))),
        None => Err(Failure::Wrong(format!("不能指派给 {login}：没有这个账号，或其无权处理该站点的问题"))),
    }
}

/// Whether findings of a site may be assigned to somebody.
pub(in crate::web) fn may_see_to(account: &Account, site: &str) -> bool {
    !account.is_closed && account.sees(site) && account.role.may(crate::people::Permission::Work)
}

fn due(fields: &Fields) -> Result<Option<Date>, Failure> {
    match fields.get("due") {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| Failure::Wrong("期限不是有效日期".to_owned())),
    }
}

/// The end of the last day of a dismissal.
fn until(app: &App, fields: &Fields) -> Result<Timestamp, Failure> {
    let wrong = |_| Failure::Wrong("忽略截止日期不是有效日期".to_owned());
    let day: Date = fields.required("until", "忽略截止日期")?.parse().map_err(wrong)?;
    let next = day.tomorrow().map_err(wrong)?;
    let zone = app.current().settings.timezone.clone();
    Ok(next.to_zoned(zone).map_err(wrong)?.timestamp())
}
