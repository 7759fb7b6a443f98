//! What people say of the hosts of others: that one is as it should be, for how long, and that it is not any more.

use jiff::Timestamp;
use jiff::civil::Date;

use super::Inventory;

/// What a person says of a host. The last word on a host holds, and all of them stay on record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vouching {
    /// The host.
    pub host: String,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub author: String,
    /// Why.
    pub note: String,
    /// What is said.
    pub trust: Trust,
}

/// Whether a host is trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trust {
    /// It is, to the end of this day; `None`: until somebody says otherwise.
    Given(Option<Date>),
    /// It is not any more.
    Revoked,
}

impl Trust {
    /// Whether it is trusted on a day.
    pub fn holds_on(self, day: Date) -> bool {
        match self {
            Trust::Given(until) => until.is_none_or(|until| day <= until),
            Trust::Revoked => false,
        }
    }
}

impl Vouching {
    /// In Chinese, for lists.
    pub fn chinese(&self, today: Date) -> String {
        let Vouching { author, note, trust, .. } = self;
        match trust {
            Trust::Revoked => format!("{author}撤销登记：{note}"),
            Trust::Given(None) => format!("{author}登记：{note}"),
            Trust::Given(Some(until)) if *until < today => {
                format!("{author}登记：{note}（{until} 已到期）")
            }
            Trust::Given(Some(until)) => format!("{author}登记：{note}（至 {until}）"),
        }
    }
}

impl Inventory {
    /// What was said of a host last.
    pub fn last_word(&self, host: &str) -> Option<&Vouching> {
        self.vouchings.iter().rev().find(|vouching| vouching.host == host)
    }

    /// Who vouches for a host on a day.
    pub fn approval(&self, host: &str, day: Date) -> Option<&Vouching> {
        self.last_word(host).filter(|vouching| vouching.trust.holds_on(day))
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn the_last_word_holds_as_long_as_it_says() {
        let said = |trust| Vouching {
            host: "a.example".to_owned(),
            at: Timestamp::UNIX_EPOCH,
            author: "张三".to_owned(),
            note: "协会".to_owned(),
            trust,
        };
        let until = Trust::Given(Some(date(2026, 11, 21)));
        let check = |words: &[Trust], day: i8, expected: bool| {
            let vouchings = words.iter().copied().map(said).collect();
            let inventory = Inventory { vouchings, ..Inventory::default() };
            let is_approved = inventory.approval("a.example", date(2026, 11, day)).is_some();
            assert_eq!(is_approved, expected, "{words:?} on {day}");
            assert!(inventory.approval("b.example", date(2026, 11, day)).is_none());
        };
        check(&[], 21, false);
        check(&[Trust::Given(None)], 21, true);
        check(&[until], 21, true);
        check(&[until], 22, false);
        check(&[until, Trust::Given(None)], 22, true);
        check(&[Trust::Given(None), Trust::Revoked], 21, false);
        check(&[Trust::Given(None), Trust::Revoked, until], 21, true);
    }
}
