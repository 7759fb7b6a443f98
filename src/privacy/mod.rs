//! Private data of people: numbers that name one person, and what stands beside them.
//!
//! [`find`] reads a text once and stops only at digits, so that text without numbers costs hardly anything. What a
//! number is, its own arithmetic says first (check digits, a date of birth, a known division); words around it, the
//! head of its column and the rest of its row say how bad that is. Nothing that leaves this module shows a number in
//! full: a [`Sighting`] carries the masked form only, and [`mask_all`] and [`excerpt`] mask what others quote.

mod address;
mod card;
mod combine;
mod context;
mod divisions;
mod figures;
mod find;
mod groups;
mod identity;
mod mask;
mod mobile;
mod recognise;
mod table;

pub use figures::Figures;
pub use find::find;
pub use mask::{excerpt, mask_all};
pub use table::Cell;

use crate::finding::{Confidence, Severity};

/// What is private about a sighting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// 居民身份证号码, 18 digits.
    Identity,
    /// The same in the form before 1999, 15 digits.
    OldIdentity,
    /// 手机号码.
    Mobile,
    /// 银行卡号.
    Card,
    /// 护照号码.
    Passport,
    /// 家庭住址, down to the house.
    Address,
    /// A column of a list of people that says what concerns nobody else: 残疾类别, 出生日期.
    Column,
    /// A masked number that shows too much.
    HalfMasked,
    /// Rows that tell several things of one person.
    Combination,
}

impl Kind {
    /// The kind in the language of the report.
    pub fn chinese(self) -> &'static str {
        match self {
            Kind::Identity => "身份证号码",
            Kind::OldIdentity => "15位身份证号码",
            Kind::Mobile => "手机号码",
            Kind::Card => "银行卡号",
            Kind::Passport => "护照号码",
            Kind::Address => "家庭住址",
            Kind::Column => "敏感个人信息列",
            Kind::HalfMasked => "掩码不足",
            Kind::Combination => "多项个人信息组合",
        }
    }
}

/// Something private in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sighting {
    /// What it is.
    pub kind: Kind,
    /// First byte of it in the text.
    pub start: usize,
    /// One past its last byte.
    pub end: usize,
    /// How sure that is.
    pub confidence: Confidence,
    /// How bad it is.
    pub severity: Severity,
    /// It, so far as it may be shown.
    pub masked: String,
    /// How many of its kind stand in the same column, this one included.
    pub times: usize,
    /// People whose data it is, so far as they can be counted.
    pub persons: usize,
}

#[cfg(test)]
mod tests;
