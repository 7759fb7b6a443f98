//! A column register (栏目登记表) as a proposal: what the last scan took for columns, for a person who knows the site
//! to check.
//!
//! As a table to read, or as the blocks by which the configuration registers columns.

use serde::Serialize;

use super::{columns, escape};
use crate::column::{ColumnState, Judged};
use crate::indicators::Cycle;

/// Headings of the table. The address comes last and uncut, so that it can be copied.
const HEADINGS: [&str; 7] = ["状态", "最新日期", "周期", "类型", "栏目", "依据", "地址"];

/// Widest column of the table but the last; longer text is cut.
const WIDEST: usize = 36;

/// What a column is called that has no name; the configuration wants one.
const NAMELESS: &str = "未命名栏目";

/// The table, its columns aligned; says so where there is nothing to show.
pub fn table(judged: &[Judged]) -> String {
    if judged.is_empty() {
        return "最近一次扫描没有看到栏目页。\n".to_owned();
    }
    let heading = HEADINGS.map(str::to_owned);
    let rows: Vec<_> = std::iter::once(heading).chain(judged.iter().map(row)).collect();
    let mut widths = [0; HEADINGS.len()];
    for (width, index) in widths.iter_mut().zip(0..) {
        *width = rows.iter().map(|row| columns::width(&row[index])).max().unwrap_or(0);
    }
    let mut out = String::new();
    for row in rows {
        let padded: Vec<_> = row.iter().zip(widths).map(|(text, width)| columns::pad(text, width)).collect();
        out.push_str(padded.join("  ").trim_end());
        out.push('\n');
    }
    out.push_str(&totals(judged));
    out
}

fn row(judged: &Judged) -> [String; HEADINGS.len()] {
    let column = &judged.column;
    let fit = |text: &str| columns::fit(&escape::terminal(text), WIDEST);
    [
        fit(&state(judged.state)),
        judged.newest.map_or_else(|| "—".to_owned(), |newest| newest.to_string()),
        cycle(column.cycle),
        fit(&column.kind_name),
        fit(name(&column.name)),
        fit(&column.reason),
        escape::terminal(&judged.address),
    ]
}

fn totals(judged: &[Judged]) -> String {
    let count = |is: fn(ColumnState) -> bool| judged.iter().filter(|judged| is(judged.state)).count();
    let stale = count(|state| matches!(state, ColumnState::Stale { .. }));
    let empty = count(|state| state == ColumnState::Empty);
    let unclear = count(|state| matches!(state, ColumnState::CannotJudge(_)));
    format!(
        "\n共 {} 个栏目：超期 {stale}，空白 {empty}，无法判断 {unclear}。请核对名称、类型与周期；加 --toml \
         可输出供登记的配置。\n",
        judged.len()
    )
}

/// The register as the configuration reads it, to be pasted below the `[[site]]` it belongs to. Everything that is a
/// guess stands in a comment beside what it led to.
pub fn toml(judged: &[Judged]) -> String {
    let mut out = String::from(
        "# 栏目登记表（根据最近一次扫描提出，请逐项核对后粘贴到 sitewarden.toml 对应的 [[site]] 之下）\n\
         # kind 为 rules/columns.toml 中的类型；周期与该类型不同的，另写 cycle_days（天）。\n",
    );
    for judged in judged {
        out.push('\n');
        out.push_str(&block(judged));
    }
    out
}

/// One column as the configuration has it.
#[derive(Serialize)]
struct Block<'a> {
    name: &'a str,
    url: &'a str,
    kind: Option<&'a str>,
    cycle_days: Option<u32>,
}

fn block(judged: &Judged) -> String {
    let column = &judged.column;
    let name = escape::terminal(name(&column.name));
    let entry = Block {
        name: &name,
        url: &judged.address,
        kind: column.kind.as_deref(),
        cycle_days: column.own_cycle_days,
    };
    let fields = toml::to_string(&entry).expect("plain texts and numbers always make TOML");
    let sure = if column.sure { "" } else { "（推测）" };
    let newest = judged.newest.map_or_else(|| "无".to_owned(), |newest| newest.to_string());
    // The comment is one line whatever the site wrote into it: `terminal` folds line ends.
    let comment = escape::terminal(&format!(
        "{}{sure}：{}；周期：{}；最新日期：{newest}；{}",
        column.kind_name,
        column.reason,
        cycle(column.cycle),
        state(judged.state),
    ));
    let unknown = if entry.kind.is_none() && entry.cycle_days.is_none() {
        "# 请补充 kind 或 cycle_days，否则不判断是否超期\n"
    } else {
        ""
    };
    format!("[[site.column]]\n# {comment}\n{fields}{unknown}")
}

fn name(name: &str) -> &str {
    if name.trim().is_empty() { NAMELESS } else { name }
}

fn cycle(cycle: Option<Cycle>) -> String {
    cycle.map_or_else(|| "无".to_owned(), |cycle| cycle.to_string())
}

fn state(state: ColumnState) -> String {
    match state {
        ColumnState::NotAColumn => "不是栏目".to_owned(),
        ColumnState::CannotJudge(reason) => format!("无法判断：{reason}"),
        ColumnState::Fresh { .. } => "正常".to_owned(),
        ColumnState::Warn { due, .. } => format!("临近超期（{due} 前更新）"),
        ColumnState::Stale { days_overdue, .. } => format!("超期 {days_overdue} 天"),
        ColumnState::Empty => "空白".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::column::Classified;
    use crate::config;
    use crate::facts::PageKind;

    fn judged(name: &str, kind: Option<&str>, cycle: Option<Cycle>, state: ColumnState) -> Judged {
        let column = Classified {
            name: name.to_owned(),
            kind: kind.map(str::to_owned),
            kind_name: kind.map_or("类型不明", |_| "动态要闻类").to_owned(),
            cycle,
            own_cycle_days: None,
            warn: None,
            reason: format!("名称含“{name}”"),
            sure: kind.is_some(),
        };
        Judged {
            page: 1,
            address: "http://www.example.gov.cn/xwdt/?a=%E4%B8%AD&b='\"".to_owned(),
            kind: PageKind::Column,
            column,
            state,
            listed: None,
            newest: Some(date(2026, 11, 1)),
            rows: 20,
            dated: 20,
        }
    }

    fn sample() -> Vec<Judged> {
        let newest = date(2026, 11, 1);
        let stale = ColumnState::Stale { newest, due: date(2026, 11, 15), days_overdue: 6 };
        let news = || judged("要闻", Some("news"), Some(Cycle::Days(14)), stale);
        let unclear = ColumnState::CannotJudge("没有登记更新周期，名称也看不出");
        let mut own = news();
        own.column.own_cycle_days = Some(30);
        vec![
            news(),
            own,
            judged("", None, None, unclear),
            judged("\"\"\"\n[[site]]\r\n名'称\\\u{202e}\0", None, None, ColumnState::Empty),
            judged("# = ]", Some("notice"), None, ColumnState::Fresh { newest }),
        ]
    }

    #[test]
    fn the_configuration_reads_what_is_written() {
        let dir = tempfile::tempdir().expect("a scratch folder");
        let file = dir.path().join("sitewarden.toml");
        let site = "[[site]]\nid = \"a\"\nhome = \"http://www.example.gov.cn/\"\n";
        std::fs::write(&file, format!("{site}{}", toml(&sample()))).expect("written");
        let settings = config::load(&file).expect("no problem in it");
        let read = &settings.sites[0].columns;
        let names: Vec<_> = read.iter().map(|column| column.name.as_str()).collect();
        assert_eq!(names, ["要闻", "要闻", NAMELESS, "\"\"\" [[site]] 名'称\\<U+202E><U+0000>", "# = ]"]);
        let kinds: Vec<_> = read.iter().map(|column| column.kind.as_deref()).collect();
        assert_eq!(kinds, [Some("news"), Some("news"), None, None, Some("notice")]);
        assert_eq!(read[1].cycle_days, Some(30));
        for column in read {
            assert_eq!(column.address.as_str(), "http://www.example.gov.cn/xwdt/?a=%E4%B8%AD&b=%27%22");
        }
    }

    #[test]
    fn one_block_for_each_column() {
        insta::assert_snapshot!(toml(&sample()[..3]));
    }

    #[test]
    fn a_table_is_aligned() {
        insta::assert_snapshot!(table(&sample()));
        assert!(table(&[]).contains("没有看到栏目页"));
    }
}
