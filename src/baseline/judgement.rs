//! What a change means: ordinary life of a site, a new dress, or an intruder.

use super::{Delta, Gains, Repainted, Use};
use crate::config::Site;
use crate::finding::{Confidence, Severity, excused};
use crate::indicators::{Hosts, RuleSet, is_below};

/// What a change is. Ordered by how much it says of an intruder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Change {
    /// New articles, dates, order, banners.
    Benign,
    /// Only the colours: mourning, holidays.
    Style,
    /// Another picture where visitors know the site by it.
    Media,
    /// Another build of the page under the same name.
    Rebuilt,
    /// The same page under a title that does not name the site or its organ any more.
    Renamed,
    /// New links, frames or scripts of strangers.
    Inject,
    /// Another page in its place.
    Replace,
    /// Words of crimes or of defacers.
    Phrase,
}

impl Change {
    /// Its name in reports.
    pub fn chinese(self) -> &'static str {
        match self {
            Change::Benign => "正常更新",
            Change::Style => "样式变化",
            Change::Media => "标识图片变化",
            Change::Rebuilt => "页面改版",
            Change::Renamed => "标题不再标明单位",
            Change::Inject => "植入外部内容",
            Change::Replace => "页面被替换",
            Change::Phrase => "出现违法或篡改词语",
        }
    }
}

/// A judged change.
#[derive(Debug, Clone, PartialEq)]
pub struct Judgement {
    /// What it is.
    pub change: Change,
    /// Hosts that nobody knows and that were not there before.
    pub strangers: Gains,
    /// Pictures that visitors see to be others.
    pub pictures: Vec<Repainted>,
    /// How bad and how sure, if anybody should hear of it.
    pub alarm: Option<(Severity, Confidence)>,
    /// Whether the page may be taken for good as it is now without asking anybody.
    pub is_accepted: bool,
}

/// What is known of the world besides the page.
#[derive(Clone, Copy)]
pub struct Knowledge<'a> {
    /// The site, with the hosts it allows.
    pub site: &'a Site,
    /// Rules, with the hosts that everybody knows.
    pub rules: &'a RuleSet,
}

impl Knowledge<'_> {
    /// Judges a change; `is_approved` says whether a person has approved of what the page was before.
    pub fn judge(&self, delta: &Delta, is_approved: bool) -> Judgement {
        let strangers = self.strangers(&delta.gained);
        let rules = self.rules.tampering();
        let is_seen = |picture: &&Repainted| picture.is_seen(rules);
        let pictures: Vec<Repainted> = delta.pictures.iter().filter(is_seen).cloned().collect();
        let change = self.change(delta, &strangers, &pictures);
        let alarm = self.alarm(change, &strangers, is_approved);
        // A foreign host that may change the page is never taken for good by itself, however well known.
        let gains_power = delta.gained.keys().any(|used| used.is_powerful());
        Judgement {
            change,
            strangers,
            pictures,
            alarm,
            is_accepted: change == Change::Benign && !gains_power,
        }
    }

    fn change(&self, delta: &Delta, strangers: &Gains, pictures: &[Repainted]) -> Change {
        let rules = self.rules.tampering();
        let is_loud = delta.words.iter().any(|word| word.is_heading) || delta.words.len() >= rules.words;
        if is_loud {
            Change::Phrase
        } else if delta.text < rules.text_replaced && (delta.is_nameless || self.is_unknown(delta)) {
            Change::Replace
        } else if strangers.keys().any(|used| used.is_powerful()) || self.is_block(delta, strangers) {
            Change::Inject
        } else if delta.is_nameless {
            Change::Renamed
        } else if delta.form < rules.form_replaced {
            Change::Rebuilt
        } else if !pictures.is_empty() {
            Change::Media
        } else if delta.is_redressed {
            Change::Style
        } else {
            Change::Benign
        }
    }

    /// Whether a page whose title never named anybody has neither its title nor its menu any more.
    fn is_unknown(&self, delta: &Delta) -> bool {
        let has_other_title = delta.head.iter().any(|field| field.name == "title");
        has_other_title && delta.menu < self.rules.tampering().menu_kept
    }

    /// Whether the new links are a block that nobody would set who keeps the site.
    fn is_block(&self, delta: &Delta, strangers: &Gains) -> bool {
        let rules = self.rules.tampering();
        let count = |gains: &Gains| gains.get(&Use::Link).map_or(0, Vec::len);
        let (all, strange) = (count(&delta.gained), count(strangers));
        strange >= rules.link_hosts && ((all - strange) as f64) < rules.known_share * all as f64
    }

    fn alarm(&self, change: Change, strangers: &Gains, is_approved: bool) -> Option<(Severity, Confidence)> {
        let hosts = self.rules.hosts();
        let is_vicious = strangers.iter().any(|(used, gained)| {
            used.is_powerful() && gained.iter().any(|host| hosts.dark_link.is_abused(host))
        });
        match change {
            Change::Benign | Change::Style | Change::Rebuilt => None,
            Change::Media => Some((Severity::Low, Confidence::Note)),
            Change::Renamed => Some((Severity::Medium, Confidence::Note)),
            Change::Phrase => Some((Severity::Critical, Confidence::Confirmed)),
            Change::Inject if is_vicious && is_approved => Some((Severity::Critical, Confidence::Confirmed)),
            Change::Inject | Change::Replace => Some((Severity::High, Confidence::Probable)),
        }
    }

    fn strangers(&self, gained: &Gains) -> Gains {
        let is_strange = |host: &&String| !self.knows(host, self.rules.hosts());
        let strange = gained
            .iter()
            .map(|(used, hosts)| (*used, hosts.iter().filter(is_strange).cloned().collect::<Vec<_>>()));
        strange.filter(|(_, hosts)| !hosts.is_empty()).collect()
    }

    fn knows(&self, host: &str, hosts: &Hosts) -> bool {
        hosts.knows(host) || excused(&self.site.allow, "tampering").any(|known| is_below(host, known))
    }
}
