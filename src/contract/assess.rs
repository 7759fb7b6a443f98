//! One line of a contract after another.

use jiff::{SignedDuration, Timestamp};

use super::limit::{Item, Measure, keeps_count, keeps_time};
use super::owed::owed;
use super::sheet::of;
use super::{Alarm, Assessed, Basis, Material, Points, Sheet, StepKind, Value, Verdict, Why, approved};
use crate::indicators::{Bound, ContractLine, Measured, Promise, Tier};
use crate::ledger::{Account, Bounds, Period, Span, account};

/// Assesses a contract for a period, as of `now`.
pub fn assess<'a>(material: &Material<'a>, now: Timestamp) -> Sheet<'a> {
    let Material { contract, availability, journal, exclusions, period, zone, .. } = *material;
    let span = period.span(zone);
    let account = account(journal, &approved(exclusions), span, availability.merge_gap, now);
    let assessment = Assessment { material, account: &account, now };
    let lines = contract.line.iter().map(|line| assessment.line(line)).collect();
    let owed = contract.line.iter().flat_map(|line| owed(material, &account, line, now)).collect();
    let touches = |span: Span| !span.overlap(account.judged).is_empty();
    let (first, after) = period.days();
    Sheet {
        contract,
        period,
        coverage_least: availability.coverage_least,
        lines,
        exclusions: exclusions.iter().filter(|exclusion| touches(exclusion.span)).collect(),
        owed,
        holidays_unknown: !material.calendar.knows(first, after.yesterday().unwrap_or(after)),
        account,
    }
}

struct Assessment<'m, 'a> {
    material: &'m Material<'a>,
    account: &'m Account,
    now: Timestamp,
}

/// What a line comes to by one bound.
struct Outcome<'a> {
    value: Value,
    verdict: Verdict,
    tier: Option<&'a Tier>,
    from: Vec<Basis>,
}

impl Outcome<'_> {
    fn not_stated(why: Why) -> Self {
        Outcome { value: Value::Nothing, verdict: Verdict::NotStated(why), tier: None, from: Vec::new() }
    }
}

impl<'a> Assessment<'_, 'a> {
    fn line(&self, line: &'a ContractLine) -> Assessed<'a> {
        let bound = self.material.contract.bound;
        let other = match bound {
            Bound::Least => Bound::Most,
            Bound::Most => Bound::Least,
        };
        let outcome = self.outcome(line, bound);
        let otherwise = Some(self.outcome(line, other).verdict).filter(|verdict| *verdict != outcome.verdict);
        let going_on = matches!(outcome.value, Value::Each { pending, .. } if pending > 0);
        let whole_year = matches!(self.material.period, Period::Year(_)) || !line.yearly;
        Assessed {
            line,
            value: outcome.value,
            verdict: outcome.verdict,
            otherwise,
            provisional: self.account.provisional || going_on || !whole_year,
            tier: outcome.tier.map(|tier| tier.name.as_str()),
            points: points(line, &outcome),
            from: outcome.from,
        }
    }

    fn outcome(&self, line: &'a ContractLine, bound: Bound) -> Outcome<'a> {
        match line.measure {
            Measured::Downtime | Measured::Faults | Measured::Availability | Measured::MeanRepair => {
                self.of_ledger(line, bound)
            }
            Measured::Recovery => self.recovery(line, bound),
            Measured::Response => self.of_alarms(line, bound, |alarm| {
                alarm.acknowledged.as_ref().map(|(acknowledged, _)| *acknowledged)
            }),
            Measured::Receipt => {
                self.of_alarms(line, bound, |alarm| alarm.delivered.filter(|_| alarm.acknowledged.is_some()))
            }
            Measured::Answer => self.of_tickets(line, bound, StepKind::Answered),
            Measured::OnSite => self.of_tickets(line, bound, StepKind::OnSite),
            Measured::Fallback => self.of_tickets(line, bound, StepKind::Fallback),
            Measured::EmergencyRecovery => self.of_tickets(line, bound, StepKind::Recovered),
            Measured::Solution => self.of_tickets(line, bound, StepKind::Solved),
            Measured::FaultReport | Measured::PeriodReport => self.documents(line, bound),
            Measured::FullScans => self.full_scans(line),
            Measured::ByHand => Outcome::not_stated(Why::ByHand),
        }
    }

    /// Whether enough was seen for the ledger to speak.
    fn covered(&self) -> bool {
        let least = self.material.availability.coverage_least;
        self.account.coverage().is_some_and(|coverage| coverage >= least)
    }

    /// A verdict on what the ledger says, which needs that enough was seen.
    fn stated(&self, kept: bool) -> Verdict {
        match (self.covered(), kept) {
            (false, _) => Verdict::NotStated(Why::Coverage),
            (true, true) => Verdict::Met,
            (true, false) => Verdict::NotMet,
        }
    }

    fn of_ledger(&self, line: &'a ContractLine, bound: Bound) -> Outcome<'a> {
        let down = self.account.down;
        let faults = self.account.counted().count() as u64;
        let from = self.intervals();
        let kept = |keeps: &dyn Fn(Promise) -> bool| self.stated(line.limit.is_none_or(keeps));
        match line.measure {
            Measured::Downtime => {
                let verdict = kept(&|promise| keeps_time(promise, of(down, bound)));
                Outcome { value: Value::Time(down), verdict, tier: None, from }
            }
            Measured::Faults => {
                let verdict = kept(&|promise| keeps_count(promise, faults));
                Outcome { value: Value::Count(faults), verdict, tier: None, from }
            }
            Measured::MeanRepair => {
                let Some(mean) = self.mean_repair() else {
                    let verdict = match self.covered() {
                        true => Verdict::NotApplicable,
                        false => Verdict::NotStated(Why::Coverage),
                    };
                    return Outcome { value: Value::Nothing, verdict, tier: None, from };
                };
                let verdict = kept(&|promise| keeps_time(promise, of(mean, bound)));
                Outcome { value: Value::Time(mean), verdict, tier: None, from }
            }
            _ => {
                let tier = line.tier.iter().find(|tier| reaches(tier, of(down, bound), faults));
                let best = line.tier.first().map(|tier| &tier.name);
                let verdict = self.stated(tier.map(|tier| &tier.name) == best);
                let tier = tier.filter(|_| self.covered());
                Outcome { value: Value::Downtime { time: down, faults }, verdict, tier, from }
            }
        }
    }

    /// Σ repair ÷ faults that ended; `None` where none did.
    fn mean_repair(&self) -> Option<Bounds> {
        let ended = self.account.counted().filter(|fault| fault.end.is_some());
        let repairs: Vec<Bounds> = ended.map(|fault| fault.repair).collect();
        let count = i32::try_from(repairs.len()).ok().filter(|count| *count > 0)?;
        let mean = |part: fn(&Bounds) -> SignedDuration| {
            repairs.iter().map(part).fold(SignedDuration::ZERO, SignedDuration::saturating_add) / count
        };
        Some(Bounds { least: mean(|repair| repair.least), most: mean(|repair| repair.most) })
    }

    fn intervals(&self) -> Vec<Basis> {
        self.account
            .counted()
            .flat_map(|fault| fault.intervals.iter().copied().map(Basis::Interval))
            .collect()
    }

    fn recovery(&self, line: &ContractLine, bound: Bound) -> Outcome<'a> {
        let item = |fault: &crate::ledger::Fault| Item {
            began: fault.start,
            done: fault.end,
            took: fault.repair,
            from: fault.intervals.iter().copied().map(Basis::Interval).collect(),
        };
        let items = self.account.counted().map(item).collect();
        let outcome = self.each(line, items, bound);
        match self.covered() {
            true => outcome,
            false => Outcome { verdict: Verdict::NotStated(Why::Coverage), ..outcome },
        }
    }

    fn of_alarms(
        &self,
        line: &ContractLine,
        bound: Bound,
        done: impl Fn(&Alarm) -> Option<Timestamp>,
    ) -> Outcome<'a> {
        let Some(alarms) = self.material.alarms else { return Outcome::not_stated(Why::NoRecord) };
        let within = alarms.iter().filter(|alarm| self.account.judged.contains(alarm.raised));
        let items = within
            .map(|alarm| Item::exact(alarm.raised, done(alarm), self.now, Basis::Alarm(alarm.id.clone())))
            .collect();
        self.each(line, items, bound)
    }

    fn of_tickets(&self, line: &ContractLine, bound: Bound, step: StepKind) -> Outcome<'a> {
        let tickets = self.material.tickets.iter().filter(|ticket| {
            self.account.judged.contains(ticket.opened)
                && line.category.is_none_or(|category| category == ticket.category)
        });
        let items = tickets.filter_map(|ticket| {
            let at = |kind: StepKind| ticket.step(kind).map(|step| step.at);
            let item = |done| Item::exact(ticket.opened, done, self.now, Basis::Ticket(ticket.number));
            // A plan to fall back on is owed only for what was not solved by then.
            let solved = at(StepKind::Solved).filter(|_| step == StepKind::Fallback && at(step).is_none());
            let spared = solved.is_some_and(|solved| self.keeps(line, &item(Some(solved)), bound));
            (!spared).then(|| item(at(step)))
        });
        self.each(line, items.collect(), bound)
    }

    fn documents(&self, line: &'a ContractLine, bound: Bound) -> Outcome<'a> {
        if self.material.documents.is_none() {
            return Outcome::not_stated(Why::NoRecord);
        }
        let owed = owed(self.material, self.account, line, self.now);
        self.each(line, owed.iter().map(|owed| owed.item(self.now)).collect(), bound)
    }

    fn full_scans(&self, line: &ContractLine) -> Outcome<'a> {
        let within = self.material.scans.iter().filter(|scan| self.account.judged.contains(scan.finished));
        let from: Vec<Basis> = within.map(|scan| Basis::Scan(scan.number)).collect();
        let count = from.len() as u64;
        let over = self.now >= self.account.judged.end() && !self.is_running();
        let verdict = match line.limit.is_none_or(|promise| keeps_count(promise, count)) {
            true => Verdict::Met,
            false if over => Verdict::NotMet,
            false => Verdict::NotStated(Why::Pending),
        };
        Outcome { value: Value::Count(count), verdict, tier: None, from }
    }

    /// Whether the period is not over.
    fn is_running(&self) -> bool {
        self.now < self.material.period.span(self.material.zone).end()
    }

    fn measure(&self, line: &ContractLine) -> Option<Measure<'_>> {
        let Material { calendar, zone, .. } = *self.material;
        line.limit.map(|promise| Measure { promise, calendar, zone, now: self.now })
    }

    fn keeps(&self, line: &ContractLine, item: &Item, bound: Bound) -> bool {
        self.measure(line).is_none_or(|measure| measure.keeps(item, bound))
    }

    fn each(&self, line: &ContractLine, items: Vec<Item>, bound: Bound) -> Outcome<'a> {
        let Some(measure) = self.measure(line) else { return Outcome::not_stated(Why::ByHand) };
        let (value, verdict) = measure.all(&items, bound);
        Outcome { value, verdict, tier: None, from: items.into_iter().flat_map(|item| item.from).collect() }
    }
}

/// Whether time down and faults are good enough for a tier.
fn reaches(tier: &Tier, down: SignedDuration, faults: u64) -> bool {
    tier.below.is_none_or(|limit| down < limit)
        && tier.within.is_none_or(|limit| down <= limit)
        && tier.fewer.is_none_or(|limit| faults < limit)
        && tier.at_most.is_none_or(|limit| faults <= limit)
}

/// The points of a line: those of its tier; else what its misses cost, or what it is worth where it was kept.
fn points(line: &ContractLine, outcome: &Outcome<'_>) -> Option<Points> {
    let exactly = |points: f64| Some(Points { least: points, most: points });
    if !line.tier.is_empty() {
        return outcome.tier.map(|tier| Points { least: tier.points.0, most: tier.points.1 });
    }
    match (outcome.verdict, outcome.value) {
        (Verdict::NotStated(_) | Verdict::NotApplicable, _) => None,
        (_, Value::Each { missed, .. }) if line.each > 0.0 => exactly(0.0 - line.each * missed as f64),
        (Verdict::Met, _) if line.points > 0.0 => exactly(line.points),
        (Verdict::NotMet, _) if line.points > 0.0 => exactly(0.0),
        _ => None,
    }
}
