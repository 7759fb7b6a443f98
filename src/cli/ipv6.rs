//! Arguments of `ipv6`.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use clap::{Args, ValueEnum};

use super::SubjectArgs;
use super::scan::count;
use crate::config::{ConfigError, Settings, values};
use crate::net::guard::Network;

/// Arguments of `ipv6`.
#[derive(Debug, Clone, Args)]
pub struct Ipv6Args {
    /// Which site.
    #[command(flatten)]
    pub subject: SubjectArgs,
    /// How the assessment is shown
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: Ipv6Format,
    /// Write text, JSON and HTML to this folder, and the table to the screen
    #[arg(long, value_name = "DIR")]
    pub output: Option<PathBuf>,
    /// Visits of the home page over each family; fewer than ten judge no rate and no delay [default: 10]
    #[arg(long, value_name = "COUNT", value_parser = count)]
    pub visits: Option<usize>,
    /// Time between two visits, e.g. 2s or 5m; stability takes visits over a whole day [default: 2s]
    #[arg(long, value_name = "DURATION", value_parser = values::duration)]
    pub spacing: Option<Duration>,
    /// Links of each level, and hosts of others, that are tried [default: 50]
    #[arg(long, value_name = "COUNT", value_parser = count)]
    pub max_links: Option<usize>,
    /// Name server; may be repeated [default: those of the system]
    #[arg(long, value_name = "ADDR[:PORT]", value_parser = values::name_server)]
    pub dns: Vec<SocketAddr>,
    /// Server where iterative resolution begins; may be repeated [default: the root servers' IPv6 addresses]
    #[arg(long, value_name = "ADDR[:PORT]", value_parser = values::name_server)]
    pub root: Vec<SocketAddr>,
    /// Target that shows whether the monitor's own IPv6 works; at least two [default: public resolvers]
    #[arg(long, value_name = "ADDR[:PORT]", value_parser = values::name_server)]
    pub reference: Vec<SocketAddr>,
    /// PEM file with a further trust root; may be repeated
    #[arg(long, value_name = "FILE", value_parser = values::existing_file)]
    pub ca: Vec<PathBuf>,
    /// Private network that may be visited and counts as public; may be repeated
    #[arg(long, value_name = "CIDR", value_parser = values::network)]
    pub allow_private: Vec<Network>,
}

/// How an assessment is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Ipv6Format {
    /// Tables to be read.
    Text,
    /// One JSON object with everything that was measured.
    Json,
    /// One self-contained page.
    Html,
}

impl Ipv6Args {
    /// The settings of this measurement, with exactly one site.
    pub fn settings(&self) -> Result<Settings, Vec<ConfigError>> {
        let mut settings = self.subject.settings()?;
        let Settings { ipv6, fetch, .. } = &mut settings;
        ipv6.visits = self.visits.unwrap_or(ipv6.visits);
        ipv6.spacing = self.spacing.unwrap_or(ipv6.spacing);
        ipv6.max_links = self.max_links.unwrap_or(ipv6.max_links);
        fetch.ca.extend(self.ca.iter().cloned());
        fetch.allow_private.extend(self.allow_private.iter().copied());
        let lists = [
            (&self.dns, &mut fetch.dns),
            (&self.root, &mut ipv6.roots),
            (&self.reference, &mut ipv6.references),
        ];
        for (said, configured) in lists {
            if !said.is_empty() {
                configured.clone_from(said);
            }
        }
        if ipv6.references.len() == 1 {
            return Err(vec![ConfigError {
                file: PathBuf::from("--reference"),
                line: 0,
                message: "one target shows nothing: it may itself be down".to_owned(),
                remedy: "name at least two that do not depend on each other".to_owned(),
            }]);
        }
        Ok(settings)
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::cli::{Cli, Command};

    fn settings(arguments: &str) -> Result<Settings, String> {
        let words = ["sitewarden", "ipv6"].into_iter().chain(arguments.split_whitespace());
        match Cli::try_parse_from(words).map_err(|error| error.to_string())?.command {
            Command::Ipv6(args) => args.settings().map_err(|problems| problems[0].to_string()),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn arguments_become_settings() {
        let settings = settings(
            "http://www.example.test/ --visits 3 --spacing 1s --max-links 7 --dns 127.0.0.1 --root fd00::1 \
             --root [fd00::2]:5353 --reference [fd00::3]:80 --reference fd00::4 --allow-private fd00::/8",
        )
        .unwrap();
        assert_eq!((settings.ipv6.visits, settings.ipv6.max_links), (3, 7));
        assert_eq!(settings.ipv6.spacing, Duration::from_secs(1));
        assert_eq!(settings.ipv6.roots[1], "[fd00::2]:5353".parse().unwrap());
        assert_eq!((settings.ipv6.references.len(), settings.fetch.dns.len()), (2, 1));
    }

    #[test]
    fn one_reference_is_none() {
        assert!(settings("http://a.test/ --reference fd00::4").unwrap_err().contains("at least two"));
    }
}
