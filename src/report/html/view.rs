//! The page as a whole.

use askama::Template;

use super::coverage::CoverageView;
use super::finding::{FindingView, Link, SectionView, Tag, shown};
use super::score::{ScoreGroup, VetoView, footing_class, groups, risks, vetoes as veto_views};
use super::tags::{TagTable, tables as tag_tables};
use crate::life::{Life, Reported};
use crate::report::completeness::{Completeness, Tone};
use crate::report::outline::{Counts, outline};
use crate::report::wording::{self, CONFIDENCES, FOOTINGS, SEVERITIES, VERDICTS, Word};
use crate::report::{Report, figures};
use crate::score::ScoreSheet;

/// Fixed findings listed; they are good news and need no more than a look.
const FIXED_ROWS: usize = 200;

/// Faults listed of checks that could not run.
const FAULT_ROWS: usize = 100;

/// Everything the template shows.
#[derive(Template)]
#[template(path = "report.html")]
pub(super) struct View {
    site_name: String,
    home: Link,
    scan: i64,
    started: String,
    finished: String,
    span: String,
    today: String,
    scale: String,
    rules_version: String,
    program: &'static str,
    /// Look of the result: `good`, `doubt` or `bad`.
    tone: &'static str,
    verdict: String,
    vetoes: Vec<String>,
    total: Option<String>,
    full: String,
    problems: String,
    severities: Vec<SeverityCount>,
    new: String,
    reopened: Option<String>,
    dismissed: Option<String>,
    coverage: CoverageView,
    tags: Vec<TagTable>,
    score: Vec<ScoreGroup>,
    bonus: Option<String>,
    distances: Vec<VetoView>,
    risks: Vec<(String, String)>,
    conduct: Vec<(String, String)>,
    sections: Vec<SectionView>,
    fixed_count: String,
    fixed: Vec<FindingView>,
    fixed_rest: Option<String>,
    faults: Vec<Fault>,
    faults_rest: Option<String>,
    legend: Legend,
}

/// How many problems of a severity.
struct SeverityCount {
    tag: Tag,
    number: u64,
    shown: String,
}

/// A check that could not run.
struct Fault {
    name: String,
    page: Option<Link>,
}

/// The appendix.
struct Legend {
    severities: Vec<Tag>,
    confidences: Vec<Tag>,
    verdicts: Vec<Tag>,
    footings: Vec<(Word, &'static str)>,
    lives: Vec<Word>,
}

impl View {
    pub(super) fn new(report: &Report) -> View {
        let counts = Counts::of(&report.findings);
        let completeness = Completeness::of(&report.coverage, report.could_not_run.len());
        let some = |number: u64| (number > 0).then(|| figures::count(number));
        let score = &report.score;
        View {
            site_name: shown(&report.site_name),
            home: Link::new(&report.home),
            scan: report.scan,
            started: figures::moment(report.started),
            finished: figures::moment(report.finished),
            span: figures::span(report.started, report.finished),
            today: report.today.to_string(),
            scale: scale(score),
            rules_version: shown(&score.rules_version),
            program: concat!("sitewarden ", env!("CARGO_PKG_VERSION")),
            tone: match Tone::of(report, &completeness) {
                Tone::Good => "good",
                Tone::Doubt => "doubt",
                Tone::Bad => "bad",
            },
            verdict: shown(&score.verdict),
            vetoes: vetoes(report),
            total: score.total.map(figures::points),
            full: figures::points(score.full),
            problems: figures::count(counts.problems),
            severities: severities(counts),
            new: figures::count(counts.new),
            reopened: some(counts.reopened),
            dismissed: some(counts.dismissed),
            coverage: CoverageView::new(&report.coverage, &completeness),
            tags: tag_tables(&report.tags),
            score: groups(&score.lines),
            bonus: (score.bonus > 0.0).then(|| figures::points(score.bonus)),
            distances: veto_views(score),
            risks: risks(report),
            conduct: conduct(report),
            sections: outline(&report.findings)
                .iter()
                .map(|section| SectionView::new(section, &report.pictures))
                .collect(),
            fixed_count: figures::count(report.fixed.len() as u64),
            fixed: fixed(&report.fixed),
            fixed_rest: some(report.fixed.len().saturating_sub(FIXED_ROWS) as u64),
            faults: faults(report),
            faults_rest: some(report.could_not_run.len().saturating_sub(FAULT_ROWS) as u64),
            legend: Legend::new(),
        }
    }
}

/// How the scan was made, and what it saw of the columns.
fn conduct(report: &Report) -> Vec<(String, String)> {
    let rows = report.conduct.rows().into_iter().map(|(label, text)| (label.to_owned(), text));
    let columns = report.conduct.column_rows();
    rows.chain(columns).map(|(label, text)| (shown(&label), shown(&text))).collect()
}

/// The scale, and what its figures rest on.
fn scale(score: &ScoreSheet) -> String {
    shown(&format!("{}〔{}〕", score.scale, wording::footing(&score.scale_confidence).label))
}

/// The vetoes that hold, with their names.
fn vetoes(report: &Report) -> Vec<String> {
    let name = |id: &String| {
        let line = report.score.lines.iter().find(|line| line.id == *id);
        shown(&line.map_or_else(|| id.clone(), |line| format!("{id} {}", line.name)))
    };
    report.score.vetoes.iter().map(name).collect()
}

fn severities(counts: Counts) -> Vec<SeverityCount> {
    let numbers = SEVERITIES.into_iter().zip(counts.by_severity);
    numbers
        .map(|(severity, number)| SeverityCount {
            tag: Tag::severity(severity),
            number,
            shown: figures::count(number),
        })
        .collect()
}

fn fixed(findings: &[Reported]) -> Vec<FindingView> {
    let rows = findings.iter().take(FIXED_ROWS).enumerate();
    rows.map(|(index, reported)| FindingView::new(index + 1, reported, true)).collect()
}

fn faults(report: &Report) -> Vec<Fault> {
    let rows = report.could_not_run.iter().take(FAULT_ROWS);
    rows.map(|fault| Fault {
        name: shown(wording::check_name(&fault.check)),
        page: fault.page.as_deref().map(Link::new),
    })
    .collect()
}

impl Legend {
    fn new() -> Legend {
        let footings = FOOTINGS.map(|word| (wording::footing(word), footing_class(word)));
        let lives = [Life::New, Life::Open, Life::Acknowledged, Life::Dismissed, Life::Fixed, Life::Reopened];
        Legend {
            severities: SEVERITIES.map(Tag::severity).into(),
            confidences: CONFIDENCES.map(Tag::confidence).into(),
            verdicts: VERDICTS.map(Tag::verdict).into(),
            footings: footings.into(),
            lives: lives.map(wording::life).into(),
        }
    }
}
