//! Hosts that government sites link to as a matter of course, and what tells a dark link from the rest.

use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use serde::Deserialize;

use super::Certainty;
use crate::page::Thresholds;

/// What is known of foreign hosts.
#[derive(Debug, Clone)]
pub struct Hosts {
    pub(super) groups: Vec<HostGroup>,
    /// What tells a dark link.
    pub dark_link: DarkLink,
}

/// Hosts of one kind.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HostGroup {
    /// Id, unique.
    pub id: String,
    /// What they are, in Chinese.
    pub name: String,
    /// The hosts, each with everything below it.
    pub hosts: Vec<String>,
    /// What the list rests on.
    pub source: String,
    /// How sure it is.
    pub confidence: Certainty,
}

/// What tells a dark link (暗链).
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DarkLink {
    /// Links to so many unknown hosts in one hidden container are no menu.
    pub block_hosts: usize,
    /// So many lures make a text an advertisement.
    pub lure_least: usize,
    /// Words of advertisements.
    pub lures: Vec<String>,
    /// Top-level domains that planted links favour.
    pub abused_tlds: Vec<String>,
    /// How names of institutions end.
    pub institution_endings: Vec<String>,
    /// Names under which only hosts of the government may stand.
    pub official_names: Vec<String>,
    /// Ports, besides those of the scheme, under which ordinary sites answer.
    pub usual_ports: Vec<u16>,
    /// Hosts have so many labels at most.
    pub most_labels: usize,
    /// Hosts that shorten addresses: whoever reads such a link cannot tell where it leads.
    pub shorteners: Vec<String>,
    /// Messengers by which advertisers are reached, in whatever letters.
    pub messengers: Vec<String>,
    /// Finds them in one pass; made when it is first asked for.
    #[serde(skip)]
    finder: OnceLock<AhoCorasick>,
    /// Other ways to chat, by which offices are reached, too.
    pub chats: Vec<String>,
    /// Finds both; made when it is first asked for.
    #[serde(skip)]
    chat_finder: OnceLock<AhoCorasick>,
    /// Hosts under which anybody gets a place for a page.
    pub lent_hosts: Vec<String>,
    /// Folders of what is uploaded, in small letters.
    pub upload_folders: Vec<String>,
    /// Where sight begins.
    pub sight: Thresholds,
    /// What the figures rest on.
    pub source: String,
    /// How sure they are.
    pub confidence: Certainty,
}

impl Hosts {
    /// The groups of known hosts.
    pub fn groups(&self) -> &[HostGroup] {
        &self.groups
    }

    /// Whether a host is known.
    pub fn knows(&self, host: &str) -> bool {
        self.group_of(host).is_some()
    }

    /// The group of a host, where it is known.
    pub fn group_of(&self, host: &str) -> Option<&HostGroup> {
        self.groups.iter().find(|group| group.hosts.iter().any(|known| is_below(host, known)))
    }
}

fn finder<'a>(names: impl Iterator<Item = &'a String>) -> AhoCorasick {
    let mut builder = AhoCorasick::builder();
    // Few and short: a table of all states is small, and twice as fast.
    let built = builder.ascii_case_insensitive(true).kind(Some(AhoCorasickKind::DFA));
    built.build(names).expect("a short list of names always compiles")
}

/// Whether a host is `domain` or below it.
pub fn is_below(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

impl DarkLink {
    /// Where messengers are named in a text: start and end.
    pub fn messengers_in<'t>(&'t self, text: &'t str) -> impl Iterator<Item = (usize, usize)> + 't {
        let finder = self.finder.get_or_init(|| finder(self.messengers.iter()));
        finder.find_iter(text).map(|found| (found.start(), found.end()))
    }

    /// Where messengers or other ways to chat are named in a text: start and end.
    pub fn chats_in<'t>(&'t self, text: &'t str) -> impl Iterator<Item = (usize, usize)> + 't {
        let finder = self.chat_finder.get_or_init(|| finder(self.messengers.iter().chain(&self.chats)));
        finder.find_iter(text).map(|found| (found.start(), found.end()))
    }

    /// Whether anybody gets a place for a page under a host.
    pub fn is_lent(&self, host: &str) -> bool {
        self.lent_hosts.iter().any(|lent| is_below(host, lent))
    }

    /// Whether a path leads into a folder of what is uploaded.
    pub fn is_uploaded(&self, path: &str) -> bool {
        let Some((folders, _)) = path.rsplit_once('/') else { return false };
        folders
            .split('/')
            .any(|folder| self.upload_folders.iter().any(|known| folder.eq_ignore_ascii_case(known)))
    }

    /// How many lures stand in a text.
    pub fn lures_in(&self, text: &str) -> usize {
        let text = text.to_lowercase();
        self.lures.iter().filter(|lure| text.contains(lure.as_str())).count()
    }

    /// Whether a text is the name of an institution, as lists of neighbours have them.
    pub fn names_institution(&self, text: &str) -> bool {
        let text = text.trim_end_matches(|c: char| !c.is_alphanumeric());
        let ends_with_one_of = |ends: &[String]| ends.iter().any(|end| text.ends_with(end.as_str()));
        // 某某电视台, but not 某某平台.
        ends_with_one_of(&self.institution_endings) && !ends_with_one_of(&self.lures)
    }

    /// The official name in a text.
    pub fn official_name<'a>(&'a self, text: &str) -> Option<&'a str> {
        self.official_names.iter().map(String::as_str).find(|name| text.contains(name))
    }

    /// Whether a host lies in a top-level domain that planted links favour.
    pub fn is_abused(&self, host: &str) -> bool {
        host.rsplit('.').next().is_some_and(|tld| self.abused_tlds.iter().any(|abused| abused == tld))
    }
}
