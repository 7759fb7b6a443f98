//! The behaviour probe: one site with every trap that link checkers are known to fall into, scanned once over a real
//! connection. Each test is one trap, told from the report and from what the server was asked.

use std::{
    sync::{
        LazyLock,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use sitewarden::facts::Skip;
use sitewarden::finding::Finding;
use sitewarden::link::Verdict;
use sitewarden::report::Report;
use sitewarden::scan::ScanError;

use crate::server::{Asked, Reply, Routes, Server};

/// The home page, which leads to every trap.
const HOME: &str = r#"<!doctype html><html><head><title>探测站</title>
<link rel="stylesheet" href="/style.css"><style>h1{background:url(/from-style.png)}</style></head><body>
<h1>探测站</h1>
<p><a href="/flaky.html">忙</a> <a href="/patience.html">稍候</a> <a href="/no-head.html">只答 GET</a></p>
<p><a href="/loop-a.html">循环</a> <a href="/reset.html">重置</a> <a href="/challenge.html">质询</a> <a href="/tagged.html">有标签</a></p>
<p><a href="/gb.html">国标码</a> <a href="/case/A.html">大写</a> <a href="/case/a.html">小写</a></p>
<p><a href="/fake.pdf">公告</a> <a href="/empty.doc">表格</a> <img src="/fake.png"></p>
<p><a href="/gone.html">已无</a> <a href="/scripted.html">脚本</a> <a href="/closed/a.html">不可</a></p>
<p><img data-src="/lazy.png"> <img src="/a.png" srcset="/twice.png 2x"> <iframe src="/frame.html"></iframe></p>
<p><a href="/drip.html">慢</a> <a href="/calendar?y=2026&amp;m=11">日历</a> <a href="/deep/a/">深</a></p>
<p><a href="/s.html;jsessionid=AAA">甲</a> <a href="/s.html;jsessionid=BBB">乙</a></p>
<p><a href="/ent.html?a=1&amp;b=2">实体</a> <a href="/based/index.html">基址</a> <a href="\back\slash.html">反斜线</a></p>
<p><a href="/inward.html">内网</a> <a href="/metadata.html">元数据</a> <a href="/refresh.html">刷新</a></p>
<div style="display:none"><a href="/hidden.html">藏</a></div>
</body></html>"#;

/// A page of which nothing is to be said.
fn plain(title: &str) -> Reply {
    Reply::page(format!("<!doctype html><title>{title}</title><p>{title}的内容，与众不同。</p>"))
}

/// An error page that carries all the tags of an article, as templates make them.
fn tagged_error() -> Reply {
    let html =
        "<title>出错了</title><meta name=ArticleTitle content=题><meta name=PubDate content=2026-01-02>";
    Reply::Answer(
        "404 Not Found\r\nContent-Type: text/html; charset=utf-8".to_owned(),
        html.as_bytes().to_vec(),
    )
}

/// A page that declares its encoding in a `meta` only, as many do.
fn national_code() -> Reply {
    let html = "<html><head><meta http-equiv=\"Content-Type\" content=\"text/html; charset=gb2312\">\
                <title>国标码</title></head><body><a href=\"/附件.html?k=中国\">附件</a></body></html>";
    Reply::file("text/html", encoding_rs::GBK.encode(html).0)
}

/// A month of a calendar without end: leads to the months beside it.
fn month(target: &str) -> Reply {
    let number = |key: &str| {
        let (_, rest) = target.split_once(key)?;
        rest.split('&').next()?.parse::<i32>().ok()
    };
    let month = number("y=").unwrap_or_default() * 12 + number("m=").unwrap_or_default() - 1;
    let link =
        |month: i32| format!("/calendar?y={}&amp;m={}", month.div_euclid(12), month.rem_euclid(12) + 1);
    let (before, after) = (link(month - 1), link(month + 1));
    Reply::page(format!(
        "<title>{month}</title><p>第 {month} 月</p><a href={before}>上月</a><a href={after}>下月</a>"
    ))
}

fn routes() -> Routes {
    let busy = || Reply::status("503 Service Unavailable");
    Routes::default()
        .at("/", Reply::page(HOME))
        .at("/robots.txt", Reply::file("text/plain", "User-agent: *\nDisallow: /closed/\n"))
        .at("/style.css", Reply::file("text/css", "p{background:url('/from-css.png')}"))
        .turns("/flaky.html", [busy(), busy(), plain("忙")])
        .turns("/patience.html", [Reply::status("429 Too Many Requests\r\nRetry-After: 2"), plain("稍候")])
        .at("/no-head.html", plain("只答 GET"))
        .at("/loop-a.html", Reply::to("/loop-b.html"))
        .at("/loop-b.html", Reply::to("/loop-a.html"))
        .at("/reset.html", Reply::Reset)
        .at("/tagged.html", tagged_error())
        .at(
            "/challenge.html",
            Reply::Answer(
                "412 Precondition Failed\r\nContent-Type: text/html".to_owned(),
                b"<html><script>$_ts=window['$_ts'];</script></html>".to_vec(),
            ),
        )
        .at("/gb.html", national_code())
        .at("/%E9%99%84%E4%BB%B6.html?k=%D6%D0%B9%FA", plain("附件"))
        .at("/case/A.html", plain("大写"))
        .at("/fake.pdf", Reply::page("<title>登录</title><form>请登录</form>"))
        .at("/empty.doc", Reply::file("application/msword", ""))
        .at("/fake.png", Reply::page("<p>图片不存在</p>"))
        .at("/gone.html", Reply::page("<title>提示</title><p>您访问的页面不存在</p>"))
        .at(
            "/scripted.html",
            Reply::page(
                "<title>脚本</title><p>这里的脚本会带人去别处，但要先点击。这里的文字足够多，所以没有人会以为本页只是\
                 一次跳转：它说明如何办理、到哪里办理、需要带上什么材料、几个工作日可以办好，还写明了联系电话和办公\
                 地址，以及不满意时可以向谁反映。</p><div onclick=\"window.open('/onclick.html')\">点</div>\
                 <script>function go(){ location.href='/inline.html' }</script>",
            ),
        )
        .at("/frame.html", plain("框架"))
        .at("/drip.html", Reply::Drip)
        .below("/calendar", month)
        .below("/deep/", |target| Reply::page(format!("<title>{target}</title><a href='a/'>{target}</a>")))
        .below("/s.html", |_| plain("会话"))
        .at("/ent.html?a=1&b=2", plain("实体"))
        .at(
            "/based/index.html",
            Reply::page("<base href='/other/'><title>基址</title><a href='rel-ok.html'>相对</a>"),
        )
        .at("/other/rel-ok.html", plain("相对"))
        .at("/back/slash.html", plain("反斜线"))
        .at("/inward.html", Reply::to("http://10.1.2.3/oa/"))
        .at("/metadata.html", Reply::to("http://169.254.169.254/latest/"))
        .at("/refresh.html", Reply::page("<meta http-equiv=refresh content='0; url=/refreshed.html'>"))
        .at("/refreshed.html", plain("刷新"))
        .at("/hidden.html", plain("藏"))
}

/// What came of scanning it.
struct Probed {
    report: Report,
    log: Vec<Asked>,
}

static PROBED: LazyLock<Probed> = LazyLock::new(|| {
    let server = Server::start(routes());
    let report = server.scan(|_| ());
    Probed { report, log: server.log() }
});

impl Probed {
    /// How often a target was asked for.
    fn asked(&self, target: &str) -> usize {
        self.log.iter().filter(|asked| asked.target == target).count()
    }

    /// How many requests began with this.
    fn asked_below(&self, prefix: &str) -> usize {
        self.log.iter().filter(|asked| asked.target.starts_with(prefix)).count()
    }

    /// The findings about a target, as `check: evidence`.
    fn found(&self, path: &str) -> Vec<String> {
        about(&self.report, path).map(|finding| format!("{}: {}", finding.check, finding.evidence)).collect()
    }

    /// Asserts that there is exactly one finding about a target, of this check and with this in its evidence.
    #[track_caller]
    fn expect(&self, path: &str, check: &str, evidence: &str) {
        let found = self.found(path);
        let is_it = |one: &String| one.starts_with(check) && one.contains(evidence);
        assert!(found.len() == 1 && is_it(&found[0]), "{path}: {found:?}");
    }

    /// Asserts that a target was asked for so often and that nothing is wrong with it.
    #[track_caller]
    fn fine(&self, target: &str, times: usize) {
        assert_eq!(self.asked(target), times, "{target}: {:?}", self.log);
        assert_eq!(self.found(target), [""; 0], "{target}");
    }
}

/// The findings about links to a path of the server.
fn about<'a>(report: &'a Report, path: &str) -> impl Iterator<Item = &'a Finding> {
    let target = format!("{}{}", report.home, path.trim_start_matches('/'));
    let findings = report.findings.iter().map(|reported| &reported.finding);
    findings.filter(move |finding| finding.target.as_deref() == Some(&target))
}

#[test]
fn a_busy_moment_is_no_dead_link() {
    PROBED.fine("/flaky.html", 3);
}

#[test]
fn a_plea_for_patience_is_heard() {
    PROBED.fine("/patience.html", 2);
    let at: Vec<Instant> =
        PROBED.log.iter().filter(|asked| asked.target == "/patience.html").map(|asked| asked.at).collect();
    assert!(at[1] - at[0] >= Duration::from_secs(2), "{:?}", at[1] - at[0]);
}

#[test]
fn nobody_is_asked_with_head() {
    PROBED.fine("/no-head.html", 1);
    assert!(PROBED.log.iter().all(|asked| asked.method == "GET"), "{:?}", PROBED.log);
}

#[test]
fn a_redirect_loop_is_named_after_a_few_requests() {
    PROBED.expect("/loop-a.html", "redirect-loop", "循环跳转");
    let asked = PROBED.asked("/loop-a.html") + PROBED.asked("/loop-b.html");
    assert!((6..=9).contains(&asked), "two or three requests a try: {asked}");
}

#[test]
fn a_reset_connection_is_no_answer() {
    PROBED.expect("/reset.html", "dead-link", "连接被中断");
    assert!(PROBED.asked("/reset.html") <= 4, "three tries, one of them repeated on a fresh connection");
}

#[test]
fn an_error_page_is_no_page_whatever_its_tags_say() {
    PROBED.expect("/tagged.html", "dead-link", "404");
    let samples = PROBED.report.kinds.iter().flat_map(|sample| &sample.samples);
    assert_eq!(samples.filter(|address| address.ends_with("/tagged.html")).count(), 0);
    assert!(PROBED.report.kinds.iter().all(|sample| sample.reason != "article tags"));
}

#[test]
fn a_challenge_says_nothing_about_the_page() {
    PROBED.fine("/challenge.html", 1);
    assert_eq!(PROBED.report.coverage.verdicts.get(&Verdict::Blocked), Some(&1));
}

#[test]
fn a_link_on_a_gbk_page_is_read_as_browsers_do() {
    PROBED.fine("/%E9%99%84%E4%BB%B6.html?k=%D6%D0%B9%FA", 1);
}

#[test]
fn paths_know_capitals() {
    PROBED.fine("/case/A.html", 1);
    PROBED.expect("/case/a.html", "dead-link", "404");
}

#[test]
fn files_are_judged_by_their_bytes() {
    PROBED.expect("/fake.pdf", "broken-attachment", "登录页面");
    PROBED.expect("/empty.doc", "broken-attachment", "0 字节");
    PROBED.expect("/fake.png", "broken-image", "错误提示页面");
}

#[test]
fn a_page_that_says_it_is_gone_is_gone() {
    PROBED.expect("/gone.html", "soft-404", "页面不存在");
}

#[test]
fn links_are_found_where_scripts_keep_them() {
    PROBED.expect("/lazy.png", "broken-image", "404"); // What visitors will see.
    for guess in ["/onclick.html", "/inline.html"] {
        assert!(PROBED.asked(guess) >= 1, "{guess} was never asked for");
        assert_eq!(PROBED.found(guess), [""; 0], "a guess that fails proves nothing");
    }
}

#[test]
fn links_are_found_outside_of_anchors() {
    for target in ["/twice.png", "/from-style.png", "/from-css.png", "/frame.html", "/refreshed.html"] {
        assert!(PROBED.asked(target) >= 1, "{target} was never asked for");
    }
}

#[test]
fn a_hidden_link_is_followed() {
    PROBED.fine("/hidden.html", 1);
}

#[test]
fn robots_txt_is_obeyed_and_the_coverage_says_so() {
    PROBED.fine("/closed/a.html", 0);
    assert_eq!(PROBED.report.coverage.skipped.get(&Skip::Robots), Some(&1));
}

#[test]
fn a_drip_is_given_up() {
    PROBED.expect("/drip.html", "dead-link", "内容传输过慢");
}

#[test]
fn endless_addresses_are_bounded() {
    let calendar = PROBED.asked_below("/calendar");
    assert!((10..=40).contains(&calendar), "a calendar took {calendar} requests");
    let deep =
        PROBED.log.iter().filter(|asked| asked.target.starts_with("/deep/a/") && asked.target.ends_with("/"));
    assert!(deep.count() <= 3, "a segment may stand in a path three times");
    let coverage = &PROBED.report.coverage;
    assert!(coverage.budgets_hit.iter().any(|hit| hit.contains("/calendar")), "{:?}", coverage.budgets_hit);
    assert!(coverage.skipped.contains_key(&Skip::TrapBudget), "{:?}", coverage.skipped);
    assert!(coverage.skipped.contains_key(&Skip::TrapShape), "{:?}", coverage.skipped);
}

#[test]
fn a_session_id_makes_no_second_page() {
    assert_eq!(PROBED.asked_below("/s.html"), 1);
}

#[test]
fn links_are_decoded_and_resolved_as_browsers_do() {
    PROBED.fine("/ent.html?a=1&b=2", 1);
    PROBED.fine("/other/rel-ok.html", 1);
    PROBED.fine("/based/rel-ok.html", 0);
    PROBED.fine("/back/slash.html", 1);
}

#[test]
fn a_redirect_into_a_private_network_is_refused_and_reported() {
    PROBED.expect("/inward.html", "dead-link", "内网地址");
    PROBED.expect("/metadata.html", "dead-link", "内网地址");
    assert_eq!((PROBED.asked("/inward.html"), PROBED.asked("/metadata.html")), (1, 1));
}

#[test]
fn a_slow_page_stops_nobody_else() {
    let level = |target: &str| {
        let depth: u32 = target.trim_start_matches("/level/").parse().unwrap_or(0);
        match depth {
            5 => plain("底"),
            _ => {
                Reply::page(format!("<title>{depth}</title><a href='/level/{}'>第 {depth} 层</a>", depth + 1))
            }
        }
    };
    let home = Reply::page("<title>首页</title><a href='/drip.html'>慢</a><a href='/level/1'>快</a>");
    let server =
        Server::start(Routes::default().at("/", home).at("/drip.html", Reply::Drip).below("/level/", level));
    server.scan(|settings| {
        settings.fetch.deadlines.idle = Duration::from_secs(1);
        settings.crawl.confirm_tries = 2;
    });
    let log = server.log();
    let position = |target: &str, nth: usize| {
        let mut positions = log.iter().enumerate().filter(|(_, asked)| asked.target == target);
        positions.nth(nth).map(|(position, _)| position)
    };
    let (bottom, again) = (position("/level/5", 0), position("/drip.html", 1));
    assert!(bottom.is_some() && bottom < again, "{log:?}");
}

/// Asserts that seven links which are redirected to `elsewhere` are seven dead links, and the site is not down.
fn check_redirects_to_a_dead_host(elsewhere: &'static str) {
    let links: String = (1..=7).map(|n| format!("<a href='/out/{n}'>{n}</a>")).collect();
    let home = Reply::page(format!("<title>首页</title>{links}<a href='/deeper.html'>其他</a>"));
    let server = Server::start(
        Routes::default()
            .at("/", home)
            .at("/deeper.html", plain("其他"))
            .below("/out/", move |target| Reply::to(&format!("{elsewhere}{target}"))),
    );
    let report = server.scan(|_| ());
    let found = |check: &str| report.findings.iter().filter(|one| one.finding.check == check).count();
    assert_eq!((found("host-down"), found("dead-link")), (0, 7), "{elsewhere}");
    assert!(server.log().iter().any(|asked| asked.target == "/deeper.html"));
    assert_eq!(report.coverage.skipped.get(&Skip::HostDown), None);
}

#[test]
fn a_dead_host_behind_redirects_is_not_the_site() {
    check_redirects_to_a_dead_host("http://10.1.2.3");
    check_redirects_to_a_dead_host("http://127.0.0.1:1");
}

#[test]
fn a_firewall_that_wakes_up_makes_no_dead_links() {
    let links: String = (0..60).map(|n| format!("<a href='/n/{n}.html'>{n}</a>")).collect();
    let refused = || Reply::status("500 Internal Server Error");
    let asked = AtomicUsize::new(0);
    let server = Server::start(
        Routes::default().turns("/", [Reply::page(format!("<title>首页</title>{links}")), refused()]).below(
            "/n/",
            move |target| match asked.fetch_add(1, Ordering::Relaxed) {
                0..10 => plain(target),
                _ => refused(),
            },
        ),
    );
    let report = server.scan(|settings| settings.crawl.confirm_spacing = Duration::from_millis(500));
    let dead = report.findings.iter().filter(|reported| reported.finding.check == "dead-link").count();
    assert_eq!(dead, 0, "{:?}", report.coverage);
    assert_eq!(report.coverage.verdicts.get(&Verdict::Unverified), Some(&50), "{:?}", report.coverage);
}

#[test]
fn a_site_of_which_nothing_was_seen_is_no_clean_site() {
    for home in [Reply::Reset, Reply::status("503 Service Unavailable"), Reply::to("http://10.1.2.3/")] {
        let server = Server::start(Routes::default().at("/", home));
        let data = tempfile::tempdir().expect("a scratch folder");
        let failed = server.scan_into(data.path(), |_| ()).expect_err("nothing was seen");
        assert!(matches!(failed, ScanError::NoHome { .. }), "{failed}");
    }
}
