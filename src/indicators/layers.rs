//! Rule files, read and laid over one another.
//!
//! A file may hold any of the lists below; what it is called is up to its writer. An entry replaces an earlier one
//! with the same id, any other is added. Reading goes on after an error, so that all of them are reported at once.

mod entries;

use std::collections::{BTreeSet, HashSet};
use std::path::{Path, PathBuf};

use serde::Deserialize;
use sha2::{Digest, Sha256};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use self::entries::line_of;
use super::contract;
use super::files::{BUILT_IN, text_of, toml_files};
use super::overlay::{self, Adjustment, Placed};
use super::publishing::{self, Publishing};
use super::services::{self, Services};
use super::soundness::problems;
use super::{
    Availability, Cloaking, ColumnKind, ColumnPages, Columns, Contract, DarkLink, Deadline, Holidays,
    HomeElement, HostGroup, Hosts, Identity, Ipv6Rules, Landings, Mark, Privacy, Remedy, Rule, RuleError,
    RuleSet, Scale, Searching, TagRule, Tags, Tampering,
};

use crate::digest::hex;

/// Reads the built-in files.
pub(super) fn built_in() -> Result<RuleSet, Vec<RuleError>> {
    let mut layers = Layers::default();
    for (file, text) in BUILT_IN {
        layers.read(Path::new(file), text);
    }
    layers.finish()
}

/// Reads the built-in files, then those of `folder` in the order of their names.
pub(super) fn load(folder: &Path) -> Result<RuleSet, Vec<RuleError>> {
    let mut layers = Layers::default();
    for (file, text) in BUILT_IN {
        layers.read(Path::new(file), text);
    }
    layers.begin_local();
    match toml_files(folder) {
        Err(error) => layers.refuse(folder, 0, error.to_string(), "name a folder with *.toml files"),
        Ok(files) => {
            for file in files {
                match text_of(&file) {
                    Ok(text) => layers.read(&file, &text),
                    Err(error) => layers.refuse(&file, 0, error.to_string(), "make it a readable UTF-8 text"),
                }
            }
        }
    }
    layers.finish()
}

/// What was read so far.
#[derive(Default)]
struct Layers {
    scales: Vec<Scale>,
    rules: Vec<Placed<Rule>>,
    adjustments: Vec<Placed<Adjustment>>,
    kinds: Vec<ColumnKind>,
    pages: Option<ColumnPages>,
    tags: Vec<TagRule>,
    blanks: Vec<String>,
    elements: Vec<HomeElement>,
    marks: Vec<Mark>,
    identity: Option<Identity>,
    searching: Option<Searching>,
    services: services::Lists,
    publishing: publishing::Lists,
    privacy: Option<Privacy>,
    host_groups: Vec<HostGroup>,
    dark_link: Option<DarkLink>,
    tampering: Option<Tampering>,
    landings: Option<Landings>,
    cloaking: Option<Cloaking>,
    availability: Option<Availability>,
    deadlines: Vec<Deadline>,
    contracts: Vec<Contract>,
    ipv6: Option<Ipv6Rules>,
    remedy: Option<Remedy>,
    /// Ids of the checks that built-in rules name: those there are.
    checks: BTreeSet<String>,
    versions: BTreeSet<String>,
    /// Digest of the operator's own files, once there are any.
    local: Option<Sha256>,
    errors: Vec<RuleError>,
}

/// `[[blank]]` of the tags.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Blank {
    values: Vec<String>,
}

impl Layers {
    /// From here on files are the operator's own.
    fn begin_local(&mut self) {
        self.checks = self
            .rules
            .iter()
            .flat_map(|rule| rule.entry.all_counts())
            .map(|count| count.check.clone())
            .collect();
        self.local = Some(Sha256::new());
    }

    fn read(&mut self, file: &Path, text: &str) {
        if let Some(digest) = &mut self.local {
            digest.update((text.len() as u64).to_le_bytes());
            digest.update(text);
        }
        let (document, errors) = DeTable::parse_recoverable(text);
        for error in &errors {
            self.explain(file, text, error);
        }
        if !errors.is_empty() {
            return; // What a file with broken syntax seems to say would only bring misleading errors.
        }
        let mut seen = HashSet::new();
        for (key, value) in document.into_inner() {
            match key.get_ref().as_ref() {
                "version" => match value.get_ref().as_str() {
                    Some(version) => _ = self.versions.insert(version.to_owned()),
                    None => {
                        let line = line_of(text, value.span().start);
                        self.refuse(file, line, "`version` is no text", "write it in quotation marks");
                    }
                },
                "scale" => {
                    for new in self.entries::<Scale>(file, text, value) {
                        lay(&mut self.scales, new.entry, |old, new| old.id == new.id);
                    }
                }
                "rule" => {
                    for new in self.entries::<Rule>(file, text, value) {
                        if !seen.insert((new.entry.scale.clone(), new.entry.id.clone())) {
                            let message = format!("rule `{}` stands here twice", new.entry.id);
                            self.refuse(file, new.line, message, "take one out or give it another id");
                        }
                        lay(&mut self.rules, new, |old, new| {
                            old.entry.id == new.entry.id && old.entry.scale == new.entry.scale
                        });
                    }
                }
                "adjust" => {
                    let new = self.entries(file, text, value);
                    self.adjustments.extend(new);
                }
                "kind" => {
                    for new in self.entries::<ColumnKind>(file, text, value) {
                        lay(&mut self.kinds, new.entry, |old, new| old.id == new.id);
                    }
                }
                "pages" => {
                    self.pages =
                        self.entries(file, text, value).pop().map(|new| new.entry).or(self.pages.take())
                }
                "tag" => {
                    for new in self.entries::<TagRule>(file, text, value) {
                        lay(&mut self.tags, new.entry, |old, new| old.name.eq_ignore_ascii_case(&new.name));
                    }
                }
                "blank" => {
                    for new in self.entries::<Blank>(file, text, value) {
                        self.blanks.extend(new.entry.values);
                    }
                }
                "element" => {
                    for new in self.entries::<HomeElement>(file, text, value) {
                        lay(&mut self.elements, new.entry, |old, new| old.id == new.id);
                    }
                }
                "mark" => {
                    for new in self.bare::<Mark>(file, text, value) {
                        lay(&mut self.marks, new, |old, new| old.id == new.id);
                    }
                }
                "identity" => self.identity = self.bare(file, text, value).pop().or(self.identity.take()),
                "search" => self.searching = self.bare(file, text, value).pop().or(self.searching.take()),
                "guide" => {
                    let new = self.bare(file, text, value);
                    self.services.guide.extend(new);
                }
                "guide_element" => {
                    for new in self.bare::<services::Element>(file, text, value) {
                        lay(&mut self.services.guide_elements, new, |old, new| old.id == new.id);
                    }
                }
                "vague" => {
                    let new = self.bare(file, text, value);
                    self.services.vague.extend(new);
                }
                "form" => {
                    let new = self.bare(file, text, value);
                    self.services.forms.extend(new);
                }
                "survey" => {
                    let new = self.bare(file, text, value);
                    self.services.survey.extend(new);
                }
                "survey_element" => {
                    for new in self.bare::<services::Element>(file, text, value) {
                        lay(&mut self.services.survey_elements, new, |old, new| old.id == new.id);
                    }
                }
                "offer" => {
                    for new in self.bare::<services::Offer>(file, text, value) {
                        lay(&mut self.services.offers, new, |old, new| old.id == new.id);
                    }
                }
                "message" => {
                    let new = self.bare(file, text, value);
                    self.services.message.extend(new);
                }
                "message_element" => {
                    for new in self.bare::<services::Element>(file, text, value) {
                        lay(&mut self.services.message_elements, new, |old, new| old.id == new.id);
                    }
                }
                "policy" => {
                    let new = self.bare(file, text, value);
                    self.services.policy.extend(new);
                }
                "policy_element" => {
                    for new in self.bare::<services::Element>(file, text, value) {
                        lay(&mut self.services.policy_elements, new, |old, new| old.id == new.id);
                    }
                }
                "holidays" => {
                    for new in self.bare::<Holidays>(file, text, value) {
                        lay(&mut self.services.holidays, new, |old, new| old.year == new.year);
                    }
                }
                "interpretation" => {
                    let new = self.bare(file, text, value);
                    self.publishing.interpretation.extend(new);
                }
                "disclosure" => {
                    let new = self.bare(file, text, value);
                    self.publishing.disclosure.extend(new);
                }
                "dating" => {
                    let new = self.bare(file, text, value);
                    self.publishing.dating.extend(new);
                }
                "sharing" => {
                    let new = self.bare(file, text, value);
                    self.publishing.sharing.extend(new);
                }
                "optional_tags" => {
                    let new = self.bare(file, text, value);
                    self.publishing.optional_tags.extend(new);
                }
                "privacy" => {
                    let new = self.bare(file, text, value).pop();
                    self.privacy = new.or(self.privacy.take());
                }
                "host_group" => {
                    for new in self.bare::<HostGroup>(file, text, value) {
                        lay(&mut self.host_groups, new, |old, new| old.id == new.id);
                    }
                }
                "dark_link" => {
                    let new = self.bare(file, text, value).pop();
                    self.dark_link = new.or(self.dark_link.take());
                }
                "tampering" => {
                    let new = self.bare(file, text, value).pop();
                    self.tampering = new.or(self.tampering.take());
                }
                "cloaking" => self.cloaking = self.bare(file, text, value).pop().or(self.cloaking.take()),
                "ipv6" => self.ipv6(file, text, value),
                "landing" => self.landings = self.bare(file, text, value).pop().or(self.landings.take()),
                "availability" => {
                    let new = self.bare(file, text, value).pop();
                    self.availability = new.or(self.availability.take());
                }
                "deadline" => {
                    for new in self.bare::<Deadline>(file, text, value) {
                        lay(&mut self.deadlines, new, |old, new| old.id == new.id);
                    }
                }
                "contract" => {
                    for new in self.entries::<Contract>(file, text, value) {
                        for (message, remedy) in contract::problems(&new.entry) {
                            self.refuse(file, new.line, message, remedy);
                        }
                        lay(&mut self.contracts, new.entry, |old, new| old.id == new.id);
                    }
                }
                "remedy" => self.remedy = self.bare(file, text, value).pop().or(self.remedy.take()),
                unknown => {
                    let line = line_of(text, key.span().start);
                    let remedy = "one of `version`, `scale`, `rule`, `adjust`, `kind`, `pages`, `tag`, `blank`, `element`, \
                                  `mark`, `identity`, `search`, `guide`, `guide_element`, `vague`, `form`, `survey`, \
                                  `survey_element`, `offer`, `message`, `message_element`, `policy`, \
                                  `policy_element`, `holidays`, `interpretation`, `disclosure`, `dating`, \
                                  `sharing`, `optional_tags`, `privacy`, `host_group`, `dark_link`, `landing`, `cloaking`, \
                                  `tampering`, `ipv6`, `availability`, `deadline`, `contract`, \
                                  `remedy`";
                    self.refuse(file, line, format!("unknown key `{unknown}`"), remedy);
                }
            }
        }
    }

    fn ipv6(&mut self, file: &Path, text: &str, list: Spanned<DeValue<'_>>) {
        for Placed { entry, line, .. } in self.entries::<Ipv6Rules>(file, text, list) {
            match entry.problem() {
                Some((message, remedy)) => self.refuse(file, line, message, remedy),
                None => self.ipv6 = Some(entry),
            }
        }
    }

    /// Lays scales over those they rest on, then the single figures that were changed.
    fn overlay(&mut self) {
        for message in overlay::inherit(&self.scales, &mut self.rules) {
            self.refuse(Path::new(""), 0, message, "declare the other scale first");
        }
        for Placed { entry, file, line } in std::mem::take(&mut self.adjustments) {
            if let Err(refused) = overlay::adjust(&mut self.rules, entry) {
                self.refuse(&file, line, refused.message, refused.remedy);
            }
        }
    }

    fn finish(mut self) -> Result<RuleSet, Vec<RuleError>> {
        self.overlay();
        for Placed { entry, file, line } in &self.rules {
            for (message, remedy) in problems(entry, &self.scales, &self.checks) {
                let error = RuleError { file: file.clone(), line: *line, message, remedy };
                // A scale that took the rule over has the same problem.
                if !self.errors.contains(&error) {
                    self.errors.push(error);
                }
            }
        }
        let (Some(pages), Some(identity), Some(searching), Some(privacy), Some(remedy)) =
            (self.pages, self.identity, self.searching, self.privacy, self.remedy)
        else {
            let tables = "[[pages]], [[identity]], [[search]], [[privacy]] or [[remedy]]";
            return Err(lacking(self.errors, tables));
        };
        let (
            Some(dark_link),
            Some(landings),
            Some(cloaking),
            Some(tampering),
            Some(availability),
            Some(ipv6),
        ) = (self.dark_link, self.landings, self.cloaking, self.tampering, self.availability, self.ipv6)
        else {
            let tables =
                "[[dark_link]], [[landing]], [[cloaking]], [[tampering]], [[availability]] or [[ipv6]]";
            return Err(lacking(self.errors, tables));
        };
        let services = Services::new(self.services).map_err(|message| (message, "rules/services.toml"));
        let publishing =
            Publishing::new(self.publishing).map_err(|message| (message, "rules/publishing.toml"));
        let (services, publishing) = match (services, publishing) {
            (Ok(services), Ok(publishing)) => (services, publishing),
            (services, publishing) => {
                for (message, file) in services.err().into_iter().chain(publishing.err()) {
                    let remedy = format!("see {file} for the form");
                    self.errors.push(RuleError { file: PathBuf::new(), line: 0, message, remedy });
                }
                return Err(self.errors);
            }
        };
        if !self.errors.is_empty() {
            return Err(self.errors);
        }
        let mut version = self.versions.into_iter().collect::<Vec<_>>().join("+");
        if let Some(digest) = self.local {
            version = format!("{version}+local-{}", hex(&digest.finalize()[..4]));
        }
        Ok(RuleSet {
            scales: self.scales,
            rules: self.rules.into_iter().map(|rule| rule.entry).collect(),
            columns: Columns { kinds: self.kinds, pages },
            tags: Tags { tags: self.tags, blanks: self.blanks },
            elements: self.elements,
            marks: self.marks,
            identity,
            searching,
            services,
            publishing,
            privacy,
            hosts: Hosts { groups: self.host_groups, dark_link },
            tampering,
            landings,
            cloaking,
            availability: Availability { deadlines: self.deadlines, ..availability },
            contracts: self.contracts,
            ipv6,
            remedy,
            version,
        })
    }
}

/// A table is missing, which it only is where a built-in file was itself at fault.
fn lacking(mut errors: Vec<RuleError>, tables: &str) -> Vec<RuleError> {
    errors.push(RuleError {
        file: PathBuf::new(),
        line: 0,
        message: format!("one of {tables} is missing"),
        remedy: "see the built-in files in rules for the form".to_owned(),
    });
    errors
}

/// Puts an entry in the place of the one it replaces, or at the end.
fn lay<T>(list: &mut Vec<T>, new: T, same: impl Fn(&T, &T) -> bool) {
    match list.iter_mut().find(|old| same(old, &new)) {
        Some(old) => *old = new,
        None => list.push(new),
    }
}

#[cfg(test)]
mod tests;
