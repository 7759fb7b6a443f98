//! Numbers that a content system gives its articles, in the order in which they are made.

use jiff::{ToSpan, civil::Date};

use crate::indicators::Dating;

/// The number at the end of the name of a file: `t20260918_4711.html`, `content_4711.html`, `4711.html`.
pub(super) fn serial(path: &str) -> Option<u64> {
    let file = path.rsplit('/').next()?;
    let stem = file.split('.').next()?;
    let digits = stem.len() - stem.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    stem[stem.len() - digits..].parse().ok()
}

/// The rows of a list that were made after rows with much later dates: their places in `rows`, which are pairs of
/// number and date. Of a list whose numbers follow another order than its dates, none.
pub(super) fn out_of_order(rows: &[(u64, Date)], rules: &Dating) -> Vec<usize> {
    if rows.len() < rules.least_rows {
        return Vec::new();
    }
    let is_out = |(number, date): (u64, Date)| {
        let limit = date.saturating_add(i64::from(rules.address_days).days());
        let later = rows.iter().filter(|(other, shown)| *other < number && *shown > limit).count();
        later >= rules.least_later
    };
    let out: Vec<usize> = (0..rows.len()).filter(|row| is_out(rows[*row])).collect();
    if out.len() > rules.most_out_of_order { Vec::new() } else { out }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::indicators::RuleSet;

    #[test]
    fn numbers_at_the_end_of_a_path() {
        let check = |path: &str, expected: Option<u64>| assert_eq!(serial(path), expected, "{path}");
        check("/xw/202609/t20260918_4711.html", Some(4711));
        check("/xw/content_12.shtml", Some(12));
        check("/xw/12.html", Some(12));
        check("/xw/index.html", None);
        check("/xw/", None);
        check("/xw/99999999999999999999999.html", None);
        check("", None);
    }

    #[test]
    fn only_a_row_against_the_order_of_all_others_is_out() {
        let rules = RuleSet::built_in();
        type Rows = Vec<(u64, Date)>;
        let check = |change: &dyn Fn(&mut Rows), expected: &[usize]| {
            let mut rows: Rows = (0..12)
                .map(|row| (112 - row, date(2026, 11, 20).saturating_sub((row as i64 * 10).days())))
                .collect();
            change(&mut rows);
            assert_eq!(out_of_order(&rows, &rules.publishing().dating), expected);
        };
        check(&|_| {}, &[]);
        // Made last, dated two months back.
        check(&|rows| rows.insert(6, (113, date(2026, 9, 15))), &[6]);
        // Pinned: old number, old date.
        check(&|rows| rows.insert(0, (3, date(2024, 9, 15))), &[]);
        // A few days are the time that approval takes.
        check(&|rows| rows[2].0 = 113, &[]);
        // Numbers that run against the dates, or at random, are no order.
        check(&|rows| rows.iter_mut().for_each(|row| row.0 = 1_000 - row.0), &[]);
        check(&|rows| rows.truncate(9), &[]);
    }
}
