//! Pictures of findings, one site after the other: after what was found is on record and told, and beside all other work.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::hub::Hub;
use crate::browser::BrowserError;
use crate::config::Pictured;
use crate::fetch::Transport;
use crate::life::Life;
use crate::scan::{Assignment, Photographed, photograph};
use crate::store::Filter;

/// What is told where there should be pictures and are none.
const TROUBLE: &str = "问题截图无法生成";

/// Findings of a site that are looked through, worst first.
const LOOKED_AT: usize = 1_000;

/// Takes pictures until `stop` resolves; what is missing then is taken after the next reading.
pub(super) async fn run(hub: Arc<Hub>, stop: impl Future<Output = ()>) {
    let mut stop = std::pin::pin!(stop);
    let mut has_said = false;
    loop {
        let site = tokio::select! {
            () = &mut stop => return,
            site = hub.pictures.next() => site,
        };
        let halt = Arc::new(AtomicBool::new(false));
        let (shared, flag) = (hub.clone(), halt.clone());
        let mut working = tokio::task::spawn_blocking(move || take(&shared, &site, flag));
        let done = tokio::select! {
            done = &mut working => done,
            () = &mut stop => {
                halt.store(true, Ordering::Relaxed);
                // It ends within a moment; what came of it matters no more.
                let _ = working.await;
                return;
            }
        };
        match done {
            Ok(Ok(Photographed::Without(error))) => without(&hub, &error, &mut has_said),
            Ok(Ok(Photographed::Done { taken, failed, left })) => {
                hub.clear(TROUBLE);
                tracing::info!(taken, failed, left, "pictures of findings");
            }
            Ok(Ok(Photographed::Nothing)) => {}
            Ok(Err(error)) => hub.trouble(TROUBLE, &format!("{error:#}")),
            Err(error) => hub.trouble(TROUBLE, &error.to_string()),
        }
    }
}

/// Says that there is no browser: as a fault where there should be one, once in the log elsewhere.
fn without(hub: &Hub, error: &BrowserError, has_said: &mut bool) {
    if hub.standing().settings.screenshots.mode == Pictured::On {
        hub.trouble(TROUBLE, &error.to_string());
    } else if !std::mem::replace(has_said, true) {
        tracing::warn!(%error, "findings have no pictures; everything else works without them");
    }
}

fn take(hub: &Hub, id: &str, stop: Arc<AtomicBool>) -> anyhow::Result<Photographed> {
    let standing = hub.standing();
    let Some(site) = standing.site(id) else { return Ok(Photographed::Nothing) };
    let screenshots = &standing.settings.screenshots;
    if screenshots.mode == Pictured::Off {
        return Ok(Photographed::Nothing);
    }
    let open = hub.store.findings(&Filter {
        site: Some(id.to_owned()),
        states: vec![Life::New, Life::Open, Life::Acknowledged, Life::Reopened],
        ..Filter::default()
    })?;
    let open = &open[..open.len().min(LOOKED_AT)];
    let transport = Transport::at_pace(&standing.settings.fetch, hub.pace.clone())?;
    let (store, evidence, fetch) = (&*hub.store, &*hub.evidence, &*transport.fetch);
    Ok(photograph(&Assignment { store, evidence, screenshots, site, open, fetch, stop })?)
}
