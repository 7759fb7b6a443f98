//! `sitewarden alert`: trying channels, and the log of deliveries.

use anyhow::Context as _;
use jiff::Timestamp;
use sitewarden::alert::{send::Sender, trial, verdict::Verdict};
use sitewarden::cli::{AlertCommand, AlertListArgs, AlertTestArgs, Exit, OperatorError, problems};
use sitewarden::store::{self, outbox::DeliveryFilter};
use sitewarden::{config, report};

use crate::runtime;

pub(crate) fn alert(command: &AlertCommand) -> anyhow::Result<Exit> {
    match command {
        AlertCommand::Test(args) => try_channels(args),
        AlertCommand::List(args) => list_deliveries(args),
    }
}

fn try_channels(args: &AlertTestArgs) -> anyhow::Result<Exit> {
    let settings = config::load(&args.config.config).map_err(problems)?;
    let sender = Sender::new(&settings.alert, &settings.fetch).context("setting up the network side")?;
    let only = args.channel.as_deref();
    let tried = runtime()?.block_on(trial::run(&settings.alert, &sender, only, Timestamp::now()));
    if tried.is_empty() {
        anyhow::bail!(OperatorError("no such channel is configured; add an [[alert.channel]]".to_owned()));
    }
    print!("{}", trial::table(&tried));
    let all_confirm = tried.iter().all(|trial| trial.verdict == Verdict::Confirmed);
    Ok(if all_confirm { Exit::Done } else { Exit::Failed })
}

fn list_deliveries(args: &AlertListArgs) -> anyhow::Result<Exit> {
    let settings = config::load(&args.config.config).map_err(problems)?;
    let record = store::open_reader(&settings.store_url)?;
    let filter = DeliveryFilter {
        channel: args.channel.clone(),
        recipient: args.recipient.clone(),
        unconfirmed: args.unconfirmed,
        limit: args.limit,
        ..DeliveryFilter::default()
    };
    print!("{}", report::deliveries::table(&record.deliveries(&filter)?, &record.backlog()?));
    Ok(Exit::Done)
}
