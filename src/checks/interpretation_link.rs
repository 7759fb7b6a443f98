//! Policy files and their interpretations (政策解读) that do not lead to each other.

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;

use super::{About, Check, Context, Findings, check};
use crate::facts::{LinkKind, Oddity, PageKind, TargetId};
use crate::finding::{Confidence, Severity};
use crate::indicators::Interpretation;
use crate::snapshot::Snapshot;

check! {
    /// An interpretation does not link to the file it is about, or a file does not link to its interpretation.
    ///
    /// Files of kinds that need an interpretation and have none after some working days are listed as notes.
    ///
    /// ## Why it matters
    /// Inspectors open interpretations and files and look for the link to the other (双关联); each one that lacks it
    /// costs points.
    ///
    /// ## What to do
    /// Add the link on both pages. Content management systems can relate the two once, so that both show it.
    InterpretationLink, id: "interpretation-link", name: "政策文件与解读未关联", category: Services, severity: Medium,
    advice: "请在文件页添加解读的链接，并在解读页添加被解读文件的链接。"
}

/// Kinds of columns, as `rules/columns.toml` calls them.
const POLICY: &str = "policy";
const INTERPRETATION: &str = "interpret";

impl Check for InterpretationLink {
    fn about(&self) -> &'static About {
        &Self::ABOUT
    }

    fn needs_whole_site(&self) -> bool {
        true
    }

    fn site(&self, snapshot: &dyn Snapshot, context: &Context<'_>, found: &mut Findings<'_>) {
        let rules = &context.rules.publishing().interpretation;
        let pages = Pages::gather(snapshot, context);
        let mut interpreted: HashMap<usize, Vec<usize>> = HashMap::new();
        for (at, interpretation) in pages.interpretations.iter().enumerate() {
            let files = pages.files_of(interpretation, rules);
            for file in &files {
                interpreted.entry(*file).or_default().push(at);
            }
            let leads = anchors(snapshot, interpretation.id);
            let Some(first) = files.first().map(|file| &pages.files[*file]) else { continue };
            if !files.iter().any(|file| leads.contains(pages.place(&pages.files[*file]))) {
                let evidence = format!("解读页没有链接到被解读的文件“{}”", first.title);
                report(found, interpretation, first, evidence);
            }
        }
        for (at, file) in pages.files.iter().enumerate() {
            match interpreted.get(&at) {
                Some(of) => {
                    let leads = anchors(snapshot, file.id);
                    let of: Vec<_> = of.iter().map(|at| &pages.interpretations[*at]).collect();
                    if !of.iter().any(|interpretation| leads.contains(pages.place(interpretation))) {
                        let evidence = format!("文件页没有链接到解读“{}”", of[0].title);
                        report(found, file, of[0], evidence);
                    }
                }
                None if file.needs_one => report_missing(file, context, found),
                None => {}
            }
        }
    }
}

/// A file or an interpretation.
struct Document {
    id: TargetId,
    address: String,
    title: String,
    published: Option<Date>,
    /// Of a file: its name; of an interpretation: the names of the files it is about. In letters alone.
    names: Vec<String>,
    /// Whether files like it need an interpretation.
    needs_one: bool,
}

/// The files and interpretations of a site.
#[derive(Default)]
struct Pages {
    files: Vec<Document>,
    interpretations: Vec<Document>,
    /// Places in `files` by the end of their name: a name may leave out the authority that it begins with.
    by_end: HashMap<String, Vec<usize>>,
    /// All numbers of a page that has several, under http and https for instance, by its address without scheme.
    ids: HashMap<String, Vec<TargetId>>,
}

impl Pages {
    fn gather(snapshot: &dyn Snapshot, context: &Context<'_>) -> Pages {
        let rules = &context.rules.publishing().interpretation;
        let listed = listed(snapshot, context);
        let mut pages = Pages::default();
        snapshot.pages(&mut |page| {
            if page.kind != PageKind::Article
                || page.gone.is_some()
                || page.oddities.iter().any(Oddity::hides_content)
            {
                return;
            }
            let title = page.own_title();
            let column =
                context.rules.tags().filled(&page.tags, "ColumnName").next().map(|tag| tag.value.as_str());
            let kind = column
                .and_then(|name| context.rules.columns().classify(name))
                .map(|(kind, _)| kind.id.as_str());
            let is_in = |kind_id: &str| kind == Some(kind_id) || listed.get(&page.id) == Some(&kind_id);
            let document = |names: Vec<String>| Document {
                id: page.id,
                address: page.address.clone(),
                title: title.to_owned(),
                published: page.dated(),
                names,
                needs_one: rules
                    .need
                    .iter()
                    .any(|word| title.contains(word) || column.is_some_and(|column| column.contains(word))),
            };
            if rules.is_title(title) || is_in(INTERPRETATION) {
                let names = page.names.iter().filter_map(|name| rules.letters(name)).collect();
                pages.interpretations.push(document(names));
            } else if is_in(POLICY) || rules.is_file(title) {
                let Some(name) = rules.name_of(title) else { return };
                pages.by_end.entry(end(&name, rules)).or_default().push(pages.files.len());
                pages.files.push(document(vec![name]));
            } else {
                return;
            }
            pages.ids.entry(without_scheme(&page.address).to_owned()).or_default().push(page.id);
        });
        pages
    }

    /// The files that an interpretation is about: those with the first name for which there are any.
    fn files_of(&self, interpretation: &Document, rules: &Interpretation) -> Vec<usize> {
        let with = |name: &String| -> Vec<usize> {
            let alike = self.by_end.get(&end(name, rules)).into_iter().flatten().copied();
            let fits = |file: &usize| {
                let other = &self.files[*file].names[0];
                other.ends_with(name.as_str()) || name.ends_with(other.as_str())
            };
            alike.filter(fits).collect()
        };
        interpretation.names.iter().map(with).find(|files| !files.is_empty()).unwrap_or_default()
    }

    /// All numbers of a document's page.
    fn place(&self, document: &Document) -> &[TargetId] {
        self.ids.get(without_scheme(&document.address)).map_or(&[], Vec::as_slice)
    }
}

/// Where a page leads by links that a person may follow.
struct Anchors(HashSet<TargetId>);

impl Anchors {
    fn contains(&self, any: &[TargetId]) -> bool {
        any.iter().any(|id| self.0.contains(id))
    }
}

fn anchors(snapshot: &dyn Snapshot, page: TargetId) -> Anchors {
    let links = snapshot.links_of(page).into_iter();
    Anchors(links.filter(|link| link.kind == LinkKind::Anchor).map(|link| link.target).collect())
}

/// The kind of the column that lists a page, for those of policy files and interpretations.
fn listed(snapshot: &dyn Snapshot, context: &Context<'_>) -> HashMap<TargetId, &'static str> {
    let mut listed = HashMap::new();
    for judged in context.columns(snapshot) {
        let kind = judged.column.kind.as_deref();
        let Some(kind) = [POLICY, INTERPRETATION].into_iter().find(|id| kind == Some(*id)) else { continue };
        let Some(page) = snapshot.page(judged.page) else { continue };
        listed.extend(page.items.iter().filter_map(|item| item.target).map(|target| (target, kind)));
    }
    listed
}

/// The last characters of a name, as many as the shortest name has.
fn end(name: &str, rules: &Interpretation) -> String {
    let skipped = name.chars().count().saturating_sub(rules.least_chars);
    name.chars().skip(skipped).collect()
}

fn without_scheme(address: &str) -> &str {
    address.split_once("://").map_or(address, |(_, rest)| rest)
}

fn report(found: &mut Findings<'_>, on: &Document, other: &Document, evidence: String) {
    found
        .add(&on.address, without_scheme(&other.address), evidence)
        .target(&other.address)
        .kind(PageKind::Article)
        .confidence(Confidence::Probable);
}

/// A file without an interpretation, once the days for it are over. Whether it needs one is for a person to say.
fn report_missing(file: &Document, context: &Context<'_>, found: &mut Findings<'_>) {
    let rules = &context.rules.publishing().interpretation;
    let Some(published) = file.published.filter(|day| rules.window.due(*day) >= context.today) else {
        return;
    };
    let days = context.rules.services().calendar.working_days(published, context.today);
    if days > rules.working_days {
        let evidence = format!("文件于 {published} 发布，已 {days} 个工作日，站内没有找到对它的解读");
        found
            .add(&file.address, "no-interpretation", evidence)
            .kind(PageKind::Article)
            .severity(Severity::Low)
            .confidence(Confidence::Note)
            .suggestion("需要解读的文件，请发布解读并相互链接；不需要解读的，不必处理。");
    }
}
