//! Arguments become settings: the configuration, if there is one, and over it what was said on the command line.

use std::path::{Path, PathBuf};

use super::{
    CONFIG_FILE, ColumnsArgs, CrawlArgs, JudgeArgs, JudgementArgs, NetworkArgs, ProbeArgs, Rate, ScanArgs,
    SubjectArgs,
};
use crate::config::{self, ConfigError, Settings, Site};

impl ScanArgs {
    /// The settings of this scan, with exactly one site.
    pub fn settings(&self) -> Result<Settings, Vec<ConfigError>> {
        let mut settings = self.subject.settings()?;
        self.judgement.apply(&mut settings);
        self.crawl.apply(&mut settings);
        if self.probe_cloaking {
            settings.sites.iter_mut().for_each(|site| site.authorised = true);
        }
        Ok(settings)
    }
}

impl JudgeArgs {
    /// The settings of this judgement, with exactly one site.
    pub fn settings(&self) -> Result<Settings, Vec<ConfigError>> {
        let mut settings = self.subject.settings()?;
        self.judgement.apply(&mut settings);
        Ok(settings)
    }
}

impl ColumnsArgs {
    /// The settings by which columns are judged, with exactly one site.
    pub fn settings(&self) -> Result<Settings, Vec<ConfigError>> {
        let mut settings = self.subject.settings()?;
        settings.today = self.today.or(settings.today);
        Ok(settings)
    }
}

impl SubjectArgs {
    /// The settings with exactly one site.
    pub fn settings(&self) -> Result<Settings, Vec<ConfigError>> {
        let mut settings = match (&self.config, &self.url) {
            (Some(file), _) => config::load(file)?,
            (None, Some(_)) => Settings::default(),
            (None, None) => config::load(Path::new(CONFIG_FILE))?,
        };
        settings.sites = vec![match &self.url {
            Some(home) => Site::at(home, &self.scope),
            None => self.configured(settings.sites)?,
        }];
        if let Some(folder) = &self.data {
            let Settings { data_dir, store_url, state_dir, evidence_url, .. } = Settings::in_folder(folder);
            (settings.data_dir, settings.store_url) = (data_dir, store_url);
            (settings.state_dir, settings.evidence_url) = (state_dir, evidence_url);
        }
        Ok(settings)
    }

    /// The site that is meant, out of those configured.
    fn configured(&self, mut sites: Vec<Site>) -> Result<Site, Vec<ConfigError>> {
        let ids = sites.iter().map(|site| site.id.as_str()).collect::<Vec<_>>().join(", ");
        let position = match &self.site {
            Some(id) => sites.iter().position(|site| site.id == *id),
            None => (sites.len() == 1).then_some(0),
        };
        position.map(|position| sites.swap_remove(position)).ok_or_else(|| {
            let message = match &self.site {
                Some(id) => format!("no site has the id `{id}`"),
                None => "nothing says which site".to_owned(),
            };
            let remedy = match ids.as_str() {
                "" => "name the address of a site, or add a [[site]]".to_owned(),
                ids => format!("name one with --site: {ids}"),
            };
            let file = self.config.clone().unwrap_or_else(|| PathBuf::from(CONFIG_FILE));
            vec![ConfigError { file, line: 0, message, remedy }]
        })
    }
}

impl JudgementArgs {
    fn apply(&self, settings: &mut Settings) {
        if !self.only.is_empty() {
            settings.only = Some(self.only.clone());
        }
        settings.speller |= self.speller;
        settings.ocr |= self.ocr;
        settings.today = self.today.or(settings.today);
    }
}

impl CrawlArgs {
    fn apply(&self, settings: &mut Settings) {
        let Settings { crawl, fetch, .. } = settings;
        crawl.max_pages = self.max_pages.or(crawl.max_pages);
        crawl.confirm_spacing = self.confirm_spacing.unwrap_or(crawl.confirm_spacing);
        crawl.check_external &= !self.no_external;
        fetch.robots &= !self.no_robots;
        if let Some(Rate(rate)) = self.rate {
            fetch.rate = rate;
        }
        if let Some(in_flight) = self.concurrency {
            crawl.in_flight = in_flight;
            // Most scans have one host: a lower limit is meant for it, a higher one as well.
            fetch.per_host = in_flight;
        }
        self.network.apply(settings);
    }
}

impl NetworkArgs {
    fn apply(&self, settings: &mut Settings) {
        let fetch = &mut settings.fetch;
        fetch.ca.extend(self.ca.iter().cloned());
        fetch.allow_private.extend(self.allow_private.iter().copied());
        if !self.dns.is_empty() {
            fetch.dns.clone_from(&self.dns);
        }
    }
}

impl ProbeArgs {
    /// The settings of this probe, with exactly one site; targets of others are left out.
    pub fn settings(&self) -> Result<Settings, Vec<ConfigError>> {
        let mut settings = self.subject.settings()?;
        self.network.apply(&mut settings);
        let site = settings.sites.first().map(|site| site.id.clone());
        settings.probing.targets.retain(|target| target.site == site);
        Ok(settings)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use clap::Parser;

    use super::*;
    use crate::cli::{Cli, Command};

    fn scan(arguments: &str) -> Result<Settings, String> {
        let cli = Cli::try_parse_from(["sitewarden", "scan"].into_iter().chain(arguments.split_whitespace()))
            .map_err(|error| error.to_string())?;
        match cli.command {
            Command::Scan(args) => args.settings().map_err(|problems| problems[0].to_string()),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn arguments_become_settings() {
        let settings = scan(
            "http://127.0.0.1:8080/ --scope a.test --data d --max-pages 5 --rate 0 --concurrency 64 \
             --confirm-spacing 1s --dns 127.0.0.1:5353 --allow-private 127.0.0.0/8 --today 2026-11-21 \
             --only dead-link --only soft-404 --no-external --no-robots",
        )
        .unwrap();
        assert_eq!(settings.sites[0].id, "127-0-0-1-8080");
        assert_eq!(settings.store_url, "sqlite:d/record.db");
        assert_eq!(settings.state_dir, Path::new("d/crawl"));
        assert_eq!((settings.crawl.max_pages, settings.fetch.rate), (Some(5), None));
        assert_eq!((settings.crawl.in_flight, settings.fetch.per_host), (64, 64));
        assert_eq!(settings.crawl.confirm_spacing, Duration::from_secs(1));
        assert_eq!(settings.fetch.dns[0].port(), 5353);
        assert_eq!(settings.fetch.allow_private.len(), 1);
        assert_eq!(settings.today, Some(jiff::civil::date(2026, 11, 21)));
        assert_eq!(settings.only.unwrap().len(), 2);
        assert!(!settings.crawl.check_external && !settings.fetch.robots);
    }

    #[test]
    fn what_is_not_said_stays_as_configured() {
        let (said, default) = (scan("http://a.test/").unwrap(), Settings::default());
        assert_eq!(
            format!("{:?}{:?}", said.crawl, said.fetch),
            format!("{:?}{:?}", default.crawl, default.fetch)
        );
        let sample = scan("--config sitewarden.example.toml").unwrap();
        assert_eq!(sample.sites[0].id, "sthjt");
        let by_url = scan("http://a.test/ --config sitewarden.example.toml").unwrap();
        assert_eq!(by_url.sites[0].id, "a-test");
    }

    #[test]
    fn mistakes_are_named() {
        let check = |arguments: &str, expected: &str| {
            let error = scan(arguments).expect_err(arguments);
            assert!(error.contains(expected), "{arguments}: {error}");
        };
        check("ftp://a.test/", "no http or https address");
        check("http://a.test/ --rate=-1", "is no rate");
        check("http://a.test/ --rate fast", "no number");
        check("http://a.test/ --concurrency 0", "too few");
        check("http://a.test/ --confirm-spacing 5", "no duration");
        check("http://a.test/ --today 2026-02-30", "2026-02-30");
        check("http://a.test/ --fail-on dreadful", "possible values");
        check("http://a.test/ --site sthjt", "cannot be used with");
        check("--site other --config sitewarden.example.toml", "name one with --site: sthjt");
        check("--config /no/such/file.toml", "cannot be read");
    }
}
