//! What is wrong with a word, and how bad that is.

use crate::finding::Severity;

/// What is wrong with a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Class {
    /// 错别字.
    Misspelling,
    /// 固定政治表述.
    Formula,
    /// Names of the country, state organs and places.
    Name,
    /// Names of people beside their posts.
    Person,
    /// A name that was right once.
    OldName,
    /// 占位文字.
    Placeholder,
    /// 乱码.
    Mojibake,
    /// 慎用词.
    Wording,
    /// 涉赌.
    Gambling,
    /// 涉黄.
    Pornography,
    /// 诈骗 and money made from it.
    Fraud,
    /// Forged papers, invoices, examinations.
    Forgery,
    /// Drugs and weapons.
    Contraband,
    /// What intruders leave behind as their mark.
    Defacement,
}

/// How bad a word is, as agreed with the customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Tier {
    /// 严重.
    S0,
    /// 较重.
    S1,
    /// 一般.
    S2,
    /// 建议.
    S3,
}

/// Classes as files name them.
pub(super) const CLASSES: &[(&str, Class)] = &[
    ("misspelling", Class::Misspelling),
    ("formula", Class::Formula),
    ("name", Class::Name),
    ("person", Class::Person),
    ("old-name", Class::OldName),
    ("placeholder", Class::Placeholder),
    ("mojibake", Class::Mojibake),
    ("wording", Class::Wording),
    ("gambling", Class::Gambling),
    ("pornography", Class::Pornography),
    ("fraud", Class::Fraud),
    ("forgery", Class::Forgery),
    ("contraband", Class::Contraband),
    ("defacement", Class::Defacement),
];

/// Tiers as files name them.
pub(super) const TIERS: &[(&str, Tier)] =
    &[("S0", Tier::S0), ("S1", Tier::S1), ("S2", Tier::S2), ("S3", Tier::S3)];

impl Class {
    /// Its name in reports.
    pub fn chinese(self) -> &'static str {
        match self {
            Class::Misspelling => "错别字",
            Class::Formula => "固定表述错误",
            Class::Name => "名称错误",
            Class::Person => "姓名疑误",
            Class::OldName => "名称过时",
            Class::Placeholder => "占位文字",
            Class::Mojibake => "乱码",
            Class::Wording => "慎用词",
            Class::Gambling => "涉赌词语",
            Class::Pornography => "涉黄词语",
            Class::Fraud => "诈骗词语",
            Class::Forgery => "造假词语",
            Class::Contraband => "违禁品词语",
            Class::Defacement => "篡改标语",
        }
    }

    /// Id of the check that reports it.
    pub fn check(self) -> &'static str {
        if self.is_misspelling() { "misspelling" } else { "sensitive-word" }
    }

    /// Whether a short word of it counts only where it is a word of its own: such words come about where innocent
    /// ones meet. Protected names and formulas are wrong wherever they stand.
    pub(super) fn stands_alone(self) -> bool {
        matches!(self, Class::Misspelling | Class::Wording) || self.is_alien()
    }

    /// Whether only strangers bring such words onto an official site: those of crimes, and the marks of intruders.
    pub fn is_alien(self) -> bool {
        use Class::{Contraband, Defacement, Forgery, Fraud, Gambling, Pornography};
        matches!(self, Gambling | Pornography | Fraud | Forgery | Contraband | Defacement)
    }

    /// Whether it is about what is a crime to offer.
    pub fn is_crime(self) -> bool {
        use Class::{Contraband, Forgery, Fraud, Gambling, Pornography};
        matches!(self, Gambling | Pornography | Fraud | Forgery | Contraband)
    }

    /// Whether it is about how something is written, as opposed to what is written about.
    pub fn is_misspelling(self) -> bool {
        use Class::{Formula, Misspelling, Mojibake, Name, OldName, Person, Placeholder};
        matches!(self, Misspelling | Formula | Name | Person | OldName | Placeholder | Mojibake)
    }
}

impl Tier {
    /// The severity of a finding of this tier.
    pub fn severity(self) -> Severity {
        match self {
            Tier::S0 => Severity::Critical,
            Tier::S1 => Severity::High,
            Tier::S2 => Severity::Medium,
            Tier::S3 => Severity::Low,
        }
    }
}
