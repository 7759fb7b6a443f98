//! The books of a site for a period, read on a thread that may block.

use super::answer::Failure;
use super::app::App;
use crate::config::Site;
use crate::duty::{Books, DutyError, View};
use crate::ledger::Period;

/// Reads a period as a visitor writes it; this year where nothing is written.
pub(super) fn period(app: &App, text: Option<&str>) -> Result<Period, Failure> {
    match text.map(str::trim).filter(|text| !text.is_empty()) {
        None => Ok(Period::Year(app.now().to_zoned(app.current().settings.timezone.clone()).year())),
        Some(text) => text.parse().map_err(|_| {
            Failure::Wrong("周期写作 2026、2026-H1、2026-Q3、2026-11、2026-W47 或 2026-11-22".to_owned())
        }),
    }
}

/// Opens the books and takes from them what is wanted.
pub(super) async fn read<T: Send + 'static>(
    app: &App,
    site: Site,
    period: Period,
    view: View,
    wanted: impl FnOnce(&Books) -> Result<T, DutyError> + Send + 'static,
) -> Result<T, Failure> {
    let (settings, now) = (app.current().settings, app.now());
    let read = tokio::task::spawn_blocking(move || {
        Books::open(&settings, &site, period, view, now).and_then(|books| wanted(&books))
    });
    match read.await {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(DutyError::NoSuchContract { .. } | DutyError::NoSuchDocument(_))) => Err(Failure::NotFound),
        Ok(Err(DutyError::Store(error))) => Err(error.into()),
        Ok(Err(DutyError::Rules(errors))) => {
            tracing::error!(errors = errors.len(), "the rules do not load");
            Err(Failure::Broken)
        }
        Err(error) => {
            tracing::error!(%error, "reading the books has ended in a panic");
            Err(Failure::Broken)
        }
    }
}
