//! Arguments of `serve`, `backup`, `restore`, `check` and `probe`.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{ConfigArgs, NetworkArgs, SubjectArgs};

/// Arguments of `backup`.
#[derive(Debug, Clone, Args)]
pub struct BackupArgs {
    /// Folder to be made for the backup
    #[arg(value_name = "DIR")]
    pub to: PathBuf,
    /// Which configuration.
    #[command(flatten)]
    pub config: ConfigArgs,
    /// Leave out the kept pages: findings stay, but cannot be judged again
    #[arg(long)]
    pub no_evidence: bool,
}

/// Arguments of `restore`.
#[derive(Debug, Clone, Args)]
pub struct RestoreArgs {
    /// Folder with the backup
    #[arg(value_name = "DIR")]
    pub from: PathBuf,
    /// Which configuration.
    #[command(flatten)]
    pub config: ConfigArgs,
    /// Only say whether the backup is sound
    #[arg(long)]
    pub verify: bool,
}

/// Arguments of `check`.
#[derive(Debug, Clone, Args)]
pub struct CheckArgs {
    /// Which configuration.
    #[command(flatten)]
    pub config: ConfigArgs,
}

/// Arguments of `serve`.
#[derive(Debug, Clone, Args)]
pub struct ServeArgs {
    /// Which configuration.
    #[command(flatten)]
    pub config: ConfigArgs,
    /// Where the dashboard listens [default: as in the configuration, 127.0.0.1:7070]
    #[arg(long, value_name = "ADDR:PORT")]
    pub listen: Option<SocketAddr>,
}

/// Arguments of `probe`.
#[derive(Debug, Clone, Args)]
pub struct ProbeArgs {
    /// Which site.
    #[command(flatten)]
    pub subject: SubjectArgs,
    /// How the network is used.
    #[command(flatten)]
    pub network: NetworkArgs,
    /// How the result is shown
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: ProbeFormat,
}

/// How the result of a probe is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ProbeFormat {
    /// To be read.
    Text,
    /// One JSON object a line.
    Jsonl,
}
