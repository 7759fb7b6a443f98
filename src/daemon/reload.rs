//! A configuration that has changed is read again. One with errors is not taken in: the old one stays in force, and the
//! log says so.

use std::future::Future;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::signal::unix::{SignalKind, signal};

use super::hub::{Hub, Standing, count};
use crate::config::{self, Settings};
use crate::indicators::RuleSet;
use crate::registers::Dictionaries;
use crate::speller;
use crate::text::Shelf;
use crate::web::App;

/// Time between two looks at the files.
const EVERY: Duration = Duration::from_secs(2);

const WHAT: &str = "配置有误，沿用原配置";

/// Watches the files until `stop` resolves; SIGHUP has them read at once.
pub(super) async fn run(hub: Arc<Hub>, app: App, file: Option<PathBuf>, stop: impl Future<Output = ()>) {
    let mut stop = std::pin::pin!(stop);
    let Some(file) = file else { return stop.await };
    let mut hang_up = signal(SignalKind::hangup()).ok();
    let mut seen = stamp(&file, &hub.standing().settings);
    loop {
        let asked = async {
            match &mut hang_up {
                Some(signal) => signal.recv().await,
                None => std::future::pending().await,
            }
        };
        let is_asked = tokio::select! {
            () = &mut stop => return,
            _ = asked => true,
            () = hub.reload.notified() => true,
            () = tokio::time::sleep(EVERY) => false,
        };
        let now = stamp(&file, &hub.standing().settings);
        if is_asked || now != seen {
            seen = now;
            let (hub, app, file) = (hub.clone(), app.clone(), file.clone());
            let reading = tokio::task::spawn_blocking(move || read(&hub, &app, &file)).await;
            reading.expect("reading a configuration does not panic");
        }
    }
}

/// When the files were changed last: the configuration, and those in folders of rules and dictionaries.
fn stamp(file: &std::path::Path, settings: &Settings) -> Vec<Option<SystemTime>> {
    let changed = |path: &std::path::Path| std::fs::metadata(path).and_then(|about| about.modified()).ok();
    let mut stamps = vec![changed(file)];
    for folder in [&settings.rules_dir, &settings.dictionaries_dir].into_iter().flatten() {
        stamps.push(changed(folder));
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        let mut inside: Vec<_> = entries.map(|entry| (entry.path(), changed(&entry.path()))).collect();
        inside.sort();
        stamps.extend(inside.into_iter().map(|(_, stamp)| stamp));
    }
    stamps
}

fn read(hub: &Hub, app: &App, file: &std::path::Path) {
    match load(hub, file) {
        Ok(standing) => {
            app.change(standing.as_current());
            hub.change(standing);
            hub.clear(WHAT);
            count(&hub.figures.reloads);
            tracing::warn!(file = %file.display(), "a new configuration is in force");
        }
        Err(problems) => {
            count(&hub.figures.refused_reloads);
            hub.clear(WHAT);
            hub.trouble(WHAT, &problems);
        }
    }
}

fn load(hub: &Hub, file: &std::path::Path) -> Result<Standing, String> {
    let lines = |problems: &[String]| problems.join("\n");
    let new = config::load(file)
        .map_err(|problems| lines(&problems.iter().map(ToString::to_string).collect::<Vec<_>>()))?;
    let old = hub.standing().settings.clone();
    if new.store_url != old.store_url || new.evidence_url != old.evidence_url || new.data_dir != old.data_dir
    {
        return Err("数据存放位置的改动需要重启程序".to_owned());
    }
    let rules = RuleSet::load(new.rules_dir.as_deref())
        .map_err(|errors| lines(&errors.iter().map(ToString::to_string).collect::<Vec<_>>()))?;
    let shelf = Shelf::open(new.dictionaries_dir.as_deref(), &speller::Words)
        .map_err(|errors| lines(&errors.iter().map(ToString::to_string).collect::<Vec<_>>()))?;
    let registers = hub.store.registers().map_err(|error| error.to_string())?;
    let dictionaries = Dictionaries::of(&shelf, &registers)
        .map_err(|errors| lines(&errors.iter().map(ToString::to_string).collect::<Vec<_>>()))?;
    Standing::of(&new, &*hub.store, Arc::new(rules), dictionaries).map_err(|error| error.to_string())
}
