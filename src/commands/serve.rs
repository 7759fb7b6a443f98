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
    let start = Start { settings, file: file.clone(), listen: args.listen };
    runtime()?.block_on(daemon::serve(start, asked_to_stop()))?;
    Ok(Exit::Done)
}
