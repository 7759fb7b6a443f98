//! The calendars of a site as the tables that would lead to them.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

use crate::config::schedule::NAMES;
use crate::config::values::show_duration;
use crate::schedule::{Guarded, Maintenance, Recurrence, Schedule};

#[derive(Serialize)]
pub(super) struct ShownSchedule {
    probe_interval: String,
    read_interval: String,
    full_scan: String,
    ipv6_interval: String,
    recheck_interval: String,
    blackout: Vec<String>,
}

#[derive(Serialize)]
pub(super) struct ShownGuarded {
    name: String,
    from: String,
    until: String,
    probe_interval: String,
    read_interval: String,
}

#[derive(Default, Serialize)]
pub(super) struct ShownMaintenance {
    day: Option<&'static str>,
    hours: Option<String>,
    since: Option<String>,
    from: Option<String>,
    until: Option<String>,
    reason: String,
    by: String,
    approved_by: Option<String>,
}

impl ShownSchedule {
    pub(super) fn of(schedule: &Schedule) -> ShownSchedule {
        ShownSchedule {
            probe_interval: show_duration(schedule.probe_interval),
            read_interval: show_duration(schedule.read_interval),
            full_scan: schedule.full_scan.to_string(),
            ipv6_interval: show_duration(schedule.ipv6_interval),
            recheck_interval: show_duration(schedule.recheck_interval),
            blackout: schedule.blackout.iter().map(ToString::to_string).collect(),
        }
    }
}

impl ShownGuarded {
    pub(super) fn of(guarded: &Guarded) -> ShownGuarded {
        ShownGuarded {
            name: guarded.name.clone(),
            from: guarded.from.to_string(),
            until: guarded.until.to_string(),
            probe_interval: show_duration(guarded.probe_interval),
            read_interval: show_duration(guarded.read_interval),
        }
    }
}

impl ShownMaintenance {
    pub(super) fn of(window: &Maintenance, zone: &TimeZone) -> ShownMaintenance {
        let (reason, by) = (window.reason.clone(), window.author.clone());
        let told =
            ShownMaintenance { reason, by, approved_by: window.approved_by.clone(), ..Default::default() };
        match window.recurrence {
            Recurrence::Once(span) => {
                let moment = |at: Timestamp| Some(at.to_zoned(zone.clone()).datetime().to_string());
                ShownMaintenance { from: moment(span.start()), until: moment(span.end()), ..told }
            }
            Recurrence::Weekly { day, hours, since } => ShownMaintenance {
                day: NAMES.get(usize::from(day.to_monday_zero_offset().unsigned_abs())).copied(),
                hours: Some(hours.to_string()),
                since: Some(since.to_string()),
                ..told
            },
        }
    }
}
