//! How far a scan is: a page that loads itself again, and events for those whose browsers run scripts.

use std::convert::Infallible;
use std::time::Duration;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::IntoResponse as _;
use axum::response::sse::{Event, Sse};
use futures_util::stream;

use crate::crawl::Tally;
use crate::report::figures;
use crate::web::answer::{Answer, page};
use crate::web::app::App;
use crate::web::shell::Shell;
use crate::web::visitor::Visitor;

/// Time between two events.
const PACE: Duration = Duration::from_secs(1);

/// Events of one connection. Browsers connect again by themselves, and a server that is told to stop need not wait long.
const EVENTS: u32 = 30;

#[derive(Template)]
#[template(path = "progress.html")]
struct ProgressPage {
    shell: Shell,
    site: String,
    told: String,
    tally: Option<Tally>,
}

/// How far the scan of a site is: as events where the visitor asks for them.
pub(in crate::web) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Answer {
    let site = app.site(&visitor, &id)?;
    let accepted = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    if accepted.is_some_and(|accepted| accepted.contains("text/event-stream")) {
        let events = stream::unfold((app, site.id, 0), |(app, site, sent)| async move {
            if sent >= EVENTS {
                return None;
            }
            if sent > 0 {
                tokio::time::sleep(PACE).await;
            }
            let tally = app.knobs.progress(&site);
            let event = Event::default().data(told(tally.as_ref()));
            // Nothing more is to be told of a scan that does not run.
            let sent = if tally.is_some() { sent + 1 } else { EVENTS };
            Some((Ok::<_, Infallible>(event), (app, site, sent)))
        });
        return Ok(Sse::new(events).into_response());
    }
    let tally = app.knobs.progress(&site.id);
    page(&ProgressPage {
        shell: Shell::new(&visitor, "overview", format!("{}：扫描进度", site.title())),
        site: id,
        told: told(tally.as_ref()),
        tally,
    })
}

fn told(tally: Option<&Tally>) -> String {
    let Some(tally) = tally else { return "当前没有正在进行的扫描".to_owned() };
    let count = figures::count;
    format!(
        "已检查 {} 页，已访问 {} / {} 个地址，待访问 {}，未访问 {}，发现问题 {} 个",
        count(tally.pages),
        count(tally.visited),
        count(tally.known),
        count(tally.queued),
        count(tally.skipped),
        count(tally.findings)
    )
}
