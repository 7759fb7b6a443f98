//! The overview of all rules, as `rules/README.md` shows it.

use std::fmt::Write;

use super::{
    Cloaking, Cycle, DarkLink, Deadline, ElementPlace, HomeElement, HostGroup, Landings, LineRule, Measure,
    Publishing, Rule, RuleSet, Scale, Source, Tampering,
};
use crate::facts::PageKind;

/// `rules/README.md`: the built-in rules as tables. A test keeps the file current.
pub fn overview() -> String {
    let rules = RuleSet::built_in();
    let mut text = String::from(
        "# Rules\n\n\
         Generated from the files of this folder by `BLESS=1 cargo test overview`; do not edit.\n\n\
         Every figure that a regulation or a customer may change stands in these files. A folder named as \
         `rules_dir` in the configuration is layered over them: an entry with the same id (and scale) replaces, any \
         other adds; unknown keys are refused.\n\n\
         How sure a figure is, printed wherever it is used: `verified` was read in the rule itself, `verified-2nd` in \
         something derived from it; `recalled-high`, `recalled-med`, `recalled-low` were read nowhere; `default` is \
         this project's own suggestion. Only the first two are worded as requirements.\n\n\
         ## The form\n\n\
         A file holds any of these lists; which one stands in which file is up to its writer.\n\n\
         | list | keys |\n\
         | --- | --- |\n\
         | `[[scale]]` | `id`, `name`, `full` (points at the outset), `pass`, `good`, `bonus` (most points of the bonus part), \
         `services`, `based_on` (the scale whose rules it takes over), `wanted` (the text without which figures it \
         takes over stay unsure), `confidence` |\n\
         | `[[rule]]` | `id`, `name`, `group`, `consequence` (`veto`, `deduct`, `bonus`, `advisory`), `pages`, \
         `authority`, `confidence`, `scale`, `points` for each finding, `item_cap`, `part_of` (where the points of a \
         line that only details others stand), `expectation`, `counts`, `measure`, `evidence` and `remedy` (where no check says them); `[rule.param]` holds \
         thresholds |\n\
         | `[[adjust]]` | single figures of a rule that a scale has or takes over: `scale`, `id`, `points`, `item_cap`, \
         `expectation`, `param`; `authority` and `confidence` of the new figures must be said |\n\
         | `[[rule.limit]]` | of a veto, any one is enough: `name`, `warn`, `fail`, `counts` |\n\
         | an entry of `counts` | `check`, and to narrow it `on` (`home`, `other`), `severity`, `says` (words of the \
         evidence); `points` where they differ; `per = \"page\"` counts every page of a template finding |\n\
         | `[[kind]]` | of columns: `id`, `name`, `cycle` and `warn` (`{ days = 14 }`, `{ months = 6 }`, \
         `{ yearly = \"01-31\" }`), `must_update`, `words`, `authority`, `confidence` |\n\
         | `[[pages]]` | of columns: `pagination`, `empty_main_chars` |\n\
         | `[[tag]]` | `name`, `label`, `set` (`site`, `column`, `article`), `required` |\n\
         | `[[blank]]` | `values` of tags that say nothing |\n\
         | `[[element]]` | of the home page: `id`, `name`, `place`, `confidence`, `by_script`, `text`, `address`, `source`, `meta` |\n\
         | `[[guide]]`, `[[message]]`, `[[policy]]` | which pages are service guides, published messages, policy files, \
         and their limits; the last one read holds |\n\
         | `[[guide_element]]`, `[[message_element]]`, `[[policy_element]]` | `id`, `name`, `labels`, `required`, \
         `by_title`, `tells` (whether it tells such a page from others), `confidence` |\n\
         | `[[vague]]` | wording of guides: `pattern`, `unless`, `authority`, `confidence` |\n\
         | `[[holidays]]` | of one `year`: `off`, `worked`, `authority`, `confidence` |\n\
         | `[[interpretation]]`, `[[disclosure]]`, `[[dating]]`, `[[sharing]]`, `[[optional_tags]]` | interpretations of policy files, time until publication, \
         dates that cannot be true, items in several columns, optional tags: see the comments in \
         `publishing.toml`; the last one read holds |\n\
         | `[[privacy]]` | private data of people: `figures` and their `sources`, see the comments in `privacy.toml`; \
         the last one read holds |\n\
         | `[[host_group]]` | hosts that may be linked to: `id`, `name`, `hosts`, `source`, `confidence` |\n\
         | `[[dark_link]]` | what tells a dark link, see the comments in `hosts.toml`; the last one read holds |\n\
         | `[[landing]]` | what speaks against a page behind a link, see the comments in `intrusion.toml`; the last one \
         read holds |\n\
         | `[[cloaking]]` | as whom pages are looked at, and which differences count, see the comments in \
         `intrusion.toml`; the last one read holds |\n\
         | `[[availability]]` | how availability is judged, see the comments in `availability.toml`; the last one read \
         holds |\n\
         | `[[deadline]]` | that runs while a site is in trouble: `id`, `name`, `after` (`{ time = \"30m\" }`, \
         `{ failures = 2 }`), `owed` (runs on when the trouble has ended), `authority`, `confidence` |\n\
         | `[[contract]]` | of operation: `id`, `name`, `authority`, `confidence`, `bound` (by which bound of a \
         measurement verdicts are made: `least`, `most`), `bound_confidence` |\n\
         | `[[contract.line]]` | a promise: `id`, `name`, `measure`, `category` of tickets, `limit` (`{ below = \"24h\" }` \
         and `{ fewer = 10 }` are missed by as much, `{ within = \"1h\" }` is not, `{ at_least = 4 }`, \
         `{ working_days = 5 }`, `{ days = 2 }`) or `tier`, `points`, `each` (points lost with each miss), `yearly`, \
         `confidence` |\n\
         | `[contract.marks]` | `good`, `fail`, `fail_means`, `price_below`, `price_percent`, `quarters_share`, \
         `confidence` |\n\
         | `[[ipv6]]` | how IPv6 support is judged: figures, `line`, `view`, `source`, see the comments in `ipv6.toml`; \
         the last one read holds |\n\
         | `[[remedy]]` | how long mending may take, see the comments in `remedy.toml`; the last one read holds |\n",
    );
    for scale in &rules.scales {
        of_scale(&mut text, scale, &rules);
    }
    section(&mut text, "Beside every scale", rules.rules.iter().filter(|rule| rule.scale == super::PROJECT));
    columns(&mut text, &rules);
    tags(&mut text, &rules);
    elements(&mut text, &rules);
    marks(&mut text, &rules);
    services(&mut text, &rules);
    publishing(&mut text, &rules);
    privacy(&mut text, &rules);
    hosts(&mut text, &rules);
    tampering(&mut text, &rules);
    duty(&mut text, &rules);
    ipv6(&mut text, &rules);
    text
}

/// Deadlines and contracts.
fn duty(text: &mut String, rules: &RuleSet) {
    line(
        text,
        format_args!("\n## Deadlines\n\n| id | name | authority | confidence |\n| --- | --- | --- | --- |"),
    );
    for Deadline { id, name, authority, confidence, .. } in &rules.availability.deadlines {
        line(text, format_args!("| {id} | {name} | {authority} | `{confidence}` |"));
    }
    for contract in &rules.contracts {
        line(text, format_args!("\n## Contract `{}`: {}\n", contract.id, contract.name));
        line(text, format_args!("| id | name | confidence |\n| --- | --- | --- |"));
        for promise in &contract.line {
            let confidence = promise.confidence.unwrap_or(contract.confidence);
            line(text, format_args!("| {} | {} | `{confidence}` |", promise.id, promise.name));
        }
    }
}

/// A scale with its rules; of one that rests on another, only what it says itself.
fn of_scale(text: &mut String, scale: &Scale, rules: &RuleSet) {
    let title = format!("Scale `{}`: {}", scale.id, scale.name);
    let of_it: Vec<&Rule> = rules.rules.iter().filter(|rule| rule.scale == scale.id).collect();
    let Some(base) = &scale.based_on else {
        return section(text, &title, of_it.into_iter());
    };
    line(text, format_args!("\n## {title}\n"));
    let wanted = scale.wanted.as_deref().unwrap_or("nothing");
    let unsure = of_it.iter().filter(|rule| !rule.confidence.is_requirement()).count();
    line(
        text,
        format_args!(
            "Takes over all {} rules of `{base}`, none surer than `{}` but for the vetoes. Wanted: {wanted}, for the \
             {unsure} rules whose figures were not read.",
            of_it.len(),
            scale.confidence
        ),
    );
}

fn section<'a>(text: &mut String, title: &str, rules: impl Iterator<Item = &'a Rule>) {
    line(text, format_args!("\n## {title}\n"));
    line(text, format_args!("| id | name | group | points | cap | measured by | authority | confidence |"));
    line(text, format_args!("| --- | --- | --- | --- | --- | --- | --- | --- |"));
    for rule in rules {
        let points = |value: f64| if value > 0.0 { value.to_string() } else { String::new() };
        let points_cell = rule.part_of.clone().unwrap_or_else(|| points_of(rule));
        line(
            text,
            format_args!(
                "| {} | {} | {} | {points_cell} | {} | {} | {} | `{}` |",
                rule.id,
                rule.name,
                rule.group,
                points(rule.item_cap),
                measured_by(rule),
                rule.authority,
                rule.confidence
            ),
        );
    }
}

/// Points for each finding; a range where they differ.
fn points_of(rule: &Rule) -> String {
    let each: Vec<_> = rule.counts.iter().map(|count| count.points.unwrap_or(rule.points)).collect();
    let least = each.iter().copied().fold(f64::INFINITY, f64::min);
    let most = each.iter().copied().fold(0.0, f64::max);
    match (most > 0.0, least < most) {
        (false, _) => String::new(),
        (true, false) => most.to_string(),
        (true, true) => format!("{least}–{most}"),
    }
}

fn measured_by(rule: &Rule) -> String {
    match rule.measure {
        Some(Measure::HomeOpens | Measure::HomeUpdated | Measure::HomeLoads) => {
            return "home page".to_owned();
        }
        Some(Measure::ColumnsDue) => return "columns".to_owned(),
        None => {}
    }
    let checks: Vec<_> = rule.checks().into_iter().map(|check| format!("`{check}`")).collect();
    match checks.is_empty() {
        true if rule.takes_entries() => "a person".to_owned(),
        true => "not measured".to_owned(),
        false => checks.join(" "),
    }
}

fn columns(text: &mut String, rules: &RuleSet) {
    line(text, format_args!("\n## Columns\n"));
    line(text, format_args!("| kind | name | cycle | warning from | must update | words | confidence |"));
    line(text, format_args!("| --- | --- | --- | --- | --- | --- | --- |"));
    let age = |cycle: Option<Cycle>| cycle.map(|cycle| cycle.to_string()).unwrap_or_default();
    for kind in rules.columns.kinds() {
        line(
            text,
            format_args!(
                "| `{}` | {} | {} | {} | {} | {} | `{}` |",
                kind.id,
                kind.name,
                age(kind.cycle),
                age(kind.warn),
                if kind.must_update { "yes" } else { "no" },
                kind.words.join("、"),
                kind.confidence
            ),
        );
    }
}

fn tags(text: &mut String, rules: &RuleSet) {
    line(text, format_args!("\n## Page tags\n"));
    line(text, format_args!("| tag | name | set | required | on |"));
    line(text, format_args!("| --- | --- | --- | --- | --- |"));
    for tag in rules.tags.all() {
        let on: Vec<_> =
            [(PageKind::Home, "home"), (PageKind::Column, "column"), (PageKind::Article, "article")]
                .into_iter()
                .filter(|(kind, _)| tag.set.is_on(*kind))
                .map(|(_, name)| name)
                .collect();
        let required = if tag.required { "yes" } else { "no" };
        line(
            text,
            format_args!(
                "| `{}` | {} | {} | {required} | {} |",
                tag.name,
                tag.label,
                tag.set.name(),
                on.join(", ")
            ),
        );
    }
}

fn elements(text: &mut String, rules: &RuleSet) {
    line(text, format_args!("\n## Elements of the home page\n"));
    line(text, format_args!("| id | name | place | how sure | may be written by a script |"));
    line(text, format_args!("| --- | --- | --- | --- | --- |"));
    for (place, name) in [(ElementPlace::Footer, "footer"), (ElementPlace::Home, "anywhere")] {
        for element in rules.elements(place) {
            let script = if element.by_script { "yes" } else { "no" };
            let HomeElement { id, name: title, confidence, .. } = element;
            line(text, format_args!("| `{id}` | {title} | {name} | {confidence} | {script} |"));
        }
    }
}

fn privacy(text: &mut String, rules: &RuleSet) {
    line(text, format_args!("\n## Private data\n"));
    line(text, format_args!("| figures | authority | confidence |"));
    line(text, format_args!("| --- | --- | --- |"));
    for Source { what, authority, confidence } in &rules.privacy().sources {
        line(text, format_args!("| {what} | {authority} | `{confidence}` |"));
    }
}

fn ipv6(text: &mut String, rules: &RuleSet) {
    line(text, format_args!("\n## IPv6 support ({})\n", rules.ipv6().name));
    line(text, format_args!("| id | name | points | authority | confidence |"));
    line(text, format_args!("| --- | --- | --- | --- | --- |"));
    for LineRule { id, name, points, authority, confidence, .. } in &rules.ipv6().lines {
        line(text, format_args!("| {id} | {name} | {points} | {authority} | `{confidence}` |"));
    }
    for Source { what, authority, confidence } in &rules.ipv6().sources {
        line(text, format_args!("| – | {what} | – | {authority} | `{confidence}` |"));
    }
}

fn hosts(text: &mut String, rules: &RuleSet) {
    line(text, format_args!("\n## Hosts and dark links\n"));
    line(text, format_args!("| what | hosts | source | confidence |"));
    line(text, format_args!("| --- | --- | --- | --- |"));
    for HostGroup { name, hosts, source, confidence, .. } in rules.hosts().groups() {
        line(text, format_args!("| {name} | {} | {source} | `{confidence}` |", hosts.len()));
    }
    let DarkLink { source, confidence, .. } = &rules.hosts().dark_link;
    line(text, format_args!("| figures of dark links | – | {source} | `{confidence}` |"));
    let Cloaking { source, confidence, .. } = rules.cloaking();
    line(text, format_args!("| views of search engines | – | {source} | `{confidence}` |"));
    let Landings { source, confidence, .. } = rules.landings();
    line(text, format_args!("| figures of pages behind links | – | {source} | `{confidence}` |"));
}

fn tampering(text: &mut String, rules: &RuleSet) {
    let Tampering { pages, tries, text_replaced, menu_kept, site_share, source, confidence, .. } =
        rules.tampering();
    line(text, format_args!("\n## Tampering\n"));
    line(
        text,
        format_args!(
            "| pages | tries | another text below | same menu from | whole site from | source | confidence |"
        ),
    );
    line(text, format_args!("| --- | --- | --- | --- | --- | --- | --- |"));
    line(
        text,
        format_args!(
            "| {pages} | {tries} | {text_replaced} | {menu_kept} | {site_share} | {source} | `{confidence}` |"
        ),
    );
}

fn publishing(text: &mut String, rules: &RuleSet) {
    let Publishing { interpretation, disclosure, dating, sharing, optional_tags } = rules.publishing();
    line(text, format_args!("\n## Publishing\n"));
    line(text, format_args!("| what | figures | authority | confidence |"));
    line(text, format_args!("| --- | --- | --- | --- |"));
    for (what, figures, authority, confidence) in [
        (
            "interpretation of a policy file",
            format!("{} working days; {}", interpretation.working_days, interpretation.need.join("、")),
            &interpretation.authority,
            interpretation.confidence,
        ),
        (
            "from writing to publication",
            format!("{} working days", disclosure.working_days),
            &disclosure.authority,
            disclosure.confidence,
        ),
        (
            "dates of publication",
            format!(
                "{} days, {} in addresses; {} articles at once",
                dating.days, dating.address_days, dating.burst
            ),
            &dating.authority,
            dating.confidence,
        ),
        (
            "the same item in several columns",
            format!("{} columns", sharing.columns),
            &sharing.authority,
            sharing.confidence,
        ),
        (
            "optional tags",
            format!("{} % of {} articles or more", optional_tags.percent, optional_tags.least_pages),
            &optional_tags.authority,
            optional_tags.confidence,
        ),
    ] {
        line(text, format_args!("| {what} | {figures} | {authority} | `{confidence}` |"));
    }
}

fn marks(text: &mut String, rules: &RuleSet) {
    line(text, format_args!("\n## Marks of the home page\n"));
    line(text, format_args!("| id | mark | must | confidence |"));
    line(text, format_args!("| --- | --- | --- | --- |"));
    for mark in rules.marks() {
        line(
            text,
            format_args!("| `{}` | {} | {} | `{}` |", mark.id, mark.name, mark.expects, mark.confidence),
        );
    }
    let identity = rules.identity();
    line(
        text,
        format_args!(
            "\nThe host ends with {} (`{}`); title and head name the body (`{}`).",
            identity.suffixes.join("、"),
            identity.domain,
            identity.name
        ),
    );
    let searching = rules.searching();
    line(
        text,
        format_args!(
            "\nSearch: {} articles, {} policy files, {} services, at least {} days old: {}, `{}`.",
            searching.articles,
            searching.policies,
            searching.services,
            searching.index_days,
            searching.authority,
            searching.confidence
        ),
    );
}

fn services(text: &mut String, rules: &RuleSet) {
    let services = rules.services();
    line(text, format_args!("\n## Service guides, messages, policy files\n"));
    line(text, format_args!("| page | element | required | labels | confidence |"));
    line(text, format_args!("| --- | --- | --- | --- | --- |"));
    for (page, labels, confidence) in [
        ("guide", &services.guide_labels, services.guide.confidence),
        ("message", &services.message_labels, services.message.confidence),
        ("consultation", &services.survey_labels, services.survey.confidence),
        ("policy file", &services.policy_labels, services.policy.confidence),
    ] {
        for element in labels.elements() {
            let required = if element.required { "yes" } else { "no" };
            let confidence = element.confidence.unwrap_or(confidence);
            let words = element.labels.join("、");
            line(text, format_args!("| {page} | {} | {required} | {words} | `{confidence}` |", element.name));
        }
    }
    for known in services.calendar.years() {
        line(
            text,
            format_args!("\nHolidays of {}: {}, `{}`.", known.year, known.authority, known.confidence),
        );
    }
    let limits = &services.message;
    line(
        text,
        format_args!(
            "\nMessages: {} working days, {} at most, judged for {}: {}, `{}`.",
            limits.working_days, limits.months, limits.window, limits.authority, limits.confidence
        ),
    );
    for offer in &services.offers {
        line(
            text,
            format_args!(
                "\nOffered at all: {}, told by {}, `{}`.",
                offer.name,
                offer.titles.join("、"),
                offer.confidence
            ),
        );
    }
    line(
        text,
        format_args!(
            "\nForms that guides ask for: `{}`. Results of consultations: within {}, `{}`.",
            services.forms.confidence, services.survey.within, services.survey.confidence
        ),
    );
    for vague in &services.vague {
        line(text, format_args!("\nVague wording: {}, `{}`.", vague.authority, vague.confidence));
    }
    line(
        text,
        format_args!("\nGuides: {}. Policy files: {}.", services.guide.authority, services.policy.authority),
    );
}

fn line(text: &mut String, arguments: std::fmt::Arguments<'_>) {
    text.write_fmt(arguments).expect("writing to a String cannot fail");
    text.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_overview_is_current() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/rules/README.md");
        let now = overview();
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(path, &now).expect("the overview can be written");
        }
        let stands = std::fs::read_to_string(path).unwrap_or_default();
        assert!(stands == now, "rules/README.md is out of date: BLESS=1 cargo test overview");
    }
}
