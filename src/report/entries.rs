//! What people said about the indicators of a site, as `sitewarden entry list` shows it.

use jiff::Timestamp;
use jiff::civil::Date;

use super::{escape, figures};
use crate::score::{Deed, Entry, Judged, in_force};

/// Every entry, oldest first; those in force on the day `today` are marked.
pub fn table(log: &[Entry], now: Timestamp, today: Date) -> String {
    let holding = in_force(log, now, today);
    let mut out = String::new();
    for entry in log {
        let told = match &entry.deed {
            Deed::Remove { entry } => format!("撤销 {entry}"),
            Deed::Judge(judgement) => {
                let standing = match judgement.standing {
                    Judged::Met => "达标",
                    Judged::Failed => "未达标",
                };
                let points = match judgement.points {
                    points if points > 0.0 => format!(" {} 分", figures::points(points)),
                    _ => String::new(),
                };
                let until = judgement.until.map_or_else(String::new, |until| format!("，至 {until}"));
                let holds = holding.iter().any(|said| said.number == entry.number);
                let mark = if holds { "有效" } else { "已失效" };
                format!("〔{mark}〕{} {standing}{points}{until}", escape::terminal(&judgement.indicator))
            }
        };
        let (author, note) = (escape::terminal(&entry.author), escape::terminal(&entry.note));
        out.push_str(&format!("{}  {}  {author}  {told}：{note}\n", entry.number, figures::minute(entry.at)));
    }
    if out.is_empty() {
        out.push_str("没有人工认定\n");
    }
    out
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::score::Judgement;

    #[test]
    fn every_entry_is_listed_and_those_in_force_are_marked() {
        let at = |second| Timestamp::from_second(1_800_000_000 + second).expect("within range");
        let entry = |number: i64, deed| {
            let (author, note) = ("王工\u{1b}[31m".to_owned(), "现场核实".to_owned());
            Entry { number, at: at(number), author, note, deed }
        };
        let judge = |indicator: &str| {
            let indicator = indicator.to_owned();
            Deed::Judge(Judgement { indicator, standing: Judged::Failed, points: 2.5, until: None })
        };
        let log = [entry(1, judge("DED-34")), entry(2, judge("DED-36")), entry(3, Deed::Remove { entry: 1 })];
        let told = table(&log, at(9), date(2027, 1, 16));
        let lines: Vec<&str> = told.lines().collect();
        assert_eq!(
            lines[0],
            "1  2027-01-15 16:00  王工<U+001B>[31m  〔已失效〕DED-34 未达标 2.5 分：现场核实"
        );
        assert!(lines[1].contains("〔有效〕DED-36") && lines[2].contains("撤销 1"), "{told}");
        assert_eq!(table(&[], at(9), date(2027, 1, 16)), "没有人工认定\n");
    }
}
