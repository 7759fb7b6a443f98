//! The checks. Each is one file, one row in [`ALL`] and one fixture folder; see README, "Add a check".
//!
//! A check judges evidence that was gathered before: it knows no network, file, clock or points.

mod attachment;
mod bad_external_link;
mod broken_attachment;
mod broken_image;
mod certificate_expiry;
mod cloaking;
mod crimes;
mod dark_link;
mod dated_back;
mod dead_link;
mod elements;
mod empty_column;
mod error_page;
mod fields;
mod findings;
mod footer_element;
mod footer_mark;
mod guide_element;
mod home_element;
mod host_down;
mod hostile_script;
mod interpretation_link;
mod late_disclosure;
mod likely_misspelling;
mod malformed_link;
mod message_overdue;
mod message_rows;
mod missing_form;
mod missing_tag;
mod misspelling;
mod mixed_content;
mod optional_tag;
mod plain_http;
mod policy_element;
mod private_data;
mod publish_time;
mod redirect_loop;
mod references;
mod run;
mod search_miss;
mod sensitive_word;
mod serials;
mod shared_item;
mod site_identity;
mod soft_404;
mod stale_column;
mod stranger;
mod survey_result;
mod tag_reading;
mod tag_repeated;
mod tag_value;
mod tampering;
mod vague_wording;
mod weak_tls;
mod words;

use std::cell::{Cell, OnceCell};

use jiff::civil::Date;

use crate::address::{Address, intranet};
use crate::baseline::Watched;
use crate::column::{self, Judged};
use crate::config::Site;
use crate::facts::{Target, Visit};
use crate::finding::{Category, Severity};
use crate::indicators::RuleSet;
use crate::inventory::ExternalHost;
use crate::net::guard::Network;
use crate::page::{Page, Program, Sheets};
use crate::script::Readings;
use crate::sightings::Sightings;
use crate::snapshot::Snapshot;
use crate::speller::Speller;
use crate::text::Lexicons;

pub use attachment::{Attachment, run_attachment};
pub use findings::{Draft, Findings};
pub use run::{run_page, run_program, run_site};
pub use words::Words;

/// Every check, in the order of the report.
pub const ALL: &[&dyn Check] = &[
    &host_down::HostDown,
    &dead_link::DeadLink,
    &soft_404::SoftNotFound,
    &redirect_loop::RedirectLoop,
    &malformed_link::MalformedLink,
    &broken_image::BrokenImage,
    &broken_attachment::BrokenAttachment,
    &dark_link::DarkLink,
    &hostile_script::HostileScript,
    &tampering::Tampering,
    &bad_external_link::BadExternalLink,
    &cloaking::Cloaking,
    &sensitive_word::SensitiveWord,
    &misspelling::Misspelling,
    &private_data::PrivateData,
    &likely_misspelling::LikelyMisspelling,
    &stale_column::StaleColumn,
    &empty_column::EmptyColumn,
    &shared_item::SharedItem,
    &dated_back::DatedBack,
    &guide_element::GuideElement,
    &vague_wording::VagueWording,
    &missing_form::MissingForm,
    &message_overdue::MessageOverdue,
    &survey_result::SurveyResult,
    &policy_element::PolicyElement,
    &interpretation_link::InterpretationLink,
    &late_disclosure::LateDisclosure,
    &missing_tag::MissingTag,
    &tag_value::TagValue,
    &tag_repeated::TagRepeated,
    &optional_tag::OptionalTag,
    &footer_element::MissingFooterElement,
    &footer_mark::FooterMark,
    &home_element::MissingHomeElement,
    &site_identity::SiteIdentity,
    &search_miss::SearchMiss,
    &publish_time::PublishTime,
    &error_page::ErrorPage,
    &mixed_content::MixedContent,
    &weak_tls::WeakTls,
    &certificate_expiry::CertificateExpiry,
    &plain_http::PlainHttp,
];

/// Id of the check that rests on baselines; without it nobody looks at key pages again.
pub const TAMPERING: &str = tampering::Tampering::ABOUT.id;

/// Id of the check whose findings nobody may picture, as that would publish them anew.
pub const PRIVATE_DATA: &str = private_data::PrivateData::ABOUT.id;

/// Id of the check whose finding stands for all links to a host.
pub const HOST_DOWN: &str = host_down::HostDown::ABOUT.id;

/// Id of the check that rests on what stands at the far end of links to strangers.
pub const BAD_EXTERNAL_LINK: &str = bad_external_link::BadExternalLink::ABOUT.id;

/// Ids of the checks that some pages are enough for.
pub fn of_readings() -> impl Iterator<Item = &'static str> {
    ALL.iter().filter(|check| !check.needs_whole_site()).map(|check| check.about().id)
}

/// The check of this id.
pub fn find(id: &str) -> Option<&'static dyn Check> {
    ALL.iter().copied().find(|check| check.about().id == id)
}

/// What a check is about.
#[derive(Debug)]
pub struct About {
    /// Id, named after the defect: `dead-link`.
    pub id: &'static str,
    /// Name in Chinese: `死链`.
    pub name: &'static str,
    /// Part of the inspection.
    pub category: Category,
    /// How bad, unless the finding says otherwise.
    pub severity: Severity,
    /// What to do, in Chinese, unless the finding says otherwise.
    pub advice: &'static str,
    /// The doc comment: what it is, why it matters, what to do, in English.
    pub explanation: &'static str,
}

impl About {
    /// The explanation as it reads: doc comments keep a space before each line.
    pub fn text(&self) -> String {
        self.explanation.lines().map(|line| format!("{}\n", line.strip_prefix(' ').unwrap_or(line))).collect()
    }
}

/// Declares a check: its doc comment becomes both rustdoc and the text of `sitewarden explain`.
macro_rules! check {
    (
        $(#[doc = $doc:literal])+
        $type:ident, id: $id:literal, name: $name:literal, category: $category:ident, severity: $severity:ident,
        advice: $advice:literal
    ) => {
        $(#[doc = $doc])+
        pub(crate) struct $type;

        impl $type {
            /// Identity and explanation of this check.
            pub(crate) const ABOUT: $crate::checks::About = $crate::checks::About {
                id: $id,
                name: $name,
                category: $crate::finding::Category::$category,
                severity: $crate::finding::Severity::$severity,
                advice: $advice,
                explanation: concat!($($doc, "\n"),+),
            };
        }
    };
}
pub(crate) use check;

/// A check. Implements `page`, `program`, `attachment` or `site`, whichever it needs.
pub trait Check: Sync {
    /// Identity and explanation: `&Self::ABOUT`.
    fn about(&self) -> &'static About;

    /// Whether it needs the whole site: what it says, or does not say, after a reading of some pages would mean nothing.
    fn needs_whole_site(&self) -> bool {
        false
    }

    /// Judges one page while it is in memory. Only answers with status 200 that are pages of the site come here.
    fn page(&self, page: &Page, context: &Context<'_>, found: &mut Findings<'_>) {
        let _ = (page, context, found);
    }

    /// Judges a script of the site that lies in a file of its own, once for all pages that load it.
    fn program(&self, program: &Program, context: &Context<'_>, found: &mut Findings<'_>) {
        let _ = (program, context, found);
    }

    /// Judges a file that a page of the site offers or shows, by what was read in it.
    fn attachment(&self, attachment: &Attachment<'_>, context: &Context<'_>, found: &mut Findings<'_>) {
        let _ = (attachment, context, found);
    }

    /// Judges the site once everything is seen.
    fn site(&self, snapshot: &dyn Snapshot, context: &Context<'_>, found: &mut Findings<'_>) {
        let _ = (snapshot, context, found);
    }
}

/// What checks may know besides the evidence.
pub struct Context<'a> {
    /// The site.
    pub site: &'a Site,
    /// The date of judgement, in the site's time zone.
    pub today: Date,
    /// Compiled dictionaries.
    pub lexicons: &'a Lexicons,
    /// What the dictionaries find on the page being judged, once a check has asked.
    pub words: OnceCell<Words<'a>>,
    /// Whether the page being judged is a guide to a service, once a check has asked.
    pub is_guide: OnceCell<bool>,
    /// The columns of the site, once a check has asked.
    pub columns: OnceCell<Vec<Judged>>,
    /// Targets that count against the site, once a check has asked.
    pub failed: OnceCell<Vec<(Target, Visit)>>,
    /// What was seen when; `None` while single pages are judged.
    pub sightings: Option<&'a Sightings>,
    /// What became of the key pages; `None` while single pages are judged.
    pub watched: Option<&'a Watched>,
    /// The hosts of others that the site links to; empty while single pages are judged.
    pub hosts: &'a [ExternalHost],
    /// Cycles of columns and other thresholds from `rules/`.
    pub rules: &'a RuleSet,
    /// Networks that count as public although they are not.
    pub allow_private: &'a [Network],
    /// The style sheets of the site and what its scripts hide, as far as they were seen.
    pub sheets: &'a Sheets,
    /// What the scripts of the site would do, as far as they were read.
    pub readings: &'a Readings,
    /// Set by a check that may judge otherwise once style sheets or scripts of the site come which were not seen yet.
    pub is_provisional: Cell<bool>,
    /// Reads what no dictionary lists, where it was asked to.
    pub speller: Option<&'a Speller>,
    /// Asks no check but these, where set (`--only`).
    pub only: Option<&'a [String]>,
}

impl Context<'_> {
    /// Whether a check is asked.
    pub fn asks(&self, id: &str) -> bool {
        let is_able = self.speller.is_some() || id != likely_misspelling::LikelyMisspelling::ABOUT.id;
        is_able && self.only.is_none_or(|only| only.iter().any(|wanted| wanted == id))
    }

    /// The checks that are asked, where not all are.
    pub fn asked(&self) -> Option<Vec<String>> {
        let ids = || ALL.iter().map(|check| check.about().id);
        let asked: Vec<String> = ids().filter(|id| self.asks(id)).map(str::to_owned).collect();
        (asked.len() < ALL.len()).then_some(asked)
    }

    /// Targets that count against the site.
    pub fn failed(&self, snapshot: &dyn Snapshot) -> &[(Target, Visit)] {
        self.failed.get_or_init(|| {
            let mut failed = Vec::new();
            snapshot.visits(&mut |target, visit| {
                if visit.verdict.counts() {
                    failed.push((target.clone(), visit.clone()));
                }
            });
            failed
        })
    }

    /// The columns of the site, judged.
    pub fn columns(&self, snapshot: &dyn Snapshot) -> &[Judged] {
        let survey = || column::survey(snapshot, &self.site.columns, self.rules, self.today);
        self.columns.get_or_init(survey)
    }

    /// Whether nobody outside can follow a link to `address`, told by the address alone.
    pub fn is_intranet(&self, address: &Address) -> bool {
        intranet(address, |ip| self.allow_private.iter().any(|network| network.contains(ip)))
    }
}
