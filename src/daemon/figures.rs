//! The figures for Prometheus.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use jiff::Timestamp;

use crate::store::outbox::Backlog;

/// Upper bounds of the lag histogram, in seconds.
const LAGS: [f64; 8] = [0.01, 0.05, 0.1, 0.5, 1.0, 2.0, 5.0, 15.0];

/// What the daemon counts.
#[derive(Debug, Default)]
pub(super) struct Figures {
    /// Probes done, and those of them that failed, were refused or blind.
    pub(super) probes: AtomicU64,
    pub(super) failed: AtomicU64,
    pub(super) unseen: AtomicU64,
    /// Readings, scans, re-checks of links, and those of all that could not do their work.
    pub(super) readings: AtomicU64,
    pub(super) scans: AtomicU64,
    pub(super) rechecks: AtomicU64,
    pub(super) undone: AtomicU64,
    /// Documents made.
    pub(super) papers: AtomicU64,
    /// Reloads, and those that were refused.
    pub(super) reloads: AtomicU64,
    pub(super) refused_reloads: AtomicU64,
    /// Targets on the rounds.
    pub(super) targets: AtomicU64,
    lags: [AtomicU64; LAGS.len() + 1],
    lag_millis: AtomicU64,
}

impl Figures {
    /// Notes how much later than due a probe began.
    pub(super) fn lag(&self, lag: Duration) {
        let place = LAGS.iter().position(|bound| lag.as_secs_f64() <= *bound).unwrap_or(LAGS.len());
        self.lags[place].fetch_add(1, Ordering::Relaxed);
        self.lag_millis.fetch_add(lag.as_millis() as u64, Ordering::Relaxed);
    }

    /// The figures as Prometheus reads them.
    pub(super) fn text(&self, backlog: &[Backlog], incidents: usize, troubles: usize) -> String {
        let mut out = String::new();
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let mut one = |name: &str, kind: &str, help: &str, value: u64| {
            // Writing to a text cannot fail.
            let _ = writeln!(
                out,
                "# HELP sitewarden_{name} {help}\n# TYPE sitewarden_{name} {kind}\nsitewarden_{name} {value}"
            );
        };
        one("up", "gauge", "1 while the daemon runs", 1);
        one("targets", "gauge", "targets that are probed", read(&self.targets));
        one("probes_total", "counter", "probes done", read(&self.probes));
        one("probes_failed_total", "counter", "probes whose target did not work", read(&self.failed));
        one(
            "probes_unseen_total",
            "counter",
            "probes that say nothing: refused, or our own network",
            read(&self.unseen),
        );
        one("readings_total", "counter", "readings done", read(&self.readings));
        one("scans_total", "counter", "full scans done", read(&self.scans));
        one("rechecks_total", "counter", "re-checks of the hosts that sites link to", read(&self.rechecks));
        one(
            "jobs_undone_total",
            "counter",
            "readings, scans and re-checks that could not do their work",
            read(&self.undone),
        );
        one("reports_total", "counter", "documents made", read(&self.papers));
        one("config_reloads_total", "counter", "configurations taken in", read(&self.reloads));
        one(
            "config_reloads_refused_total",
            "counter",
            "configurations with errors, not taken in",
            read(&self.refused_reloads),
        );
        one("incidents_open", "gauge", "incidents that are not over", incidents as u64);
        one("audit_problems", "gauge", "things that do not work as they should", troubles as u64);
        let _ = writeln!(out, "# HELP sitewarden_probe_lag_seconds how much later than due probes began");
        let _ = writeln!(out, "# TYPE sitewarden_probe_lag_seconds histogram");
        let mut sum = 0;
        for (place, bound) in LAGS.iter().enumerate() {
            sum += read(&self.lags[place]);
            let _ = writeln!(out, "sitewarden_probe_lag_seconds_bucket{{le=\"{bound}\"}} {sum}");
        }
        sum += read(&self.lags[LAGS.len()]);
        let _ = writeln!(out, "sitewarden_probe_lag_seconds_bucket{{le=\"+Inf\"}} {sum}");
        let _ = writeln!(out, "sitewarden_probe_lag_seconds_sum {}", read(&self.lag_millis) as f64 / 1000.0);
        let _ = writeln!(out, "sitewarden_probe_lag_seconds_count {sum}");
        let _ = writeln!(out, "# HELP sitewarden_outbox_waiting letters that no channel has confirmed");
        let _ = writeln!(out, "# TYPE sitewarden_outbox_waiting gauge");
        for channel in backlog {
            let _ = writeln!(
                out,
                "sitewarden_outbox_waiting{{channel=\"{}\"}} {}",
                channel.channel, channel.waiting
            );
        }
        let _ = writeln!(out, "# HELP sitewarden_outbox_oldest_seconds age of the oldest of them");
        let _ = writeln!(out, "# TYPE sitewarden_outbox_oldest_seconds gauge");
        let now = Timestamp::now();
        for channel in backlog {
            let age = channel.oldest.map_or(0, |oldest| now.duration_since(oldest).as_secs());
            let _ =
                writeln!(out, "sitewarden_outbox_oldest_seconds{{channel=\"{}\"}} {age}", channel.channel);
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_histogram_is_cumulative() {
        let figures = Figures::default();
        for millis in [5, 20, 700, 60_000] {
            figures.lag(Duration::from_millis(millis));
        }
        let text = figures.text(&[], 2, 0);
        for line in [
            "sitewarden_probe_lag_seconds_bucket{le=\"0.01\"} 1",
            "sitewarden_probe_lag_seconds_bucket{le=\"0.05\"} 2",
            "sitewarden_probe_lag_seconds_bucket{le=\"1\"} 3",
            "sitewarden_probe_lag_seconds_bucket{le=\"15\"} 3",
            "sitewarden_probe_lag_seconds_bucket{le=\"+Inf\"} 4",
            "sitewarden_probe_lag_seconds_count 4",
            "sitewarden_incidents_open 2",
        ] {
            assert!(text.lines().any(|found| found == line), "{line} is not in\n{text}");
        }
    }
}
