//! What service guides, published messages and policy files must show: elements, each known by its labels.

use aho_corasick::{AhoCorasick, Anchored, Input, Match, MatchKind, StartKind};
use serde::Deserialize;

use super::{Calendar, Certainty, Cycle, Holidays, Pattern};

/// Everything about guides, messages and policy files.
#[derive(Debug, Clone)]
pub struct Services {
    /// Which pages are guides.
    pub guide: Guide,
    /// What a guide must show.
    pub guide_labels: Labels,
    /// Wording that leaves open what must be brought.
    pub vague: Vec<Vague>,
    /// Forms that guides ask for.
    pub forms: Forms,
    /// Consultations of the public.
    pub survey: Survey,
    /// How a consultation says when it ends.
    pub survey_labels: Labels,
    /// What a site must offer at all.
    pub offers: Vec<Offer>,
    /// How long answers may take.
    pub message: Messages,
    /// What a published message shows.
    pub message_labels: Labels,
    /// Which pages are policy files.
    pub policy: Policy,
    /// What a policy file says of itself.
    pub policy_labels: Labels,
    /// Working days.
    pub calendar: Calendar,
}

/// Which pages are guides, and when one lacks too much.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Guide {
    /// Words in a title that say no more than that it is a guide.
    pub title: Vec<String>,
    /// With fewer elements than this a page is not recognisably a guide.
    pub least_labels: usize,
    /// The same for a page of which neither title nor column says that it is one.
    pub least_untitled: usize,
    /// From this number of missing elements on the guide counts as useless.
    pub many_missing: usize,
    /// Values that say nothing.
    pub blank: Vec<String>,
    /// The document it rests on.
    pub authority: String,
    /// How sure the figures are.
    pub confidence: Certainty,
}

/// An element that is known by its labels.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Element {
    /// Id.
    pub id: String,
    /// Name in Chinese.
    pub name: String,
    /// Whether a page must show it.
    #[serde(default = "yes")]
    pub required: bool,
    /// Whether the title of the page shows it as well.
    #[serde(default)]
    pub by_title: bool,
    /// Whether it tells a page of this kind from others.
    #[serde(default)]
    pub tells: bool,
    /// The labels.
    pub labels: Vec<String>,
    /// How sure it is that it is asked for, where that differs from the list as a whole.
    #[serde(default)]
    pub confidence: Option<Certainty>,
}

/// Wording that leaves something open.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vague {
    /// The wording.
    pub pattern: Vec<Pattern>,
    /// What may stand right before it that explains it.
    pub unless: Vec<Pattern>,
    /// The document it rests on.
    pub authority: String,
    /// How sure it is.
    pub confidence: Certainty,
}

/// Forms that guides ask for.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Forms {
    /// How a form is named among the materials.
    pub names: Vec<Pattern>,
    /// Words in a link that say that it leads to forms.
    pub link_words: Vec<String>,
    /// Extensions of files that may be one.
    pub files: Vec<String>,
    /// How sure it is that forms must be offered.
    pub confidence: Certainty,
}

/// Consultations of the public.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Survey {
    /// Words in the title of one.
    pub titles: Vec<String>,
    /// Words that speak of its result.
    pub result: Vec<String>,
    /// Time from its end until the result must be there.
    pub within: Cycle,
    /// How sure that time is.
    pub confidence: Certainty,
}

/// Something that a site must offer at all, here or on a platform that it leads to.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Offer {
    /// Id, as a limit names it.
    pub id: String,
    /// Name in Chinese.
    pub name: String,
    /// Words in the title of a page, or in the name of a column, that show it.
    pub titles: Vec<String>,
    /// Words in a title that tell of something else.
    pub exempt: Vec<String>,
    /// Addresses, of other hosts as well, that show it.
    pub address: Vec<Pattern>,
    /// How sure it is that it must be offered.
    pub confidence: Certainty,
}

impl Offer {
    /// Whether a title shows it.
    pub fn is_title(&self, title: &str) -> bool {
        let says = |words: &[String]| words.iter().any(|word| title.contains(word.as_str()));
        says(&self.titles) && !says(&self.exempt)
    }
}

/// How long answers may take.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Messages {
    /// A simple question is answered within this many working days.
    pub working_days: u32,
    /// No question stays unanswered for longer.
    pub months: Cycle,
    /// Only questions of this last stretch of time are judged.
    pub window: Cycle,
    /// Words in a title that tell of another kind of channel.
    pub exempt: Vec<String>,
    /// Words in place of a date that say that there is no answer yet.
    pub open: Vec<String>,
    /// The document it rests on.
    pub authority: String,
    /// How sure the figures are.
    pub confidence: Certainty,
}

/// Which pages are policy files.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// With fewer elements than this a page is ordinary news.
    pub least_labels: usize,
    /// The document it rests on.
    pub authority: String,
    /// How sure it is.
    pub confidence: Certainty,
}

/// Elements, with a matcher for all their labels at once: every page is asked for them.
#[derive(Debug, Clone)]
pub struct Labels {
    elements: Vec<Element>,
    matcher: AhoCorasick,
    /// For each pattern of the matcher the elements it stands for: 办理地点和时间 is two.
    owners: Vec<Vec<usize>>,
}

impl Labels {
    fn new(elements: Vec<Element>) -> Result<Labels, String> {
        let mut patterns: Vec<&str> = Vec::new();
        let mut owners: Vec<Vec<usize>> = Vec::new();
        for (owner, element) in elements.iter().enumerate() {
            for label in element.labels.iter().filter(|label| !label.is_empty()) {
                match patterns.iter().position(|pattern| pattern == label) {
                    Some(known) => owners[known].push(owner),
                    None => {
                        patterns.push(label);
                        owners.push(vec![owner]);
                    }
                }
            }
        }
        let matcher = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .start_kind(StartKind::Both)
            .build(&patterns);
        let matcher = matcher.map_err(|error| format!("the labels cannot be searched for: {error}"))?;
        Ok(Labels { elements, matcher, owners })
    }

    /// The elements, in the order of the file.
    pub fn elements(&self) -> &[Element] {
        &self.elements
    }

    /// The place of an element by its id.
    pub fn position(&self, id: &str) -> Option<usize> {
        self.elements.iter().position(|element| element.id == id)
    }

    /// Every label in `text`, the longest at each place: first byte, one past the last, the elements it stands for.
    pub fn find<'a>(&'a self, text: &'a str) -> impl Iterator<Item = (usize, usize, &'a [usize])> + 'a {
        self.matcher.find_iter(text).map(|found| self.found(found))
    }

    /// The longest label that begins at byte `start` of `text`.
    pub fn at(&self, text: &str, start: usize) -> Option<(usize, usize, &[usize])> {
        let input = Input::new(text).range(start..).anchored(Anchored::Yes);
        self.matcher.find(input).map(|found| self.found(found))
    }

    fn found(&self, found: Match) -> (usize, usize, &[usize]) {
        (found.start(), found.end(), self.owners[found.pattern().as_usize()].as_slice())
    }
}

/// The lists as read, later files behind earlier ones.
#[derive(Default)]
pub(super) struct Lists {
    pub(super) guide: Vec<Guide>,
    pub(super) guide_elements: Vec<Element>,
    pub(super) vague: Vec<Vague>,
    pub(super) forms: Vec<Forms>,
    pub(super) survey: Vec<Survey>,
    pub(super) survey_elements: Vec<Element>,
    pub(super) offers: Vec<Offer>,
    pub(super) message: Vec<Messages>,
    pub(super) message_elements: Vec<Element>,
    pub(super) policy: Vec<Policy>,
    pub(super) policy_elements: Vec<Element>,
    pub(super) holidays: Vec<Holidays>,
}

impl Services {
    /// Of what stands once only, the last one holds.
    pub(super) fn new(mut lists: Lists) -> Result<Services, String> {
        Ok(Services {
            guide: lists.guide.pop().ok_or("no `[[guide]]`")?,
            guide_labels: Labels::new(lists.guide_elements)?,
            vague: lists.vague,
            forms: lists.forms.pop().ok_or("no `[[form]]`")?,
            survey: lists.survey.pop().ok_or("no `[[survey]]`")?,
            survey_labels: Labels::new(lists.survey_elements)?,
            offers: lists.offers,
            message: lists.message.pop().ok_or("no `[[message]]`")?,
            message_labels: Labels::new(lists.message_elements)?,
            policy: lists.policy.pop().ok_or("no `[[policy]]`")?,
            policy_labels: Labels::new(lists.policy_elements)?,
            calendar: Calendar::new(lists.holidays),
        })
    }
}

fn yes() -> bool {
    true
}

#[cfg(test)]
mod tests {
    use crate::indicators::RuleSet;

    #[test]
    fn the_checks_find_the_elements_they_know() {
        let rules = RuleSet::built_in();
        let services = rules.services();
        assert!(services.guide_labels.position("materials").is_some());
        for id in ["asked", "answered", "answer", "state"] {
            assert!(services.message_labels.position(id).is_some(), "{id}");
        }
        let required = services.guide_labels.elements().iter().filter(|element| element.required).count();
        assert_eq!(required, 8);
    }

    #[test]
    fn the_longest_label_decides() {
        let rules = RuleSet::built_in();
        let labels = &rules.services().guide_labels;
        let names = |text: &str| -> Vec<String> {
            let owners = labels.find(text).flat_map(|(_, _, owners)| owners);
            owners.map(|owner| labels.elements()[*owner].id.clone()).collect()
        };
        assert_eq!(names("办理地点和时间：二楼"), ["place", "time"]);
        assert_eq!(names("申请材料目录"), ["materials"]);
        assert_eq!(names("收费标准及依据"), ["fee"]);
        assert_eq!(names("某某"), Vec::<String>::new());
    }
}
