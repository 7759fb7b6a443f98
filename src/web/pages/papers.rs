//! Documents that were made and handed in: which there are of a site, their files, and entering what was handed in.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect};
use jiff::Timestamp;

use super::handouts::file;
use crate::cabinet::Cabinet;
use crate::config::{Settings, Site};
use crate::contract::Withdrawal;
use crate::duty::{self, DutyError};
use crate::indicators::RuleSet;
use crate::ledger::Unit;
use crate::paper::{Kind, PaperFormat};
use crate::report::{documents, figures};
use crate::store::papers::{HandIn, Matter, NewHandIn, Paper, PaperFilter, PaperId};
use crate::store::{Reader, StoreError};
use crate::web::answer::{Answer, Failure};
use crate::web::app::App;
use crate::web::entered::{self, moment};
use crate::web::form::Fields;
use crate::web::scope;
use crate::web::visitor::Visitor;

/// What was made of one site, and what was handed in.
pub(super) struct Papers {
    /// Newest first.
    pub(super) made: Vec<MadeRow>,
    /// Newest first.
    pub(super) handed_in: Vec<HandInRow>,
    /// What the contract of the configuration promises and was not handed in.
    pub(super) owed: Vec<[String; 5]>,
}

/// A document that was made.
pub(super) struct MadeRow {
    pub(super) number: i64,
    pub(super) what: String,
    pub(super) made: String,
    /// Word for the address, words for people, and size.
    pub(super) files: Vec<(&'static str, &'static str, String)>,
}

/// A document that was handed in.
pub(super) struct HandInRow {
    pub(super) number: i64,
    pub(super) what: String,
    pub(super) at: String,
    pub(super) by: String,
    pub(super) to: String,
    pub(super) note: String,
    /// The beginning of the digest of its file; empty: not known.
    pub(super) sha256: String,
    /// Who withdrew it and why.
    pub(super) withdrawn: Option<String>,
}

impl Papers {
    /// Reads what there is of a site, at most `listed` rows of each.
    pub(super) fn read(
        store: &dyn Reader,
        rules: &Arc<RuleSet>,
        settings: &Settings,
        site: &Site,
        listed: u32,
        now: Timestamp,
    ) -> Result<Papers, StoreError> {
        let filter = PaperFilter { site: Some(site.id.clone()), kind: None, limit: Some(listed) };
        let handed_in = store.handed_in(&site.id)?;
        let owed = match duty::outstanding(store, rules, settings, site, now) {
            Ok(owed) => owed,
            Err(DutyError::Store(error)) => return Err(error),
            // Whoever reads the configuration has been told.
            Err(_) => Vec::new(),
        };
        Ok(Papers {
            made: store.papers(&filter)?.iter().map(MadeRow::of).collect(),
            handed_in: handed_in.iter().rev().take(listed as usize).map(HandInRow::of).collect(),
            owed: owed.iter().map(documents::row).collect(),
        })
    }
}

impl MadeRow {
    pub(super) fn of(paper: &Paper) -> MadeRow {
        let files = paper.files.iter().filter_map(|file| {
            let format = PaperFormat::of_word(file.ending())?;
            Some((format.word(), format.chinese(), figures::bytes(file.bytes)))
        });
        MadeRow {
            number: paper.id.0,
            what: documents::named(&paper.matter),
            made: figures::minute(paper.made),
            files: files.collect(),
        }
    }
}

impl HandInRow {
    fn of(one: &HandIn) -> HandInRow {
        let NewHandIn { matter, at, by, to, sha256, note, .. } = &one.what;
        HandInRow {
            number: one.number,
            what: documents::named(matter),
            at: figures::minute(*at),
            by: by.clone(),
            to: to.clone(),
            note: note.clone(),
            sha256: sha256.as_deref().unwrap_or_default().chars().take(12).collect(),
            withdrawn: one.withdrawn.as_ref().map(|Withdrawal { at, author: by, reason }| {
                format!("{} 由 {by} 撤销：{reason}", figures::minute(*at))
            }),
        }
    }
}

/// A file of a document that was made.
pub(in crate::web) async fn download(
    State(app): State<App>,
    visitor: Visitor,
    Path((number, format)): Path<(i64, String)>,
) -> Answer {
    let paper = app.ask(move |store| store.paper(PaperId(number))).await?;
    let paper = paper.filter(|paper| visitor.sees(&paper.matter.site)).ok_or(Failure::NotFound)?;
    let format = PaperFormat::of_word(&format).ok_or(Failure::NotFound)?;
    let wanted = paper.files.into_iter().find(|file| file.ending() == format.word());
    let wanted = wanted.ok_or(Failure::NotFound)?;
    let cabinet = Cabinet::below(&app.current().settings.data_dir);
    let name = wanted.name().to_owned();
    let taken = tokio::task::spawn_blocking(move || cabinet.take(&wanted)).await;
    match taken.map_err(|_| Failure::Broken)? {
        Ok(content) => Ok(file(&name, format.media(), content)),
        Err(error) => {
            tracing::error!(%error, "a document cannot be had");
            Err(Failure::Wrong("文件已不在或被改动，请从备份恢复；同一报告期的报告可随时重新生成".to_owned()))
        }
    }
}

/// Enters that a document was handed in.
pub(in crate::web) async fn hand_in(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    fields: Fields,
) -> Answer {
    let site = scope::site(&app, &visitor, &id)?;
    let at = moment(&app, fields.get("at"), "提交时间")?;
    let document = NewHandIn {
        matter: matter(&app, &site, &fields, at)?,
        at,
        by: fields.get("by").to_owned(),
        to: fields.get("to").to_owned(),
        sha256: Some(fields.get("sha256").to_ascii_lowercase()).filter(|text| !text.is_empty()),
        note: fields.get("note").to_owned(),
        entered: app.now(),
        entered_by: visitor.actor(),
    };
    entered::hand_in(&app, &visitor, document).await?;
    Ok(Redirect::to(&format!("/sites/{id}/reports")).into_response())
}

/// What a form says that a document is about.
fn matter(app: &App, site: &Site, fields: &Fields, at: Timestamp) -> Result<Matter, Failure> {
    let kind =
        Kind::of_word(fields.get("kind")).ok_or_else(|| Failure::Wrong("请选择文件种类".to_owned()))?;
    let interval = match fields.get("interval") {
        "" => None,
        text => Some(text.parse().map_err(|_| Failure::Wrong("台账区间是一个数字".to_owned()))?),
    };
    let period = match fields.get("period") {
        // A fault is named by its interval alone.
        "" if kind == Kind::Fault => {
            Unit::Year.of(at.to_zoned(app.current().settings.timezone.clone()).date())
        }
        text => text.parse().map_err(|_| {
            Failure::Wrong("报告期写作 2026、2026-H1、2026-Q3、2026-11、2026-W47 或 2026-11-22".to_owned())
        })?,
    };
    Ok(Matter { site: site.id.clone(), kind, period, interval })
}

/// Withdraws what was entered as handed in.
pub(in crate::web) async fn withdraw(
    State(app): State<App>,
    visitor: Visitor,
    Path((id, number)): Path<(String, i64)>,
    fields: Fields,
) -> Answer {
    let site = scope::site(&app, &visitor, &id)?;
    let reason = fields.required("reason", "撤销的理由")?.to_owned();
    entered::withdraw_document(&app, &visitor, &site.id, number, reason).await?;
    Ok(Redirect::to(&format!("/sites/{id}/reports")).into_response())
}
