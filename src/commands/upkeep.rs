//! `sitewarden backup`, `restore` and `check`.

use std::path::Path;

use jiff::Timestamp;
use sitewarden::backup;
use sitewarden::browser::{self, Confinement};
use sitewarden::cli::{BackupArgs, CheckArgs, ConfigArgs, Exit, RestoreArgs, problems};
use sitewarden::config::{self, Settings};
use sitewarden::indicators::RuleSet;
use sitewarden::store;
use sitewarden::text;

pub(crate) fn backup(args: &BackupArgs) -> anyhow::Result<Exit> {
    let settings = settings(&args.config)?;
    let file = Some(args.config.config.as_path());
    let made = backup::make(&settings, file, &args.to, !args.no_evidence, Timestamp::now())?;
    let bytes: u64 = made.files.iter().map(|kept| kept.bytes).sum();
    println!("{}: {} files, {bytes} bytes, verified", args.to.display(), made.files.len());
    Ok(Exit::Done)
}

pub(crate) fn restore(args: &RestoreArgs) -> anyhow::Result<Exit> {
    if args.verify {
        let manifest = backup::verify(&args.from)?;
        println!("{}: sound, taken {}", args.from.display(), manifest.taken);
        return Ok(Exit::Done);
    }
    let (manifest, aside) = backup::restore(&settings(&args.config)?, &args.from, Timestamp::now())?;
    println!("restored the backup of {}", manifest.taken);
    for path in aside {
        println!("what was there before is now {}", path.display());
    }
    Ok(Exit::Done)
}

pub(crate) fn check(args: &CheckArgs) -> anyhow::Result<Exit> {
    let file = &args.config.config;
    let (settings, mut wrong) = match config::load(file) {
        Ok(settings) => (Some(settings), 0),
        Err(_) if !file.exists() => (Some(Settings::default()), 0),
        Err(problems) => {
            problems.iter().for_each(|problem| println!("{problem}"));
            (None, problems.len())
        }
    };
    let Some(settings) = settings else { return Ok(Exit::Operator) };
    wrong += part("rules", RuleSet::load(settings.rules_dir.as_deref()).err().unwrap_or_default());
    wrong += part("dictionaries", text::health::check(settings.dictionaries_dir.as_deref()));
    wrong += record(&settings)?;
    println!("browser: {}", browser());
    println!("{wrong} problem(s)");
    Ok(if wrong == 0 { Exit::Done } else { Exit::Operator })
}

/// How pictures and PDF stand. That there are none is no problem: everything else works.
fn browser() -> String {
    match (browser::find(), browser::confinement()) {
        (None, _) => "Chromium is not installed; no pictures of findings, no PDF".to_owned(),
        (Some(program), Confinement::Kept) => format!("{}, in its own sandbox", program.display()),
        (Some(program), Confinement::Impossible(reason)) => {
            format!("{}, without its own sandbox: {reason}", program.display())
        }
    }
}

fn record(settings: &Settings) -> anyhow::Result<usize> {
    let path = store::path_of(&settings.store_url)?;
    if !path.exists() {
        println!("record: there is none yet");
        return Ok(0);
    }
    let soundness = store::examine(path)?;
    let mut problems = soundness.problems;
    if soundness.schema > soundness.known {
        problems.push("written by a newer sitewarden".to_owned());
    }
    let is_readable = problems.is_empty();
    let wrong = part("record", problems);
    // One of an older layout is brought up to date by whoever writes it next, and says nothing of documents before.
    if !is_readable || soundness.schema < soundness.known {
        return Ok(wrong);
    }
    Ok(wrong + part("documents", backup::documents_amiss(settings)?))
}

/// Tells what is wrong with a part, and how many problems that are.
fn part<T: std::fmt::Display>(name: &str, problems: Vec<T>) -> usize {
    match problems.len() {
        0 => println!("{name}: sound"),
        _ => problems.iter().for_each(|problem| println!("{name}: {problem}")),
    }
    problems.len()
}

/// The configuration, or the defaults where there is no file at the usual place.
fn settings(args: &ConfigArgs) -> anyhow::Result<Settings> {
    let file = &args.config;
    match file.exists() || file != Path::new(sitewarden::cli::CONFIG_FILE) {
        true => config::load(file).map_err(problems),
        false => Ok(Settings::default()),
    }
}
