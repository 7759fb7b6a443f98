//! When the jobs of a site run, as written: `[site.schedule]`, `[[site.guarded_period]]`, `[[site.maintenance]]`.

use std::time::Duration;

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;

use super::section::Section;
use super::values;
use crate::ledger::Span;
use crate::schedule::{Blackout, Guarded, Maintenance, Recurrence, Schedule};

/// A probe more often than this would be an attack.
const SHORTEST: Duration = Duration::from_secs(5);

/// Reads the calendars of a site.
pub(super) fn read(site: &mut Section<'_>, zone: &TimeZone) -> Schedule {
    let mut schedule = Schedule::default();
    if let Some(mut section) = site.section("schedule", "[site.schedule]") {
        section.set("probe_interval", "\"60s\"", &mut schedule.probe_interval, interval);
        section.set("read_interval", "\"1h\"", &mut schedule.read_interval, interval);
        section.set("full_scan", "\"0 1 1 * *\"", &mut schedule.full_scan, |text: String| {
            text.parse().map_err(|wrong: crate::schedule::NoCron| wrong.to_string())
        });
        section.set("ipv6_interval", "\"24h\"", &mut schedule.ipv6_interval, interval);
        section.set("recheck_interval", "\"168h\"", &mut schedule.recheck_interval, interval);
        section.set_list("blackout", "[\"08:00-18:00\"]", &mut schedule.blackout, str::parse);
        if leaves_no_time(&schedule.blackout) {
            section.wrong("`blackout` leaves no time of the day", "leave some hours open");
        }
        section.finish();
    }
    for mut section in site.sections("guarded_period", "[[site.guarded_period]]") {
        schedule.guarded.extend(guarded(&mut section));
        section.finish();
    }
    for mut section in site.sections("maintenance", "[[site.maintenance]]") {
        schedule.maintenance.extend(maintenance(&mut section, zone));
        section.finish();
    }
    schedule
}

fn guarded(section: &mut Section<'_>) -> Option<Guarded> {
    need(section, &["name", "from", "until"], "a guarded period");
    let (mut name, mut from, mut until) = (None, None, None);
    section.set("name", "\"国庆\"", &mut name, |text: String| values::not_empty(&text).map(Some));
    section.set("from", "\"2026-09-30\"", &mut from, day);
    section.set("until", "\"2026-10-08\"", &mut until, day);
    // Between two probes and two readings at most; SEC-04 names no figures, these are this project's own.
    let (mut probe_interval, mut read_interval) = (Duration::from_secs(60), Duration::from_secs(300));
    section.set("probe_interval", "\"60s\"", &mut probe_interval, interval);
    section.set("read_interval", "\"5m\"", &mut read_interval, interval);
    let (name, from, until) = (name?, from?, until?);
    if until < from {
        section.wrong("a guarded period that ends before it begins", "put `from` before `until`");
        return None;
    }
    Some(Guarded { name, from, until, probe_interval, read_interval })
}

fn maintenance(section: &mut Section<'_>, zone: &TimeZone) -> Option<Maintenance> {
    need(section, &["reason", "by"], "a maintenance window");
    let (mut reason, mut author, mut approved_by) = (None, None, None);
    section.set("reason", "\"系统补丁\"", &mut reason, |text: String| values::not_empty(&text).map(Some));
    section.set("by", "\"张三\"", &mut author, |text: String| values::not_empty(&text).map(Some));
    section.set("approved_by", "\"李四\"", &mut approved_by, |text: String| {
        values::not_empty(&text).map(Some)
    });
    let recurrence = if section.has("day") { weekly(section) } else { once(section, zone) };
    Some(Maintenance { recurrence: recurrence?, reason: reason?, author: author?, approved_by })
}

fn weekly(section: &mut Section<'_>) -> Option<Recurrence> {
    need(section, &["hours", "since"], "a weekly maintenance window");
    let (mut weekday, mut hours, mut since) = (None, None, None);
    section.set("day", "\"sunday\"", &mut weekday, |text: String| day_of_week(&text).map(Some));
    section.set("hours", "\"02:00-04:00\"", &mut hours, |text: String| text.parse().map(Some));
    section.set("since", "\"2026-01-01\"", &mut since, day);
    Some(Recurrence::Weekly { day: weekday?, hours: hours?, since: since? })
}

fn once(section: &mut Section<'_>, zone: &TimeZone) -> Option<Recurrence> {
    need(section, &["from", "until"], "a maintenance window without `day`");
    let (mut from, mut until) = (None, None);
    section
        .set("from", "\"2026-12-05 02:00\"", &mut from, |text: String| values::moment(&text, zone).map(Some));
    section.set("until", "\"2026-12-05 04:00\"", &mut until, |text: String| {
        values::moment(&text, zone).map(Some)
    });
    let span = Span::new(from?, until?);
    if span.is_empty() {
        section.wrong("a maintenance window that ends before it begins", "put `from` before `until`");
        return None;
    }
    Some(Recurrence::Once(span))
}

fn need(section: &Section<'_>, keys: &[&str], what: &str) {
    for key in keys.iter().filter(|key| !section.has(key)) {
        section.wrong(format!("{what} without `{key}`"), format!("it needs {}", keys.join(", ")));
    }
}

pub(super) fn interval(text: String) -> Result<Duration, String> {
    match values::duration(&text)? {
        length if length < SHORTEST => {
            Err(format!("`{text}` is shorter than {} seconds", SHORTEST.as_secs()))
        }
        length => Ok(length),
    }
}

fn day(text: String) -> Result<Option<Date>, String> {
    text.parse().map(Some).map_err(|_| format!("`{text}` is no date"))
}

fn day_of_week(text: &str) -> Result<Weekday, String> {
    NAMES
        .iter()
        .position(|name| *name == text)
        .and_then(|place| Weekday::from_monday_zero_offset(place as i8).ok())
        .ok_or_else(|| format!("`{text}` is no day of the week: {}", NAMES.join(", ")))
}

/// The days of the week as they are written.
pub(super) const NAMES: [&str; 7] =
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// Whether hours fill the whole day.
fn leaves_no_time(hours: &[Blackout]) -> bool {
    let minute = |time: jiff::civil::Time| i32::from(time.hour()) * 60 + i32::from(time.minute());
    (0..24 * 60).all(|now| {
        hours.iter().any(|hours| {
            let (from, until) = (minute(hours.from), minute(hours.until));
            if from < until { from <= now && now < until } else { now >= from || now < until }
        })
    })
}
