//! What the daemon watches, and the daemon itself as a process.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use axum::extract::{Path as UrlPath, State};
use axum::http::StatusCode;
use axum::routing::get;
use sitewarden::incident::Incident;
use sitewarden::store::{self, IncidentFilter, Reader};

use crate::ports::own_address;

/// How long anything may take before a test gives up: far longer than it should, for machines that are busy.
pub(crate) const PATIENCE: Duration = Duration::from_secs(90);

/// A server whose pages work or not, each as it is told: `/0`, `/1`, ….
pub(crate) struct Switchboard {
    pub(crate) base: String,
    works: Arc<Vec<AtomicBool>>,
    _runtime: tokio::runtime::Runtime,
}

impl Switchboard {
    /// One with so many pages, all of which work.
    pub(crate) fn start(pages: usize) -> Switchboard {
        let works: Arc<Vec<AtomicBool>> = Arc::new((0..pages).map(|_| AtomicBool::new(true)).collect());
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.expect("a runtime");
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).expect("a free port");
        let base = format!("http://{}", listener.local_addr().expect("it is bound"));
        let router = axum::Router::new().route("/{page}", get(answer)).with_state(works.clone());
        runtime.spawn(async move { axum::serve(listener, router).await });
        Switchboard { base, works, _runtime: runtime }
    }

    /// Has a page work, or not.
    pub(crate) fn set(&self, page: usize, works: bool) {
        self.works[page].store(works, Ordering::SeqCst);
    }

    /// The targets of the configuration: all pages, probed every second, believed at once.
    pub(crate) fn targets(&self) -> String {
        let target = |page: usize| {
            format!(
                "[[target]]\nid = \"t{page}\"\nname = \"目标{page:03}号\"\nprobe = \"{}/{page}\"\n",
                self.base
            )
        };
        (0..self.works.len()).map(target).collect()
    }
}

async fn answer(
    State(works): State<Arc<Vec<AtomicBool>>>,
    UrlPath(page): UrlPath<usize>,
) -> (StatusCode, &'static str) {
    match works.get(page).is_some_and(|works| works.load(Ordering::SeqCst)) {
        true => (StatusCode::OK, "<p>正常</p>"),
        false => (StatusCode::INTERNAL_SERVER_ERROR, "<p>故障</p>"),
    }
}

/// Probes every second that are believed at once, without references and without insisting.
pub(crate) const QUICK: &str = "
[crawl]
rate = 0
confirm_spacing = \"100ms\"
allow_private = [\"127.0.0.0/8\"]
[probe]
interval = \"1s\"
doubt_interval = \"1s\"
timeout = \"5s\"
fails = 1
of = 1
recovers = 1
flap_falls = 0
references = []
[alert]
allow_private = [\"127.0.0.0/8\"]
escalate_after = []
remind_every = \"0s\"
remind_acknowledged = \"0s\"
";

/// A daemon's folder, and the daemon while it runs.
pub(crate) struct Daemon {
    pub(crate) folder: tempfile::TempDir,
    child: Option<Child>,
    port: u16,
}

impl Daemon {
    /// A daemon with this configuration, not running yet.
    pub(crate) fn new(configuration: &str) -> Daemon {
        let folder = tempfile::tempdir().expect("a scratch folder");
        let daemon = Daemon { folder, child: None, port: own_address().port() };
        daemon.configure(configuration);
        daemon
    }

    /// Writes the configuration.
    pub(crate) fn configure(&self, configuration: &str) {
        fs::write(self.file("sitewarden.toml"), configuration).expect("writable");
    }

    /// Where its dashboard is.
    pub(crate) fn base(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Starts it.
    pub(crate) fn start(&mut self) {
        let log = fs::OpenOptions::new().create(true).append(true).open(self.file("log")).expect("writable");
        let child = Command::new(env!("CARGO_BIN_EXE_sitewarden"))
            .current_dir(self.folder.path())
            .args(["serve", "--listen", &format!("127.0.0.1:{}", self.port)])
            .stdout(Stdio::null())
            .stderr(log)
            .spawn();
        self.child = Some(child.expect("it starts"));
    }

    /// Kills it.
    pub(crate) fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().expect("it can be killed");
            child.wait().expect("it is gone");
        }
    }

    /// Asks it to stop, and gives its exit code.
    pub(crate) fn stop(&mut self) -> Option<i32> {
        let mut child = self.child.take()?;
        let asked = Command::new("kill").args(["-TERM", &child.id().to_string()]).status();
        assert!(asked.expect("kill is there").success());
        child.wait().expect("it ends").code()
    }

    /// A figure of `/metrics`.
    pub(crate) fn figure(&self, name: &str) -> Option<f64> {
        let output =
            Command::new("curl").args(["-s", &format!("http://127.0.0.1:{}/metrics", self.port)]).output();
        let text = String::from_utf8(output.ok()?.stdout).ok()?;
        let line =
            text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' ').map(str::to_owned))?;
        line.parse().ok()
    }

    /// The incidents on record; none where there is no record yet.
    pub(crate) fn incidents(&self, open: bool) -> Vec<Incident> {
        let url = format!("sqlite:{}", self.file("data/record.db").display());
        let reader: Option<Box<dyn Reader>> = store::open_reader(&url).ok();
        let filter = IncidentFilter { open, ..IncidentFilter::default() };
        reader.and_then(|reader| reader.incidents(&filter).ok()).unwrap_or_default()
    }

    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.file("log")).unwrap_or_default()
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            // It may have ended by itself.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Waits until something is so.
pub(crate) fn wait_for(what: &str, mut is_so: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < PATIENCE, "waited in vain: {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Writes a page of a site.
pub(crate) fn page(folder: &Path, name: &str, body: &str) {
    let html = format!(
        "<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>示例市生态环境局</title></head><body>{body}</body></html>"
    );
    fs::write(folder.join(name), html).expect("writable");
}
