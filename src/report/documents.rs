//! Documents that a contract promises and that were handed in, in words.

use serde_json::{Value as Json, json};

use super::{escape, figures};
use crate::contract::{DocumentKind, Owed, Punctuality};
use crate::store::papers::{HandIn, Matter, NewHandIn, Paper};

/// What a document is.
pub fn what(kind: DocumentKind) -> String {
    match kind {
        DocumentKind::FaultReport { interval } => format!("故障报告（台账区间 {interval}）"),
        DocumentKind::PeriodReport(period) => format!("{}总结", figures::period(period)),
    }
}

/// Whether it was handed in in time, and how many days are left or lost.
pub fn standing(owed: &Owed) -> String {
    match owed.punctuality {
        Punctuality::InTime => "按时提交".to_owned(),
        Punctuality::Late { days } => format!("逾期 {days} 日提交"),
        Punctuality::Open { days: 0 } => "今日截止，尚未提交".to_owned(),
        Punctuality::Open { days } => format!("尚未提交，还有 {days} 日"),
        Punctuality::Missing { days } => format!("未提交，已逾期 {days} 日"),
        Punctuality::NoDay => match owed.handed_in {
            Some(_) => "已提交".to_owned(),
            None => "尚未提交".to_owned(),
        },
    }
}

/// A line of a list: what, since when, until when, when it was handed in, how it stands.
pub fn row(owed: &Owed) -> [String; 5] {
    let handed_in = owed.handed_in.as_ref().map(|document| document.handed_in);
    [
        what(owed.what),
        figures::minute(owed.since),
        owed.last_day.map_or_else(|| "—".to_owned(), |day| day.to_string()),
        handed_in.map_or_else(|| "—".to_owned(), figures::minute),
        standing(owed),
    ]
}

/// What was made, what was handed in and what is owed, as `sitewarden paper list` shows it.
pub fn table(made: &[Paper], handed_in: &[HandIn], owed: &[Owed]) -> String {
    let mut out = String::new();
    for paper in made {
        let files: Vec<&str> = paper.files.iter().map(|file| file.path.as_str()).collect();
        let (what, at) = (named(&paper.matter), figures::minute(paper.made));
        out.push_str(&format!("生成  {}  {at}  {what}  {}\n", paper.id, files.join("、")));
    }
    for one in handed_in {
        let NewHandIn { matter, at, by, to, note, .. } = &one.what;
        let [by, to, note] = [by, to, note].map(|text| escape::terminal(text));
        let withdrawn = match &one.withdrawn {
            Some(said) => {
                let [by, reason] = [&said.author, &said.reason].map(|text| escape::terminal(text));
                format!("（{by} 撤销：{reason}）")
            }
            None => String::new(),
        };
        let (what, at) = (named(matter), figures::minute(*at));
        out.push_str(&format!("提交  {}  {at}  {what}  {by} → {to}  {note}{withdrawn}\n", one.number));
    }
    for one in owed {
        let [what, _, last, _, standing] = row(one);
        out.push_str(&format!("待交  {what}  最迟 {last}  {standing}\n"));
    }
    if out.is_empty() {
        out.push_str("没有文件\n");
    }
    out
}

/// What a document on record is.
pub fn named(matter: &Matter) -> String {
    match matter.interval {
        Some(interval) => format!("{}（台账区间 {interval}）", matter.kind.title(matter.period)),
        None => format!("{} {}", matter.kind.title(matter.period), figures::period(matter.period)),
    }
}

/// What is owed, for programs.
pub(super) fn json(owed: &Owed) -> Json {
    let (word, days) = match owed.punctuality {
        Punctuality::InTime => ("in-time", Some(0)),
        Punctuality::Late { days } => ("late", Some(days)),
        Punctuality::Open { days } => ("open", Some(days)),
        Punctuality::Missing { days } => ("missing", Some(days)),
        Punctuality::NoDay => ("no-day", None),
    };
    let (kind, thing) = match owed.what {
        DocumentKind::FaultReport { interval } => ("fault", interval.to_string()),
        DocumentKind::PeriodReport(period) => ("summary", period.to_string()),
    };
    json!({
        "kind": kind, "of": thing, "since": owed.since, "last_day": owed.last_day, "state": word, "days": days,
        "handed_in": owed.handed_in.as_ref().map(|document| document.handed_in),
        "document": owed.handed_in.as_ref().map(|document| document.id),
    })
}
