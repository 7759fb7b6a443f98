//! What is found, what is not, and how often chance alone is called a person's number.

use std::sync::LazyLock;

use jiff::{
    ToSpan,
    civil::{Date, date},
};
use proptest::prelude::*;

use super::identity::check_digit;
use super::*;
use crate::indicators::RuleSet;

const TODAY: Date = date(2026, 11, 20);

static FIGURES: LazyLock<Figures> = LazyLock::new(|| RuleSet::built_in().privacy().figures.clone());

fn found(text: &str, title: &str) -> Vec<Sighting> {
    find(text, &[], title, &FIGURES, TODAY)
}

/// What is found in a text: kind, confidence, severity and masked form.
#[track_caller]
fn check(text: &str, expected: &[(Kind, Confidence, Severity, &str)]) {
    let found = found(text, "公告");
    let seen: Vec<_> =
        found.iter().map(|it| (it.kind, it.confidence, it.severity, it.masked.as_str())).collect();
    assert_eq!(seen, expected, "{text}");
}

/// A table of these rows, cells parted by `|`.
fn table(rows: &[&str]) -> (String, Vec<Cell>) {
    let (mut text, mut cells) = (String::new(), Vec::new());
    for (row, line) in rows.iter().enumerate() {
        for (column, words) in line.split('|').enumerate() {
            let start = text.len();
            text.push_str(words);
            cells.push(Cell { table: 0, row, column, span: start..text.len() });
            text.push('\n');
        }
    }
    (text, cells)
}

fn kinds_in_table(rows: &[&str]) -> Vec<(Kind, usize, usize)> {
    let (text, cells) = table(rows);
    let sightings = find(&text, &cells, "名单", &FIGURES, TODAY);
    sightings.iter().map(|it| (it.kind, it.times, it.persons)).collect()
}

/// Numbers that look like chance and are the same every time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 ^ (self.0 >> 29)
    }

    fn below(&mut self, end: u64) -> u64 {
        (self.roll() >> 20) % end
    }
}

/// A valid number in this division, born so many days after 1930, with this order number.
fn identity_number(division: &str, days: i64, order: u64) -> String {
    let born = date(1930, 1, 1).saturating_add(days.days());
    let digits = format!("{division}{:04}{:02}{:02}{order:03}", born.year(), born.month(), born.day());
    format!("{digits}{}", char::from(check_digit(digits.as_bytes())))
}

#[test]
fn identity_numbers() {
    use Confidence::{Confirmed, Probable};
    use Severity::{High, Medium};
    let masked = "11*************02X";
    let sure = (Kind::Identity, Confirmed, High, masked);
    check("11010519491231002X", &[sure]);
    check("身份证号码：11010519491231002x。", &[(Kind::Identity, Confirmed, High, masked)]);
    check("110105 19491231 002X", &[sure]);
    check("身份证110105194912310021", &[(Kind::Identity, Probable, Medium, "11*************021")]);
    check("110105194912310021", &[]);
    check("身份证110105491231002", &[(Kind::OldIdentity, Probable, Medium, "11**********002")]);
    check("110105491231002", &[]);
    check("索引号11010519491231002X", &[]);
    check("A11010519491231002X，11010519491231002XY", &[]);
    check("http://a.gov.cn/11010519491231002X", &[]);
}

#[test]
fn other_numbers() {
    use Confidence::{Confirmed, Note, Probable};
    use Severity::{High, Low, Medium};
    check("13800001234", &[(Kind::Mobile, Probable, Medium, "138****1234")]);
    check("+86-138 0000 1234", &[(Kind::Mobile, Probable, Medium, "138****1234")]);
    check("联系人：安知远，13800001234", &[(Kind::Mobile, Note, Low, "138****1234")]);
    check("花名册：13800001234", &[(Kind::Mobile, Confirmed, High, "138****1234")]);
    check("备案证明13100049001-17001", &[]);
    check("12345678901，028-13800001234", &[]);
    check("2026-01-01 13800001234", &[(Kind::Mobile, Probable, Medium, "138****1234")]);
    check("4111111111111111", &[]);
    check("公司账号4111111111111111", &[]);
    check("本人银行卡号4111111111111111", &[(Kind::Card, Confirmed, High, "4111********1111")]);
    check("护照E12345678，单号E12345678", &[(Kind::Passport, Confirmed, Medium, "E*****678"); 2]);
    check("家庭住址：和平村5组12号", &[(Kind::Address, Probable, Medium, "…组")]);
    check("地址：示例路1号301室", &[]);
}

#[test]
fn masks() {
    let fails = |masked| [(Kind::HalfMasked, Confidence::Confirmed, Severity::Medium, masked)];
    check("138****1234，35*************123", &[]);
    check("51010519800101****", &fails("51****************"));
    check("1380000***4", &fails("138*******4"));
    // Two copies of one number that show different parts of it.
    check("5101051980********，5101**********1234", &fails("51*************234"));
    check("5101051980********\n5101**********1234", &[]);
    check("5101051980********，5201**********1234", &[]);
}

#[test]
fn lists_of_people() {
    let number = |order| identity_number("510105", 18_000, order);
    let row = |name: &str, order| format!("{name}|{}|1380000{order:04}|和平村{order}组", number(order));
    let rows = [row("安知远", 11), row("白若谷", 22), row("褚云舟", 33)];
    let mut all = vec!["姓名|身份证号|手机|家庭住址"];
    all.extend(rows.iter().map(String::as_str));
    let seen = kinds_in_table(&all);
    for kind in [Kind::Identity, Kind::Mobile, Kind::Address, Kind::Combination] {
        assert!(seen.contains(&(kind, 3, 3)), "{kind:?}: {seen:?}");
    }
    assert_eq!(seen.len(), 4);
    assert_eq!(kinds_in_table(&["姓名|残疾等级", "安知远|肢体二级"]), [(Kind::Column, 1, 1)]);
    assert_eq!(kinds_in_table(&["姓名|残疾等级", "|"]), [], "an empty form");
    assert_eq!(kinds_in_table(&["1380", "0001", "234"]), [], "cells never make one number");
    assert_eq!(kinds_in_table(&["部门|电话", "办公室|028-80000001", "监测处|028-80000002"]), []);
}

#[test]
fn chance_is_hardly_ever_called_a_number() {
    const TRIES: u32 = 2_000_000;
    let mut dice = Dice(1);
    let mut called = 0;
    for _ in 0..TRIES {
        let mut digits = [0; 18];
        let (mut left, mut right) = (dice.below(1_000_000_000), dice.below(1_000_000_000));
        for at in 0..9 {
            digits[at] = b'0' + (left % 10) as u8;
            digits[at + 9] = b'0' + (right % 10) as u8;
            (left, right) = (left / 10, right / 10);
        }
        // What has no date of birth is never called one; the rest goes the whole way.
        if super::identity::number(&digits, TODAY).is_some() {
            let found = found(&String::from_utf8_lossy(&digits), "");
            called += found.iter().filter(|sighting| sighting.kind == Kind::Identity).count();
        }
    }
    assert!(called < 2, "{called} of {TRIES}");
}

#[test]
fn every_division_is_known_to_have_people() {
    let mut dice = Dice(3);
    for division in super::divisions::all() {
        let number = identity_number(division, dice.below(35_000) as i64, dice.below(999) + 1);
        let found = found(&number, "");
        assert!(found.iter().any(|it| it.kind == Kind::Identity), "{number}");
    }
}

#[test]
fn whom_to_call_at_an_office_is_no_leak() {
    let severity = |title: &str, rows: &[&str]| {
        let (text, cells) = table(rows);
        let sightings = find(&text, &cells, title, &FIGURES, TODAY);
        sightings.iter().map(|it| (it.confidence, it.severity)).collect::<Vec<_>>()
    };
    let rows = ["姓名|电话", "安知远|13800000011", "白若谷|13800000022", "褚云舟|13800000033"];
    let office =
        ["姓名|职务|手机", "安知远|主任|13800000011", "白若谷|科员|13800000022", "褚云舟|科员|13800000033"];
    let (low, high) = ((Confidence::Note, Severity::Low), (Confidence::Probable, Severity::High));
    assert_eq!(severity("机构职能", &rows), [low]);
    assert_eq!(severity("某局领导分工", &rows), [low]);
    assert_eq!(severity("通知", &office), [low]);
    assert_eq!(severity("通知", &rows), [high]);
    assert_eq!(severity("困难群众慰问联系方式", &office), [(Confidence::Confirmed, Severity::High)]);
    check_titled("办公室值班：张三 13800000011", "值班表", low);
}

#[track_caller]
fn check_titled(text: &str, title: &str, expected: (Confidence, Severity)) {
    let seen: Vec<_> = found(text, title).iter().map(|it| (it.confidence, it.severity)).collect();
    assert_eq!(seen, [expected], "{text}");
}

#[test]
fn every_valid_number_is_found_however_it_is_written() {
    let mut dice = Dice(2);
    let full_width = |text: &str| -> String {
        text.chars().map(|c| char::from_u32(u32::from(c) + 0xFEE0).unwrap_or(c)).collect()
    };
    for _ in 0..300 {
        let division = ["510105", "110101", "440106", "650102", "542621"][dice.below(5) as usize];
        let number = identity_number(division, dice.below(35_000) as i64, dice.below(999) + 1);
        let parted = |by: &str| format!("{}{by}{}{by}{}", &number[..6], &number[6..14], &number[14..]);
        for text in [
            number.clone(),
            format!("公民身份号码：{number}，住址略"),
            format!("安知远（{number}）"),
            format!("姓名\n{number}\n"),
            full_width(&number),
            number.to_lowercase(),
            parted(" "),
            parted("-"),
            format!("2026-01-01 {number}"),
            format!("{number}/13800001234"),
        ] {
            let found = found(&text, "");
            assert!(found.iter().any(|it| it.kind == Kind::Identity), "{text}");
            assert!(!mask_all(&text).contains(&number[6..14]), "{text}");
        }
    }
}

#[test]
fn a_line_of_nothing_but_numbers_takes_linear_time() {
    // Were it the square of its length, this would not end.
    let text = "13800001234 ".repeat(40_000);
    assert!((10_000..10_100).contains(&found(&text, "").len()), "as many as are kept");
    assert_eq!(mask_all(&text).len(), text.len());
    assert!(found(&"1".repeat(1_000_000), "").is_empty());
    assert!(found(&"*".repeat(1_000_000), "").is_empty());
}

proptest! {
    #[test]
    fn any_text_is_read(text in "[0-9xX*×·０-９E户组号 \\-－—.甲乙身份证\n]{0,80}") {
        for sighting in found(&text, &text) {
            prop_assert!(text.get(sighting.start..sighting.end).is_some());
        }
        let masked = mask_all(&text);
        prop_assert_eq!(masked.len(), text.len());
        prop_assert_eq!(mask_all(&masked), masked.as_ref());
    }

    #[test]
    fn any_part_is_shown(text in "\\PC{0,60}", a in 0_usize..200, b in 0_usize..200) {
        let at = |byte: usize| text.floor_char_boundary(byte.min(text.len()));
        let (start, end) = (at(a.min(b)), at(a.max(b)));
        prop_assert_eq!(excerpt(&text, start, end).len(), end - start);
    }
}
