//! `sitewarden scan`, `judge` and `demo`: everything that ends with a report.

use std::io::{IsTerminal, Write as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Context as _;
use jiff::Timestamp;
use sitewarden::checks;
use sitewarden::cli::{DemoArgs, Exit, JudgeArgs, OperatorError, OutputArgs, ScanArgs, problems};
use sitewarden::config::Settings;
use sitewarden::daemon::{self, Start};
use sitewarden::demo;
use sitewarden::fetch::Transport;
use sitewarden::progress::Progress;
use sitewarden::report::{self, Format, Report};
use sitewarden::scan::{Photographed, Scanned, Scanner};

use super::ipv6::assess_ipv6;
use crate::{asked_to_stop, runtime, site};

pub(crate) fn run_scan(args: &ScanArgs, quiet: bool) -> anyhow::Result<Exit> {
    may_show(&args.output)?;
    let settings = args.settings().map_err(problems)?;
    let scanner = open(&settings)?;
    if args.fresh {
        scanner.abandon(Timestamp::now())?;
    } else if let Some(since) = scanner.interrupted()? {
        eprintln!("继续 {since} 开始的扫描（--fresh 可重新开始）");
    }
    match runtime()?.block_on(scan_with(&scanner, &settings, quiet))? {
        Scanned::Done(report) => {
            // The record has one writer at a time.
            drop(scanner);
            let exit = show(&report, &args.output)?;
            if args.ipv6 {
                assess_ipv6(&settings, args.output.output.as_deref())?;
            }
            Ok(exit)
        }
        Scanned::Stopped => {
            eprintln!("扫描已停止，进度已保存；再次运行同一命令即可继续。");
            Ok(Exit::Failed)
        }
    }
}

async fn scan_with(scanner: &Scanner, settings: &Settings, quiet: bool) -> anyhow::Result<Scanned> {
    let transport = Transport::network(&settings.fetch).context("setting up the network side")?;
    let progress = Progress::new(quiet);
    let scanned = scanner.scan(transport.clone(), &progress, asked_to_stop()).await;
    progress.finish();
    let mut scanned = scanned?;
    if let Scanned::Done(report) = &mut scanned {
        photograph(scanner, report, &transport).await?;
    }
    Ok(scanned)
}

/// Adds pictures to a report, until somebody has seen enough.
async fn photograph(scanner: &Scanner, report: &mut Report, transport: &Transport) -> anyhow::Result<()> {
    let stop = Arc::new(AtomicBool::new(false));
    let flag = stop.clone();
    let listening = tokio::spawn(async move {
        asked_to_stop().await;
        flag.store(true, Ordering::Relaxed);
    });
    let done = tokio::task::block_in_place(|| scanner.photograph(&report.findings, &*transport.fetch, stop))?;
    listening.abort();
    match done {
        Photographed::Nothing => {}
        Photographed::Without(error) => eprintln!("没有问题截图（{error}），其余结果不受影响。"),
        Photographed::Done { taken, failed, left } => {
            eprintln!("问题截图：{taken} 张，{failed} 张未成，{left} 张留待下次。");
        }
    }
    report.pictures = scanner.pictures(&report.findings)?;
    Ok(())
}

pub(crate) fn judge(args: &JudgeArgs) -> anyhow::Result<Exit> {
    may_show(&args.output)?;
    let settings = args.settings().map_err(problems)?;
    let scanner = open(&settings)?;
    let mut report = scanner.judge()?;
    report.pictures = scanner.pictures(&report.findings)?;
    show(&report, &args.output)
}

pub(crate) fn run_demo(args: &DemoArgs, quiet: bool) -> anyhow::Result<Exit> {
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
        drop(scanner);
        println!("示例网站保持运行：{}；看板：http://{}/（Ctrl-C 结束）", served.home(), args.listen);
        let start = Start { settings, file: None, listen: args.listen };
        runtime.block_on(daemon::serve(start, asked_to_stop()))?;
    }
    Ok(if compared.is_exact() { Exit::Done } else { Exit::Failed })
}

/// Opens everything a scan of the one site in `settings` needs.
pub(crate) fn open(settings: &Settings) -> anyhow::Result<Scanner> {
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
