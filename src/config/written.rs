//! The file as written: which keys there are, and what each must look like.
//!
//! Paths are taken as a shell takes them, from the working directory. Defaults stand in [`Settings`], not here: a key
//! that is absent leaves the default alone.

mod alert;

use std::{
    collections::HashSet,
    fs,
    path::{Path, PathBuf},
};

use jiff::tz::TimeZone;
use regex::Regex;
use toml::de::DeTable;

use super::{
    Column, ConfigError, Crawl, DATA_DIR, Fetching, Ipv6, Secret, Settings, Site, probing, problem::Problems,
    reports, schedule, screenshots, section::Section, values, web,
};
use crate::address::{Address, Scope};
use crate::indicators::RuleSet;

/// Reads a configuration file; every problem at once where there is any.
pub fn load(path: &Path) -> Result<Settings, Vec<ConfigError>> {
    match fs::read_to_string(path) {
        Ok(text) => read(path, &text),
        Err(error) => Err(vec![ConfigError {
            file: path.to_owned(),
            line: 0,
            message: format!("cannot be read: {error}"),
            remedy: "name a readable UTF-8 file".to_owned(),
        }]),
    }
}

/// Reads a configuration that stands in `text`; `path` is its name in what is reported.
pub(super) fn read(path: &Path, text: &str) -> Result<Settings, Vec<ConfigError>> {
    let problems = Problems::new(path, text);
    let (table, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        problems.add(
            error.span().unwrap_or_default(),
            error.message(),
            "see the sample file for how TOML is written",
        );
    }
    // What could be read of a broken file would lead to problems that are none.
    let settings = if errors.is_empty() { top(Section::top(table, &problems)) } else { Settings::default() };
    let found = problems.into_sorted();
    if found.is_empty() { Ok(settings) } else { Err(found) }
}

fn top(mut file: Section<'_>) -> Settings {
    let mut data_dir = PathBuf::from(DATA_DIR);
    file.set("data_dir", "\"./data\"", &mut data_dir, path);
    let mut settings = Settings::in_folder(&data_dir);

    file.set("rules_dir", "\"./rules\"", &mut settings.rules_dir, |text: String| {
        values::existing_folder(&text).map(Some)
    });
    file.set("dictionaries_dir", "\"./dictionaries\"", &mut settings.dictionaries_dir, |text: String| {
        values::existing_folder(&text).map(Some)
    });
    // Rules that do not load are refused by whoever uses them; until they do, nobody knows which kinds there are.
    let rules = RuleSet::load(settings.rules_dir.as_deref()).ok();
    file.set("timezone", "\"Asia/Shanghai\"", &mut settings.timezone, |text: String| {
        values::time_zone(&text)
    });
    settings.sites = sites(file.sections("site", "[[site]]"), rules.as_ref(), &settings.timezone);
    if let Some(mut section) = file.section("crawl", "[crawl]") {
        section.set("state", "\"./data/crawl\"", &mut settings.state_dir, path);
        crawl(&mut section, &mut settings.crawl);
        fetching(&mut section, &mut settings.fetch);
        section.finish();
    }
    if let Some(mut section) = file.section("ipv6", "[ipv6]") {
        ipv6(&mut section, &mut settings.ipv6);
        section.finish();
    }
    if let Some(mut section) = file.section("store", "[store]") {
        section.set("url", "\"sqlite:./data/record.db\"", &mut settings.store_url, store_url);
        section.set("keep_visits_days", "800", &mut settings.keeping.visits, Ok);
        section.set("keep_letters_days", "1100", &mut settings.keeping.letters, Ok);
        section.set("keep_readings_days", "800", &mut settings.keeping.readings, Ok);
        section.finish();
    }
    if let Some(mut section) = file.section("evidence", "[evidence]") {
        section.set("url", "\"file:./data/evidence\"", &mut settings.evidence_url, |url| {
            below_scheme(url, "file:", &["s3:"])
        });
        section.set("days", "90", &mut settings.evidence_days, Ok);
        section.finish();
    }
    if let Some(mut section) = file.section("checks", "[checks]") {
        let mut only = Vec::new();
        section.set_list("only", "[\"dead-link\"]", &mut only, values::not_empty);
        settings.only = (!only.is_empty()).then_some(only);
        section.set("speller", "true", &mut settings.speller, Ok);
        section.set("ocr", "true", &mut settings.ocr, Ok);
        section.set("ocr_pictures", "500", &mut settings.ocr_pictures, Ok);
        section.set("attachment_mb", "50", &mut settings.attachment_bytes, |megabytes: u32| {
            Ok(u64::from(megabytes) << 20)
        });
        section.finish();
    }
    if let Some(mut section) = file.section("probe", "[probe]") {
        probing::probing(&mut section, &mut settings.probing);
        section.finish();
    }
    if let Some(mut section) = file.section("serve", "[serve]") {
        section.set(
            "heartbeat",
            "\"https://watch.example.test/ping/…\"",
            &mut settings.serve.heartbeat,
            |text: String| Secret::read(&text).map(Some),
        );
        section.finish();
    }
    let targets = file.sections("target", "[[target]]");
    settings.probing.targets = probing::targets(targets, &settings.probing, &settings.sites);
    if let Some(section) = file.section("alert", "[alert]") {
        settings.alert = alert::alert(section, &settings.sites);
    }
    if let Some(section) = file.section("screenshots", "[screenshots]") {
        settings.screenshots = screenshots::read(section);
    }
    if let Some(section) = file.section("reports", "[reports]") {
        settings.reports = reports::read(section, &settings.alert, &settings.sites, rules.as_ref());
    }
    if let Some(section) = file.section("web", "[web]") {
        settings.web = web::read(section);
    }
    file.finish();
    settings
}

fn crawl(section: &mut Section<'_>, crawl: &mut Crawl) {
    section.set("max_pages", "10000", &mut crawl.max_pages, some);
    section.set("concurrency", "32", &mut crawl.in_flight, values::at_least_one);
    section.set("confirm_tries", "3", &mut crawl.confirm_tries, |tries: u8| {
        values::at_least_one(tries.into()).map(|_| tries)
    });
    section.set("confirm_spacing", "\"15m\"", &mut crawl.confirm_spacing, |text: String| {
        values::duration(&text)
    });
    section.set("template_budget", "500", &mut crawl.template_budget, Ok);
    section.set("query_budget", "200", &mut crawl.query_budget, Ok);
    section.set("max_segments", "20", &mut crawl.max_segments, values::at_least_one);
    section.set("max_address", "2048", &mut crawl.max_address, values::at_least_one);
    section.set("max_depth", "10", &mut crawl.max_depth, some);
    section.set("external", "true", &mut crawl.check_external, Ok);
    section.set("landing_hosts", "200", &mut crawl.landing_hosts, Ok);
    section.set("trust_unchanged", "5", &mut crawl.trust_unchanged, Ok);
    section.set("vantage", "\"成都机房（电信）\"", &mut crawl.vantage, |text: String| {
        values::not_empty(&text).map(Some)
    });
}

fn fetching(section: &mut Section<'_>, fetch: &mut Fetching) {
    section.set("rate", "10", &mut fetch.rate, values::rate);
    section.set("per_host", "4", &mut fetch.per_host, values::at_least_one);
    section.set("robots", "true", &mut fetch.robots, Ok);
    section.set("user_agent", "\"Mozilla/5.0 (compatible; …)\"", &mut fetch.user_agent, |text: String| {
        // Anything else could not be sent in a header.
        if !text.is_empty() && text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
            Ok(text)
        } else {
            Err("must be printable ASCII".to_owned())
        }
    });
    section.set_list("dns", "[\"127.0.0.1:53\"]", &mut fetch.dns, values::name_server);
    section.set_list("ca", "[\"/etc/ssl/own-root.pem\"]", &mut fetch.ca, values::existing_file);
    section.set_list("allow_private", "[\"10.0.0.0/8\"]", &mut fetch.allow_private, values::network);
}

fn ipv6(section: &mut Section<'_>, ipv6: &mut Ipv6) {
    section.set("visits", "10", &mut ipv6.visits, values::at_least_one);
    section.set("spacing", "\"2s\"", &mut ipv6.spacing, |text: String| values::duration(&text));
    section.set("stability_spacing", "\"4m\"", &mut ipv6.stability_spacing, schedule::interval);
    section.set("max_links", "50", &mut ipv6.max_links, values::at_least_one);
    let references = "[\"[2400:3200::1]:53\", \"[2402:4e00::]:53\"]";
    section.set_list("references", references, &mut ipv6.references, values::name_server);
    if ipv6.references.len() == 1 {
        section.wrong("one target in `references`", "name at least two that do not depend on each other");
    }
    section.set_list("roots", "[\"2001:503:ba3e::2:30\"]", &mut ipv6.roots, values::name_server);
}

fn sites(sections: Vec<Section<'_>>, rules: Option<&RuleSet>, zone: &TimeZone) -> Vec<Site> {
    let several = sections.len() > 1;
    let mut ids = HashSet::new();
    let mut sites = Vec::new();
    for mut section in sections {
        if several && !section.has("id") {
            section.wrong("a site without `id`", "where there are several, each needs one: `id = \"sthjt\"`");
        }
        if let Some(site) = site(&mut section, rules, zone) {
            if !ids.insert(site.id.clone()) {
                section.wrong(format!("two sites have the id `{}`", site.id), "give each its own");
            }
            sites.push(site);
        }
        section.finish();
    }
    sites
}

/// Reads a site; `None` where it has no usable home page, which is then already reported.
fn site(section: &mut Section<'_>, rules: Option<&RuleSet>, zone: &TimeZone) -> Option<Site> {
    if !section.has("home") {
        section.wrong("a site without `home`", "write for example `home = \"https://www.example.gov.cn/\"`");
    }
    let mut home = None;
    section.set("home", "\"https://www.example.gov.cn/\"", &mut home, |text: String| {
        values::home(&text).map(Some)
    });
    let mut scope: Vec<String> = Vec::new();
    section.set_list("scope", "[\"hb.example.gov.cn\"]", &mut scope, values::scope);

    // A site is read to its end even without a home page, so that its other problems show as well.
    let placeholder = Address::parse("http://home.invalid/").expect("a constant that was tried");
    let mut site = Site::at(home.as_ref().unwrap_or(&placeholder), &scope);
    section.set("id", "\"sthjt\"", &mut site.id, values::id);
    section.set("name", "\"示例省生态环境厅\"", &mut site.name, some);
    section.set("id_code", "\"9900000000\"", &mut site.id_code, id_code);
    section.set("scale", "\"2019\"", &mut site.scale, |text: String| values::not_empty(&text));
    section.set("services", "false", &mut site.services, Ok);
    section.set("search", "false", &mut site.search, Ok);
    section.set("authorised", "true", &mut site.authorised, Ok);
    section.set_list("exclude", "['/search\\?']", &mut site.exclude, |text| {
        Regex::new(text).map_err(|_| format!("`{text}` is no regular expression"))
    });
    section.set_list("allow", "[\"sensitive-word:特色小镇\"]", &mut site.allow, values::not_empty);
    for mut column in section.sections("column", "[[site.column]]") {
        site.columns.extend(registered_column(&mut column, &site.home, rules));
        column.finish();
    }
    section.refuse("rate", "is not set per site in this version, only in [crawl]");
    site.schedule = schedule::read(section, zone);
    section.refuse("owners", "belongs to the alerts, which this version does not have");
    site.scope = Scope::new(&site.home, &scope);
    home.map(|_| site)
}

fn registered_column(section: &mut Section<'_>, home: &Address, rules: Option<&RuleSet>) -> Option<Column> {
    let (mut name, mut address) = (None, None);
    for key in ["name", "url"].into_iter().filter(|key| !section.has(key)) {
        section.wrong(format!("a column without `{key}`"), "a column needs `name` and `url`");
    }
    section.set("name", "\"通知公告\"", &mut name, |text: String| values::not_empty(&text).map(Some));
    section.set("url", "\"/xxgk/tzgg/\"", &mut address, |text: String| {
        home.resolve(&text, encoding_rs::UTF_8)
            .map(Some)
            .map_err(|_| format!("`{text}` is no address of a page"))
    });
    let (mut kind, mut cycle_days) = (None, None);
    section.set("kind", "\"notice\"", &mut kind, |text: String| column_kind(text, rules).map(Some));
    section.set("cycle_days", "30", &mut cycle_days, |days: u32| {
        values::at_least_one(days as usize).map(|_| Some(days))
    });
    Some(Column { name: name?, address: address?, kind, cycle_days })
}

/// A kind that the rules in force list.
fn column_kind(text: String, rules: Option<&RuleSet>) -> Result<String, String> {
    let Some(kinds) = rules.map(|rules| rules.columns().kinds()) else { return values::not_empty(&text) };
    if kinds.iter().any(|kind| kind.id == text) {
        return Ok(text);
    }
    let known: Vec<&str> = kinds.iter().map(|kind| kind.id.as_str()).collect();
    Err(format!("`{text}` is no kind of column; the rules know {}", known.join(", ")))
}

fn some<T>(value: T) -> Result<Option<T>, String> {
    Ok(Some(value))
}

fn path(text: String) -> Result<PathBuf, String> {
    values::not_empty(&text).map(PathBuf::from)
}

/// Ten digits for local bodies, `bm` and eight digits for departments of the State Council.
fn id_code(text: String) -> Result<Option<String>, String> {
    let digits = text.strip_prefix("bm").map_or((text.as_str(), 10), |digits| (digits, 8));
    if digits.0.len() == digits.1 && digits.0.bytes().all(|byte| byte.is_ascii_digit()) {
        Ok(Some(text))
    } else {
        Err(format!("`{text}` is no 网站标识码: ten digits, or bm and eight"))
    }
}

fn store_url(text: String) -> Result<String, String> {
    let secret = Secret::read(&text)?;
    below_scheme(secret.expose().to_owned(), "sqlite:", &["postgres:", "postgresql:"])
}

/// Accepts `scheme` followed by a path; `later` are schemes that a later version will know.
fn below_scheme(url: String, scheme: &str, later: &[&str]) -> Result<String, String> {
    match url.strip_prefix(scheme) {
        Some(path) if !path.is_empty() => Ok(url),
        _ if later.iter().any(|later| url.starts_with(later)) => {
            Err(format!("this version only has `{scheme}`"))
        }
        // Not quoted: it may hold a password.
        _ => Err(format!("must be `{scheme}` and a path")),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn problems(text: &str) -> Vec<String> {
        let found = read(Path::new("c.toml"), text).expect_err("the text has problems");
        found.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_home_page_is_enough() {
        let settings = read(Path::new("c.toml"), "[[site]]\nhome = \"https://www.example.gov.cn/\"").unwrap();
        assert_eq!(settings.sites[0].id, "example-gov-cn");
        assert_eq!(settings.store_url, "sqlite:./data/record.db");
    }

    #[test]
    fn everything_can_be_said() {
        let settings = read(
            Path::new("c.toml"),
            r#"
            data_dir = "/var/lib/sitewarden"
            [[site]]
            id = "sthjt"
            home = "https://www.example.gov.cn/"
            scope = ["hb.example.gov.cn"]
            id_code = "9900000000"
            exclude = ['/old/\d+']
            [[site.column]]
            name = "通知公告"
            url = "/tzgg/"
            kind = "notice"
            cycle_days = 30
            [crawl]
            rate = 0
            confirm_spacing = "15m"
            dns = ["127.0.0.1"]
            allow_private = ["10.0.0.0/8"]
            [checks]
            only = ["dead-link"]
            "#,
        )
        .unwrap();
        let site = &settings.sites[0];
        assert_eq!(site.columns[0].address.as_str(), "https://www.example.gov.cn/tzgg/");
        assert_eq!(settings.fetch.rate, None);
        assert_eq!(settings.crawl.confirm_spacing, Duration::from_secs(900));
        assert_eq!(settings.state_dir, Path::new("/var/lib/sitewarden/crawl"));
        assert_eq!(settings.only.as_deref(), Some(["dead-link".to_owned()].as_slice()));
    }

    #[test]
    fn every_problem_at_once() {
        let text = r#"
[[site]]
hme = "https://www.example.gov.cn/"
id_code = "51"

[crawl]
rate = -1
max_page = 5
confirm_spacing = "soon"
dns = ["127.0.0.1", "nowhere"]
robots = "yes"

[alert]
"#;
        insta::assert_snapshot!(problems(text).join("\n"));
    }

    #[test]
    fn one_problem_each() {
        let check = |text: &str, expected: &str| {
            let found = problems(text);
            assert!(found.len() == 1 && found[0].contains(expected), "{text}: {found:?}");
        };
        check("colour = 1", "unknown key `colour`; known here: data_dir");
        check("site = 1", "begin each with [[site]]");
        check("crawl = 1", "[crawl] is no table");
        check("[web]\nlisten = \"localhost\"", "no IP address with a port");
        check("[web]\npublic_url = \"https://a.test/warden/\"", "the dashboard stands at the root");
        check("[web]\nproxy_login_header = \"X-User\"", "without `trusted_proxies`");
        check("[web]\ntrusted_proxies = [\"10.0.0.0/8\"]", "without `proxy_login_header`");
        check("[web]\nproxy_login_header = \"Cookie\"\n", "sent by browsers themselves");
        check("[[site]]\nhome = \"ftp://example.test/\"", "no http or https address");
        check("[[site]]\nhome = \"http://a.test/\"\nschedule = \"daily\"", "[site.schedule] is no table");
        check("[store]\nurl = \"postgres://u:secret@h/d\"", "only has `sqlite:`");
        check("[store]\nurl = \"env:SITEWARDEN_NO_SUCH_NAME\"", "the environment has no");
        check("[evidence]\ndays = -1", "c.toml:2: `days` in [evidence]");
        check("[crawl]\nconcurrency = 0", "0 is too few");
        check("[[site]]\nhome = \"http://a.test/\"\nscope = [\"b.test:port\"]", "names no host");
        check("[crawl]\nca = [\"/no/such.pem\"]", "there is no file `/no/such.pem`");
        check("rules_dir = \"/no/such\"", "there is no folder `/no/such`");
        check("[[site]]\nhome = \"http://a.test/\"\nexclude = ['(']", "no regular expression");
        check(
            "[[site]]\nhome = \"http://a.test/\"\n[[site.column]]\nname = \"要闻\"",
            "a column without `url`",
        );
        check(
            "[[site]]\nid = \"a\"\nhome = \"http://a.test/\"\n[[site]]\nid = \"a\"\nhome = \"http://b.test/\"",
            "two sites",
        );
        let column = "[[site.column]]\nname = \"要闻\"\nurl = \"/xw/\"\ncycle_days = 0";
        check(&format!("[[site]]\nhome = \"http://a.test/\"\n{column}"), "0 is too few");
        let column = "[[site.column]]\nname = \"要闻\"\nurl = \"/xw/\"\nkind = \"nwes\"";
        check(
            &format!("[[site]]\nhome = \"http://a.test/\"\n{column}"),
            "c.toml:6: `kind` in [[site.column]]: `nwes` is no kind of column; the rules know news, notice",
        );
        check("[crawl\nrate = 1", "c.toml:1:");
        assert!(!problems("store.url = \"postgres://u:secret@h/d\"")[0].contains("secret"));
    }

    #[test]
    fn agreement_is_never_guessed_at() {
        // Whoever answers for the site agrees to being looked at in the name of others, or does not.
        for value in ["\"true\"", "\"yes\"", "1", "[\"Baiduspider\"]"] {
            let found = problems(&format!("[[site]]\nhome = \"http://a.test/\"\nauthorised = {value}"));
            let is_told = found.len() == 1 && found[0].contains("c.toml:3: `authorised` in [[site]]");
            assert!(is_told && found[0].contains("authorised = true"), "{value}: {found:?}");
        }
        let settings = read(Path::new("c.toml"), "[[site]]\nhome = \"http://a.test/\"").unwrap();
        assert!(!settings.sites[0].authorised);
    }

    #[test]
    fn the_sample_file_says_the_defaults() {
        let sample = load(Path::new("sitewarden.example.toml")).unwrap();
        let defaults = Settings { sites: sample.sites.clone(), ..Settings::default() };
        assert_eq!(format!("{sample:#?}"), format!("{defaults:#?}"));
    }
}
