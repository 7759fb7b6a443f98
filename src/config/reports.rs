//! Which documents are made by themselves, when, and who gets them: `[reports]`, `[[reports.plan]]`.

use std::time::Duration;

use serde::Serialize;

use super::section::Section;
use super::values;
use super::{Alert, Site};
use crate::indicators::RuleSet;
use crate::ledger::Unit;
use crate::paper::{Kind, PaperFormat};
use crate::schedule::{Cron, NoCron};

/// Which documents are made by themselves, when, and who gets them.
#[derive(Debug, Clone)]
pub struct Reports {
    /// Whether any are made.
    pub scheduled: bool,
    /// How they are written.
    pub formats: Vec<PaperFormat>,
    /// Ids of the recipients of each: by mail with the documents, or with the address of the dashboard.
    pub recipients: Vec<String>,
    /// Ids of the groups that are told of each.
    pub channels: Vec<String>,
    /// Bytes of documents that go with one mail at most; larger ones are told by their address.
    pub enclosed_bytes: u64,
    /// The contract that sheets and last days come from: an id of the rules; `None`: no sheet is made, and nobody is
    /// reminded.
    pub contract: Option<String>,
    /// How long before the end of its last day somebody is reminded of a document that was not handed in.
    pub remind: Duration,
    /// What is made when.
    pub plans: Vec<Plan>,
}

/// A document that is made again and again.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// What kind.
    pub kind: Kind,
    /// For how long a period: always the last one that is over.
    pub each: Unit,
    /// When.
    pub at: Cron,
    /// Ids of the sites; empty: all.
    pub sites: Vec<String>,
    /// How it is written; empty: as all are.
    pub formats: Vec<PaperFormat>,
    /// Ids of its recipients; with no `channels` either: those of all.
    pub recipients: Vec<String>,
    /// Ids of the groups that are told.
    pub channels: Vec<String>,
}

/// Who gets documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Readership<'a> {
    /// Ids of recipients.
    pub recipients: &'a [String],
    /// Ids of channels of groups.
    pub channels: &'a [String],
}

impl Default for Reports {
    fn default() -> Self {
        let plan = |kind, each, at: &str| Plan {
            kind,
            each,
            at: at.parse().expect("constants that are tried in a test"),
            sites: Vec::new(),
            formats: Vec::new(),
            recipients: Vec::new(),
            channels: Vec::new(),
        };
        Reports {
            scheduled: true,
            formats: vec![PaperFormat::Html, PaperFormat::Docx],
            recipients: Vec::new(),
            channels: Vec::new(),
            // Mailboxes refuse more than 20 to 50 MB; Base64 adds a third.
            enclosed_bytes: 10 << 20,
            contract: None,
            remind: Duration::from_secs(24 * 3_600),
            plans: vec![
                plan(Kind::Daily, Unit::Day, "30 8 * * *"),
                plan(Kind::Work, Unit::Week, "0 9 * * 1"),
                plan(Kind::Work, Unit::Month, "0 9 1 * *"),
                plan(Kind::SelfCheck, Unit::Quarter, "0 9 1 1,4,7,10 *"),
                plan(Kind::Quality, Unit::Quarter, "0 9 1 1,4,7,10 *"),
                plan(Kind::FullScan, Unit::Quarter, "0 9 1 1,4,7,10 *"),
                plan(Kind::Ipv6, Unit::Quarter, "0 9 1 1,4,7,10 *"),
                plan(Kind::Contract, Unit::Quarter, "0 9 1 1,4,7,10 *"),
                plan(Kind::Quality, Unit::Half, "0 9 1 1,7 *"),
                plan(Kind::Summary, Unit::Half, "0 9 1 1,7 *"),
                plan(Kind::Summary, Unit::Year, "0 9 1 1 *"),
            ],
        }
    }
}

impl Plan {
    /// Its name in the record: what is made, for how long a period.
    pub fn word(&self) -> String {
        format!("{}-{}", self.kind, self.each.word())
    }

    /// Whether it holds for a site.
    pub fn covers(&self, site: &str) -> bool {
        self.sites.is_empty() || self.sites.iter().any(|named| named == site)
    }
}

impl Reports {
    /// How the documents of a plan are written.
    pub fn formats_of<'a>(&'a self, plan: &'a Plan) -> &'a [PaperFormat] {
        if plan.formats.is_empty() { &self.formats } else { &plan.formats }
    }

    /// Who gets the documents of a plan.
    pub fn readers_of<'a>(&'a self, plan: &'a Plan) -> Readership<'a> {
        match (plan.recipients.is_empty(), plan.channels.is_empty()) {
            (true, true) => self.readers(),
            _ => Readership { recipients: &plan.recipients, channels: &plan.channels },
        }
    }

    /// Who gets what belongs to no plan: reports of faults, reminders.
    pub fn readers(&self) -> Readership<'_> {
        Readership { recipients: &self.recipients, channels: &self.channels }
    }
}

/// Reads `[reports]`. `alert` has the recipients and channels, `rules` the contracts that may be named.
pub(super) fn read(
    mut section: Section<'_>,
    alert: &Alert,
    sites: &[Site],
    rules: Option<&RuleSet>,
) -> Reports {
    let mut reports = Reports::default();
    section.set("scheduled", "true", &mut reports.scheduled, Ok);
    formats(&mut section, &mut reports.formats);
    readers(&mut section, alert, &mut reports.recipients, &mut reports.channels);
    section.set("enclosed_mb", "10", &mut reports.enclosed_bytes, |megabytes: u32| {
        Ok(u64::from(megabytes) << 20)
    });
    section.set("contract", "\"sichuan\"", &mut reports.contract, |id: String| match rules {
        Some(rules) => {
            values::known(&id, rules.contracts().iter().map(|contract| contract.id.as_str()), "contract")
                .map(Some)
        }
        None => values::not_empty(&id).map(Some),
    });
    section.set("remind", "\"24h\"", &mut reports.remind, |text: String| values::duration(&text));
    let mut plans: Vec<Plan> = Vec::new();
    for mut table in section.sections("plan", "[[reports.plan]]") {
        if let Some(plan) = plan(&mut table, alert, sites) {
            let is_there = |known: &Plan| (known.kind, known.each) == (plan.kind, plan.each);
            let shares =
                |known: &Plan| sites.iter().any(|site| known.covers(&site.id) && plan.covers(&site.id));
            if plans.iter().any(|known| is_there(known) && shares(known)) {
                table.wrong(
                    format!("two plans for `{}` each {} of a site", plan.kind, plan.each.word()),
                    "a document is written once; name different `sites`",
                );
            }
            plans.push(plan);
        }
        table.finish();
    }
    if section.was_read("plan") {
        reports.plans = plans;
    }
    section.finish();
    reports
}

fn plan(table: &mut Section<'_>, alert: &Alert, sites: &[Site]) -> Option<Plan> {
    for key in ["kind", "each", "at"].into_iter().filter(|key| !table.has(key)) {
        table.wrong(format!("a plan without `{key}`"), "a plan needs `kind`, `each` and `at`");
    }
    let (mut kind, mut each, mut at) = (None, None, None);
    table.set("kind", "\"work\"", &mut kind, |word: String| {
        let known = Kind::ALL.into_iter().filter(|kind| *kind != Kind::Fault);
        values::known(&word, known.map(Kind::word), "document").map(|word| Kind::of_word(&word))
    });
    table.set("each", "\"month\"", &mut each, |word: String| {
        values::known(&word, Unit::ALL.into_iter().map(Unit::word), "period").map(|word| Unit::of_word(&word))
    });
    table.set("at", "\"0 9 1 * *\"", &mut at, |text: String| {
        text.parse().map(Some).map_err(|wrong: NoCron| wrong.to_string())
    });
    let (mut of_sites, mut written) = (Vec::new(), Vec::new());
    table.set_list("sites", "[\"sthjt\"]", &mut of_sites, |text| {
        values::known(text, sites.iter().map(|site| site.id.as_str()), "site")
    });
    formats(table, &mut written);
    let (mut recipients, mut channels) = (Vec::new(), Vec::new());
    readers(table, alert, &mut recipients, &mut channels);
    let (kind, each) = (kind?, each?);
    if !kind.units().contains(&each) {
        let units: Vec<&str> = kind.units().iter().map(|unit| unit.word()).collect();
        table.wrong(
            format!("there is no `{kind}` for a {}", each.word()),
            format!("write `each = \"{}\"`", units.join("\" or \"")),
        );
        return None;
    }
    Some(Plan { kind, each, at: at?, sites: of_sites, formats: written, recipients, channels })
}

fn formats(table: &mut Section<'_>, slot: &mut Vec<PaperFormat>) {
    table.set_list("formats", "[\"html\", \"docx\"]", slot, |text| {
        let known = PaperFormat::ALL.into_iter().map(PaperFormat::word);
        values::known(text, known, "format")
            .and_then(|word| PaperFormat::of_word(&word).ok_or_else(|| format!("`{text}` is no format")))
    });
    if table.was_read("formats") && slot.is_empty() {
        table.wrong("no `formats`", "leave the key out, or name some");
    }
}

fn readers(table: &mut Section<'_>, alert: &Alert, recipients: &mut Vec<String>, channels: &mut Vec<String>) {
    table.set_list("recipients", "[\"zhang\"]", recipients, |text| {
        values::known(text, alert.recipients.iter().map(|recipient| recipient.id.as_str()), "recipient")
    });
    let groups = alert.channels.iter().filter(|channel| channel.kind.is_group());
    let groups: Vec<&str> = groups.map(|channel| channel.id.as_str()).collect();
    table.set_list("channels", "[\"duty-group\"]", channels, |text| {
        values::known(text, groups.iter().copied(), "channel of a group")
    });
}

/// The section that would lead to the settings.
#[derive(Serialize)]
pub(super) struct ShownReports {
    scheduled: bool,
    formats: Vec<&'static str>,
    recipients: Vec<String>,
    channels: Vec<String>,
    enclosed_mb: u64,
    contract: Option<String>,
    remind: String,
    plan: Vec<ShownPlan>,
}

#[derive(Serialize)]
struct ShownPlan {
    kind: &'static str,
    each: &'static str,
    at: String,
    sites: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    formats: Vec<&'static str>,
    recipients: Vec<String>,
    channels: Vec<String>,
}

impl ShownReports {
    pub(super) fn of(reports: &Reports) -> ShownReports {
        let words = |formats: &[PaperFormat]| formats.iter().map(|format| format.word()).collect();
        let plan = |plan: &Plan| ShownPlan {
            kind: plan.kind.word(),
            each: plan.each.word(),
            at: plan.at.to_string(),
            sites: plan.sites.clone(),
            formats: words(&plan.formats),
            recipients: plan.recipients.clone(),
            channels: plan.channels.clone(),
        };
        ShownReports {
            scheduled: reports.scheduled,
            formats: words(&reports.formats),
            recipients: reports.recipients.clone(),
            channels: reports.channels.clone(),
            enclosed_mb: reports.enclosed_bytes >> 20,
            contract: reports.contract.clone(),
            remind: values::show_duration(reports.remind),
            plan: reports.plans.iter().map(plan).collect(),
        }
    }
}
