//! What a script is charged with, and how sure that is.

use crate::checks::stranger::Stranger;
use crate::finding::{Confidence, Severity};
use crate::page::NodeId;
use crate::script::{Guard, Manner};

/// What a script is charged with.
pub(super) struct Charge {
    pub(super) rule: Rule,
    pub(super) way: Way,
    /// Whom it serves; `None` where it hides its page inside of the address, or changes nothing but a title.
    pub(super) target: Option<Stranger>,
    /// For whom it acts, and how it was wrapped.
    pub(super) manner: Manner,
    pub(super) at: At,
}

/// Where a script does what it does.
#[derive(Debug, Clone, Copy)]
pub(super) enum At {
    /// In this element of the page.
    Element(NodeId),
    /// At this byte of the code of a file.
    Byte(usize),
}

/// What is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Way {
    /// Sends the visitor away.
    Go,
    /// Opens another window.
    Open,
    /// Sends the window away from which this one was opened.
    GoBehind,
    /// Loads a program.
    Program,
    /// Shows another page inside of this one.
    Frame,
    /// Such a page over all of the window.
    Overlay,
    /// Shows a page that is written inside of its own address.
    Data,
    /// Gives the page another title than search engines were told: what they were told.
    Retitle(String),
    /// Gives pages another title, where spiders are asked for: that one.
    Entitle(String),
    /// Asks visitors to be sent messages.
    Notify,
}

/// A rule that holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rule {
    /// Only for spiders, for visitors from search engines, or for phones.
    Guarded,
    /// The title that spiders see speaks of a crime.
    CriminalTitle,
    /// The title is another for spiders.
    SpiderTitle,
    /// Wrapped, so that nobody sees where it leads.
    Wrapped,
    /// A frame over all of the page.
    Overlay,
    /// The page is hidden in an address.
    Data,
    /// The window behind is sent away.
    Behind,
    /// To or from a host as nobody has it who means well.
    OddHost,
    /// Only at times, only once, or only on the way back.
    Sometimes,
    /// Worth a look, no more.
    Note,
}

impl Rule {
    /// Its number in the list of decisions.
    pub(super) fn id(self) -> &'static str {
        match self {
            Rule::CriminalTitle => "C3",
            Rule::Guarded => "C4",
            Rule::Wrapped | Rule::OddHost => "Q4",
            Rule::SpiderTitle => "Q11",
            Rule::Overlay => "Q12",
            Rule::Data => "Q13",
            Rule::Behind => "Q14",
            Rule::Sometimes | Rule::Note => "N",
        }
    }

    /// How sure it is.
    pub(super) fn confidence(self) -> Confidence {
        match self {
            Rule::Guarded | Rule::CriminalTitle => Confidence::Confirmed,
            Rule::Sometimes | Rule::Note => Confidence::Note,
            _ => Confidence::Probable,
        }
    }

    /// How bad it is.
    pub(super) fn severity(self) -> Severity {
        match self.confidence() {
            Confidence::Note => Severity::Low,
            _ => Severity::High,
        }
    }

    /// The rule for what serves a stranger; `None` where there is nothing to say.
    pub(super) fn of(way: &Way, target: &Stranger, manner: Manner) -> Option<Rule> {
        let asks = |guards: &[Guard]| guards.iter().any(|guard| manner.guards.has(*guard));
        let is_wrapped = !manner.wrappings.is_empty();
        // A window opens at a click, and what phones open may be an app.
        let strong: &[Guard] = match way {
            Way::Open => &[Guard::Spider, Guard::Search],
            // Versions for phones are kept where space is lent, too.
            _ if target.is_lent => &[Guard::Spider, Guard::Search],
            _ => &[Guard::Spider, Guard::Search, Guard::Phone],
        };
        Some(match way {
            _ if asks(strong) => Rule::Guarded,
            _ if is_wrapped => Rule::Wrapped,
            Way::Overlay => Rule::Overlay,
            Way::GoBehind => Rule::Behind,
            _ if target.is_odd() => Rule::OddHost,
            Way::Go if asks(&[Guard::Once, Guard::Time, Guard::Back]) => Rule::Sometimes,
            Way::Program => Rule::Note,
            _ => return None,
        })
    }
}

impl Charge {
    /// The same for the same charge on every page.
    pub(super) fn identity(&self) -> String {
        match (&self.target, &self.way) {
            (Some(target), _) => target.host.clone(),
            (None, Way::Retitle(_) | Way::Entitle(_)) => "title".to_owned(),
            (None, Way::Notify) => "push".to_owned(),
            (None, _) => "data:".to_owned(),
        }
    }
}
