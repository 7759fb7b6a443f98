//! The daemon as a process: alarms that arrive whatever happens to it, and none that should not be raised.

mod alarms;
mod kills;
mod rechecks;
mod reports;
pub(crate) mod stage;
mod vigil;
