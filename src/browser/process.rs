//! The processes of a browser: how they are started, kept in, watched, and ended all together.

use std::env;
use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Once;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};

use super::{BrowserError, Limits};

/// Names that the program goes by, on one system or the other.
const PROGRAMS: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// Memory of all its processes together that belongs to nobody else. A table of 320,000 cells, 7 MB of HTML, was
/// measured at 1.2 GB when its time was over.
pub(super) const MEMORY: u64 = 1536 << 20;

/// How often memory is looked at.
const WATCH: Duration = Duration::from_millis(500);

/// Bytes of a page of memory on Linux, as `/proc` counts them on the machines we build for.
const MEMORY_PAGE: u64 = 4096;

/// The shell puts its own pipes where the protocol wants them, as nothing else does so without unsafe code.
const PIPES: &str = "exec \"$@\" 3<&0 4>&1 </dev/null >/dev/null";

/// What every browser is told: no window, no network by itself, nothing of its vendor's.
const ARGUMENTS: [&str; 20] = [
    "--headless",
    "--remote-debugging-pipe",
    "--disable-gpu",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-extensions",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-breakpad",
    "--disable-crash-reporter",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--disable-features=HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,OptimizationHints,MediaRouter,Translate",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--hide-scrollbars",
    "--mute-audio",
    "--renderer-process-limit=2",
    "--js-flags=--max-old-space-size=256",
    "--password-store=basic",
    "--lang=zh-CN",
];

/// Whether a browser can run in the sandbox it brings along.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confinement {
    /// It can, as far as can be told beforehand.
    Kept,
    /// It cannot, and why.
    Impossible(&'static str),
}

/// Whether the sandbox can be kept by this process.
pub fn confinement() -> Confinement {
    let is_root = fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0);
    if is_root {
        return Confinement::Impossible("it refuses to for root; run as a user of its own");
    }
    Confinement::Kept
}

/// The program, where there is one.
pub fn find() -> Option<PathBuf> {
    let folders = env::var_os("PATH")?;
    let places = env::split_paths(&folders).flat_map(|folder| PROGRAMS.map(|name| folder.join(name)));
    places.into_iter().find(|place| place.is_file())
}

/// The processes of one browser, which lead a group of their own, and their profile.
#[derive(Debug)]
pub(super) struct Process {
    leader: Child,
    watched: Instant,
    /// Removed with the browser.
    #[cfg_attr(not(test), expect(dead_code, reason = "kept for what its drop does"))]
    profile: tempfile::TempDir,
}

impl Process {
    pub(super) fn start(limits: &Limits) -> Result<(Process, (ChildStdin, ChildStdout)), BrowserError> {
        let program = find().ok_or(BrowserError::Missing)?;
        let profile = tempfile::Builder::new().prefix("sitewarden-browser-").tempdir()?;
        let mut command = Command::new("/bin/sh");
        command.args(["-c", PIPES, "sh"]).arg(program).args(ARGUMENTS);
        command.arg(format!("--user-data-dir={}", profile.path().display()));
        let reachable = limits.reachable.map_or_else(String::new, |host| format!(" , EXCLUDE {host}"));
        command.arg(format!("--host-resolver-rules=MAP * ~NOTFOUND{reachable}"));
        match limits.reachable {
            // Nobody listens there: whatever is not handed to it leads nowhere, literal addresses included.
            None => command.args(["--proxy-server=http://127.0.0.1:9", "--proxy-bypass-list=<-loopback>"]),
            Some(_) => command.arg("--no-proxy-server"),
        };
        if let Confinement::Impossible(reason) = confinement() {
            if limits.sandbox_required {
                return Err(BrowserError::Unconfined(reason));
            }
            say_once(reason);
            command.arg("--no-sandbox");
        }
        command.env("HOME", profile.path()).env("TMPDIR", profile.path());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).process_group(0);
        let mut leader = command.spawn()?;
        let pipes = leader.stdin.take().zip(leader.stdout.take()).expect("both were asked for");
        Ok((Process { leader, watched: Instant::now(), profile }, pipes))
    }

    /// Looks at the memory of all of them, now and then.
    pub(super) fn watch(&mut self, now: Instant) -> Result<(), BrowserError> {
        if now.duration_since(self.watched) < WATCH {
            return Ok(());
        }
        self.watched = now;
        if self.memory() > MEMORY { Err(BrowserError::TooLarge) } else { Ok(()) }
    }

    /// Bytes of memory that belong to the group alone.
    fn memory(&self) -> u64 {
        let figures = self.members().into_iter().map(|pid| fs::read_to_string(format!("/proc/{pid}/statm")));
        figures.flatten().filter_map(|statm| private(&statm)).sum()
    }

    /// The processes of the group.
    pub(super) fn members(&self) -> Vec<u32> {
        let group = self.leader.id().to_string();
        let Ok(all) = fs::read_dir("/proc") else { return Vec::new() };
        let numbers = all.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok());
        let is_member = |pid: &u32| {
            let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
            // After the name, which may hold anything: state, parent, group.
            stat.rsplit_once(") ").is_some_and(|(_, rest)| rest.split(' ').nth(2) == Some(group.as_str()))
        };
        numbers.filter(is_member).collect()
    }

    #[cfg(test)]
    pub(super) fn profile(&self) -> &std::path::Path {
        self.profile.path()
    }
}

/// Bytes that a process shares with nobody: resident without shared, the second and third figure.
fn private(statm: &str) -> Option<u64> {
    let mut figures = statm.split(' ').skip(1).map(str::parse::<u64>);
    let (resident, shared) = (figures.next()?.ok()?, figures.next()?.ok()?);
    Some(resident.saturating_sub(shared) * MEMORY_PAGE)
}

fn say_once(reason: &'static str) {
    static SAID: Once = Once::new();
    SAID.call_once(|| tracing::warn!(reason, "Chromium runs without its own sandbox"));
}

impl Drop for Process {
    fn drop(&mut self) {
        // It has not been waited for, so its number is still its own. Where all have ended by themselves there is nobody
        // left to kill.
        let _ = kill_process_group(Pid::from_child(&self.leader), Signal::KILL);
        let _ = self.leader.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_memory_is_what_is_not_shared() {
        assert_eq!(private("1000 300 100 1 0 500 0\n"), Some(200 * MEMORY_PAGE));
        assert_eq!(private("1000 100 300 1"), Some(0));
        assert_eq!(private(""), None);
    }
}
