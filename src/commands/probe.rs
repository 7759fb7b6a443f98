//! `sitewarden probe`: asks once.

use std::io::Write as _;

use anyhow::Context as _;
use sitewarden::cli::{Exit, ProbeArgs, ProbeFormat, problems};
use sitewarden::fetch::Pace;
use sitewarden::indicators::RuleSet;
use sitewarden::probe::{Prober, State};
use sitewarden::report;
use tokio::task::JoinSet;

use crate::runtime;

pub(crate) fn probe(args: &ProbeArgs) -> anyhow::Result<Exit> {
    let settings = args.settings().map_err(problems)?;
    let rules = RuleSet::built_in();
    let runtime = runtime()?;
    let probed = runtime.block_on(async {
        let prober = Prober::of(&settings, &rules, Pace::of(&settings.fetch));
        let prober = std::sync::Arc::new(prober.context("setting up the network side")?);
        let sight = settings.probing.references.look().await;
        let mut asked = JoinSet::new();
        for (place, target) in settings.targets().into_iter().enumerate() {
            let prober = prober.clone();
            asked.spawn(async move { (place, prober.ask(&target).await, target) });
        }
        let mut probed = asked.join_all().await;
        probed.sort_by_key(|(place, ..)| *place);
        let probed = probed.into_iter().map(|(_, sample, target)| (target, sample)).collect();
        anyhow::Ok(report::probed::Probed { sight, probed })
    })?;
    let shown = match args.format {
        ProbeFormat::Text => report::probed::text(&probed),
        ProbeFormat::Jsonl => report::probed::jsonl(&probed),
    };
    std::io::stdout().write_all(shown.as_bytes()).context("writing to the screen")?;
    let is_bad = probed.probed.iter().any(|(_, sample)| sample.state == State::Bad);
    Ok(if is_bad { Exit::Findings } else { Exit::Done })
}
