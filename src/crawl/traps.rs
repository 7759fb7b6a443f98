//! Bounds for addresses without end: calendars, session numbers, paths that repeat, parameters that count up.
//!
//! A site may honestly have a hundred thousand articles of one shape, so a shape alone proves nothing. What counts is
//! content: a template (digits replaced) whose members keep saying the same thing is given up once its budget of
//! repeats is spent. The budget that was hit is shown in the coverage; nothing is dropped silently.

use std::collections::{HashMap, HashSet};

use xxhash_rust::xxh3::xxh3_64;

use crate::address::Address;
use crate::config;
use crate::facts::{PageFacts, Skip};

/// Distinct contents remembered per template. A template with more than that is certainly no trap of repeats.
const CONTENTS: usize = 2048;

/// What is known of the shapes of addresses.
pub(super) struct Traps {
    settings: config::Crawl,
    templates: HashMap<u64, Template>,
    hit: Vec<String>,
}

#[derive(Default)]
struct Template {
    contents: HashSet<u128>,
    /// Members that said what another one had said, or that led nowhere but to more of their own shape although
    /// their address counts days or parameters.
    idle: u32,
    closed: bool,
}

impl Traps {
    pub(super) fn new(settings: config::Crawl) -> Traps {
        Traps { settings, templates: HashMap::new(), hit: Vec::new() }
    }

    /// Why an address newly met, or whose turn has come, is not worth a visit.
    pub(super) fn refuses(&self, address: &Address) -> Option<Skip> {
        let settings = &self.settings;
        if address.as_str().len() > settings.max_address
            || address.segments().count() > settings.max_segments
            || address.path_repeats()
        {
            return Some(Skip::TrapShape);
        }
        let template = xxh3_64(address.template().as_bytes());
        self.templates.get(&template).is_some_and(|template| template.closed).then_some(Skip::TrapBudget)
    }

    /// A page was seen, by this run of the crawl or one before.
    pub(super) fn saw(&mut self, page: &PageFacts) {
        let Ok(address) = Address::parse(&page.address) else { return };
        let shape = address.template();
        let template = self.templates.entry(xxh3_64(shape.as_bytes())).or_default();
        if template.closed {
            return;
        }
        let is_new = match template.contents.len() < CONTENTS {
            true => template.contents.insert(page.content.digest),
            false => !template.contents.contains(&page.content.digest),
        };
        let counts = address.url().query().is_some() || address.calendar_smell();
        if !is_new || (counts && !page.leads_elsewhere) {
            template.idle += 1;
        }
        let budget = if counts { self.settings.query_budget } else { self.settings.template_budget };
        if template.idle >= budget {
            *template = Template { closed: true, ..Template::default() };
            self.hit.push(format!("{shape} ({budget})"));
        }
    }

    /// Templates given up, for the coverage record.
    pub(super) fn hit(&self) -> &[String] {
        &self.hit
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::ContentKeys;

    fn address(text: &str) -> Address {
        Address::parse(text).expect("a good address")
    }

    fn page(address: String, digest: u128, leads_elsewhere: bool) -> PageFacts {
        let content = ContentKeys { digest, simhash: 0, main_chars: 100 };
        PageFacts { address, content, leads_elsewhere, ..crate::column::tests::column_page("", &[]) }
    }

    /// How many of the members `0..` of a template are visited before it is refused, at most `limit`.
    fn visited(limit: u32, member: impl Fn(u32) -> (String, u128, bool)) -> u32 {
        let settings = config::Crawl { template_budget: 20, query_budget: 10, ..config::Crawl::default() };
        let mut traps = Traps::new(settings);
        for number in 0..limit {
            let (text, digest, led_elsewhere) = member(number);
            if traps.refuses(&address(&text)).is_some() {
                return number;
            }
            traps.saw(&page(text, digest, led_elsewhere));
        }
        limit
    }

    #[test]
    fn budgets() {
        let articles = visited(500, |n| (format!("http://h.test/art/{n}.html"), n.into(), false));
        assert_eq!(articles, 500, "many articles of one shape are no trap");
        let repeats = visited(500, |n| (format!("http://h.test/x/{n}.html"), 7, true));
        assert_eq!(repeats, 21, "the same content again and again is one");
        let calendar = visited(500, |n| (format!("http://h.test/cal?y={n}"), n.into(), false));
        assert_eq!(calendar, 10, "a calendar leads only to itself");
        let lists = visited(500, |n| (format!("http://h.test/list?page={n}"), n.into(), true));
        assert_eq!(lists, 500, "a paged list leads to articles");
    }

    #[test]
    fn shapes() {
        let traps = Traps::new(config::Crawl::default());
        let long = format!("http://h.test/{}", "x".repeat(3000));
        let deep = format!("http://h.test/{}", (0..30).map(|n| format!("d{n}/")).collect::<String>());
        for trap in [long.as_str(), deep.as_str(), "http://h.test/a/b/a/b/a/b/"] {
            assert_eq!(traps.refuses(&address(trap)), Some(Skip::TrapShape), "{trap}");
        }
    }
}
