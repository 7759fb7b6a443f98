//! The ward: what stays open is told again, one rung higher or as a reminder, and what need not be told at once is told
//! together.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::digest;
use super::hub::Hub;
use crate::alert::route;
use crate::incident::ladder::{self, Step};
use crate::incident::{Happening, Incident, Told, What, telling};
use crate::store::{IncidentFilter, StoreError};

/// Time between two looks at what is open.
const EVERY: Duration = Duration::from_secs(5);

/// Looks after open incidents until `stop` resolves. Its clocks are those on record: a restart changes nothing.
pub(super) async fn run(hub: Arc<Hub>, stop: impl Future<Output = ()>) {
    let mut stop = std::pin::pin!(stop);
    loop {
        hub.ask(|hub| round(hub, Timestamp::now())).await;
        tokio::select! {
            () = &mut stop => return,
            () = tokio::time::sleep(EVERY) => {}
        }
    }
}

fn round(hub: &Hub, now: Timestamp) -> Result<(), StoreError> {
    let open = IncidentFilter { open: true, ..IncidentFilter::default() };
    for incident in hub.store.incidents(&open)? {
        let due = ladder::step(&incident, &hub.standing().settings.alert.insistence, now);
        if let Some(step) = due
            && !hub.is_muted(&incident.trouble, now)?
        {
            take(hub, &incident, step, now)?;
        }
    }
    digest::tell_when_due(hub, now)
}

fn take(hub: &Hub, incident: &Incident, step: Step, now: Timestamp) -> Result<(), StoreError> {
    let Told { rung, reminders, .. } = incident.told;
    let last = Some(now);
    let (told, what, text) = match step {
        Step::Tell => (Told { last, rung, reminders }, What::Told, "静默结束后仍未恢复".to_owned()),
        Step::Escalate { rung } => {
            (Told { last, rung, reminders }, What::Escalated, format!("第 {} 级", rung + 1))
        }
        Step::Remind => (Told { last, rung, reminders: reminders + 1 }, What::Reminded, String::new()),
    };
    let after = Incident { told, ..incident.clone() };
    let alert = &hub.standing().settings.alert;
    let letters = match step {
        Step::Tell => route::letters(alert, &telling::opening(&after), 0, now),
        Step::Escalate { rung } => route::letters(alert, &telling::opening(&after), rung, now),
        Step::Remind => route::letters(alert, &telling::reminder(&after, now), 0, now),
    };
    let happening = Happening { at: now, what, by: String::new(), text };
    hub.store.told(incident.id, told, &happening, letters)?;
    hub.enqueued();
    Ok(())
}
