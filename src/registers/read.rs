//! What a table means, by its kind; everything that is wrong with it at once.

use std::collections::HashSet;

use jiff::ToSpan;
use jiff::civil::{Date, date};

use super::Kind;
use super::rows::{ColumnRow, Holder, Message, Rows};
use super::table::{RowError, Table};
use crate::address::Address;
use crate::checks;
use crate::indicators::RuleSet;

/// Problems told at most; a file with more of them is another one than the template.
const TOLD: usize = 200;

/// A column of a table.
struct Head {
    name: &'static str,
    is_required: bool,
    /// For the template.
    example: &'static str,
}

const fn required(name: &'static str, example: &'static str) -> Head {
    Head { name, is_required: true, example }
}

const fn optional(name: &'static str, example: &'static str) -> Head {
    Head { name, is_required: false, example }
}

const COLUMNS: [Head; 4] = [
    required("栏目名称", "通知公告"),
    required("栏目地址", "/xxgk/tzgg/"),
    optional("栏目类型", "notice"),
    optional("更新周期（天）", "30"),
];

const ALLOW: [Head; 2] = [optional("检查项", "misspelling"), required("内容", "帐户")];

const ROSTER: [Head; 4] = [
    required("姓名", "张三"),
    required("职务", "示例厅厅长"),
    optional("任职日期", "2024-03-01"),
    optional("离任日期", ""),
];

const MESSAGES: [Head; 5] = [
    required("编号", "20261105001"),
    required("留言日期", "2026-11-05"),
    required("标题", "链接打不开"),
    optional("页面地址", "https://www.example.gov.cn/a.html"),
    optional("办结日期", "2026-11-06"),
];

fn heads(kind: Kind) -> &'static [Head] {
    match kind {
        Kind::Columns => &COLUMNS,
        Kind::Allow => &ALLOW,
        Kind::Roster => &ROSTER,
        Kind::Messages => &MESSAGES,
    }
}

/// A file to fill in, as CSV that spreadsheet programs open.
pub fn template(kind: Kind) -> String {
    let line = |of: fn(&Head) -> &'static str| heads(kind).iter().map(|head| of(head).to_owned()).collect();
    // The mark lets spreadsheet programs see that it is UTF-8.
    format!("\u{feff}{}", Table(vec![line(|head| head.name), line(|head| head.example)]).csv())
}

/// Reads a table of a kind for the site with this home page.
pub fn read(kind: Kind, table: &Table, home: &Address, rules: &RuleSet) -> Result<Rows, Vec<RowError>> {
    let places = places(kind, table)?;
    let mut problems = Vec::new();
    let lines = (2..).zip(&table.0[1..]).map(|(number, cells)| Line {
        number,
        cells: places
            .iter()
            .map(|place| place.and_then(|at| cells.get(at)).map_or("", String::as_str))
            .collect(),
    });
    let rows = match kind {
        Kind::Columns => Rows::Columns(collect(lines, &mut problems, |line| column(line, home, rules))),
        Kind::Allow => Rows::Allow(collect(lines, &mut problems, allow)),
        Kind::Roster => Rows::Roster(collect(lines, &mut problems, holder)),
        Kind::Messages => Rows::Messages(collect(lines, &mut problems, message)),
    };
    if problems.is_empty() && rows.count() == 0 {
        problems.push(RowError::new(0, "只有表头，没有内容", "从第二行起填写"));
    }
    problems.truncate(TOLD);
    if problems.is_empty() { Ok(rows) } else { Err(problems) }
}

/// Where in the table each column of the kind stands.
fn places(kind: Kind, table: &Table) -> Result<Vec<Option<usize>>, Vec<RowError>> {
    let (heads, written) = (heads(kind), table.0.first().map(Vec::as_slice).unwrap_or_default());
    let same = |written: &str, head: &Head| {
        written.replace(['(', ')'], "").replace(['（', '）', ' '], "") == head.name.replace(['（', '）'], "")
    };
    let names = || heads.iter().map(|head| head.name).collect::<Vec<_>>().join("、");
    let mut problems = Vec::new();
    for name in written.iter().filter(|name| !heads.iter().any(|head| same(name, head))) {
        problems.push(RowError::new(1, format!("不认识的列“{name}”"), format!("可用的列：{}", names())));
    }
    let places: Vec<Option<usize>> =
        heads.iter().map(|head| written.iter().position(|name| same(name, head))).collect();
    for (head, _) in heads.iter().zip(&places).filter(|(head, place)| head.is_required && place.is_none()) {
        problems.push(RowError::new(1, format!("缺少“{}”列", head.name), "第一行写列名，可先下载模板"));
    }
    if problems.is_empty() { Ok(places) } else { Err(problems) }
}

/// A row with its cells in the order of the kind's columns.
struct Line<'a> {
    number: usize,
    cells: Vec<&'a str>,
}

impl Line<'_> {
    fn wrong(&self, message: impl Into<String>, remedy: impl Into<String>) -> RowError {
        RowError::new(self.number, message, remedy)
    }

    fn text(&self, at: usize, what: &str) -> Result<String, RowError> {
        match self.cells[at] {
            "" => Err(self.wrong(format!("没有填写{what}"), "补充填写，或删去这一行")),
            text => Ok(text.to_owned()),
        }
    }

    fn optional(&self, at: usize) -> Option<String> {
        Some(self.cells[at]).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    fn day(&self, at: usize, what: &str) -> Result<Option<Date>, RowError> {
        match self.cells[at] {
            "" => Ok(None),
            text => read_day(text)
                .map(Some)
                .ok_or_else(|| self.wrong(format!("{what}“{text}”不是日期"), "日期写作 2026-11-05")),
        }
    }
}

/// Reads every row; of two with the same key the second is a problem.
fn collect<'a, T>(
    lines: impl Iterator<Item = Line<'a>>,
    problems: &mut Vec<RowError>,
    read: impl Fn(&Line<'a>) -> Result<(String, T), RowError>,
) -> Vec<T> {
    let (mut rows, mut keys) = (Vec::new(), HashSet::new());
    for line in lines {
        match read(&line) {
            Ok((key, row)) if keys.insert(key.clone()) => rows.push(row),
            Ok((key, _)) => problems.push(line.wrong(format!("“{key}”重复"), "每项只保留一行")),
            Err(problem) => problems.push(problem),
        }
    }
    rows
}

fn column(line: &Line<'_>, home: &Address, rules: &RuleSet) -> Result<(String, ColumnRow), RowError> {
    let (name, url) = (line.text(0, "栏目名称")?, line.text(1, "栏目地址")?);
    let address = home.resolve(&url, encoding_rs::UTF_8).map_err(|_| {
        line.wrong(format!("栏目地址“{url}”不是网页地址"), "写作 https://… 或以 / 开头的路径")
    })?;
    let known = rules.columns().kinds();
    let kind = match line.optional(2) {
        None => None,
        Some(written) => {
            let kind = known.iter().find(|kind| kind.id == written || kind.name == written);
            let names = || known.iter().map(|kind| kind.name.as_str()).collect::<Vec<_>>().join("、");
            Some(kind.map(|kind| kind.id.clone()).ok_or_else(|| {
                line.wrong(format!("没有栏目类型“{written}”"), format!("可用：{}", names()))
            })?)
        }
    };
    let cycle_days = match line.optional(3) {
        None => None,
        Some(written) => match written.trim_end_matches('天').trim().parse() {
            Ok(days @ 1..=3_660) => Some(days),
            _ => return Err(line.wrong(format!("更新周期“{written}”不是天数"), "写 1 至 3660 的整数")),
        },
    };
    Ok((address.to_string(), ColumnRow { name, url, kind, cycle_days }))
}

fn allow(line: &Line<'_>) -> Result<(String, String), RowError> {
    let text = line.text(1, "内容")?;
    let entry = match line.optional(0) {
        None => text,
        Some(check) if checks::find(&check).is_some() => format!("{check}:{text}"),
        Some(check) => {
            let remedy = "留空表示所有检查项；编号见 sitewarden explain";
            return Err(line.wrong(format!("没有检查项“{check}”"), remedy));
        }
    };
    Ok((entry.clone(), entry))
}

fn holder(line: &Line<'_>) -> Result<(String, Holder), RowError> {
    let (name, title) = (line.text(0, "姓名")?, line.text(1, "职务")?);
    // They part the entries of a dictionary.
    if let Some(wrong) = [&name, &title].into_iter().find(|text| text.contains(['|', '→', '#', '=', ','])) {
        return Err(line.wrong(format!("“{wrong}”中有 | → # = 或 , 号"), "删去这些符号"));
    }
    let (from, until) = (line.day(2, "任职日期")?, line.day(3, "离任日期")?);
    if let (Some(first), Some(last)) = (from, until)
        && last < first
    {
        return Err(line.wrong("离任日期早于任职日期", "核对两个日期"));
    }
    let key = format!("{name} {title} {}", from.map_or_else(String::new, |day| day.to_string()));
    Ok((key.trim_end().to_owned(), Holder { name, title, from, until }))
}

fn message(line: &Line<'_>) -> Result<(String, Message), RowError> {
    let number = line.text(0, "编号")?;
    let received = line.day(1, "留言日期")?;
    let received = received.ok_or_else(|| line.wrong("没有填写留言日期", "日期写作 2026-11-05"))?;
    let (subject, page, answered) = (line.text(2, "标题")?, line.optional(3), line.day(4, "办结日期")?);
    if let Some(page) = page.as_deref().filter(|page| Address::parse(page).is_err()) {
        return Err(line.wrong(format!("页面地址“{page}”不是网页地址"), "写完整地址，或留空"));
    }
    if answered.is_some_and(|answered| answered < received) {
        return Err(line.wrong("办结日期早于留言日期", "核对两个日期"));
    }
    Ok((number.clone(), Message { number, received, subject, page, answered }))
}

/// A date as people write it, or as workbooks keep it: days since 30 December 1899.
fn read_day(text: &str) -> Option<Date> {
    if let Ok(days) = text.parse::<f64>()
        && (20_000.0..100_000.0).contains(&days)
    {
        return date(1899, 12, 30).checked_add((days as i64).days()).ok();
    }
    let plain = text.split([' ', 'T']).next()?.replace(['年', '月', '/', '.'], "-").replace('日', "");
    let mut parts = plain.split('-').map(str::trim);
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let is_day = parts.next().is_none() && year.len() == 4;
    let day = Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()?;
    is_day.then_some(day)
}
