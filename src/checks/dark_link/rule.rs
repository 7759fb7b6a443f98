//! The rules: which factors together make a dark link, and how sure that is.
//!
//! Being hidden says nothing by itself, and neither does a target that nobody knows: menus and lists of neighbours are
//! full of both. A rule needs one of each kind, and something that says more: words, a domain, or a way of hiding that
//! no menu needs.

use std::collections::BTreeSet;

use super::suspect::{Kept, Part, Suspect};
use crate::checks::crimes::{Word, crimes, distinct};
use crate::checks::stranger::Stranger;
use crate::finding::{Confidence, Severity};
use crate::indicators::DarkLink;
use crate::page::{Carrier, Strength};
use crate::text::{Class, Lexicons};

/// A rule that holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rule {
    /// Out of sight, with words of a crime.
    HiddenWords,
    /// Out of sight, many advertisements for hosts nobody knows.
    HiddenLures,
    /// In sight, with words of a crime.
    VisibleWords,
    /// Out of sight, in a domain that planted links favour.
    HiddenAbused,
    /// Several strangers in a container that no menu hides in this way.
    HiddenBlock,
    /// Where no link belongs.
    Displaced,
    /// A frame that cannot be seen.
    HiddenFrame,
    /// The page as a whole is read against, or sent to, a stranger's.
    Taken,
    /// It pretends to lead to somebody else.
    Pretends,
    /// Words of a crime in the head, for search engines alone.
    HeadWords,
    /// The same, in numbers instead of characters.
    CodedWords,
    /// Words in the head in numbers instead of characters, whatever they say.
    CodedHead,
    /// One of several titles speaks of a crime.
    RivalTitle,
    /// A way to reach a stranger, out of sight.
    HiddenContact,
    /// Search engines are told to read what speaks of a crime.
    ListedWords,
    /// Search engines are told to read what strangers have.
    ListedStranger,
    /// In sight, an advertisement for a place that anybody may get.
    VisibleLures,
    /// A QR code leads to a host that nobody has who means well, or that speaks of a crime.
    CodedTarget,
    /// A drawing shows words of crimes.
    DrawnWords,
    /// A file offers a crime, and says how to reach those who do.
    Advert,
    /// The same, as loud as only advertisements are.
    LoudAdvert,
    /// A page among uploaded files speaks of a crime, and shares nothing with the site.
    Stray,
    /// The same, with a way to reach a stranger.
    StrayAdvert,
    /// An address of the site carries words of crimes, which its page shows back.
    Reflected,
    /// Worth a look, no more.
    Note,
}

impl Rule {
    /// Its number in the list of decisions.
    pub(super) fn id(self) -> &'static str {
        match self {
            Rule::HiddenWords => "C2",
            Rule::HiddenLures => "C2b",
            Rule::Taken => "C6",
            Rule::VisibleWords => "Q8",
            Rule::HiddenAbused => "Q1b",
            Rule::HiddenBlock => "Q1",
            Rule::Displaced => "Q3",
            Rule::Pretends => "Q5",
            Rule::HiddenFrame => "Q9",
            Rule::HeadWords => "Q10",
            Rule::CodedWords => "C3",
            Rule::CodedHead => "Q15",
            Rule::RivalTitle => "Q16",
            Rule::HiddenContact => "Q17",
            Rule::ListedWords => "C8",
            Rule::ListedStranger => "Q18",
            Rule::VisibleLures => "Q19",
            Rule::CodedTarget => "Q20",
            Rule::DrawnWords => "Q21",
            Rule::Advert => "Q22",
            Rule::LoudAdvert => "C9",
            Rule::Stray => "Q23",
            Rule::StrayAdvert => "C10",
            Rule::Reflected => "Q24",
            Rule::Note => "N",
        }
    }

    /// How sure it is.
    pub(super) fn confidence(self) -> Confidence {
        match self {
            Rule::HiddenWords
            | Rule::HiddenLures
            | Rule::CodedWords
            | Rule::ListedWords
            | Rule::LoudAdvert
            | Rule::StrayAdvert => Confidence::Confirmed,
            Rule::Note => Confidence::Note,
            _ => Confidence::Probable,
        }
    }

    /// How bad it is, given what the words are about.
    pub(super) fn severity(self, words: &[Word]) -> Severity {
        let is_vicious = |word: &Word| matches!(word.class, Class::Gambling | Class::Pornography);
        match self {
            Rule::Note => Severity::Low,
            Rule::HiddenWords if words.iter().any(is_vicious) => Severity::Critical,
            _ => Severity::High,
        }
    }
}

/// What a company of suspects comes to.
pub(super) struct Judgement<'a> {
    pub(super) rule: Rule,
    pub(super) words: Vec<Word>,
    /// Those that it is about.
    pub(super) suspects: Vec<&'a Suspect>,
}

/// Judges suspects that are kept from sight together; `None` where there is nothing to say.
pub(super) fn judge<'a>(
    suspects: Vec<&'a Suspect>,
    figures: &DarkLink,
    lexicons: &Lexicons,
) -> Option<Judgement<'a>> {
    let first = *suspects.first()?;
    let only = |suspects: Vec<&'a Suspect>, rule: Rule, words: Vec<Word>| {
        (!suspects.is_empty()).then_some(Judgement { rule, words, suspects })
    };
    let all = || suspects.clone();
    let those = |is: &dyn Fn(&Suspect) -> bool| -> Vec<&'a Suspect> {
        suspects.iter().copied().filter(|suspect| is(suspect)).collect()
    };
    match first.part {
        Part::Base | Part::Refresh => return only(all(), Rule::Taken, Vec::new()),
        Part::Relation | Part::Form => {
            let abused = those(&|suspect| suspect.target.is_abused);
            let rule = if abused.is_empty() { Rule::Note } else { Rule::Taken };
            return only(if abused.is_empty() { all() } else { abused }, rule, Vec::new());
        }
        // Pages hint at the hosts of fonts and statistics, known and unknown.
        Part::Hint => return only(those(&|suspect| suspect.target.is_odd()), Rule::Note, Vec::new()),
        Part::Manifest => return only(all(), Rule::Note, Vec::new()),
        Part::Anchor | Part::Frame => {}
    }
    let pretends = |suspect: &Suspect| {
        let is_elsewhere =
            |host: &str| !host.ends_with(".cn") && !host.ends_with(".hk") && !host.ends_with(".mo");
        suspect.target.disguise.is_some()
            || (figures.official_name(&suspect.text).is_some()
                && !suspect.target.is_number
                && is_elsewhere(&suspect.target.host))
    };
    let is_lure = |suspect: &Suspect| {
        figures.lures_in(&suspect.text) >= figures.lure_least && !figures.names_institution(&suspect.text)
    };
    if first.sight == Kept::Visible {
        let worded: Vec<(&'a Suspect, Vec<Word>)> =
            suspects.iter().map(|suspect| (*suspect, words(&[*suspect], lexicons))).collect();
        let (with, words): (Vec<_>, Vec<_>) =
            worded.into_iter().filter(|(_, words)| !words.is_empty()).unzip();
        return only(with, Rule::VisibleWords, distinct(words.concat()))
            .or_else(|| only(those(&pretends), Rule::Pretends, Vec::new()))
            .or_else(|| {
                only(
                    those(&|suspect| suspect.target.is_lent && is_lure(suspect)),
                    Rule::VisibleLures,
                    Vec::new(),
                )
            })
            .or_else(|| only(those(&|suspect| suspect.target.is_short), Rule::Note, Vec::new()));
    }

    let words = words(&suspects, lexicons);
    if !words.is_empty() {
        // What stands in a comment is shown to nobody, not even to search engines of today.
        let is_staged = first.sight == Kept::Concealed(Carrier::Comment);
        return only(all(), if is_staged { Rule::VisibleWords } else { Rule::HiddenWords }, words);
    }
    let lures = those(&is_lure);
    if hosts(&lures).len() >= figures.block_hosts {
        return only(lures, Rule::HiddenLures, Vec::new());
    }
    let pretending = those(&pretends);
    if !pretending.is_empty() {
        return only(pretending, Rule::Pretends, Vec::new());
    }
    let is_suspicious = |target: &Stranger| target.is_abused || target.odd_port.is_some() || target.is_lent;
    let abused = those(&|suspect| is_suspicious(&suspect.target));
    if !abused.is_empty() {
        return only(abused, Rule::HiddenAbused, Vec::new());
    }
    // Lists of neighbours are hidden in tabs: what is named after an institution counts no further.
    let strange = those(&|suspect| !figures.names_institution(&suspect.text) && !suspect.target.is_number);
    let rule = match first.sight {
        Kept::Hidden(_) if first.part == Part::Frame => Rule::HiddenFrame,
        Kept::Hidden(hidden)
            if hidden.strength == Strength::Hard && hosts(&strange).len() >= figures.block_hosts =>
        {
            Rule::HiddenBlock
        }
        Kept::Displaced(_) => Rule::Displaced,
        Kept::Concealed(Carrier::Comment | Carrier::Drawing) => return None,
        _ => Rule::Note,
    };
    only(strange, rule, Vec::new())
}

/// The hosts of some suspects.
pub(super) fn hosts<'a>(suspects: &[&'a Suspect]) -> BTreeSet<&'a str> {
    suspects.iter().map(|suspect| suspect.target.host.as_str()).collect()
}

/// The words of crimes in what suspects say together: weak ones find company in their neighbours.
fn words(suspects: &[&Suspect], lexicons: &Lexicons) -> Vec<Word> {
    let said: Vec<&str> =
        suspects.iter().flat_map(|suspect| [suspect.text.as_str(), suspect.aside.as_str()]).collect();
    crimes(&said.join("，"), lexicons)
}
