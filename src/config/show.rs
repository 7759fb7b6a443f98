//! The settings as a file that would lead to them, with secrets masked.

mod alert;
mod schedule;

use jiff::tz::TimeZone;
use serde::Serialize;
use url::Url;

use self::schedule::{ShownGuarded, ShownMaintenance, ShownSchedule};
use super::{
    Settings, Site,
    probing::{ShownProbing, ShownTarget},
    reports::ShownReports,
    screenshots::ShownScreenshots,
    secret::MASK,
    values::show_duration,
    web::ShownWeb,
};

/// Writes the settings in force as TOML.
pub fn show(settings: &Settings) -> String {
    toml::to_string(&Shown::of(settings)).expect("plain texts, numbers and lists always make TOML")
}

#[derive(Serialize)]
struct Shown {
    data_dir: String,
    rules_dir: Option<String>,
    dictionaries_dir: Option<String>,
    timezone: Option<String>,
    crawl: ShownCrawl,
    ipv6: ShownIpv6,
    store: ShownStore,
    evidence: ShownEvidence,
    checks: ShownChecks,
    probe: ShownProbing,
    serve: ShownServe,
    alert: alert::ShownAlert,
    reports: ShownReports,
    web: ShownWeb,
    screenshots: ShownScreenshots,
    site: Vec<ShownSite>,
    target: Vec<ShownTarget>,
}

#[derive(Serialize)]
struct ShownCrawl {
    state: String,
    max_pages: Option<u64>,
    concurrency: usize,
    per_host: usize,
    rate: f64,
    robots: bool,
    external: bool,
    confirm_tries: u8,
    confirm_spacing: String,
    template_budget: u32,
    query_budget: u32,
    max_segments: usize,
    max_address: usize,
    max_depth: Option<u16>,
    landing_hosts: usize,
    trust_unchanged: u32,
    vantage: Option<String>,
    user_agent: String,
    dns: Vec<String>,
    ca: Vec<String>,
    allow_private: Vec<String>,
}

#[derive(Serialize)]
struct ShownIpv6 {
    visits: usize,
    spacing: String,
    stability_spacing: String,
    max_links: usize,
    references: Vec<String>,
    roots: Vec<String>,
}

#[derive(Serialize)]
struct ShownServe {
    heartbeat: Option<&'static str>,
}

#[derive(Serialize)]
struct ShownStore {
    url: String,
    keep_visits_days: u32,
    keep_letters_days: u32,
    keep_readings_days: u32,
}

#[derive(Serialize)]
struct ShownEvidence {
    url: String,
    days: u32,
}

#[derive(Serialize)]
struct ShownChecks {
    speller: bool,
    ocr: bool,
    ocr_pictures: u32,
    attachment_mb: u64,
    only: Option<Vec<String>>,
}

#[derive(Serialize)]
struct ShownSite {
    id: String,
    name: Option<String>,
    home: String,
    scope: Vec<String>,
    id_code: Option<String>,
    scale: String,
    services: bool,
    search: bool,
    authorised: bool,
    exclude: Vec<String>,
    allow: Vec<String>,
    schedule: ShownSchedule,
    guarded_period: Vec<ShownGuarded>,
    maintenance: Vec<ShownMaintenance>,
    column: Vec<ShownColumn>,
}

#[derive(Serialize)]
struct ShownColumn {
    name: String,
    url: String,
    kind: Option<String>,
    cycle_days: Option<u32>,
}

impl Shown {
    fn of(settings: &Settings) -> Shown {
        let Settings { crawl, fetch, .. } = settings;
        let folder = |path: &Option<std::path::PathBuf>| path.as_ref().map(|path| path.display().to_string());
        Shown {
            data_dir: settings.data_dir.display().to_string(),
            rules_dir: folder(&settings.rules_dir),
            dictionaries_dir: folder(&settings.dictionaries_dir),
            timezone: settings.timezone.iana_name().map(str::to_owned),
            crawl: ShownCrawl {
                state: settings.state_dir.display().to_string(),
                max_pages: crawl.max_pages,
                concurrency: crawl.in_flight,
                per_host: fetch.per_host,
                rate: fetch.rate.unwrap_or(0.0),
                robots: fetch.robots,
                external: crawl.check_external,
                confirm_tries: crawl.confirm_tries,
                confirm_spacing: show_duration(crawl.confirm_spacing),
                template_budget: crawl.template_budget,
                query_budget: crawl.query_budget,
                max_segments: crawl.max_segments,
                max_address: crawl.max_address,
                max_depth: crawl.max_depth,
                landing_hosts: crawl.landing_hosts,
                trust_unchanged: crawl.trust_unchanged,
                vantage: crawl.vantage.clone(),
                user_agent: fetch.user_agent.clone(),
                dns: fetch.dns.iter().map(ToString::to_string).collect(),
                ca: fetch.ca.iter().map(|file| file.display().to_string()).collect(),
                allow_private: fetch.allow_private.iter().map(ToString::to_string).collect(),
            },
            ipv6: ShownIpv6 {
                visits: settings.ipv6.visits,
                spacing: show_duration(settings.ipv6.spacing),
                stability_spacing: show_duration(settings.ipv6.stability_spacing),
                max_links: settings.ipv6.max_links,
                references: settings.ipv6.references.iter().map(ToString::to_string).collect(),
                roots: settings.ipv6.roots.iter().map(ToString::to_string).collect(),
            },
            store: ShownStore {
                url: masked(&settings.store_url),
                keep_visits_days: settings.keeping.visits,
                keep_letters_days: settings.keeping.letters,
                keep_readings_days: settings.keeping.readings,
            },
            evidence: ShownEvidence { url: masked(&settings.evidence_url), days: settings.evidence_days },
            checks: ShownChecks {
                speller: settings.speller,
                ocr: settings.ocr,
                ocr_pictures: settings.ocr_pictures,
                attachment_mb: settings.attachment_bytes >> 20,
                only: settings.only.clone(),
            },
            probe: ShownProbing::of(&settings.probing),
            serve: ShownServe { heartbeat: settings.serve.heartbeat.as_ref().map(|_| MASK) },
            alert: alert::ShownAlert::of(&settings.alert),
            reports: ShownReports::of(&settings.reports),
            web: ShownWeb::of(&settings.web),
            screenshots: ShownScreenshots::of(&settings.screenshots),
            site: settings.sites.iter().map(|site| ShownSite::of(site, &settings.timezone)).collect(),
            target: settings.probing.targets.iter().map(ShownTarget::of).collect(),
        }
    }
}

impl ShownSite {
    fn of(site: &Site, zone: &TimeZone) -> ShownSite {
        ShownSite {
            id: site.id.clone(),
            name: site.name.clone(),
            home: site.home.to_string(),
            scope: site.scope.named().iter().map(ToString::to_string).collect(),
            id_code: site.id_code.clone(),
            scale: site.scale.clone(),
            services: site.services,
            search: site.search,
            authorised: site.authorised,
            exclude: site.exclude.iter().map(ToString::to_string).collect(),
            allow: site.allow.clone(),
            schedule: ShownSchedule::of(&site.schedule),
            guarded_period: site.schedule.guarded.iter().map(ShownGuarded::of).collect(),
            maintenance: site
                .schedule
                .maintenance
                .iter()
                .map(|window| ShownMaintenance::of(window, zone))
                .collect(),
            column: site
                .columns
                .iter()
                .map(|column| ShownColumn {
                    name: column.name.clone(),
                    url: column.address.to_string(),
                    kind: column.kind.clone(),
                    cycle_days: column.cycle_days,
                })
                .collect(),
        }
    }
}

/// A URL without the password that may stand in it.
fn masked(text: &str) -> String {
    match Url::parse(text) {
        Ok(mut url) if url.password().is_some() => match url.set_password(Some(MASK)) {
            Ok(()) => url.to_string(),
            Err(()) => MASK.to_owned(),
        },
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::written;
    use super::*;

    #[test]
    fn what_is_shown_leads_to_the_same_settings() {
        let text = r#"
            timezone = "Asia/Urumqi"
            [[site]]
            id = "sthjt"
            home = "https://www.example.gov.cn/"
            scope = ["hb.example.gov.cn", "*.b.test:8080", "c.test/sthjt/"]
            exclude = ['/old/\d+']
            [site.schedule]
            probe_interval = "30s"
            full_scan = "0 2 1 1,4,7,10 *"
            blackout = ["08:00-18:00", "23:30-01:00"]
            [[site.guarded_period]]
            name = "国庆"
            from = "2026-09-30"
            until = "2026-10-08"
            [[site.maintenance]]
            from = "2026-12-05 02:00"
            until = "2026-12-05T04:00:30"
            reason = "补丁"
            by = "张三"
            [[site.maintenance]]
            day = "sunday"
            hours = "02:00-04:00"
            since = "2026-01-01"
            reason = "例行维护"
            by = "张三"
            approved_by = "李四"
            [[site.column]]
            name = "通知公告"
            url = "/tzgg/"
            [reports]
            formats = ["pdf"]
            contract = "sichuan"
            [[reports.plan]]
            kind = "work"
            each = "week"
            at = "0 8 * * 1"
            formats = ["docx"]
            [web]
            listen = "[::1]:8080"
            public_url = "https://warden.example.gov.cn/"
            proxy_login_header = "X-Remote-User"
            trusted_proxies = ["10.0.0.0/8", "127.0.0.1"]
            [crawl]
            rate = 2.5
            confirm_spacing = "15m"
            allow_private = ["10.0.0.0/8"]
        "#;
        let settings = written::read(Path::new("a.toml"), text).unwrap();
        let again = written::read(Path::new("b.toml"), &show(&settings)).unwrap();
        assert_eq!(format!("{settings:?}"), format!("{again:?}"));
    }

    #[test]
    fn passwords_are_masked() {
        let check = |text: &str, expected: &str| assert_eq!(masked(text), expected);
        check("sqlite:./data/record.db", "sqlite:./data/record.db");
        check("postgres://warden:s3cret@db.test/record", "postgres://warden:***@db.test/record");
    }
}
