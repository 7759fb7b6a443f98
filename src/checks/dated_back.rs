//! Dates of publication that cannot be true (伪造发稿日期).

use std::collections::HashMap;

use jiff::{ToSpan, civil::Date};

use super::serials::{out_of_order, serial};
use super::{About, Check, Context, Findings, check};
use crate::address::Address;
use crate::facts::{Oddity, PageFacts, PageKind, ShownDate, TargetId};
use crate::finding::{Confidence, Severity};
use crate::indicators::Dating;
use crate::page::{Page, date_in_path};
use crate::sightings::Sighting;
use crate::snapshot::Snapshot;

check! {
    /// An article says that it was published at a time when it was not there yet, or its date has been changed.
    ///
    /// An earlier scan saw the list of its column without the article, although the date that the article shows now is
    /// days before that scan; or the article showed another date when it was seen first. The date in its address and the
    /// order of its number among others are weaker hints: older files are often added to a site, so they are notes.
    ///
    /// ## Why it matters
    /// A forged date of publication (伪造发稿日期) fails a site by itself, once it is confirmed. The finding is a lead: it
    /// takes a person to see whether somebody meant to feign updates.
    ///
    /// ## What to do
    /// Ask who published the article and when, keep the evidence, and show the true date. Old files that are added later
    /// may show when they were written, but beside the date on which they were put online.
    DatedBack, id: "dated-back", name: "发稿日期存疑", category: Columns, severity: High,
    advice: "请核实该稿件的实际发布时间并如实标注；补录的历史文件，请同时注明成文日期和上网日期。"
}

impl Check for DatedBack {
    fn about(&self) -> &'static About {
        &Self::ABOUT
    }

    fn needs_whole_site(&self) -> bool {
        true
    }

    /// Articles whose address was made long after the date that they show.
    fn page(&self, page: &Page, context: &Context<'_>, found: &mut Findings<'_>) {
        let ShownDate::Published(shown) = page.shown else { return };
        if page.kind != PageKind::Article || page.oddities.iter().any(Oddity::hides_content) {
            return;
        }
        let Some(made) = date_in_path(page.address.url().path()) else { return };
        let days = context.rules.publishing().dating.address_days;
        if made > shown.saturating_add(i64::from(days).days()) {
            let evidence = format!("稿件显示的发布日期为 {shown}，其地址中的日期为 {made}");
            found
                .add(page.address.as_str(), "address", evidence)
                .severity(Severity::Low)
                .confidence(Confidence::Note);
        }
    }

    fn site(&self, snapshot: &dyn Snapshot, context: &Context<'_>, found: &mut Findings<'_>) {
        let rules = &context.rules.publishing().dating;
        let mut articles = Articles::default();
        if let Some(sightings) = context.sightings {
            snapshot.pages(&mut |page| {
                if page.kind == PageKind::Article
                    && let Some(sighting) = sightings.article(&page.address)
                {
                    articles.take(page, sighting, rules);
                }
            });
        }
        articles.report(rules, found);
        for judged in context.columns(snapshot) {
            let Some(column) = snapshot.page(judged.page) else { continue };
            let name = &judged.column.name;
            let arrived = articles.arrived_together(&column);
            if arrived.len() >= rules.burst {
                let day = arrived[0].first_seen;
                let evidence =
                    format!("栏目“{name}”在 {day} 的扫描中一次新增 {} 条日期较早的信息", arrived.len());
                found
                    .add(&column.address, "burst", evidence)
                    .kind(column.kind)
                    .severity(Severity::Low)
                    .confidence(Confidence::Note);
            }
            report_disorder(&column, name, snapshot, rules, found);
        }
    }
}

/// What the memory of the site says of its articles.
#[derive(Default)]
struct Articles {
    known: usize,
    back: Vec<(TargetId, String, Sighting)>,
    changed: Vec<(String, Date, Date)>,
    /// Places in `back`.
    by_id: HashMap<TargetId, usize>,
}

impl Articles {
    fn take(&mut self, page: &PageFacts, sighting: &Sighting, rules: &Dating) {
        self.known += 1;
        if sighting.days_back().is_some_and(|days| days > i32::from(rules.days)) {
            self.by_id.insert(page.id, self.back.len());
            self.back.push((page.id, page.address.clone(), *sighting));
        }
        if let (Some(before), Some(now)) = (sighting.shown, page.dated())
            && (now - before).get_days().unsigned_abs() > u32::from(rules.days)
        {
            self.changed.push((page.address.clone(), before, now));
        }
    }

    fn report(&self, rules: &Dating, found: &mut Findings<'_>) {
        for (_, address, sighting) in &self.back {
            let Sighting { shown: Some(shown), first_seen, absent: Some(absent), .. } = sighting else {
                continue;
            };
            let evidence = format!(
                "稿件显示的发布日期为 {shown}，但 {absent} 扫描时所在列表中尚无此稿件，{first_seen} 扫描时首次出现"
            );
            found.add(address, "back", evidence).kind(PageKind::Article).confidence(Confidence::Probable);
        }
        let (changed, known) = (self.changed.len(), self.known);
        if changed >= rules.changed_pages && changed * 100 >= known * rules.changed_percent {
            let (address, before, now) = &self.changed[0];
            let evidence = format!(
                "{known} 篇稿件中 {changed} 篇显示的发布日期与首次扫描时不同（如由 {before} 变为 {now}），可能是页面模板有变化"
            );
            let samples = self.changed.iter().take(SAMPLES).map(|(address, ..)| address.clone()).collect();
            found
                .add(address, "changed", evidence)
                .kind(PageKind::Article)
                .severity(Severity::Low)
                .confidence(Confidence::Note)
                .site_wide(changed as u64, samples);
            return;
        }
        for (address, before, now) in &self.changed {
            let evidence = format!("稿件首次扫描时显示的发布日期为 {before}，现在显示为 {now}");
            found.add(address, "changed", evidence).kind(PageKind::Article).confidence(Confidence::Probable);
        }
    }

    /// The articles of a list that came with old dates in one scan, of that which brought most.
    fn arrived_together(&self, column: &PageFacts) -> Vec<&Sighting> {
        let mut by_day: HashMap<Date, Vec<&Sighting>> = HashMap::new();
        for target in column.items.iter().filter_map(|item| item.target) {
            if let Some((_, _, sighting)) = self.by_id.get(&target).map(|at| &self.back[*at]) {
                by_day.entry(sighting.first_seen).or_default().push(sighting);
            }
        }
        by_day.into_values().max_by_key(|arrived| (arrived.len(), arrived[0].first_seen)).unwrap_or_default()
    }
}

/// Articles that a finding about many names.
const SAMPLES: usize = 10;

/// Rows whose number says that they were made after rows with much later dates.
fn report_disorder(
    column: &PageFacts,
    name: &str,
    snapshot: &dyn Snapshot,
    rules: &Dating,
    found: &mut Findings<'_>,
) {
    let mut rows = Vec::new();
    let mut addresses = Vec::new();
    for item in column.items.iter() {
        let target = item.target.and_then(|target| snapshot.target(target)).filter(|target| target.own);
        let Some((target, date)) = target.zip(item.date) else { continue };
        let path = Address::parse(&target.address).ok().map(|address| address.url().path().to_owned());
        if let Some(number) = path.and_then(|path| serial(&path)) {
            rows.push((number, date));
            addresses.push(target.address);
        }
    }
    for row in out_of_order(&rows, rules) {
        let (number, date) = rows[row];
        let evidence = format!(
            "栏目“{name}”中该信息的日期为 {date}，但其地址中的序号 {number} 大于若干日期更晚的信息，可能是后来补发的"
        );
        found
            .add(&column.address, format!("serial {}", addresses[row]), evidence)
            .target(&addresses[row])
            .kind(column.kind)
            .severity(Severity::Low)
            .confidence(Confidence::Note);
    }
}
