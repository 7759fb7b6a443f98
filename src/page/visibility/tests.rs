//! What hides what: one line of markup a case.

use super::*;
use crate::address::Address;
use crate::page::tests::page;
use Hiding::*;

const THRESHOLDS: Thresholds = Thresholds {
    box_px: 3.0,
    font_px: 1.0,
    offscreen_px: 500.0,
    indent_px: 300.0,
    pushed_px: 3000.0,
    opacity: 0.05,
    contrast: 1.15,
    marquee_px: 10.0,
};

/// What hides the last link of a page, given a sheet at `/a.css`.
fn hidden_with(css: &str, html: &str) -> Option<Hidden> {
    let sheets = Sheets::default();
    sheets.insert(&Address::parse("http://www.example.gov.cn/a.css").unwrap(), css.as_bytes());
    let page = page(html);
    let sight = Sight::new(&page.dom, sheets.wanted(&page), &[], &THRESHOLDS);
    let node = page.links.last().expect("a link").node;
    sight.hidden(node)
}

#[track_caller]
fn check(html: &str, expected: Option<Hiding>) {
    assert_eq!(hidden_with("", html).map(|hidden| hidden.by), expected, "{html}");
}

#[test]
fn inline_styles() {
    check("<a href=x>字</a>", None);
    check("<div style='display:none'><a href=x>字</a></div>", Some(Display));
    check("<div style='display:none;display:block'><a href=x>字</a></div>", None);
    check("<div style='display:none !important;display:block'><a href=x>字</a></div>", Some(Display));
    check("<a href=x><b style='visibility:hidden'>字</b></a>", Some(Visibility));
    check("<p style='visibility:hidden'><a href=x style='visibility:visible'>字</a></p>", None);
    check("<div style='height:0;overflow:hidden'><a href=x>字</a></div>", Some(ZeroBox));
    check("<div style='height:0'><a href=x>字</a></div>", None);
    check("<span style='height:0;overflow:hidden'><a href=x>字</a></span>", None);
    check("<div style='height:0;overflow:hidden'><a href=x style='position:absolute'>字</a></div>", None);
    check(
        "<div style='height:0;overflow:hidden;position:relative'><a href=x style='position:absolute'>字</a></div>",
        Some(ZeroBox),
    );
    check("<div style='max-height:0;overflow:hidden'><a href=x>字</a></div>", Some(ZeroBox));
    check("<div style='position:absolute;left:-9999px'><a href=x>字</a></div>", Some(Offscreen));
    check("<div style='left:-9999px'><a href=x>字</a></div>", None);
    check(
        "<div style='position:absolute;left:-9999px'><a href=x style='position:fixed;left:0'>字</a></div>",
        None,
    );
    check("<div style='position:fixed;top:-100em'><a href=x>字</a></div>", Some(Offscreen));
    check("<div style='margin-left:-2000px'><a href=x>字</a></div>", Some(Offscreen));
    check("<div style='transform:translateX(-9999px)'><a href=x>字</a></div>", Some(Offscreen));
    check("<div style='text-indent:-9999px'><a href=x>字</a></div>", Some(Indent));
    check("<div style='position:absolute;clip:rect(0,0,0,0)'><a href=x>字</a></div>", Some(Clip));
    check("<div style='clip:rect(0,0,0,0)'><a href=x>字</a></div>", None);
    check("<div style='clip-path:inset(100%)'><a href=x>字</a></div>", Some(Clip));
    check("<div style='opacity:.01'><a href=x>字</a></div>", Some(Opacity));
    check("<div style='filter:opacity(0)'><a href=x>字</a></div>", Some(Opacity));
    check("<div style='font-size:0'><a href=x>字</a></div>", Some(Tiny));
    check("<div style='font-size:0'><a href=x style='font-size:12px'>字</a></div>", None);
    check("<div style='font-size:0'><a href=x><img src=a></a></div>", None);
    check("<div style='transform:scale(0)'><a href=x>字</a></div>", Some(Collapsed));
    check("<div style='content-visibility:hidden'><a href=x>字</a></div>", Some(Collapsed));
    check("<div style='margin-top:5000px'><a href=x>字</a></div>", Some(PushedAway));
    check(&format!("<p>文{}<a href=x>字</a>", "<br>".repeat(100)), Some(PushedAway));
}

#[test]
fn colours() {
    check("<a href=x style='color:#fff'>字</a>", Some(SameColour));
    check("<a href=x style='color:#fefefe'>字</a>", Some(SameColour));
    check("<a href=x style='color:#999'>字</a>", None);
    check("<a href=x style='color:transparent'>字</a>", Some(SameColour));
    // Links have a colour of their own.
    check("<font color=white><a href=x>字</a></font>", None);
    check("<a href=x><font color=white>字</font></a>", Some(SameColour));
    check("<div style='background:#00f'><a href=x style='color:#fff'>字</a></div>", None);
    check("<div style='background:#000'><a href=x style='color:#000'>字</a></div>", Some(SameColour));
    check("<div style='background:url(a.png)'><a href=x style='color:#fff'>字</a></div>", None);
    check("<body bgcolor=black link=black><a href=x>字</a>", Some(SameColour));
    check("<table bgcolor=#eeeeee><td><a href=x style='color:#eeeeee'>字</a>", Some(SameColour));
    check("<div style='position:absolute'><a href=x style='color:#fff'>字</a></div>", None);
    // A missing sheet may say what is behind it.
    check("<link rel=stylesheet href=missing.css><a href=/x style='color:#fff'>字</a>", None);
}

#[test]
fn elements_and_attributes() {
    check("<div hidden><a href=x>字</a></div>", Some(Semantic));
    check("<div hidden style='display:block'><a href=x>字</a></div>", None);
    check("<details><summary>题</summary><a href=x>字</a></details>", Some(Semantic));
    check("<details><summary><a href=x>字</a></summary></details>", None);
    check("<details open><a href=x>字</a></details>", None);
    check("<dialog><a href=x>字</a></dialog>", Some(Semantic));
    check("<marquee width=1 height=1><a href=x>字</a></marquee>", Some(Marquee));
    check("<marquee scrollamount=3000><a href=x>字</a></marquee>", Some(Marquee));
    check("<marquee height=200><a href=x>字</a></marquee>", None);
    check("<a href=x></a>", Some(Empty));
    check("<a href=x>\u{200b}.</a>", Some(Empty));
    check("<a href=x><img src=a width=1 height=1></a>", Some(ZeroBox));
    check("<iframe src=x width=0 height=0></iframe>", Some(ZeroBox));
    check("<iframe src=x></iframe>", None);
    check(
        "<div style='background:#fff'><p style='position:relative;z-index:-1'><a href=x>字</a></p></div>",
        Some(Covered),
    );
}

#[test]
fn sheets_and_what_overrides_what() {
    let check = |css: &str, html: &str, expected: Option<Hiding>| {
        let html =
            format!("<link rel=stylesheet href=a.css><div id=i class='c d'><a href=/x>字</a></div>{html}");
        let page = page(&html);
        let sheets = Sheets::default();
        sheets.insert(&Address::parse("http://www.example.gov.cn/a.css").unwrap(), css.as_bytes());
        let sight = Sight::new(&page.dom, sheets.wanted(&page), &[], &THRESHOLDS);
        let node = page.links.iter().find(|link| link.raw == "/x").expect("the link").node;
        assert_eq!(sight.hidden(node).map(|hidden| hidden.by), expected, "{css} {html}");
    };
    check(".c{display:none}", "", Some(Display));
    check(".c{display:none} div{display:block}", "", Some(Display));
    check(".c{display:none} .d{display:block}", "", None);
    check(".c{display:none} #i{display:block}", "", None);
    check(".c{display:none!important} #i{display:block}", "", Some(Display));
    check("@media print{.c{display:none}}", "", None);
    check(".c{display:none}", "<style>.c{display:block}</style>", None);
    check("", "<style>.c>a{font-size:1px}</style>", Some(Tiny));
    check("", "<style media=print>.c{display:none}</style>", None);
    check("a{color:inherit} .c{color:#fff}", "", Some(SameColour));
}

#[test]
fn hovering_softens() {
    let hidden = |css: &str| {
        let html = "<link rel=stylesheet href=a.css><ul><li><p><a href=x>字</a></p></li></ul>";
        hidden_with(css, html).expect("hidden").strength
    };
    assert_eq!(hidden("p{opacity:0}"), Strength::Hard);
    assert_eq!(hidden("p{opacity:0} li:hover p{opacity:1}"), Strength::Soft);
    assert_eq!(hidden("p{display:none}"), Strength::Soft);
}

#[test]
fn what_scripts_hide() {
    let page = page("<div id=b><p class='x y'><a href=x>字</a></p></div>");
    for (selector, expected) in [("#b", Some(Scripted)), (".x", Some(Scripted)), ("#c", None), ("::", None)] {
        let sheets = Sheets::default();
        let sight = Sight::new(&page.dom, sheets.wanted(&page), &[selector.to_owned()], &THRESHOLDS);
        assert_eq!(sight.hidden(page.links[0].node).map(|hidden| hidden.by), expected, "{selector}");
    }
}

#[test]
fn what_scripts_hide_from_their_own_files() {
    let at = |name: &str| Address::parse(&format!("http://www.example.gov.cn/{name}")).expect("an address");
    let scripts: String = (0..25).map(|number| format!("<script src=/{number}.js></script>")).collect();
    let page = page(&format!("{scripts}<div id=b><p class=x><a href=/z>字</a></p></div>"));
    let sheets = Sheets::default();
    let hidden = || {
        let wanted = sheets.wanted(&page);
        let missing = wanted.missing.len();
        let sight = Sight::new(&page.dom, wanted, &[], &THRESHOLDS);
        let node = page.links.iter().find(|link| link.raw == "/z").expect("the link").node;
        let by = sight.hidden(node).and_then(|hidden| Some(sight.veiled_by(hidden)?.to_string()));
        (by, missing, sheets.version())
    };
    let (none, missing, version) = hidden();
    assert_eq!((none, missing), (None, 25));
    sheets.veil(&at("0.js"), &[]);
    assert_eq!(hidden(), (None, 24, version), "a script that hides nothing changes nothing");
    sheets.veil(&at("elsewhere.js"), &["#b".to_owned()]);
    assert_eq!(hidden().0, None, "the page does not load it");
    for number in 1..25 {
        sheets.veil(&at(&format!("{number}.js")), &[format!("#e{number}")]);
    }
    sheets.veil(&at("20.js"), &["#b".to_owned(), "::".to_owned()]);
    let (by, missing, veiled) = hidden();
    assert_eq!((by, missing), (Some(at("20.js").to_string()), 0));
    assert_ne!(veiled, version);
    sheets.veil(&at("20.js"), &[]);
    sheets.veil(&at("22.js"), &[".x".to_owned()]);
    assert_eq!(hidden().0, None, "twenty others came before it");
    sheets.veil(&at("5.js"), &[]);
    sheets.veil(&at("6.js"), &[]);
    assert_eq!(hidden().0, Some(at("22.js").to_string()));
}

/// How many sheets a page takes, and whether it knows of more, where these are known.
fn taken(known: &[(String, String)], html: &str) -> (usize, bool) {
    let sheets = Sheets::default();
    for (name, css) in known {
        let address = Address::parse(&format!("http://www.example.gov.cn/{name}")).expect("an address");
        sheets.insert(&address, css.as_bytes());
    }
    let wanted = sheets.wanted(&page(html));
    (wanted.sheets.len(), wanted.has_gaps)
}

#[test]
fn a_page_takes_so_many_sheets_so_deep() {
    let named = |count: usize| -> Vec<(String, String)> {
        (0..count).map(|number| (format!("{number}.css"), "a{top:0}".to_owned())).collect()
    };
    let links = |count: usize| -> String {
        (0..count).map(|number| format!("<link rel=stylesheet href=/{number}.css>")).collect()
    };
    assert_eq!(taken(&named(20), &links(20)), (20, false));
    assert_eq!(taken(&named(25), &links(25)), (20, true));
    // 0 imports 1, which imports 2, which imports 3: that one is too deep.
    let chain: Vec<(String, String)> =
        (0..4).map(|number| (format!("{number}.css"), format!("@import '{}.css';", number + 1))).collect();
    assert_eq!(taken(&chain, &links(1)), (3, true));
    let circle = [("0.css".to_owned(), "@import '0.css';".to_owned())];
    assert_eq!(taken(&circle, &links(1)), (3, true));
    // Each imports all: twenty, not twenty to the third.
    let imports: String = (0..20).map(|number| format!("@import '{number}.css';")).collect();
    let all: Vec<(String, String)> =
        (0..20).map(|number| (format!("{number}.css"), imports.clone())).collect();
    assert_eq!(taken(&all, &links(20)).0, 20);
    // A site that makes up sheets fills no memory.
    assert_eq!(taken(&named(300), "<link rel=stylesheet href=/299.css>"), (0, true));
}
