//! When a word is wrong.

use jiff::civil::Date;

/// When a word is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum When {
    /// Whatever the day.
    #[default]
    Always,
    /// From this day on; it was right before.
    Since(Date),
    /// Before and after these terms.
    Outside(Vec<Term>),
}

/// From when until when something held; open where nothing is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Term {
    /// Its first day.
    pub from: Option<Date>,
    /// Its last day.
    pub until: Option<Date>,
}

impl When {
    /// Whether it is wrong in a text of this day. In one of an unknown day an old name is taken for wrong, as most texts
    /// are new; of who held a post then nothing is said.
    pub fn is_wrong_on(&self, day: Option<Date>) -> bool {
        match self {
            When::Always => true,
            When::Since(since) => day.is_none_or(|day| *since <= day),
            When::Outside(terms) => day.is_some_and(|day| terms.iter().all(|term| !term.holds(day))),
        }
    }
}

impl Term {
    fn holds(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day <= until)
    }

    /// Whether it begins or ends at all.
    pub(super) fn is_bounded(&self) -> bool {
        self.from.is_some() || self.until.is_some()
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn days_decide() {
        #[track_caller]
        fn check(when: &When, expected: [bool; 4]) {
            let days = [Some(date(2019, 1, 1)), Some(date(2021, 1, 1)), Some(date(2023, 1, 1)), None];
            assert_eq!(days.map(|day| when.is_wrong_on(day)), expected);
        }
        check(&When::Always, [true; 4]);
        check(&When::Since(date(2021, 1, 1)), [false, true, true, true]);
        let term = |from, until| Term { from: Some(from), until };
        let first = term(date(2018, 3, 1), Some(date(2019, 12, 31)));
        check(&When::Outside(vec![first]), [false, true, true, false]);
        check(&When::Outside(vec![first, term(date(2022, 5, 1), None)]), [false, true, false, false]);
    }
}
