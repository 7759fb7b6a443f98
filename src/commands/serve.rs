//! `sitewarden serve`: the daemon.

use std::path::Path;

use sitewarden::cli::{CONFIG_FILE, Exit, OperatorError, ServeArgs, problems};
use sitewarden::config;
use sitewarden::daemon::{self, Start};

use crate::{asked_to_stop, runtime};

pub(crate) fn serve(args: &ServeArgs) -> anyhow::Result<Exit> {
    let file = &args.config.config;
    if !file.exists() && file == Path::new(CONFIG_FILE) {
        let missing =
            format!("there is no {CONFIG_FILE}; copy sitewarden.example.toml and name your sites in it");
        anyhow::bail!(OperatorError(missing));
    }
    let settings = config::load(file).map_err(problems)?;
    if settings.sites.is_empty() && settings.probing.targets.is_empty() {
        anyhow::bail!(OperatorError(format!("{} names no [[site]] and no [[target]]", file.display())));
    }
    let listen = args.listen.unwrap_or(settings.web.listen);
    let start = Start { settings, file: Some(file.clone()), listen };
    runtime()?.block_on(async {
        // Heeded from the first moment: whoever stops it while it starts must not cut it off.
        let stop = tokio::spawn(asked_to_stop());
        daemon::serve(start, async {
            // Waiting for a signal does not panic.
            let _ = stop.await;
        })
        .await
    })?;
    Ok(Exit::Done)
}
