//! Showing how far a scan is: a line that stays in place on a terminal, plain lines elsewhere.

use std::{
    io::IsTerminal,
    sync::Mutex,
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressStyle};

use crate::crawl::{Tally, Watch};

/// Time between plain lines. A log wants to know that it goes on, not every step of it.
const LINE_EVERY: Duration = Duration::from_secs(10);

/// Shows progress on standard error, so that a report on standard output stays clean.
pub enum Progress {
    /// A line that stays in place.
    Bar(ProgressBar, Instant),
    /// A plain line every ten seconds.
    Lines(Mutex<Instant>, Instant),
    /// Nothing.
    Quiet,
}

impl Progress {
    /// The kind that suits standard error.
    pub fn new(quiet: bool) -> Progress {
        let now = Instant::now();
        if quiet {
            Progress::Quiet
        } else if std::io::stderr().is_terminal() {
            let bar = ProgressBar::new_spinner();
            let style = ProgressStyle::with_template("{spinner} {elapsed_precise}  {msg}");
            bar.set_style(style.expect("the template is well formed"));
            bar.enable_steady_tick(Duration::from_millis(120));
            Progress::Bar(bar, now)
        } else {
            Progress::Lines(Mutex::new(now), now)
        }
    }

    /// Takes the line away.
    pub fn finish(&self) {
        if let Progress::Bar(bar, _) = self {
            bar.finish_and_clear();
        }
    }
}

impl Watch for Progress {
    fn tick(&self, tally: &Tally) {
        match self {
            Progress::Bar(bar, begun) => bar.set_message(line(tally, begun.elapsed())),
            Progress::Lines(last, begun) => {
                let mut last = last.lock().expect("nobody panics while holding it");
                if last.elapsed() >= LINE_EVERY {
                    *last = Instant::now();
                    eprintln!("{}", line(tally, begun.elapsed()));
                }
            }
            Progress::Quiet => {}
        }
    }
}

fn line(tally: &Tally, elapsed: Duration) -> String {
    let per_second = tally.visited as f64 / elapsed.as_secs_f64().max(0.1);
    format!(
        "已访问 {} / 已知 {}，页面 {}，待访问 {}，每秒 {per_second:.1}，发现问题 {}",
        tally.visited, tally.known, tally.pages, tally.queued, tally.findings
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_how_far_it_is() {
        let tally = Tally { known: 90, visited: 50, queued: 40, pages: 30, findings: 2, ..Tally::default() };
        let said = line(&tally, Duration::from_secs(10));
        assert_eq!(said, "已访问 50 / 已知 90，页面 30，待访问 40，每秒 5.0，发现问题 2");
    }
}
