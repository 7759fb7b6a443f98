//! How long a site was up, and the time that does not count.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Redirect};
use serde::Deserialize;

use crate::config::values;
use crate::contract::{Exclusion, ExclusionKind, Origin};
use crate::duty::View;
use crate::ledger::{Period, Span};
use crate::people::Permission;
use crate::report::availability::{self, Availability, Bar, WIDTH};
use crate::report::contract;
use crate::store::NewExclusion;
use crate::web::answer::{Answer, Failure, page};
use crate::web::app::App;
use crate::web::form::Fields;
use crate::web::shell::Shell;
use crate::web::visitor::Visitor;
use crate::web::{books, entered, scope};

#[derive(Template)]
#[template(path = "availability.html")]
struct AvailabilityPage {
    shell: Shell,
    site: String,
    period: String,
    periods: Vec<(&'static str, String)>,
    shown: Availability,
    lanes: Vec<LaneView>,
    width: u32,
    legend: Vec<(&'static str, &'static str)>,
    exclusions: Vec<ExclusionRow>,
    may_exclude: bool,
    /// Contracts whose assessment rests on these figures: id and name.
    contracts: Vec<(String, String)>,
}

/// The picture of a target.
struct LaneView {
    target: String,
    bars: Vec<Bar>,
}

/// Which period.
#[derive(Deserialize)]
pub(in crate::web) struct Asked {
    period: Option<String>,
}

/// The page.
pub(in crate::web) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Answer {
    let site = scope::site(&app, &visitor, &id)?;
    let today = app.now().to_zoned(app.current().settings.timezone.clone()).date();
    let this_month = Period::Month(today.year(), today.month());
    let period = match asked.period {
        None => this_month,
        some => books::period(&app, some.as_deref())?,
    };
    let zone = app.current().settings.timezone.clone();
    let read = books::read(&app, site.clone(), period, View::Site, move |books| {
        let lanes = books.timeline(WIDTH).into_iter().map(|lane| LaneView {
            bars: availability::bars(&lane, period.span(&zone)),
            target: lane.target.name,
        });
        let exclusions = books.exclusions().iter().map(ExclusionRow::new);
        Ok((availability::shown(&books.statement()), lanes.collect(), exclusions.collect()))
    });
    let (shown, lanes, exclusions) = read.await?;
    let name = site.name.unwrap_or_else(|| site.home.host().to_owned());
    let states = crate::ledger::State::ALL;
    let rules = app.current().rules;
    let contracts = rules.contracts().iter().map(|contract| (contract.id.clone(), contract.name.clone()));
    page(&AvailabilityPage {
        shell: Shell::new(&visitor, "overview", format!("{name} 可用性")),
        site: site.id,
        period: period.to_string(),
        periods: vec![
            ("今日", Period::Day(today).to_string()),
            ("本周", Period::Week(today.iso_week_date()).to_string()),
            ("本月", this_month.to_string()),
            ("本季度", Period::quarter_of(today).to_string()),
            ("本年", Period::Year(today.year()).to_string()),
        ],
        shown,
        lanes,
        width: WIDTH,
        legend: states.iter().map(|state| (state.word(), availability::state(*state))).collect(),
        exclusions,
        may_exclude: visitor.may(Permission::Decide),
        contracts: contracts.collect(),
    })
}

struct ExclusionRow {
    words: String,
    /// Its number, where it may be taken back.
    number: Option<i64>,
}

impl ExclusionRow {
    fn new(exclusion: &Exclusion) -> ExclusionRow {
        let number = match exclusion.origin {
            Origin::Entered { number, .. } if exclusion.withdrawn.is_none() => Some(number),
            // What the configuration says is changed there.
            _ => None,
        };
        ExclusionRow { words: contract::excluded(exclusion), number }
    }
}

/// Enters time that does not count.
pub(in crate::web) async fn exclude(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    fields: Fields,
) -> Answer {
    let site = scope::site(&app, &visitor, &id)?;
    let zone = app.current().settings.timezone.clone();
    let moment = |name: &str, what: &str| {
        let text = fields.required(name, what)?;
        values::moment(text, &zone).map_err(|_| Failure::Wrong(format!("{what}写作 2026-12-05 02:00")))
    };
    let kind = ExclusionKind::ALL.into_iter().find(|kind| kind.word() == fields.get("kind"));
    let exclusion = NewExclusion {
        site: site.id,
        span: Span::new(moment("from", "开始时间")?, moment("until", "结束时间")?),
        kind: kind.ok_or_else(|| Failure::Wrong("请选择类别".to_owned()))?,
        reason: fields.required("reason", "事由")?.to_owned(),
        author: visitor.actor(),
        approved_by: Some(fields.get("approved_by")).filter(|name| !name.is_empty()).map(str::to_owned),
        at: app.now(),
    };
    entered::exclude(&app, &visitor, exclusion).await?;
    Ok(Redirect::to(&format!("/sites/{id}/availability")).into_response())
}

/// Takes an exclusion back.
pub(in crate::web) async fn withdraw(
    State(app): State<App>,
    visitor: Visitor,
    Path((id, number)): Path<(String, i64)>,
    fields: Fields,
) -> Answer {
    let site = scope::site(&app, &visitor, &id)?;
    let reason = fields.required("reason", "撤回原因")?;
    entered::withdraw_exclusion(&app, &visitor, &site.id, number, reason).await?;
    Ok(Redirect::to(&format!("/sites/{id}/availability")).into_response())
}
