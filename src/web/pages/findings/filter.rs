//! Which findings somebody wants to see: read from a query, turned into a question, written back into addresses.

use jiff::civil::Date;

use crate::checks;
use crate::finding::Category;
use crate::life::Life;
use crate::report::{wording, words};
use crate::store::{Assignee, CaseOrder, CaseQuery, Held, STANDING};
use crate::web::form::Fields;
use crate::web::visitor::Visitor;

/// Findings on one page.
pub(in crate::web) const PAGE: u32 = 50;

/// Words of a search at most: nobody types more, and each costs a look at every finding.
const TEXT_CHARS: usize = 100;

/// Every part of the inspection.
pub(in crate::web) const GROUPS: [Category; 11] = [
    Category::Availability,
    Category::Links,
    Category::Images,
    Category::Attachments,
    Category::Tags,
    Category::Columns,
    Category::Services,
    Category::Text,
    Category::Layout,
    Category::Security,
    Category::Intrusion,
];

/// States a list can be asked for by one word.
const LIVES: [Life; 6] =
    [Life::New, Life::Reopened, Life::Open, Life::Acknowledged, Life::Dismissed, Life::Fixed];

/// Something to choose.
pub(in crate::web) struct Choice {
    /// What is sent.
    pub(in crate::web) value: String,
    /// What is read.
    pub(in crate::web) words: String,
    /// Whether it is chosen.
    pub(in crate::web) chosen: bool,
}

/// Puts together what can be chosen.
pub(in crate::web) fn choices(
    chosen: &str,
    all: impl IntoIterator<Item = (impl Into<String>, impl Into<String>)>,
) -> Vec<Choice> {
    all.into_iter()
        .map(|(value, words)| {
            let value: String = value.into();
            Choice { chosen: value == chosen, value, words: words.into() }
        })
        .collect()
}

/// What somebody wants to see, word by word as it was asked for. A word that means nothing asks for nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::web) struct Filter {
    pub(in crate::web) site: String,
    pub(in crate::web) state: String,
    pub(in crate::web) severity: String,
    pub(in crate::web) confidence: String,
    pub(in crate::web) group: String,
    pub(in crate::web) check: String,
    pub(in crate::web) held: String,
    pub(in crate::web) text: String,
    pub(in crate::web) order: String,
    /// From 1.
    pub(in crate::web) page: u64,
}

impl Filter {
    pub(in crate::web) fn of(fields: &Fields) -> Filter {
        let get = |name: &str| fields.get(name).to_owned();
        Filter {
            site: get("site"),
            state: get("state"),
            severity: get("severity"),
            confidence: get("confidence"),
            group: get("group"),
            check: get("check"),
            held: get("held"),
            text: fields.get("text").chars().take(TEXT_CHARS).collect(),
            order: get("order"),
            page: fields.get("page").parse().unwrap_or(1).max(1),
        }
    }

    /// The question to the record, about no site but those in `sites`.
    pub(in crate::web) fn query(&self, visitor: &Visitor, sites: Vec<String>, today: Date) -> CaseQuery {
        let sites = match self.site.as_str() {
            // Whoever sees all sites sees what was found on those that are no longer watched, too.
            "" if visitor.sees_all() => None,
            "" => Some(sites),
            wanted => Some(sites.into_iter().filter(|site| site == wanted).collect()),
        };
        let life = LIVES.into_iter().find(|life| words::life(*life) == self.state);
        let states = match (life, self.state.as_str()) {
            (Some(life), _) => vec![life],
            (None, "all") => Vec::new(),
            (None, _) => STANDING.to_vec(),
        };
        CaseQuery {
            sites,
            states,
            severities: named(&self.severity, wording::SEVERITIES, words::severity),
            confidences: named(&self.confidence, wording::CONFIDENCES, words::confidence),
            checks: self.checks(),
            held: self.held(visitor),
            overdue: (self.state == "overdue").then_some(today),
            awaits_proof: self.state == "mended",
            text: self.text.clone(),
            order: match self.order.as_str() {
                "newest" => CaseOrder::Newest,
                "due" => CaseOrder::Due,
                _ => CaseOrder::Worst,
            },
            offset: (self.page - 1).saturating_mul(PAGE.into()).min(i64::MAX as u64),
            limit: PAGE,
        }
    }

    fn checks(&self) -> Vec<String> {
        if !self.check.is_empty() {
            return vec![self.check.clone()];
        }
        let of_group = |about: &checks::About| words::category(about.category) == self.group;
        let all = checks::ALL.iter().map(|check| check.about());
        all.filter(|about| of_group(about)).map(|about| about.id.to_owned()).collect()
    }

    fn held(&self, visitor: &Visitor) -> Held {
        match self.held.as_str() {
            "nobody" => Held::ByNobody,
            "me" => Held::By(Assignee::Person(visitor.actor())),
            word => Assignee::of_word(word).map_or(Held::ByAnybody, Held::By),
        }
    }

    /// The query of an address that asks for the same, from another page on.
    pub(in crate::web) fn address(&self, page: u64) -> String {
        let pairs = [
            ("site", self.site.clone()),
            ("state", self.state.clone()),
            ("severity", self.severity.clone()),
            ("confidence", self.confidence.clone()),
            ("group", self.group.clone()),
            ("check", self.check.clone()),
            ("held", self.held.clone()),
            ("text", self.text.clone()),
            ("order", self.order.clone()),
            ("page", if page > 1 { page.to_string() } else { String::new() }),
        ];
        let asked = pairs.into_iter().filter(|(_, value)| !value.is_empty());
        url::form_urlencoded::Serializer::new(String::new()).extend_pairs(asked).finish()
    }

    pub(in crate::web) fn states(&self) -> Vec<Choice> {
        let more = [("", "待处理"), ("overdue", "逾期"), ("mended", "已整改待复查")];
        let lives = LIVES.map(|life| (words::life(life), wording::life(life).label));
        choices(&self.state, more.into_iter().chain(lives).chain([("all", "全部")]))
    }

    pub(in crate::web) fn severities(&self) -> Vec<Choice> {
        let all = wording::SEVERITIES.map(|one| (words::severity(one), wording::severity(one).label));
        choices(&self.severity, [("", "不限")].into_iter().chain(all))
    }

    pub(in crate::web) fn confidences(&self) -> Vec<Choice> {
        let all = wording::CONFIDENCES.map(|one| (words::confidence(one), wording::confidence(one).label));
        choices(&self.confidence, [("", "不限")].into_iter().chain(all))
    }

    pub(in crate::web) fn groups(&self) -> Vec<Choice> {
        let all = GROUPS.map(|one| (words::category(one), wording::category(one)));
        choices(&self.group, [("", "不限")].into_iter().chain(all))
    }

    pub(in crate::web) fn checks_to_choose(&self) -> Vec<Choice> {
        let all = checks::ALL.iter().map(|check| (check.about().id, check.about().name));
        choices(&self.check, [("", "不限")].into_iter().chain(all))
    }

    pub(in crate::web) fn orders(&self) -> Vec<Choice> {
        choices(&self.order, [("", "严重程度"), ("newest", "最近发现"), ("due", "期限")])
    }
}

fn named<T: Copy>(
    wanted: &str,
    all: impl IntoIterator<Item = T>,
    word: impl Fn(T) -> &'static str,
) -> Vec<T> {
    all.into_iter().filter(|one| word(*one) == wanted).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_asks_for_the_same_again() {
        let filter =
            Filter::of(&Fields::of("state=overdue&severity=high&text=%E6%AD%BB+link&page=3".as_bytes()));
        assert_eq!((filter.text.as_str(), filter.page), ("死 link", 3));
        assert_eq!(Filter::of(&Fields::of(filter.address(3).as_bytes())), filter);
        assert!(!filter.address(1).contains("page"));
    }

    #[test]
    fn nonsense_asks_for_nothing_special() {
        let filter = Filter::of(&Fields::of(b"state=x&severity=x&group=x&held=x&order=x&page=-1"));
        let query = filter.query(&Visitor::unknown(), vec!["a".to_owned()], Date::MIN);
        let plain = CaseQuery {
            sites: Some(vec!["a".to_owned()]),
            states: STANDING.to_vec(),
            limit: PAGE,
            ..CaseQuery::default()
        };
        assert_eq!(query, plain);
        let foreign = Filter { site: "b".to_owned(), ..filter };
        let query = foreign.query(&Visitor::unknown(), vec!["a".to_owned()], Date::MIN);
        assert_eq!(query.sites, Some(Vec::new()), "no site but one's own");
    }
}
