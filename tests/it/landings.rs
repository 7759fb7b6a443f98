//! Pages of strangers that only send their visitors on: judged by what stands there, one step further and no more.

use sitewarden::finding::Finding;

use crate::server::{Reply, Routes, Server};

const SPAM: &str = "<title>百家乐真人荷官_六合彩投注</title><p>真人荷官，百家乐，六合彩，时时彩，注册送彩金，快三，赌场。</p>";

/// What is found of a site that links to a stranger whose page is this, and which of the stranger's pages were asked for.
fn behind(page: &str) -> (Vec<Finding>, Vec<String>) {
    let stranger = Server::start(
        Routes::default()
            .at("/attack", Reply::page(page))
            .at("/spam", Reply::page(SPAM))
            .at("/further", Reply::page("<script>location.href='/spam'</script>")),
    );
    let home = format!("<title>首页</title><a href={}attack>合作单位</a>", stranger.home());
    let report = Server::start(Routes::default().at("/", Reply::page(home))).scan(|_| ());
    assert!(report.coverage.finished && report.could_not_run.is_empty(), "{page}");
    let findings = report.findings.into_iter().map(|reported| reported.finding);
    let found = findings.filter(|finding| finding.check == "bad-external-link").collect();
    (found, stranger.log().into_iter().map(|asked| asked.target).collect())
}

#[test]
fn what_a_page_sends_its_visitors_to_is_judged() {
    for page in [
        "<script>location.href='/spam'</script>",
        "<script>window.location.replace(unescape('%2f%73%70%61%6d'))</script>",
        "<script>top.location=String.fromCharCode(47,115,112,97,109)</script>",
        "<script>if(/Android|iPhone/.test(navigator.userAgent))location.href='/spam'</script>",
        "<meta http-equiv=refresh content='0;url=/spam'>",
    ] {
        let (found, asked) = behind(page);
        assert_eq!(found.len(), 1, "{page}: {asked:?}");
        assert!(found[0].evidence.contains("百家乐"), "{page}: {}", found[0].evidence);
    }
}

#[test]
fn a_script_is_followed_once_and_nowhere_inside() {
    for (page, asks_on) in [
        ("<script>location.href='/further'</script>", true),
        ("<script>location.href='http://169.254.169.254/latest/'</script>", false),
        ("<script>location.href='http://127.0.0.1:25/'</script>", false),
        ("<script>location.href='javascript:location.href=\\'/spam\\''</script>", false),
        ("<script>location.href='file:///etc/passwd'</script>", false),
        ("<script>location.href='/attack'</script>", false),
    ] {
        let (found, asked) = behind(page);
        assert!(found.is_empty(), "{page}: {found:#?}");
        assert_eq!(asked.iter().any(|target| target == "/further"), asks_on, "{page}: {asked:?}");
        assert!(!asked.iter().any(|target| target == "/spam"), "{page}: {asked:?}");
    }
    // A page that has something to say is judged by that, whatever its scripts could do.
    let text = "本会是由从事环境保护工作的单位和个人自愿组成的社会团体，开展学术交流、科普宣传和咨询服务。"
        .repeat(6);
    let (found, asked) =
        behind(&format!("<title>学会</title><p>{text}</p><script>location.href='/spam'</script>"));
    assert!(found.is_empty() && !asked.iter().any(|target| target == "/spam"), "{asked:?}");
}
