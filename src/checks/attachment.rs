//! What is wrong with a file that a page offers: what the editor's check says of its words, as findings of the checks of
//! words, and what checks say that ask for files themselves.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::references::key;
use super::{Context, Findings, find, run, words};
use crate::address::Address;
use crate::document::Document;
use crate::editor::{self, Desk, Mode, TextFinding};
use crate::facts::{CouldNotRun, PageFacts, PageKind};
use crate::finding::{Confidence, Finding, Severity};

/// Findings of one check in one file at most. One more says how many there are besides.
const SINGLE: usize = 20;

/// A file that a page offers, and its words.
pub struct Attachment<'a> {
    /// Its address.
    pub address: &'a Address,
    /// The page that offers it; `None` where it is known from a sitemap alone.
    pub offered_on: Option<&'a PageFacts>,
    /// Its words.
    pub document: &'a Document,
}

/// Asks the checks of words about a file, and those that judge files themselves.
pub fn run_attachment(
    attachment: &Attachment<'_>,
    context: &Context<'_>,
) -> (Vec<Finding>, Vec<CouldNotRun>) {
    let (of_others, mut failed) = run::run_attachment(attachment, context);
    let faults =
        catch_unwind(AssertUnwindSafe(|| editor::check(attachment.document, &attachment.desk(context))));
    let Ok(faults) = faults else {
        let address = attachment.address.as_str();
        let checks = TEXT.iter().filter(|id| context.asks(id)).filter_map(|id| find(id));
        failed.extend(checks.map(|check| run::could_not_run(check, Some(address))));
        return (of_others, failed);
    };
    let mut findings = Vec::new();
    for check in TEXT.iter().filter(|id| context.asks(id)).filter_map(|id| find(id)) {
        let about = check.about();
        let distinct = distinct(faults.iter().filter(|fault| fault.check == about.id));
        attachment.report(&distinct, &mut Findings::new(about, &mut findings));
    }
    findings.retain(|finding| !run::is_allowed(finding, context));
    findings.extend(of_others);
    (findings, failed)
}

/// The checks that the editor's check speaks for.
const TEXT: &[&str] = &["sensitive-word", "misspelling", "private-data", "likely-misspelling"];

/// A fault, however often it stands in the file.
struct Distinct<'a> {
    /// Where it stands first.
    fault: &'a TextFinding,
    times: usize,
}

/// The distinct faults, the worst first.
fn distinct<'a>(faults: impl Iterator<Item = &'a TextFinding>) -> Vec<Distinct<'a>> {
    let mut numbers = HashMap::new();
    let mut all: Vec<Distinct<'a>> = Vec::new();
    for fault in faults {
        let number = *numbers.entry((fault.class, fault.what.as_str())).or_insert(all.len());
        match all.get_mut(number) {
            Some(known) => known.times += 1,
            None => all.push(Distinct { fault, times: 1 }),
        }
    }
    all.sort_by_key(|distinct| std::cmp::Reverse(distinct.fault.tier.severity()));
    all
}

impl Attachment<'_> {
    fn desk<'a>(&self, context: &'a Context<'_>) -> Desk<'a> {
        Desk {
            lexicons: context.lexicons,
            speller: context.speller,
            figures: &context.rules.privacy().figures,
            // A name that was right when the file was published is right.
            today: self.offered_on.and_then(|page| page.published).unwrap_or(context.today),
            allow: &context.site.allow,
            mode: Mode::Quiet,
        }
    }

    fn report(&self, distinct: &[Distinct<'_>], found: &mut Findings<'_>) {
        for Distinct { fault, times } in distinct.iter().take(SINGLE) {
            let draft = self
                .add(found, &fault.what, self.evidence(fault, *times))
                .severity(fault.tier.severity())
                .confidence(fault.confidence);
            if let Some(advice) = fault.advice() {
                draft.suggestion(advice);
            }
        }
        if let Some(rest) = distinct.get(SINGLE..).filter(|rest| !rest.is_empty()) {
            let faults = || rest.iter().map(|distinct| distinct.fault);
            let severity = faults().map(|fault| fault.tier.severity()).max().unwrap_or(Severity::Low);
            let confidence = faults().map(|fault| fault.confidence).max().unwrap_or(Confidence::Note);
            let evidence = format!("本附件另有同类问题 {} 处，未逐一列出。", rest.len());
            self.add(found, "其余各处", evidence).severity(severity).confidence(confidence);
        }
    }

    /// The file and the words are the identity: the page may have the same words in its own text.
    pub(super) fn add<'f>(
        &self,
        found: &'f mut Findings<'_>,
        what: &str,
        evidence: String,
    ) -> super::Draft<'f> {
        let address = self.address.as_str();
        let page = self.offered_on.map_or(address, |page| &page.address);
        found
            .add(page, format!("{} {what}", key(address)), evidence)
            .kind(self.offered_on.map_or(PageKind::Other, |page| page.kind))
            .target(address)
    }

    /// What was seen: `错别字：……认真【布署】……（附件正文第2行第3字，共 2 处）`.
    fn evidence(&self, fault: &TextFinding, times: usize) -> String {
        let framed = match fault.is_unquotable {
            true => format!("【{}】", fault.what),
            false => words::framed(&self.document.parts[fault.part].text, fault.start..fault.end),
        };
        let times = if times > 1 { format!("，共 {times} 处") } else { String::new() };
        format!("{}：{framed}（附件{}{times}）", fault.class, fault.whereabouts(self.document))
    }
}
