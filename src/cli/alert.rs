//! Arguments of `alert`.

use clap::{Args, Subcommand};

use super::ConfigArgs;

/// What to do about alerts.
#[derive(Debug, Clone, Subcommand)]
pub enum AlertCommand {
    /// Send a test message through every channel and show what it says
    #[command(
        long_about = "Sends a test message through every configured channel, or the one that is named, to its first \
                            recipient, and shows what the channel answered. Exits with 3 where one does not confirm."
    )]
    Test(AlertTestArgs),
    /// Show who was told what, by which channel, and what came of it
    List(AlertListArgs),
}

/// Arguments of `alert test`.
#[derive(Debug, Clone, Args)]
pub struct AlertTestArgs {
    /// Where the channels are configured.
    #[command(flatten)]
    pub config: ConfigArgs,
    /// Only this channel
    #[arg(long, value_name = "ID")]
    pub channel: Option<String>,
}

/// Arguments of `alert list`.
#[derive(Debug, Clone, Args)]
pub struct AlertListArgs {
    /// Where the record is configured.
    #[command(flatten)]
    pub config: ConfigArgs,
    /// Only letters now at this channel
    #[arg(long, value_name = "ID")]
    pub channel: Option<String>,
    /// Only letters to this recipient
    #[arg(long, value_name = "ID")]
    pub recipient: Option<String>,
    /// Only what is not confirmed
    #[arg(long)]
    pub unconfirmed: bool,
    /// Letters at most
    #[arg(long, value_name = "COUNT", default_value_t = 100)]
    pub limit: u32,
}
