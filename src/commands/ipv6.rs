//! `sitewarden ipv6`, and the same after a scan.

use std::io::Write as _;
use std::path::Path;

use anyhow::Context as _;
use sitewarden::cli::{Exit, Ipv6Args, Ipv6Format, problems};
use sitewarden::config::Settings;
use sitewarden::evidence::Evidence;
use sitewarden::ipv6::Assessment;
use sitewarden::report;
use sitewarden::scan;

use crate::{runtime, site};

pub(crate) fn ipv6(args: &Ipv6Args) -> anyhow::Result<Exit> {
    let settings = args.settings().map_err(problems)?;
    let assessment = assess_ipv6(&settings, args.output.as_deref())?;
    let shown = match args.format {
        Ipv6Format::Text => report::ipv6::text(&assessment),
        Ipv6Format::Json => report::ipv6::json(&assessment),
        Ipv6Format::Html => report::ipv6::html(&assessment),
    };
    std::io::stdout().write_all(shown.as_bytes()).context("writing to the screen")?;
    // What is unknown was not assessed: a schedule must not take it for a result.
    Ok(if assessment.blind.is_some() { Exit::Failed } else { Exit::Done })
}

/// Assesses the IPv6 support of the one site in `settings`, and writes the reports where a folder is given.
pub(crate) fn assess_ipv6(settings: &Settings, folder: Option<&Path>) -> anyhow::Result<Assessment> {
    let site = site(settings)?;
    let assessment = runtime()?.block_on(scan::assess_ipv6(settings, &site))?;
    if let Some(folder) = folder {
        let evidence = Evidence::open(&settings.evidence_url)?;
        let body = |name: &str| evidence.get_blocking(name.parse().ok()?).ok()?;
        let files = report::ipv6::write_all(&assessment, folder, &body)
            .with_context(|| format!("writing the reports to {}", folder.display()))?;
        eprint!("{}", report::text::whereabouts(&files));
    }
    Ok(assessment)
}
