//! What the record says of a site, and what people say to it: `columns`, `score`, `entry`, `baseline`, `links`.

use std::io::Write as _;

use anyhow::Context as _;
use jiff::Timestamp;
use sitewarden::baseline::Approval;
use sitewarden::cli::{
    ApproveArgs, AuthorArgs, BaselineCommand, ColumnsArgs, EntryAddArgs, EntryCommand, EntryListArgs,
    EntryRemoveArgs, Exit, LinksArgs, LinksCommand, LinksFormat, OperatorError, RevokeArgs, ScoreArgs,
    ScoreFormat, SubjectArgs, problems,
};
use sitewarden::inventory::{ExternalHost, Trust};
use sitewarden::report;
use sitewarden::report::rescored::Trend;
use sitewarden::scan::{self, Author, Rescorer};
use sitewarden::score::Judgement;
use sitewarden::store::ScanId;

use super::scan::open;
use crate::site;

pub(crate) fn columns(args: &ColumnsArgs) -> anyhow::Result<Exit> {
    let settings = args.settings().map_err(problems)?;
    let columns = open(&settings)?.columns()?;
    let shown = if args.toml { report::register::toml(&columns) } else { report::register::table(&columns) };
    std::io::stdout().write_all(shown.as_bytes()).context("writing to the screen")?;
    Ok(Exit::Done)
}

pub(crate) fn score(args: &ScoreArgs) -> anyhow::Result<Exit> {
    let settings = args.subject.settings().map_err(problems)?;
    let scorer = Rescorer::open(&settings, site(&settings)?, args.scale.as_deref(), Timestamp::now())?;
    let shown = if args.all {
        let mut trend = Trend::default();
        scorer.all(&mut |rescored| trend.add(rescored))?;
        match args.format {
            ScoreFormat::Text => trend.text(),
            ScoreFormat::Json => trend.json(),
        }
    } else {
        let rescored = scorer.one(args.scan.map(ScanId))?;
        match args.format {
            ScoreFormat::Text => report::rescored::text(&rescored),
            ScoreFormat::Json => report::rescored::json(&rescored),
        }
    };
    std::io::stdout().write_all(shown.as_bytes()).context("writing to the screen")?;
    Ok(Exit::Done)
}

pub(crate) fn entry(command: &EntryCommand) -> anyhow::Result<Exit> {
    let by = |author: &AuthorArgs| {
        let (name, note) = (author.by.clone(), author.note.clone());
        Author { name, note, at: Timestamp::now() }
    };
    let (EntryCommand::Add(EntryAddArgs { subject, .. })
    | EntryCommand::List(EntryListArgs { subject })
    | EntryCommand::Remove(EntryRemoveArgs { subject, .. })) = command;
    let settings = subject.settings().map_err(problems)?;
    let site = site(&settings)?;
    let made = match command {
        EntryCommand::Add(args) => {
            let judgement = Judgement {
                indicator: args.indicator.clone(),
                standing: args.standing.into(),
                points: args.points,
                until: args.until,
            };
            Some(scan::judge_by_person(&settings, &site, by(&args.author), judgement)?)
        }
        EntryCommand::Remove(args) => Some(scan::take_back(&settings, &site, by(&args.author), args.entry)?),
        EntryCommand::List(_) => None,
    };
    let log = match made {
        Some(made) => vec![made],
        None => scan::entries(&settings, &site)?,
    };
    let now = Timestamp::now();
    print!("{}", report::entries::table(&log, now, settings.today.unwrap_or_else(|| scan::date_of(now))));
    Ok(Exit::Done)
}

pub(crate) fn baseline(command: &BaselineCommand) -> anyhow::Result<Exit> {
    let subject = match command {
        BaselineCommand::Show(args) => &args.subject,
        BaselineCommand::Diff(args) => &args.subject,
        BaselineCommand::Accept(args) => &args.subject,
    };
    let settings = subject.settings().map_err(problems)?;
    let site = site(&settings)?;
    if let BaselineCommand::Accept(args) = command {
        let approval = Approval { by: args.by.clone(), at: Timestamp::now() };
        let accepted = scan::accept(&settings, &site, args.page.page.as_ref(), &approval)?;
        println!("已认可 {} 个页面的基线", accepted.len());
        return Ok(Exit::Done);
    }
    let shown = match command {
        BaselineCommand::Diff(args) => {
            report::baselines::differences(&scan::differences(&settings, &site, args.page.page.as_ref())?)
        }
        _ => report::baselines::table(&scan::baselines(&settings, &site)?),
    };
    std::io::stdout().write_all(shown.as_bytes()).context("writing to the screen")?;
    Ok(Exit::Done)
}

pub(crate) fn links(args: &LinksArgs) -> anyhow::Result<Exit> {
    match &args.command {
        Some(LinksCommand::Approve(ApproveArgs { host, subject, author, until })) => {
            return vouch(subject, author, host, Trust::Given(*until));
        }
        Some(LinksCommand::Revoke(RevokeArgs { host, subject, author })) => {
            return vouch(subject, author, host, Trust::Revoked);
        }
        None => {}
    }
    let settings = args.subject.settings().map_err(problems)?;
    let today = settings.today.unwrap_or_else(|| scan::date_of(Timestamp::now()));
    let inventory = scan::inventory(&settings, &site(&settings)?)?;
    let wanted = |host: &ExternalHost| args.state.is_empty() || args.state.contains(&host.state);
    let shown = match args.format {
        LinksFormat::Text => report::inventory::table(&inventory, today, &wanted),
        LinksFormat::Json => report::inventory::json(&inventory, today, &wanted),
    };
    std::io::stdout().write_all(shown.as_bytes()).context("writing to the screen")?;
    Ok(Exit::Done)
}

/// Records what somebody says of a host.
fn vouch(subject: &SubjectArgs, author: &AuthorArgs, host: &str, trust: Trust) -> anyhow::Result<Exit> {
    let settings = subject.settings().map_err(problems)?;
    let (name, note, at) = (author.by.clone(), author.note.clone(), Timestamp::now());
    let today = settings.today.unwrap_or_else(|| scan::date_of(at));
    if trust != Trust::Revoked && !trust.holds_on(today) {
        return Err(OperatorError("--until is a day that has passed".to_owned()).into());
    }
    let host = scan::vouch(&settings, &site(&settings)?, Author { name, note, at }, host, trust)?;
    let done = if trust == Trust::Revoked { "已撤销登记" } else { "已登记" };
    println!("{done}：{}", report::escape::terminal(&host));
    Ok(Exit::Done)
}
