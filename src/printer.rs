//! Web pages of our own as PDF, printed by the Chromium of the system where there is one.

use std::fs::{self, File};
use std::io::{ErrorKind, Read as _};
use std::os::unix::fs::MetadataExt as _;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Names that the program goes by, on one system or the other.
const PROGRAMS: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];
/// Time for one document.
const TIME: Duration = Duration::from_secs(60);
/// How often a running program is looked after.
const LOOK: Duration = Duration::from_millis(50);
/// Bytes of a PDF that are taken.
const PDF_BYTES: u64 = 64 << 20;

/// Why there is no PDF.
#[derive(Debug, thiserror::Error)]
pub enum PrintError {
    /// There is no Chromium.
    #[error("a PDF takes Chromium, which is not installed; ask for html and print it, or for docx")]
    NoProgram,
    /// It took too long.
    #[error("Chromium took more than {} s to print", TIME.as_secs())]
    TooSlow,
    /// It printed nothing.
    #[error("Chromium printed nothing")]
    Failed,
    /// The scratch folder cannot be used.
    #[error("printing: {0}")]
    Io(#[from] std::io::Error),
}

/// Prints a self-contained page. It can load nothing: no name resolves, and its own policy forbids it.
pub fn pdf(html: &str) -> Result<Vec<u8>, PrintError> {
    let folder = tempfile::tempdir()?;
    let (page, paper) = (folder.path().join("page.html"), folder.path().join("page.pdf"));
    fs::write(&page, html)?;
    let mut running = start(|command| {
        command
            .args(["--headless", "--disable-gpu", "--no-first-run", "--disable-extensions"])
            .args(["--host-resolver-rules=MAP * ~NOTFOUND", "--no-pdf-header-footer"])
            .arg(format!("--user-data-dir={}", folder.path().join("profile").display()))
            .arg(format!("--print-to-pdf={}", paper.display()))
            .arg(&page);
        // As root its own sandbox cannot be set up, and it would refuse to start.
        if is_root() {
            command.arg("--no-sandbox");
        }
    })?;
    wait(&mut running)?;
    let mut pdf = Vec::new();
    File::open(&paper).map_err(|_| PrintError::Failed)?.take(PDF_BYTES).read_to_end(&mut pdf)?;
    if pdf.starts_with(b"%PDF-") { Ok(pdf) } else { Err(PrintError::Failed) }
}

fn start(arguments: impl Fn(&mut Command)) -> Result<Child, PrintError> {
    for program in PROGRAMS {
        let mut command = Command::new(program);
        arguments(&mut command);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        match command.spawn() {
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            started => return Ok(started?),
        }
    }
    Err(PrintError::NoProgram)
}

fn wait(running: &mut Child) -> Result<(), PrintError> {
    let until = Instant::now() + TIME;
    loop {
        match running.try_wait()? {
            Some(status) if status.success() => return Ok(()),
            Some(_) => return Err(PrintError::Failed),
            None if Instant::now() < until => std::thread::sleep(LOOK),
            None => {
                // Its helpers end when the pipe to it breaks.
                running.kill()?;
                running.wait()?;
                return Err(PrintError::TooSlow);
            }
        }
    }
}

/// Whether this process belongs to root.
fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_becomes_a_pdf_where_there_is_chromium() {
        match pdf("<!DOCTYPE html><meta charset=utf-8><title>报告</title><p>正文") {
            Ok(pdf) => assert!(pdf.len() > 1_000),
            Err(PrintError::NoProgram) => println!("skipped: chromium is not installed"),
            Err(error) => panic!("{error}"),
        }
    }
}
