//! One line of the score: a rule held against what was found.

use super::{Gauge, HomeNewest, HomeOpened, Judged, Line, Said, Seen, Standing};
use crate::facts::PageKind;
use crate::finding::{Confidence, Finding};
use crate::indicators::{Consequence, Count, Cycle, Measure, PageArea, Rule};

/// Holds a rule against what was found, and against what people say.
pub(super) fn line(rule: &Rule, seen: &Seen<'_>) -> Line {
    let measured = match unmeasured(rule, seen) {
        Some(reason) => Outcome::not_measured(reason),
        None => match rule.measure {
            Some(Measure::HomeOpens) => home_opens(rule, seen),
            Some(Measure::HomeUpdated) => home_updated(rule, seen),
            Some(Measure::HomeLoads) => home_loads(rule, seen),
            Some(Measure::ColumnsDue) => columns_due(rule, seen),
            None if rule.consequence == Consequence::Veto => limits(rule, seen),
            None => deduction(rule, seen),
        },
    };
    let is_about = |said: &&Said| rule.takes_entries() && said.judgement.indicator == rule.id;
    let said = seen.entries.iter().find(is_about);
    let outcome = match said {
        Some(said) => by_person(rule, said, measured),
        None => measured,
    };
    Line {
        id: rule.id.clone(),
        name: rule.name.clone(),
        group: rule.group.clone(),
        expectation: rule.wording(),
        measured: outcome.measured,
        standing: outcome.standing,
        lost: outcome.lost,
        unconfirmed: outcome.unconfirmed,
        gained: outcome.gained,
        cap: rule.item_cap,
        findings: outcome.findings,
        gauges: outcome.gauges,
        said: said.cloned(),
        authority: rule.authority.clone(),
        confidence: rule.confidence.to_string(),
    }
}

/// A person's word stands before the machine's, which stays in words and figures.
fn by_person(rule: &Rule, said: &Said, measured: Outcome) -> Outcome {
    let points = said.judgement.points;
    let (standing, lost, gained) = match (said.judgement.standing, rule.consequence) {
        (Judged::Met, Consequence::Bonus) => (Standing::Met, 0.0, points),
        (Judged::Met, _) => (Standing::Met, 0.0, 0.0),
        // The cap may be lower today than when the entry was made.
        (Judged::Failed, Consequence::Deduct) if rule.item_cap > 0.0 => {
            (Standing::Failed, points.min(rule.item_cap), 0.0)
        }
        (Judged::Failed, Consequence::Deduct) => (Standing::Failed, points, 0.0),
        (Judged::Failed, _) => (Standing::Failed, 0.0, 0.0),
    };
    Outcome { standing, lost, gained, unconfirmed: 0.0, ..measured }
}

/// What came of measuring a rule.
struct Outcome {
    standing: Standing,
    measured: String,
    lost: f64,
    unconfirmed: f64,
    gained: f64,
    findings: u64,
    gauges: Vec<Gauge>,
}

impl Outcome {
    fn of(standing: Standing, measured: impl Into<String>) -> Outcome {
        Outcome {
            standing,
            measured: measured.into(),
            lost: 0.0,
            unconfirmed: 0.0,
            gained: 0.0,
            findings: 0,
            gauges: Vec::new(),
        }
    }

    fn not_measured(reason: impl Into<String>) -> Outcome {
        Outcome::of(Standing::NotMeasured, reason)
    }
}

/// Why a rule cannot be measured by this scan at all, in Chinese.
fn unmeasured(rule: &Rule, seen: &Seen<'_>) -> Option<String> {
    let facts = seen.facts;
    if rule.services && !facts.services {
        return Some("该单位没有对外服务职能，不检查此项".to_owned());
    }
    if !rule.is_measurable() {
        return Some(match rule.consequence {
            Consequence::Bonus => "机器不检测；具备条件的可申报，由人工认定".to_owned(),
            _ => "机器不检测，请人工核查".to_owned(),
        });
    }
    if rule.measure.is_some() {
        return None;
    }
    if let Some(only) = &facts.only
        && !rule.all_counts().all(|count| only.contains(&count.check))
    {
        return Some("本次扫描没有运行全部相关检查".to_owned());
    }
    let stale_or_empty = |count: &Count| matches!(count.check.as_str(), "stale-column" | "empty-column");
    if rule.all_counts().all(stale_or_empty) {
        // Columns are told more finely than pages are: by what they turned out to be.
        return (facts.columns.all() == 0).then(|| "本次扫描没有看到栏目".to_owned());
    }
    let searches = |count: &Count| count.check == "search-miss";
    if rule.all_counts().any(searches) && facts.searches == 0 {
        return Some("本次扫描没有可以判断的站内搜索".to_owned());
    }
    if seen.coverage.finished && rule.offers().any(|offer| facts.not_offered.contains(offer)) {
        return None; // That nothing was seen is what it asks about.
    }
    let pages: u64 = rule.pages.iter().map(|area| pages_seen(*area, seen)).sum();
    (pages == 0).then(|| "本次扫描没有看到此类页面".to_owned())
}

/// How many pages a scan saw where a rule looks.
fn pages_seen(area: PageArea, seen: &Seen<'_>) -> u64 {
    let coverage = seen.coverage;
    let of = |kind| coverage.pages_by_kind.get(&kind).copied().unwrap_or(0);
    match area {
        PageArea::Home => of(PageKind::Home),
        PageArea::Column => of(PageKind::Column),
        PageArea::Article => of(PageKind::Article),
        PageArea::Service => of(PageKind::Service),
        PageArea::Message => of(PageKind::Message),
        PageArea::Search => of(PageKind::Search),
        PageArea::Image | PageArea::Attachment | PageArea::All | PageArea::Site => coverage.pages,
        PageArea::Dns => 0,
    }
}

/// VETO-02 wants a week of visits; one scan can only tell that there is reason to look.
fn home_opens(rule: &Rule, seen: &Seen<'_>) -> Outcome {
    let timeout_ms = rule.param("timeout_s").unwrap_or(f64::INFINITY) * 1000.0;
    match &seen.facts.home_opened {
        HomeOpened::Yes { millis } if f64::from(*millis) < timeout_ms => Outcome::not_measured(format!(
            "本次访问首页正常，用时 {:.1} 秒；须连续监测一周才能计算比例",
            f64::from(*millis) / 1000.0
        )),
        HomeOpened::Yes { millis } => Outcome::of(
            Standing::Warning,
            format!(
                "本次访问首页用时 {:.1} 秒，达到超时界限；须连续监测一周才能计算比例",
                f64::from(*millis) / 1000.0
            ),
        ),
        HomeOpened::No(reason) => {
            Outcome::of(Standing::Warning, format!("本次访问首页失败：{reason}；须连续监测一周才能计算比例"))
        }
        HomeOpened::Unknown(reason) => Outcome::not_measured(reason.as_str()),
    }
}

/// PAGE-12 means the page with all that belongs to it; a scan times the document alone, and from one place.
fn home_loads(rule: &Rule, seen: &Seen<'_>) -> Outcome {
    let most_ms = rule.param("load_s").unwrap_or(f64::INFINITY) * 1000.0;
    match &seen.facts.home_opened {
        HomeOpened::Yes { millis } => {
            let measured =
                format!("首页文档用时 {:.1} 秒（不含图片、样式和脚本）", f64::from(*millis) / 1000.0);
            if f64::from(*millis) > most_ms {
                Outcome::of(Standing::Warning, measured)
            } else {
                Outcome::not_measured(format!("{measured}，完整加载时间请在浏览器中核查"))
            }
        }
        HomeOpened::No(reason) | HomeOpened::Unknown(reason) => Outcome::not_measured(reason.as_str()),
    }
}

fn home_updated(rule: &Rule, seen: &Seen<'_>) -> Outcome {
    let facts = seen.facts;
    let newest = match &facts.home_newest {
        HomeNewest::Date(newest) => *newest,
        HomeNewest::Unknown(reason) => return Outcome::not_measured(format!("{reason}，须人工核查")),
    };
    // Days of a rule file are small whole numbers; a cast saturates.
    let days = |name: &str| rule.param(name).map_or(u16::MAX, |days| days as u16);
    let (stale, warn) = (days("stale_days"), days("warn_days"));
    let old = (facts.today - newest).get_days();
    let age = format!("首页可见的最新信息日期为 {newest}，截至 {} 已 {old} 天", facts.today);
    let (standing, measured) = if facts.today > Cycle::Days(stale).due(newest) {
        (Standing::Failed, format!("候选，需人工确认：{age}"))
    } else if facts.today >= Cycle::Days(warn).due(newest) {
        (Standing::Warning, age)
    } else {
        (Standing::Met, age)
    };
    let gauge = Gauge {
        name: "首页最新信息距今".to_owned(),
        unit: "天".to_owned(),
        measured: u64::try_from(old).unwrap_or(0),
        warn: u64::from(warn),
        // The last day is still in time.
        fail: u64::from(stale) + 1,
    };
    Outcome { gauges: vec![gauge], ..Outcome::of(standing, measured) }
}

/// Columns that are in time, but not for long.
fn columns_due(rule: &Rule, seen: &Seen<'_>) -> Outcome {
    let days = rule.param("within_days").map_or(0, |days| days as u32);
    let number = seen.facts.due_within(days).count() as u64;
    let standing = if number == 0 { Standing::Met } else { Standing::Warning };
    let measured = format!("{}，其中 {days} 天内到期 {number} 个", denominator(rule, seen));
    Outcome::of(standing, measured)
}

/// A veto by numbers of findings: any one limit is enough.
fn limits(rule: &Rule, seen: &Seen<'_>) -> Outcome {
    let mut standing = Standing::Met;
    let mut parts = Vec::new();
    let mut gauges = Vec::new();
    for limit in &rule.limit {
        if let Some(offer) = &limit.offer {
            // What an unfinished scan did not see may stand on the pages that it did not get to.
            if seen.coverage.finished && seen.facts.not_offered.contains(offer) {
                standing = standing.max(Standing::Warning);
                parts.push(format!("{}：本站及其链接中均未看到，须人工核查", limit.name));
            }
            continue;
        }
        let matching = seen.findings.iter().filter_map(|finding| best(&limit.counts, 0.0, finding, seen));
        let number: u64 = matching.map(|(weight, _)| weight).sum();
        parts.push(format!("{} {number} 个（达到 {} 个即否决）", limit.name, limit.fail));
        let guides = seen.facts.guides;
        let few = limit.all_guides_below.is_some_and(|below| (1..below).contains(&guides));
        if few {
            parts.push(format!("全站共 {guides} 个办事指南，全部如此即否决"));
        }
        if number >= limit.fail || (few && number >= guides) {
            standing = Standing::Failed;
        } else if number >= limit.warn {
            standing = standing.max(Standing::Warning);
        }
        gauges.push(Gauge {
            name: limit.name.clone(),
            unit: "个".to_owned(),
            measured: number,
            warn: limit.warn,
            fail: limit.fail,
        });
    }
    let mark = if standing == Standing::Failed { "候选，需人工确认：" } else { "" };
    let findings = gauges.iter().map(|gauge| gauge.measured).max().unwrap_or(0);
    Outcome { findings, gauges, ..Outcome::of(standing, format!("{mark}{}", parts.join("；"))) }
}

fn deduction(rule: &Rule, seen: &Seen<'_>) -> Outcome {
    let mut number = 0;
    let (mut points, mut sure) = (0.0, 0.0);
    for finding in seen.findings {
        if let Some((weight, each)) = best(&rule.counts, rule.points, finding, seen) {
            number += weight;
            // Counts of pages stay far below what a float holds exactly.
            points += weight as f64 * each;
            if finding.confidence == Confidence::Confirmed {
                sure += weight as f64 * each;
            }
        }
    }
    let capped = |points: f64| {
        let capped = if rule.item_cap > 0.0 { f64::min(points, rule.item_cap) } else { points };
        (capped * 100.0).round() / 100.0
    };
    let lost = capped(points);
    let is_home = |address: &str| seen.facts.is_home(address);
    let is_hint = |finding: &&Finding| rule.counts.iter().any(|count| count.is_hinted_by(finding, &is_home));
    let hints = seen.findings.iter().filter(is_hint).count();
    let standing = match (number, hints) {
        (0, 0) => Standing::Met,
        (0, _) => Standing::Warning,
        _ => Standing::Failed,
    };
    let mut measured = format!("{}，发现 {number} 处", denominator(rule, seen));
    if number > 0 {
        if let Some(part_of) = &rule.part_of {
            measured.push_str(&format!("，{part_of}"));
        } else if lost < points - 0.005 {
            measured.push_str(&format!("，应扣 {points:.1} 分，本项最多扣 {} 分", rule.item_cap));
        }
    }
    if hints > 0 {
        measured.push_str(&format!("，另有提示 {hints} 处，须人工核查"));
    }
    let unconfirmed = lost - capped(sure);
    Outcome { lost, unconfirmed, findings: number, ..Outcome::of(standing, measured) }
}

/// How often a finding counts, and for how many points each time. Of several counts that fit, the dearest one
/// counts, once: a template that stands on the home page and
/// on others is one defect.
fn best(counts: &[Count], points: f64, finding: &Finding, seen: &Seen<'_>) -> Option<(u64, f64)> {
    counts
        .iter()
        .filter(|count| count.matches(finding, &|address| seen.facts.is_home(address)))
        .map(|count| (count.weight(finding), count.points.unwrap_or(points)))
        .max_by(|(_, a), (_, b)| a.total_cmp(b))
}

/// What was looked at: numbers without it say little.
fn denominator(rule: &Rule, seen: &Seen<'_>) -> String {
    let of_columns = |count: &Count| matches!(count.check.as_str(), "stale-column" | "empty-column");
    if rule.all_counts().all(of_columns) {
        let columns = seen.facts.columns;
        return format!(
            "看到 {} 个栏目，其中按期更新 {} 个、临近到期 {} 个、超期 {} 个、空白 {} 个、不作判断 {} 个",
            columns.all(),
            columns.fresh,
            columns.warn,
            columns.stale,
            columns.empty,
            columns.unclear
        );
    }
    if rule.all_counts().all(|count| count.check == "search-miss") {
        return format!("用 {} 个标题试搜", seen.facts.searches);
    }
    if rule.pages == [PageArea::Home] {
        return "检查首页".to_owned();
    }
    let is_whole = |area: &PageArea| !matches!(area, PageArea::Home | PageArea::Column | PageArea::Article);
    let pages = if rule.pages.iter().any(is_whole) {
        seen.coverage.pages
    } else {
        rule.pages.iter().map(|area| pages_seen(*area, seen)).sum()
    };
    format!("检查 {pages} 个页面")
}
