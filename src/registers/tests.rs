//! Tables as people hand them in.

use super::*;
use crate::indicators::RuleSet;
use crate::text::dictionary::Dictionary;

fn home() -> crate::address::Address {
    crate::address::Address::parse("https://www.example.gov.cn/").unwrap()
}

fn of(kind: Kind, csv: &str) -> Result<Rows, Vec<String>> {
    let told = |problems: Vec<RowError>| problems.iter().map(ToString::to_string).collect::<Vec<_>>();
    let table = Table::read(csv.as_bytes()).map_err(|problem| told(vec![problem]))?;
    read(kind, &table, &home(), &RuleSet::built_in()).map_err(told)
}

fn register(rows: Rows) -> Register {
    let (site, file, author) = ("a".to_owned(), "a.csv".to_owned(), "张三".to_owned());
    Register { number: 1, site, rows, file, author, at: Timestamp::UNIX_EPOCH }
}

#[test]
fn every_template_can_be_handed_in_as_it_is() {
    for kind in Kind::ALL {
        let rows = of(kind, &template(kind)).unwrap();
        assert_eq!((rows.kind(), rows.count()), (kind, 1));
        let json = serde_json::to_string(&rows).unwrap();
        assert_eq!(serde_json::from_str::<Rows>(&json).unwrap(), rows);
        assert_eq!(Kind::of_word(kind.word()), Some(kind));
    }
}

#[test]
fn every_problem_is_told_with_its_row() {
    let found = of(
        Kind::Columns,
        "栏目名称,栏目地址,栏目类型,更新周期（天）\n\
         要闻,/yw/,,\n\
         ,/tz/,,\n\
         公告,javascript:1,,\n\n\
         通知,/tz/,新闻联播,\n\
         政策,/zc/,,每天\n\
         要闻,https://www.example.gov.cn/yw/,,",
    )
    .unwrap_err();
    let starts = [
        "第 3 行：没有填写栏目名称",
        "第 4 行：栏目地址“javascript:1”不是网页地址",
        "第 5 行：没有栏目类型“新闻联播”",
        "第 6 行：更新周期“每天”不是天数",
        "第 7 行：“https://www.example.gov.cn/yw/”重复",
    ];
    assert_eq!(found.len(), starts.len(), "{found:?}");
    for (told, start) in found.iter().zip(starts) {
        assert!(told.starts_with(start), "{told}");
    }
    let check = |kind, csv: &str, expected: &str| {
        let found = of(kind, csv).unwrap_err();
        assert!(found.len() == 1 && found[0].contains(expected), "{csv}: {found:?}");
    };
    check(Kind::Columns, "", "没有内容");
    check(Kind::Columns, "栏目名称,栏目地址", "只有表头");
    check(Kind::Columns, "栏目名称\n要闻", "缺少“栏目地址”列");
    check(Kind::Columns, "栏目名称,栏目地址,颜色\n要闻,/yw/,红", "不认识的列“颜色”");
    check(Kind::Allow, "检查项,内容\nno-such,帐户", "没有检查项“no-such”");
    check(Kind::Allow, "内容\n\"帐户", "引号没有配对");
    check(Kind::Roster, "姓名,职务,任职日期\n张三,厅长,去年", "任职日期“去年”不是日期");
    check(Kind::Roster, "姓名,职务\n张三|李四,厅长", "有 | → # = 或 , 号");
    check(Kind::Messages, "编号,留言日期,标题,办结日期\n1,2026-11-05,x,2026-11-04", "早于留言日期");
}

#[test]
fn dates_are_read_as_people_write_them() {
    let day = jiff::civil::date(2026, 11, 5);
    for written in ["2026-11-05", "2026/11/5", "2026.11.05", "2026年11月5日", "46331", "2026-11-05 08:30"]
    {
        let rows = of(Kind::Messages, &format!("编号,留言日期,标题\n1,{written},x")).unwrap();
        let Rows::Messages(messages) = rows else { panic!("messages") };
        assert_eq!(messages[0].received, day, "{written}");
    }
}

#[test]
fn csv_keeps_what_stands_in_quotes() {
    let table = Table::read("a,\"b,\"\"c\"\"\nd\"\r\n\r\n,\ne\n".as_bytes()).unwrap();
    assert_eq!(table.0, [vec!["a", "b,\"c\"d"], vec!["e"]]);
    assert_eq!(Table::read(table.csv().as_bytes()).unwrap(), table);
    let (gbk, ..) = encoding_rs::GBK.encode("栏目名称,栏目地址\n通知公告栏目,/tzgg/\n");
    assert_eq!(Table::read(&gbk).unwrap().0[0], ["栏目名称", "栏目地址"]);
}

#[test]
fn a_workbook_is_read_and_a_hostile_one_refused() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (row, cells) in [["栏目名称", "栏目地址"], ["要闻", "/yw/"]].iter().enumerate() {
        for (column, cell) in cells.iter().enumerate() {
            sheet.write(row as u32, column as u16, *cell).unwrap();
        }
    }
    let table = Table::read(&book.save_to_buffer().unwrap()).unwrap();
    assert_eq!(table.0, [["栏目名称", "栏目地址"], ["要闻", "/yw/"]]);
    assert!(Table::read(b"PK\x03\x04 cut off").is_err());
    assert!(Table::read(&vec![b'x'; 9 << 20]).is_err());
    assert!(Table::read("甲\n".repeat(6_000).as_bytes()).is_err());
}

#[test]
fn registers_are_laid_over_the_settings() {
    let mut settings = crate::config::for_url(&home(), &[]);
    settings.sites[0].id = "a".to_owned();
    settings.sites[0].allow = vec!["帐户".to_owned()];
    let file = of(Kind::Columns, "栏目名称,栏目地址\n旧名,/yw/\n其他,/qt/").unwrap();
    let settings = apply(&settings, &[register(file)]);
    let columns =
        of(Kind::Columns, "栏目名称,栏目地址,更新周期（天）\n要闻,https://www.example.gov.cn/yw/,14")
            .unwrap();
    let allow = of(Kind::Allow, "检查项,内容\n,帐户\nmisspelling,登陆").unwrap();
    let elsewhere = Register { site: "b".to_owned(), ..register(of(Kind::Allow, "内容\n别处").unwrap()) };
    let site = &apply(&settings, &[register(columns), register(allow), elsewhere]).sites[0];
    let names: Vec<_> = site.columns.iter().map(|column| (column.name.as_str(), column.cycle_days)).collect();
    assert_eq!(names, [("要闻", Some(14)), ("其他", None)]);
    assert_eq!(site.allow, ["帐户", "misspelling:登陆"]);
}

#[test]
fn people_become_entries_of_a_dictionary() {
    let rows = of(
        Kind::Roster,
        "姓名,职务,任职日期,离任日期\n张三,示例厅厅长,2024-03-01,2026-01-31\n李四,示例厅厅长,2026-02-01,",
    )
    .unwrap();
    let text = roster(&[register(rows)]);
    let dictionary = Dictionary::parse("roster", &text).unwrap();
    assert_eq!(dictionary.entries.len(), 2);
    assert_eq!(dictionary.entries[0].title.as_deref(), Some("示例厅厅长"));
}
