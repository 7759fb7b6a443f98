//! A site on loopback that is made as it is asked for, and counts who asks.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    extract::State,
    http::{StatusCode, Uri, header},
    response::{IntoResponse, Response},
};

/// Columns of the site.
const COLUMNS: usize = 12;
/// Articles of each.
const ARTICLES: usize = 24;
/// How long each answer takes, so that a scan takes long enough to be killed in the middle.
const DELAY: Duration = Duration::from_millis(4);

/// Requests by path.
pub(crate) type Counts = BTreeMap<String, usize>;

/// The site while it is up; it stops when this is dropped.
pub(crate) struct Portal {
    pub(crate) address: SocketAddr,
    counts: Arc<Mutex<Counts>>,
    _runtime: tokio::runtime::Runtime,
}

impl Portal {
    /// Serves the site on a free port. Links of it lead to `down`, where nobody listens.
    pub(crate) fn start(down: SocketAddr) -> Portal {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a runtime");
        let counts: Arc<Mutex<Counts>> = Arc::default();
        let listener =
            runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).expect("loopback has free ports");
        let address = listener.local_addr().expect("it is bound");
        let router = Router::new().fallback(answer).with_state((counts.clone(), down));
        runtime.spawn(async move { axum::serve(listener, router).await });
        Portal { address, counts, _runtime: runtime }
    }

    /// How often each path was asked for since the last call of [`Portal::forget`].
    pub(crate) fn counts(&self) -> Counts {
        self.counts.lock().expect("nobody panics with it").clone()
    }

    /// Requests in all.
    pub(crate) fn requests(&self) -> usize {
        self.counts.lock().expect("nobody panics with it").values().sum()
    }

    /// Counts from zero again.
    pub(crate) fn forget(&self) {
        self.counts.lock().expect("nobody panics with it").clear();
    }
}

async fn answer(State((counts, down)): State<(Arc<Mutex<Counts>>, SocketAddr)>, uri: Uri) -> Response {
    *counts.lock().expect("nobody panics with it").entry(uri.to_string()).or_default() += 1;
    tokio::time::sleep(DELAY).await;
    match page(uri.path(), down) {
        Some(body) => ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], body).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// The page at `path`; `None` where there is none.
fn page(path: &str, down: SocketAddr) -> Option<String> {
    let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    let column =
        |segment: &str| segment.strip_prefix('c')?.parse::<usize>().ok().filter(|column| *column < COLUMNS);
    match segments[..] {
        [] => {
            let links = (0..COLUMNS).map(|c| format!("<a href=\"/c{c}/\">栏目{c}</a> ")).collect::<String>();
            Some(document("示例网站", &format!("<div class=\"nav\">{links}</div>")))
        }
        [folder] => {
            let column = column(folder)?;
            let rows = (0..ARTICLES)
                .map(|a| {
                    format!(
                        "<li><a href=\"{a}.html\">{}</a><span>2026-11-{:02}</span></li>",
                        title(column, a),
                        1 + a % 20
                    )
                })
                .collect::<String>();
            Some(document(&format!("栏目{column}"), &format!("<ul class=\"list\">{rows}</ul>")))
        }
        [folder, file] => {
            let article = file.strip_suffix(".html")?.parse().ok().filter(|article| *article < ARTICLES)?;
            Some(document(&title(column(folder)?, article), &text(column(folder)?, article, down)))
        }
        _ => None,
    }
}

fn title(column: usize, article: usize) -> String {
    format!("第{column}栏目第{article}条工作信息")
}

fn text(column: usize, article: usize, down: SocketAddr) -> String {
    let number = column * ARTICLES + article;
    let mut text = format!(
        "<h1>{}</h1><p>第{number}次会议听取了工作情况汇报，对下一阶段任务作出安排。</p>",
        title(column, article)
    );
    let mut add = |every: usize, what: String| {
        if number % every == 3 {
            text.push_str(&what);
        }
    };
    add(9, format!("<p><a href=\"/gone/{number}.html\">附注</a></p>"));
    add(11, format!("<p><img src=\"/tu/{number}.png\" alt=\"\"></p>"));
    add(13, "<p>各单位要认真布署。</p>".to_owned());
    add(17, "<p>加强幅射安全监管。</p>".to_owned());
    add(19, format!("<p><a href=\"http://192.168.7.{}/oa/\">内网</a></p>", number % 200 + 1));
    add(23, format!("<p><a href=\"http://{down}/{number}.html\">旧系统</a></p>"));
    text
}

fn document(title: &str, body: &str) -> String {
    format!(
        "<!DOCTYPE html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><title>{title}</title></head>\
         <body>{body}<p><a href=\"/\">首页</a></p></body></html>"
    )
}
