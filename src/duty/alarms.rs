//! The alarms of a site, as contracts ask for them: when each was raised, when somebody had it, when somebody knew.

use crate::contract::Alarm;
use crate::ledger::Span;
use crate::notice::Event;
use crate::store::outbox::{DeliveryFilter, LetterState};
use crate::store::{IncidentFilter, Reader, StoreError};

/// The alarms that were raised within a stretch of time; `None` where nobody watched. What was raised in a silence was
/// no alarm.
pub(super) fn of_site(
    store: &dyn Reader,
    site: &str,
    within: Span,
    was_watched: bool,
) -> Result<Option<Vec<Alarm>>, StoreError> {
    if !was_watched {
        return Ok(None);
    }
    let filter = IncidentFilter {
        site: Some(site.to_owned()),
        since: Some(within.start()),
        ..IncidentFilter::default()
    };
    let mut alarms = Vec::new();
    for incident in store.incidents(&filter)? {
        if incident.told.last.is_none() || !within.contains(incident.opened) {
            continue;
        }
        let order_key = Some(incident.id.order_key());
        let letters = store.deliveries(&DeliveryFilter { order_key, ..DeliveryFilter::default() })?;
        let delivered = letters.iter().filter(|letter| letter.notice.event != Event::Recovered);
        let delivered = delivered.filter_map(|letter| match letter.state {
            LetterState::Confirmed { at } => Some(at),
            _ => None,
        });
        alarms.push(Alarm {
            id: incident.id.0.to_string(),
            raised: incident.opened,
            delivered: delivered.min(),
            acknowledged: incident.acknowledged.map(|known| (known.at, known.by)),
        });
    }
    alarms.reverse();
    Ok(Some(alarms))
}
