//! Columns (栏目): which pages are one, what kind, how often they must be updated, and whether they are.
//!
//! Pure functions of facts, rules and a date. Where a page cannot be judged fairly (no dates, built by scripts, no
//! known cycle) nothing is claimed of it, and the reason is kept. What follows from a judgement is left to `checks`
//! and `score`.

#[cfg(test)]
mod boundaries;
mod name;
mod survey;

use jiff::civil::Date;

use crate::config;
use crate::facts::{Oddity, PageFacts, PageKind};
use crate::indicators::{ColumnKind, Columns, Cycle};

pub use survey::{Judged, place, survey};

/// What a page is as a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Classified {
    /// Its name.
    pub name: String,
    /// Id of its kind, where that can be told.
    pub kind: Option<String>,
    /// The kind in the words of the report: `动态要闻类`, or `登记周期` where only a cycle was registered.
    pub kind_name: String,
    /// How often it must be updated; `None`: never judged by age.
    pub cycle: Option<Cycle>,
    /// The cycle in days that was registered for it, where it was.
    pub own_cycle_days: Option<u32>,
    /// Age from which there is a warning.
    pub warn: Option<Cycle>,
    /// What told the kind, in Chinese.
    pub reason: String,
    /// Whether that is a registration or the column's own name, and no guess.
    pub sure: bool,
}

/// How a column stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnState {
    /// The page is none.
    NotAColumn,
    /// It is one, but nothing may be claimed of it; the reason, in Chinese.
    CannotJudge(&'static str),
    /// In time.
    Fresh {
        /// The newest date.
        newest: Date,
    },
    /// In time, but not for long.
    Warn {
        /// The newest date.
        newest: Date,
        /// The last day on which it is in time.
        due: Date,
    },
    /// Overdue.
    Stale {
        /// The newest date.
        newest: Date,
        /// The last day on which it was in time.
        due: Date,
        /// Days since then, at least 1.
        days_overdue: i32,
    },
    /// There is nothing in it.
    Empty,
}

/// Says whether a page is a column and, if so, which name and kind it has. `registered` is the customer's own entry
/// for this address; what it says counts before anything the page says.
pub fn classify(
    facts: &PageFacts,
    registered: Option<&config::Column>,
    rules: &Columns,
) -> Option<Classified> {
    if let Some(column) = registered {
        return Some(registered_as(column, rules));
    }
    if rules.is_later_page(&facts.address) {
        return None;
    }
    let may_be_one = match facts.kind {
        PageKind::Column => true,
        // An empty list looks like no list: what tells it from other pages is the tag of a column without those of
        // an article.
        PageKind::Other => {
            name::filled(facts, "ColumnName").is_some()
                && name::filled(facts, "ArticleTitle").is_none()
                && name::filled(facts, "PubDate").is_none()
        }
        PageKind::Home | PageKind::Article | PageKind::Service | PageKind::Message | PageKind::Search => {
            false
        }
    };
    if !may_be_one {
        return None;
    }
    let name = name::of(facts, rules);
    let told = name.told(rules);
    // Without a known kind a page of no certain kind is as well a form, a map or a notice.
    if facts.kind == PageKind::Other && told.as_ref().is_none_or(|(kind, _)| kind.cycle.is_none()) {
        return None;
    }
    Some(match told {
        Some((kind, reason)) => Classified {
            name: name.text,
            kind: Some(kind.id.clone()),
            kind_name: kind.name.clone(),
            cycle: kind.cycle,
            own_cycle_days: None,
            warn: kind.warn,
            reason,
            sure: name.from_tag,
        },
        None => Classified {
            name: name.text,
            kind: None,
            kind_name: "类型不明".to_owned(),
            cycle: None,
            own_cycle_days: None,
            warn: None,
            reason: "名称中没有可判断类型的词".to_owned(),
            sure: false,
        },
    })
}

fn registered_as(column: &config::Column, rules: &Columns) -> Classified {
    let kind: Option<&ColumnKind> = match &column.kind {
        Some(id) => rules.kind(id),
        None => rules.classify(&column.name).map(|(kind, _)| kind),
    };
    let own_cycle = column.cycle_days.map(|days| Cycle::Days(u16::try_from(days).unwrap_or(u16::MAX)));
    Classified {
        name: column.name.clone(),
        kind: kind.map(|kind| kind.id.clone()),
        kind_name: kind.map_or_else(|| "登记周期".to_owned(), |kind| kind.name.clone()),
        own_cycle_days: column.cycle_days,
        cycle: own_cycle.or(kind.and_then(|kind| kind.cycle)),
        // The warning of the kind belongs to the cycle of the kind.
        warn: if own_cycle.is_some() { None } else { kind.and_then(|kind| kind.warn) },
        reason: "已登记的栏目".to_owned(),
        sure: true,
    }
}

/// Judges a page as a column, as of `today`.
pub fn judge(
    facts: &PageFacts,
    registered: Option<&config::Column>,
    rules: &Columns,
    today: Date,
) -> ColumnState {
    match classify(facts, registered, rules) {
        None => ColumnState::NotAColumn,
        Some(column) => state(facts, &column, rules, today),
    }
}

/// How a classified column stands.
fn state(facts: &PageFacts, column: &Classified, rules: &Columns, today: Date) -> ColumnState {
    for oddity in &facts.oddities {
        match oddity {
            Oddity::ScriptBuilt => return ColumnState::CannotJudge("页面内容由脚本生成"),
            Oddity::RedirectsOnly => return ColumnState::CannotJudge("页面只作跳转"),
            Oddity::Challenge => return ColumnState::CannotJudge("页面被防护设备拦截"),
            Oddity::Limited(_) => return ColumnState::CannotJudge("页面过大，只读取了一部分"),
            Oddity::WrongCharset { .. } | Oddity::NoCharset | Oddity::NulBytes | Oddity::SeveralDocuments => {
            }
        }
    }
    if facts.gone.is_some() {
        return ColumnState::CannotJudge("页面自称已不存在");
    }
    if facts.items.is_empty() && facts.content.main_chars >= rules.empty_main_chars() {
        return ColumnState::CannotJudge("没有可识别的列表");
    }
    if matches!(column.kind.as_deref(), Some("static" | "archive")) {
        return ColumnState::CannotJudge("静态或已归档的栏目，没有更新周期");
    }
    if facts.items.is_empty() {
        return ColumnState::Empty;
    }
    let Some(cycle) = column.cycle else {
        return ColumnState::CannotJudge("没有登记更新周期，名称也看不出");
    };
    age(facts, cycle, column.warn, today)
}

/// The newest date of a list: the greatest one, as pinned items stand first. A date after `today` is a misprint or an
/// announcement and says nothing of updating.
fn newest(facts: &PageFacts, today: Date) -> Option<Date> {
    facts.items.iter().filter_map(|item| item.date).filter(|date| *date <= today).max()
}

/// Compares the newest date with the cycle.
fn age(facts: &PageFacts, cycle: Cycle, warn: Option<Cycle>, today: Date) -> ColumnState {
    let Some(newest) = newest(facts, today) else {
        let dated = facts.items.iter().any(|item| item.date.is_some());
        return ColumnState::CannotJudge(if dated {
            "列表只有晚于今天的日期"
        } else {
            "列表没有日期"
        });
    };
    let due = cycle.due(newest);
    if today > due {
        let days_overdue = (today - due).get_days();
        ColumnState::Stale { newest, due, days_overdue }
    } else if warn.is_some_and(|warn| today >= warn.due(newest)) {
        ColumnState::Warn { newest, due }
    } else {
        ColumnState::Fresh { newest }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::address::Address;
    use crate::facts::{ContentKeys, ItemFact, ShownDate, Tag};
    use crate::indicators::RuleSet;

    const TODAY: Date = date(2026, 11, 21);

    /// A column page with this `ColumnName` and these dates.
    pub(crate) fn column_page(name: &str, dates: &[Option<Date>]) -> PageFacts {
        PageFacts {
            id: 7,
            address: "http://www.example.gov.cn/xwdt/".to_owned(),
            kind: PageKind::Column,
            kind_reason: "list".to_owned(),
            title: format!("{name}-示例市生态环境局"),
            tags: vec![
                Tag {
                    name: "SiteName".to_owned(), value: "示例市生态环境局".to_owned(), in_head: true
                },
                Tag { name: "ColumnName".to_owned(), value: name.to_owned(), in_head: true },
            ],
            items: dates
                .iter()
                .map(|date| ItemFact { target: None, title: "一条信息".to_owned(), date: *date })
                .collect::<Vec<_>>()
                .into(),
            published: None,
            shown: ShownDate::None,
            names: Vec::new(),
            content: ContentKeys { main_chars: 200, ..ContentKeys::default() },
            charset: "UTF-8".to_owned(),
            oddities: Vec::new(),
            gone: None,
            leads_elsewhere: false,
            is_provisional: false,
        }
    }

    fn judged(facts: &PageFacts) -> ColumnState {
        judge(facts, None, RuleSet::built_in().columns(), TODAY)
    }

    #[test]
    fn the_day_it_is_due_is_still_in_time() {
        let check = |name: &str, newest: Date, expected: ColumnState| {
            assert_eq!(judged(&column_page(name, &[Some(newest)])), expected, "{name} {newest}");
        };
        let day = |month, day| date(2026, month, day);
        let stale = |newest, due, days_overdue| ColumnState::Stale { newest, due, days_overdue };
        check("工作动态", day(11, 21), ColumnState::Fresh { newest: day(11, 21) });
        check("工作动态", day(11, 12), ColumnState::Fresh { newest: day(11, 12) });
        check("工作动态", day(11, 10), ColumnState::Warn { newest: day(11, 10), due: day(11, 24) });
        check("工作动态", day(11, 7), ColumnState::Warn { newest: day(11, 7), due: day(11, 21) });
        check("工作动态", day(11, 6), stale(day(11, 6), day(11, 20), 1));
        check("通知公告", day(6, 22), ColumnState::Fresh { newest: day(6, 22) });
        check("通知公告", day(5, 21), ColumnState::Warn { newest: day(5, 21), due: day(11, 21) });
        check("通知公告", day(5, 20), stale(day(5, 20), day(11, 20), 1));
        check("人事信息", date(2025, 11, 20), stale(date(2025, 11, 20), day(11, 20), 1));
        check("政府信息公开年报", day(1, 30), ColumnState::Fresh { newest: day(1, 30) });
        check("政府信息公开年报", date(2025, 1, 30), stale(date(2025, 1, 30), day(1, 31), 294));
    }

    #[test]
    fn the_newest_date_counts_wherever_it_stands() {
        let old = Some(date(2020, 1, 1));
        let fresh = ColumnState::Fresh { newest: date(2026, 11, 20) };
        assert_eq!(judged(&column_page("要闻", &[old, old, Some(date(2026, 11, 20)), None])), fresh);
        let future = Some(date(2027, 1, 1));
        assert_eq!(judged(&column_page("要闻", &[future, Some(date(2026, 11, 20))])), fresh);
    }

    #[test]
    fn what_cannot_be_judged_is_not_claimed() {
        let old = [Some(date(2020, 1, 1))];
        let check = |change: &dyn Fn(&mut PageFacts), name: &str, dates: &[Option<Date>]| {
            let mut facts = column_page(name, dates);
            change(&mut facts);
            let state = judged(&facts);
            assert!(
                matches!(state, ColumnState::CannotJudge(_) | ColumnState::NotAColumn),
                "{name}: {state:?}"
            );
        };
        let as_it_is = |_: &mut PageFacts| {};
        check(&as_it_is, "领导之窗", &old);
        check(&as_it_is, "机构职能", &old);
        check(&as_it_is, "政府信息公开指南", &old);
        check(&as_it_is, "党史学习专题", &old);
        check(&as_it_is, "一种没人听说过的栏目", &old);
        check(&as_it_is, "工作动态", &[None, None]);
        check(&as_it_is, "工作动态", &[Some(date(2027, 1, 1))]);
        check(&as_it_is, "工作动态", &[]);
        check(&|facts| facts.oddities.push(Oddity::ScriptBuilt), "工作动态", &old);
        check(&|facts| facts.oddities.push(Oddity::RedirectsOnly), "工作动态", &old);
        check(&|facts| facts.oddities.push(Oddity::Challenge), "工作动态", &old);
        check(&|facts| facts.gone = Some("页面不存在".to_owned()), "工作动态", &[]);
        check(&|facts| facts.address.push_str("index_1.html"), "工作动态", &old);
        check(&|facts| facts.kind = PageKind::Article, "工作动态", &old);
        check(&|facts| facts.kind = PageKind::Home, "工作动态", &old);
    }

    #[test]
    fn a_column_with_nothing_in_it_is_empty() {
        let check = |name: &str, kind: PageKind, main_chars: u32, expected: ColumnState| {
            let mut facts = column_page(name, &[]);
            (facts.kind, facts.content.main_chars) = (kind, main_chars);
            assert_eq!(judged(&facts), expected, "{name} {kind:?} {main_chars}");
        };
        check("工作动态", PageKind::Column, 12, ColumnState::Empty);
        check("工作动态", PageKind::Other, 12, ColumnState::Empty);
        check("别的栏目", PageKind::Column, 0, ColumnState::Empty);
        check("别的栏目", PageKind::Other, 0, ColumnState::NotAColumn);
        check("联系我们", PageKind::Other, 0, ColumnState::NotAColumn);
        check("工作动态", PageKind::Column, 300, ColumnState::CannotJudge("没有可识别的列表"));
    }

    #[test]
    fn what_is_registered_counts_before_what_the_page_says() {
        let registered = |kind: Option<&str>, cycle_days: Option<u32>| config::Column {
            name: "河长制".to_owned(),
            address: Address::parse("http://www.example.gov.cn/xwdt/").expect("an address"),
            kind: kind.map(str::to_owned),
            cycle_days,
        };
        let facts = column_page("领导之窗", &[Some(date(2026, 10, 1))]);
        let rules = RuleSet::built_in();
        let check = |column: &config::Column, stale: bool, kind_name: &str| {
            let state = judge(&facts, Some(column), rules.columns(), TODAY);
            assert_eq!(matches!(state, ColumnState::Stale { .. }), stale, "{state:?}");
            let classified = classify(&facts, Some(column), rules.columns()).expect("it is registered");
            assert_eq!(classified.kind_name, kind_name);
        };
        check(&registered(Some("news"), None), true, "动态要闻类");
        check(&registered(Some("news"), Some(90)), false, "动态要闻类");
        check(&registered(None, Some(30)), true, "登记周期");
        check(&registered(None, None), false, "登记周期");
    }
}
