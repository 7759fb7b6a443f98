//! One site: its score explained, how it went, its columns, tags and scans, and what may be asked of the daemon.

mod baselines;
mod links;
mod progress;
mod scans;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect};
use jiff::Timestamp;

pub(in crate::web) use self::baselines::{accept, show as baselines};
pub(in crate::web) use self::links::{approve as approve_host, revoke as revoke_host, show as links};
pub(in crate::web) use self::progress::show as progress;
pub(in crate::web) use self::scans::{ScanLine, show as scan};
use super::overview::{cards, result};
use crate::people::Permission;
use crate::report::figures;
use crate::report::html::finding::shown;
use crate::report::html::score::{ScoreGroup, VetoView, groups, vetoes};
use crate::report::html::tags::{TagTable, tables};
use crate::score::{Basis, Facts};
use crate::store::{ScanResult, ScanRow, Store, StoreError};
use crate::web::answer::{Answer, Failure, page};
use crate::web::app::App;
use crate::web::chart::Curve;
use crate::web::glance::Card;
use crate::web::shell::Shell;
use crate::web::visitor::Visitor;

/// Scans of the trend: some years of monthly ones.
const TREND: u32 = 60;

/// Scans listed.
const LISTED: usize = 20;

#[derive(Template)]
#[template(path = "site.html")]
struct SitePage {
    shell: Shell,
    card: Card,
    home: String,
    verdict: Option<String>,
    distances: Vec<VetoView>,
    score: Vec<ScoreGroup>,
    points: Option<Curve>,
    points_told: String,
    course: Option<Curve>,
    course_told: String,
    columns: Option<Columns>,
    tags: Vec<TagTable>,
    scans: Vec<ScanLine>,
    waiting: usize,
    hosts: usize,
    is_running: bool,
    may_work: bool,
}

/// How the columns stood at the last scan.
struct Columns {
    /// Word and number.
    tally: Vec<(&'static str, String)>,
    /// Those in time, soonest due first.
    due: Vec<ColumnRow>,
}

struct ColumnRow {
    name: String,
    kind: String,
    newest: String,
    due: String,
    left: i32,
    class: &'static str,
}

impl Columns {
    fn new(facts: &Facts, today: jiff::civil::Date) -> Columns {
        let columns = &facts.columns;
        let tally = [
            ("正常", columns.fresh),
            ("临近到期", columns.warn),
            ("逾期", columns.stale),
            ("空白", columns.empty),
            ("无法判断", columns.unclear),
        ];
        let row = |column: &crate::score::ColumnDue| {
            let left = (column.due - today).get_days();
            ColumnRow {
                name: shown(&column.name),
                kind: shown(&column.kind_name),
                newest: column.newest.to_string(),
                due: column.due.to_string(),
                left,
                class: if left < 0 {
                    "bad"
                } else if left <= 7 {
                    "warn"
                } else {
                    "plain"
                },
            }
        };
        Columns {
            tally: tally.into_iter().map(|(word, number)| (word, figures::count(number))).collect(),
            due: facts.due.iter().map(row).collect(),
        }
    }
}

/// What the record says of a site.
struct Found {
    scans: Vec<ScanRow>,
    last: Option<ScanResult>,
    basis: Option<Basis>,
    course: Vec<(Timestamp, i64)>,
    waiting: usize,
    hosts: usize,
}

fn ask(store: &dyn Store, site: &str) -> Result<Found, StoreError> {
    let scans = store.scans(site, TREND)?;
    let last = scans.iter().find_map(|row| Some((row.id, result(row.clone())?)));
    let basis = last.as_ref().map(|(id, _)| store.basis(*id)).transpose()?.flatten();
    let baselines = store.baselines(site)?;
    Ok(Found {
        basis,
        course: store.course(site)?,
        waiting: baselines.pages().filter(|page| baselines.waiting(&page.page).is_some()).count(),
        hosts: store.inventory(site)?.hosts.len(),
        last: last.map(|(_, result)| result),
        scans,
    })
}

/// The page of a site.
pub(in crate::web) async fn show(State(app): State<App>, visitor: Visitor, Path(id): Path<String>) -> Answer {
    let site = app.site(&visitor, &id)?;
    let found = app.ask(move |store| ask(store, &id)).await?;
    let card = cards(&app, vec![site.clone()]).await?.pop().ok_or(Failure::Broken)?;
    let points: Vec<(Timestamp, f64)> = {
        let results = found.scans.iter().rev().filter_map(|row| result(row.clone()));
        results.filter_map(|result| Some((result.finished, result.score.total?))).collect()
    };
    let course: Vec<(Timestamp, f64)> =
        found.course.iter().map(|(at, number)| (*at, *number as f64)).collect();
    let score = found.last.as_ref().map(|last| &last.score);
    page(&SitePage {
        shell: Shell::new(&visitor, "overview", site.title()),
        home: shown(site.home.as_str()),
        verdict: score.map(|score| shown(&score.verdict)),
        distances: score.map_or_else(Vec::new, vetoes),
        score: score.map_or_else(Vec::new, |score| groups(&score.lines)),
        points_told: told(&points, "分"),
        points: Curve::new(&points, score.map_or(100.0, |score| score.full)),
        course_told: told(&course, "个"),
        course: Curve::new(&course, 1.0),
        columns: found.basis.as_ref().map(|basis| Columns::new(&basis.facts, app.today())),
        tags: found.basis.as_ref().map_or_else(Vec::new, |basis| tables(&basis.tags)),
        scans: found.scans.iter().take(LISTED).map(ScanLine::new).collect(),
        waiting: found.waiting,
        hosts: found.hosts,
        is_running: app.knobs.progress(&site.id).is_some(),
        may_work: visitor.may(Permission::Work),
        card,
    })
}

/// A curve in words: where it began, where it is, its extremes.
fn told(values: &[(Timestamp, f64)], unit: &str) -> String {
    let (Some((from, first)), Some((to, last))) = (values.first(), values.last()) else {
        return "尚无记录".to_owned();
    };
    let extreme = |better: fn(f64, f64) -> f64| values.iter().map(|(_, value)| *value).fold(*last, better);
    let point = |value: f64| format!("{} {unit}", figures::points(value));
    format!(
        "{} {}，{} {}；最高 {}，最低 {}",
        figures::minute(*from),
        point(*first),
        figures::minute(*to),
        point(*last),
        point(extreme(f64::max)),
        point(extreme(f64::min))
    )
}

/// Has the site scanned in full.
pub(in crate::web) async fn start_scan(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Answer {
    let site = app.site(&visitor, &id)?;
    let note = visitor.action(app.now(), "site.scan", &site.id, "");
    app.ask(move |store| store.note(&note)).await?;
    app.knobs.scan(&site.id);
    Ok(Redirect::to(&format!("/sites/{id}/progress")).into_response())
}

/// Has the site read.
pub(in crate::web) async fn start_reading(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Answer {
    let site = app.site(&visitor, &id)?;
    let note = visitor.action(app.now(), "site.read", &site.id, "");
    app.ask(move |store| store.note(&note)).await?;
    app.knobs.read(&site.id);
    Ok(Redirect::to(&format!("/sites/{id}")).into_response())
}
