//! Registers handed in as spreadsheets: upload, see what it says or all that is wrong with it, accept.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse as _, Redirect};

use crate::config::Site;
use crate::registers::{self, Kind, Rows, Table};
use crate::report::figures;
use crate::store::NewRegister;
use crate::web::answer::{Answer, Failure, page};
use crate::web::app::App;
use crate::web::form::Fields;
use crate::web::scope;
use crate::web::shell::Shell;
use crate::web::upload::Upload;
use crate::web::visitor::Visitor;

/// Rows shown before a register is accepted.
const SHOWN: usize = 100;

#[derive(Template)]
#[template(path = "imports.html")]
struct ImportsPage {
    shell: Shell,
    sites: Vec<(String, String)>,
    kinds: Vec<(&'static str, &'static str)>,
    in_force: Vec<InForce>,
}

/// A register that was accepted.
struct InForce {
    site: String,
    kind: &'static str,
    count: usize,
    file: String,
    author: String,
    at: String,
}

#[derive(Template)]
#[template(path = "import.html")]
struct ImportPage {
    shell: Shell,
    site: String,
    site_name: String,
    kind: &'static str,
    kind_name: &'static str,
    file: String,
    problems: Vec<String>,
    /// The table, where there is no problem: what is accepted is read again from it.
    csv: Option<String>,
    count: usize,
    heads: Vec<String>,
    rows: Vec<Vec<String>>,
    rest: usize,
}

fn name(site: &Site) -> String {
    site.name.clone().unwrap_or_else(|| site.home.host().to_owned())
}

fn kind(word: &str) -> Result<Kind, Failure> {
    Kind::of_word(word).ok_or_else(|| Failure::Wrong("请选择数据类别".to_owned()))
}

/// The form, and what is in force.
pub(in crate::web) async fn show(State(app): State<App>, visitor: Visitor) -> Answer {
    let registers = app.ask(|store| store.registers()).await?;
    let seen = registers.into_iter().filter(|register| visitor.sees(&register.site));
    page(&ImportsPage {
        shell: Shell::new(&visitor, "imports", "数据导入"),
        sites: scope::sites(&app, &visitor).iter().map(|site| (site.id.clone(), name(site))).collect(),
        kinds: Kind::ALL.map(|kind| (kind.word(), kind.chinese())).to_vec(),
        in_force: seen
            .map(|register| InForce {
                kind: register.rows.kind().chinese(),
                count: register.rows.count(),
                site: register.site,
                file: register.file,
                author: register.author,
                at: figures::minute(register.at),
            })
            .collect(),
    })
}

/// Reads a file and shows what it says, or what is wrong with it.
pub(in crate::web) async fn preview(State(app): State<App>, visitor: Visitor, upload: Upload) -> Answer {
    let site = scope::site(&app, &visitor, upload.get("site"))?;
    let kind = kind(upload.get("kind"))?;
    let file = upload.file.ok_or_else(|| Failure::Wrong("请选择文件".to_owned()))?;
    let (rules, home) = (app.current().rules, site.home.clone());
    let read = tokio::task::spawn_blocking(move || {
        let table = Table::read(&file.bytes).map_err(|problem| vec![problem])?;
        registers::read(kind, &table, &home, &rules).map(|rows| (table, rows))
    });
    let read = read.await.map_err(|error| {
        tracing::error!(%error, "reading an import has ended in a panic");
        Failure::Broken
    })?;
    let mut shown = ImportPage {
        shell: Shell::new(&visitor, "imports", format!("导入{}", kind.chinese())),
        site_name: name(&site),
        site: site.id,
        kind: kind.word(),
        kind_name: kind.chinese(),
        file: file.name,
        problems: Vec::new(),
        csv: None,
        count: 0,
        heads: Vec::new(),
        rows: Vec::new(),
        rest: 0,
    };
    match read {
        Err(problems) => shown.problems = problems.iter().map(ToString::to_string).collect(),
        Ok((Table(mut lines), rows)) => {
            shown.count = rows.count();
            shown.csv = Some(Table(lines.clone()).csv());
            shown.rest = rows.count().saturating_sub(SHOWN);
            shown.heads = lines.remove(0);
            let width = shown.heads.len();
            lines.truncate(SHOWN);
            lines.iter_mut().for_each(|line| line.resize(width, String::new()));
            shown.rows = lines;
        }
    }
    page(&shown)
}

/// Accepts what was shown. It is read once more, as a form may say anything.
pub(in crate::web) async fn accept(State(app): State<App>, visitor: Visitor, fields: Fields) -> Answer {
    let site = scope::site(&app, &visitor, fields.get("site"))?;
    let kind = kind(fields.get("kind"))?;
    let rows = reread(&app, &site, kind, fields.raw("csv"))?;
    let (at, author) = (app.now(), visitor.actor());
    let file: String = fields.get("file").chars().take(120).collect();
    let detail = format!("{} {} 行", file, rows.count());
    let note = visitor.action(at, "register.accept", format!("{}/{}", site.id, kind.word()), detail);
    let register = NewRegister { site: site.id, rows, file, author, at };
    app.ask(move |store| store.put_register(&register, &note)).await?;
    app.knobs.reload();
    Ok(Redirect::to("/imports").into_response())
}

fn reread(app: &App, site: &Site, kind: Kind, csv: &str) -> Result<Rows, Failure> {
    let table = Table::read(csv.as_bytes()).map_err(|problem| vec![problem]);
    let rows = table.and_then(|table| registers::read(kind, &table, &site.home, &app.current().rules));
    rows.map_err(|problems| Failure::Wrong(problems.first().map_or_else(String::new, ToString::to_string)))
}

/// A file to fill in.
pub(in crate::web) async fn template(Path(word): Path<String>) -> Answer {
    let kind = Kind::of_word(&word).ok_or(Failure::NotFound)?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}.csv\"", kind.word())),
    ];
    Ok((headers, registers::template(kind)).into_response())
}
