//! Points of an assessment, and what they lead to.

use crate::indicators::Marks;

/// What points lead to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settlement {
    /// How it was done.
    pub grade: Grade,
    /// Per cent of the price that is kept back, 0 to 100.
    pub price_cut: f64,
}

/// How it was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grade {
    /// Well done, where the contract says so.
    Good,
    /// Done.
    Passed,
    /// Below the mark that the contract must not fall under.
    Failed,
}

/// What so many points lead to.
pub fn settle(marks: &Marks, points: f64) -> Settlement {
    let grade = match marks.good {
        _ if points < marks.fail => Grade::Failed,
        Some(good) if points < good => Grade::Passed,
        Some(_) => Grade::Good,
        None => Grade::Passed,
    };
    let short = marks.price_below.map_or(0.0, |mark| (mark - points).max(0.0));
    Settlement { grade, price_cut: (short * marks.price_percent).min(100.0) }
}

/// The total of a year: the mean of its quarters and the final assessment, each by its share. `None` where the contract
/// knows no shares, or no quarter was assessed.
pub fn total(marks: &Marks, quarters: &[f64], last: f64) -> Option<f64> {
    let share = marks.quarters_share?;
    if quarters.is_empty() {
        return None;
    }
    let mean = quarters.iter().sum::<f64>() / quarters.len() as f64;
    Some(mean * share + last * (1.0 - share))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicators::RuleSet;

    #[test]
    fn points_lead_to_grades_and_cuts() {
        let rules = RuleSet::built_in();
        let check = |contract: &str, points: f64, grade: Grade, price_cut: f64| {
            let marks = rules.contract(contract).and_then(|contract| contract.marks.as_ref()).unwrap();
            assert_eq!(settle(marks, points), Settlement { grade, price_cut }, "{contract} {points}");
        };
        check("sichuan", 85.0, Grade::Good, 0.0);
        check("sichuan", 84.9, Grade::Passed, 0.0);
        check("sichuan", 65.0, Grade::Passed, 0.0);
        check("sichuan", 64.9, Grade::Failed, 0.0);
        check("fujian", 90.0, Grade::Passed, 0.0);
        check("fujian", 88.5, Grade::Passed, 7.5);
        check("fujian", 60.0, Grade::Passed, 100.0);
        check("fujian", 59.9, Grade::Failed, 100.0);
    }

    #[test]
    fn quarters_and_the_final_assessment_make_the_total() {
        let rules = RuleSet::built_in();
        let marks =
            |contract: &str| rules.contract(contract).and_then(|contract| contract.marks.as_ref()).unwrap();
        assert_eq!(total(marks("sichuan"), &[90.0, 80.0, 100.0, 90.0], 80.0), Some(84.0));
        assert_eq!(total(marks("sichuan"), &[], 80.0), None);
        assert_eq!(total(marks("fujian"), &[90.0], 80.0), None);
    }
}
