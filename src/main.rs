//! The `sitewarden` program: a table of contents. One function per subcommand; errors become exit codes.

mod commands;

use std::{
    io::{IsTerminal, Read as _, Write as _},
    path::Path,
    process::ExitCode,
};

use anyhow::Context as _;
use clap::Parser;
use jiff::Timestamp;
use sitewarden::alert::{send::Sender, trial, verdict::Verdict};
use sitewarden::baseline::Approval;
use sitewarden::checks;
use sitewarden::cli::{
    AlertCommand, AlertListArgs, AlertTestArgs, AuthorArgs, BaselineCommand, CheckTextArgs, Cli, ColumnsArgs,
    Command, ConfigCommand, DemoArgs, DictionaryCheckArgs, DictionaryCommand, EntryAddArgs, EntryCommand,
    EntryListArgs, EntryRemoveArgs, Exit, Ipv6Args, Ipv6Format, JudgeArgs, LinksArgs, LinksCommand,
    LinksFormat, OperatorError, OutputArgs, ScanArgs, ScoreArgs, ScoreFormat, duty, lm, problems,
};
use sitewarden::config::{self, Settings, Site};
use sitewarden::document::{self, Hint};
use sitewarden::editor::{self, Desk};
use sitewarden::fetch::Transport;
use sitewarden::indicators::RuleSet;
use sitewarden::inventory::ExternalHost;
use sitewarden::ocr::{self, Tesseract};
use sitewarden::progress::Progress;
use sitewarden::report::proofread::{Checked, ProofFormat};
use sitewarden::report::rescored::Trend;
use sitewarden::report::{self, Format, Report};
use sitewarden::scan::{self, Author, Rescorer, ScanError, Scanned, Scanner};
use sitewarden::score::Judgement;
use sitewarden::speller::{self, Speller};
use sitewarden::store::{self, ScanId, outbox::DeliveryFilter};
use sitewarden::text::Shelf;
use sitewarden::{demo, text};

/// Parsing a page is thousands of small allocations; this allocator makes them cheap.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = Cli::parse();
    log_to_stderr(cli.verbose, cli.quiet);
    let done = match &cli.command {
        Command::Demo(args) => run_demo(args, cli.quiet),
        Command::Scan(args) => run_scan(args, cli.quiet),
        Command::Judge(args) => judge(args),
        Command::Columns(args) => columns(args),
        Command::Score(args) => score(args),
        Command::Entry(command) => entry(command),
        Command::Baseline(command) => baseline(command),
        Command::Links(args) => links(args),
        Command::Probe(args) => commands::probe(args),
        Command::Serve(args) => commands::serve(args),
        Command::Backup(args) => commands::backup(args),
        Command::Restore(args) => commands::restore(args),
        Command::Check(args) => commands::check(args),
        Command::Ledger(args) => duty::ledger(args),
        Command::Contract(args) => duty::contract(args),
        Command::Ticket(command) => duty::ticket(command),
        Command::Exclude(command) => duty::exclude(command),
        Command::Ipv6(args) => assess_ipv6(args),
        Command::CheckText(args) => check_text(args),
        Command::Explain { id } => explain(id.as_deref()),
        Command::Alert(command) => alert(command),
        Command::Config(command) => configuration(command),
        Command::Dictionary(DictionaryCommand::Check(args)) => dictionaries(args),
        Command::Lm(command) => lm::run(command),
    };
    done.unwrap_or_else(|error| {
        eprintln!("sitewarden: {error:#}");
        exit_of(&error)
    })
    .into()
}

fn run_scan(args: &ScanArgs, quiet: bool) -> anyhow::Result<Exit> {
    may_show(&args.output)?;
    let settings = args.settings().map_err(problems)?;
    let scanner = open(&settings)?;
    if args.fresh {
        scanner.abandon(Timestamp::now())?;
    } else if let Some(since) = scanner.interrupted()? {
        eprintln!("继续 {since} 开始的扫描（--fresh 可重新开始）");
    }
    match runtime()?.block_on(scan_with(&scanner, &settings, quiet))? {
        Scanned::Done(report) => show(&report, &args.output),
        Scanned::Stopped => {
            eprintln!("扫描已停止，进度已保存；再次运行同一命令即可继续。");
            Ok(Exit::Failed)
        }
    }
}

async fn scan_with(scanner: &Scanner, settings: &Settings, quiet: bool) -> anyhow::Result<Scanned> {
    let transport = Transport::network(&settings.fetch).context("setting up the network side")?;
    let progress = Progress::new(quiet);
    let scanned = scanner.scan(transport, &progress, asked_to_stop()).await;
    progress.finish();
    Ok(scanned?)
}

fn judge(args: &JudgeArgs) -> anyhow::Result<Exit> {
    may_show(&args.output)?;
    let settings = args.settings().map_err(problems)?;
    let report = open(&settings)?.judge()?;
    show(&report, &args.output)
}

fn columns(args: &ColumnsArgs) -> anyhow::Result<Exit> {
    let settings = args.settings().map_err(problems)?;
    let columns = open(&settings)?.columns()?;
    let shown = if args.toml { report::register::toml(&columns) } else { report::register::table(&columns) };
    std::io::stdout().write_all(shown.as_bytes()).context("writing to the screen")?;
    Ok(Exit::Done)
}

fn score(args: &ScoreArgs) -> anyhow::Result<Exit> {
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

fn entry(command: &EntryCommand) -> anyhow::Result<Exit> {
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

fn baseline(command: &BaselineCommand) -> anyhow::Result<Exit> {
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

fn links(args: &LinksArgs) -> anyhow::Result<Exit> {
    if let Some(LinksCommand::Approve(args)) = &args.command {
        let settings = args.subject.settings().map_err(problems)?;
        let (name, note) = (args.author.by.clone(), args.author.note.clone());
        let author = Author { name, note, at: Timestamp::now() };
        let host = scan::approve_host(&settings, &site(&settings)?, author, &args.host)?;
        println!("已登记：{}", report::escape::terminal(&host));
        return Ok(Exit::Done);
    }
    let settings = args.subject.settings().map_err(problems)?;
    let inventory = scan::inventory(&settings, &site(&settings)?)?;
    let wanted = |host: &ExternalHost| args.state.is_empty() || args.state.contains(&host.state);
    let shown = match args.format {
        LinksFormat::Text => report::inventory::table(&inventory, &wanted),
        LinksFormat::Json => report::inventory::json(&inventory, &wanted),
    };
    std::io::stdout().write_all(shown.as_bytes()).context("writing to the screen")?;
    Ok(Exit::Done)
}

fn assess_ipv6(args: &Ipv6Args) -> anyhow::Result<Exit> {
    let settings = args.settings().map_err(problems)?;
    let site = site(&settings)?;
    let assessment = runtime()?.block_on(scan::assess_ipv6(&settings, &site))?;
    let shown = match args.format {
        Ipv6Format::Text => report::ipv6::text(&assessment),
        Ipv6Format::Json => report::ipv6::json(&assessment),
        Ipv6Format::Html => report::ipv6::html(&assessment),
    };
    std::io::stdout().write_all(shown.as_bytes()).context("writing to the screen")?;
    if let Some(folder) = &args.output {
        let files = report::ipv6::write_all(&assessment, folder)
            .with_context(|| format!("writing the reports to {}", folder.display()))?;
        eprint!("{}", report::text::whereabouts(&files));
    }
    // What is unknown was not assessed: a schedule must not take it for a result.
    Ok(if assessment.blind.is_some() { Exit::Failed } else { Exit::Done })
}

fn run_demo(args: &DemoArgs, quiet: bool) -> anyhow::Result<Exit> {
    let scratch;
    let data = match &args.keep {
        Some(folder) => folder.as_path(),
        None => {
            scratch = tempfile::tempdir().context("making a folder for the demo's data")?;
            scratch.path()
        }
    };
    let runtime = runtime()?;
    let served = runtime.block_on(demo::serve()).context("serving the demo site on loopback")?;
    eprintln!("示例网站：{}", served.home());
    let settings = served.settings(data);
    let scanner = open(&settings)?;
    let Scanned::Done(report) = runtime.block_on(scan_with(&scanner, &settings, quiet))? else {
        return Ok(Exit::Failed);
    };
    print!("{}", report::text::render(&report, std::io::stdout().is_terminal()));
    let files = report::write_all(&report, &Format::ALL, &args.output)
        .with_context(|| format!("writing the reports to {}", args.output.display()))?;
    print!("{}", report::text::whereabouts(&files));
    let compared = demo::compare(report.findings.iter().map(|reported| &reported.finding));
    for missed in &compared.missed {
        println!("植入的问题未被发现：{} {} {}", missed.check, missed.page, missed.shows);
    }
    for unexpected in &compared.unexpected {
        println!("并未植入的问题：{} {} {}", unexpected.check, unexpected.page, unexpected.evidence);
    }
    if compared.is_exact() {
        println!("植入的 {} 处问题全部发现，没有误报。", demo::planted().len());
    }
    if args.serve {
        println!("示例网站保持运行：{}（Ctrl-C 结束）", served.home());
        runtime.block_on(asked_to_stop());
    }
    Ok(if compared.is_exact() { Exit::Done } else { Exit::Failed })
}

/// The reader of pictures, if there is one; says so where there is none.
fn tesseract() -> Option<Tesseract> {
    Tesseract::find().inspect_err(|error| tracing::warn!("{error}")).ok()
}

fn check_text(args: &CheckTextArgs) -> anyhow::Result<Exit> {
    let shelf = Shelf::open(args.dictionaries.as_deref(), &speller::Words).map_err(|errors| {
        OperatorError(errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
    })?;
    let now = Timestamp::now();
    let today = args.today.unwrap_or_else(|| scan::date_of(now));
    let rules = RuleSet::built_in();
    let lexicons = shelf.lexicons();
    let desk = Desk {
        lexicons: &lexicons,
        speller: Some(Speller::built_in()),
        figures: &rules.privacy().figures,
        today,
        allow: &args.allow,
        mode: args.mode.into(),
    };
    let ocr = if args.ocr { tesseract() } else { None };
    let mut checked = Vec::new();
    for file in &args.files {
        let name = file.display().to_string();
        let bytes = read(file).map_err(|error| OperatorError(format!("{name}: cannot be read: {error}")))?;
        let hint = Hint { name: &name, content_type: None };
        let mut document = document::text(&bytes, hint, document::Limits::default());
        if let Some(ocr) = &ocr
            && let Err(error) = ocr::add_words(&mut document, &bytes, ocr)
        {
            tracing::warn!(file = name, %error, "not all pictures were read");
        }
        let findings = editor::check(&document, &desk);
        checked.push(Checked { name, document: document.masked(), findings });
    }
    if args.format != ProofFormat::Text {
        for one in &checked {
            if let Some(limited) = &one.document.limited {
                tracing::warn!(file = one.name, why = limited.why, "not all of the text was read");
            }
        }
    }
    let shown = report::proofread::render(&checked, args.format, now);
    std::io::stdout().write_all(shown.as_bytes()).context("writing to the screen")?;
    let fails = args.fail_on.is_some_and(|severity| report::proofread::reaches(&checked, severity));
    Ok(if fails { Exit::Findings } else { Exit::Done })
}

/// Bytes of a file that are read. Longer ones are cut, and said to be damaged where they do not stand it.
const FILE_BYTES: u64 = 256 << 20;

/// A file, or standard input for `-`.
fn read(file: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if file == Path::new("-") {
        std::io::stdin().take(FILE_BYTES).read_to_end(&mut bytes)?;
    } else {
        std::fs::File::open(file)?.take(FILE_BYTES).read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}

fn explain(id: Option<&str>) -> anyhow::Result<Exit> {
    let rules = RuleSet::built_in();
    let said = match id {
        None => report::explain::list(&rules),
        Some(id) => report::explain::explain(&rules, id)
            .with_context(|| format!("there is no check or indicator {id}; `explain` lists them all"))?,
    };
    print!("{said}");
    Ok(Exit::Done)
}

fn alert(command: &AlertCommand) -> anyhow::Result<Exit> {
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

fn configuration(command: &ConfigCommand) -> anyhow::Result<Exit> {
    match command {
        ConfigCommand::Check(args) => {
            let settings = config::load(&args.config).map_err(problems)?;
            println!("{}: no problems, {} site(s)", args.config.display(), settings.sites.len());
        }
        ConfigCommand::Show(args) => {
            print!("{}", config::show(&config::load(&args.config).map_err(problems)?))
        }
    }
    Ok(Exit::Done)
}

fn dictionaries(args: &DictionaryCheckArgs) -> anyhow::Result<Exit> {
    let file = &args.config.config;
    let folder = match file.exists() {
        true => config::load(file).map_err(problems)?.dictionaries_dir,
        false => None,
    };
    let errors = text::health::check(folder.as_deref());
    for error in &errors {
        println!("{error}");
    }
    println!("{} problem(s)", errors.len());
    let is_quiet = args.reference.is_empty() || fires_rarely(folder.as_deref(), &args.reference)?;
    Ok(if errors.is_empty() && is_quiet { Exit::Done } else { Exit::Operator })
}

/// Tells how often the dictionaries fire on clean texts, and whether that is within their budget.
fn fires_rarely(folder: Option<&std::path::Path>, references: &[std::path::PathBuf]) -> anyhow::Result<bool> {
    // What is wrong with the files themselves was told before.
    let Ok(shelf) = Shelf::open(folder, &speller::Words) else { return Ok(false) };
    let lexicons = shelf.lexicons();
    let mut reference = text::Reference::default();
    for path in references {
        let clean = std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
        reference.read(&lexicons, &clean);
    }
    print!("{reference}");
    let over = reference.over_budget();
    for class in &over {
        println!("{} fires too often on clean text", class.chinese());
    }
    Ok(over.is_empty())
}

/// Opens everything a scan of the one site in `settings` needs.
fn open(settings: &Settings) -> anyhow::Result<Scanner> {
    let site = site(settings)?;
    for id in settings.only.iter().flatten() {
        if checks::find(id).is_none() {
            anyhow::bail!(OperatorError(format!(
                "there is no check {id}; `sitewarden explain` lists them all"
            )));
        }
    }
    Ok(Scanner::open(settings.clone(), site, Timestamp::now())?)
}

/// The one site in `settings`.
fn site(settings: &Settings) -> anyhow::Result<Site> {
    settings.sites.first().cloned().context("no site is named")
}

/// Refuses what could not be shown, before any work is done for it.
fn may_show(output: &OutputArgs) -> anyhow::Result<()> {
    Ok(output.check(std::io::stdout().is_terminal()).map_err(|problem| OperatorError(problem.to_owned()))?)
}

/// Shows a report as asked: on the screen, or in files.
fn show(report: &Report, output: &OutputArgs) -> anyhow::Result<Exit> {
    match &output.output {
        Some(folder) => {
            let formats = output.formats(&Format::ALL);
            let files = report::write_all(report, &formats, folder)
                .with_context(|| format!("writing the reports to {}", folder.display()))?;
            print!("{}", report::text::render(report, std::io::stdout().is_terminal()));
            print!("{}", report::text::whereabouts(&files));
        }
        None => {
            for format in output.formats(&[Format::Text]) {
                match format {
                    Format::Text => {
                        print!("{}", report::text::render(report, std::io::stdout().is_terminal()))
                    }
                    other => std::io::stdout()
                        .write_all(&report::render(report, other)?)
                        .context("writing to the screen")?,
                }
            }
        }
    }
    let fails = |severity| report.findings.iter().any(|reported| reported.finding.severity >= severity);
    Ok(if output.fail_on.is_some_and(fails) { Exit::Findings } else { Exit::Done })
}

fn exit_of(error: &anyhow::Error) -> Exit {
    let is_operators =
        error.is::<OperatorError>() || error.downcast_ref::<ScanError>().is_some_and(ScanError::is_operators);
    if is_operators { Exit::Operator } else { Exit::Failed }
}

fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().context("starting the runtime")
}

/// Resolves when the operator or the system asks the program to stop.
async fn asked_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = match signal(SignalKind::terminate()) {
        Ok(signal) => signal,
        Err(error) => {
            tracing::warn!(%error, "SIGTERM is not heeded");
            return std::future::pending().await;
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}

fn log_to_stderr(verbose: u8, quiet: bool) {
    let level = match (quiet, verbose) {
        (true, _) => "error",
        (false, 0) => "warn",
        (false, 1) => "sitewarden=debug,info",
        (false, _) => "trace",
    };
    let filter =
        tracing_subscriber::EnvFilter::try_from_env("SITEWARDEN_LOG").unwrap_or_else(|_| level.into());
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
}
