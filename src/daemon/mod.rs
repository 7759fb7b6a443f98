//! The daemon: everything that `scan`, `probe` and the rest do, done when it is due, for as long as the machine runs.
//!
//! It adds waiting, nothing else. [`rounds`] probes targets, [`books`] takes their samples into the ledger and raises
//! incidents, [`work`] reads and scans sites, [`vigil`] visits them over both families, [`pictures`] takes pictures of what
//! was found, [`ward`] tells again of what stays open, [`papers`] makes the documents that are due, [`audit`] looks whether
//! all of that happens, [`reload`] takes in a new configuration. They share a [`Hub`] and stop in order.

mod audit;
mod books;
mod digest;
mod figures;
mod hub;
mod papers;
mod pictures;
mod queue;
mod reload;
mod rounds;
mod share;
mod supervisor;
mod vigil;
mod ward;
mod work;

use std::future::Future;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use jiff::Timestamp;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::alert::send::{Post, Sender};
use crate::alert::{Dispatcher, SystemClock};
use crate::cabinet::Cabinet;
use crate::config::Settings;
use crate::people::Token;
use crate::scan::Shared;
use crate::web::{self, App};
use hub::{Hub, Standing};

/// What a daemon is started with.
pub struct Start {
    /// The settings in force.
    pub settings: Settings,
    /// Where they were read from, to be read again when that changes.
    pub file: Option<PathBuf>,
    /// Where the dashboard listens.
    pub listen: SocketAddr,
}

/// Runs until `stop` resolves. What is under way then is finished or kept, in order.
pub async fn serve(start: Start, stop: impl Future<Output = ()>) -> anyhow::Result<()> {
    let Start { settings, file, listen } = start;
    let shared = Shared::open(&settings)?;
    let listener = TcpListener::bind(listen).await.with_context(|| format!("listening on {listen}"))?;
    let setup_code = setup_code(&settings, &shared)?;
    let standing = Standing::new(&settings, &shared)?;
    let hub = Arc::new(Hub::new(standing, shared));
    let app = App::new(
        hub.store.clone(),
        hub.evidence.clone(),
        hub.standing().as_current(),
        hub.clone(),
        setup_code,
    );
    tracing::warn!(address = %listener.local_addr()?, "the dashboard listens");

    let (halt, halted) = watch::channel(false);
    let until = |mut halted: watch::Receiver<bool>| async move {
        // It only changes once, and its sender is gone when everything is over.
        let _ = halted.wait_for(|halt| *halt).await;
    };
    let gap = hub.mark_alive(Timestamp::now())?;
    if let Some(gap) = gap {
        tracing::warn!(since = %gap.start(), "nobody watched for a while; the ledger says so");
    }
    let (samples, taken) = tokio::sync::mpsc::channel(4096);
    let parts = [
        tokio::spawn(rounds::run(hub.clone(), samples, until(halted.clone()))),
        tokio::spawn(books::run(hub.clone(), taken)),
        tokio::spawn(work::run(hub.clone(), until(halted.clone()))),
        tokio::spawn(vigil::run(hub.clone(), until(halted.clone()))),
        tokio::spawn(pictures::run(hub.clone(), until(halted.clone()))),
        tokio::spawn(ward::run(hub.clone(), until(halted.clone()))),
        tokio::spawn(papers::run(hub.clone(), until(halted.clone()))),
        tokio::spawn(deliver(hub.clone(), until(halted.clone()))),
        tokio::spawn(audit::run(hub.clone(), until(halted.clone()))),
        tokio::spawn(reload::run(hub.clone(), app.clone(), file, until(halted.clone()))),
    ];
    let web = tokio::spawn(web::serve(listener, app, until(halted)));
    supervisor::ready();
    stop.await;
    supervisor::stopping();
    // Whoever waits for it sees it.
    let _ = halt.send(true);
    for part in parts {
        if let Err(error) = part.await {
            tracing::error!(%error, "a part of the daemon ended badly");
        }
    }
    web.await.context("the dashboard ended badly")??;
    hub.mark_alive(Timestamp::now())?;
    Ok(())
}

/// Delivers what is in the outbox; begins anew with every configuration.
async fn deliver(hub: Arc<Hub>, stop: impl Future<Output = ()>) {
    let mut stop = std::pin::pin!(stop);
    let mut changed = hub.changed();
    loop {
        let settings = hub.standing().settings.clone();
        let post = Post::new(Cabinet::below(&settings.data_dir), settings.reports.enclosed_bytes);
        let sender = match Sender::new(&settings.alert, &settings.fetch) {
            Ok(sender) => sender.with(post),
            Err(error) => {
                hub.trouble("告警通道无法启用", &format!("{error:#}"));
                tokio::select! {
                    () = &mut stop => return,
                    _ = changed.changed() => continue,
                }
            }
        };
        let dispatcher = Dispatcher::new(settings.alert.clone(), hub.outbox(), sender, Arc::new(SystemClock));
        hub.wakes(dispatcher.waker());
        let ended = {
            let halt = async {
                tokio::select! {
                    () = &mut stop => true,
                    _ = changed.changed() => false,
                }
            };
            let (done, over) = tokio::sync::oneshot::channel();
            let until = async move {
                let is_over = halt.await;
                // The receiver lives until the dispatcher has ended.
                let _ = done.send(is_over);
            };
            if let Err(error) = dispatcher.run(until).await {
                hub.trouble("告警无法投递", &error.to_string());
                tokio::time::sleep(std::time::Duration::from_secs(5)).await;
            }
            over.await.unwrap_or(false)
        };
        if ended {
            return;
        }
    }
}

/// The code for the first account: in the log, and in a file beside the data. Of no use once there is an account.
fn setup_code(settings: &Settings, shared: &Shared) -> anyhow::Result<Token> {
    let code = Token::random();
    if !shared.store.accounts()?.is_empty() {
        return Ok(code);
    }
    let file = settings.data_dir.join("setup-code");
    write_private(&file, code.expose()).with_context(|| format!("writing {}", file.display()))?;
    eprintln!("初始化口令（也在 {}）：{}", file.display(), code.expose());
    Ok(code)
}

fn write_private(file: &std::path::Path, text: &str) -> std::io::Result<()> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut open = std::fs::OpenOptions::new();
    open.write(true).create(true).truncate(true).mode(0o600);
    open.open(file)?.write_all(text.as_bytes())
}
