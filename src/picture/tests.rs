//! With the Chromium of the system, where there is one.

use std::collections::HashMap;
use std::time::Duration;

use super::*;
use crate::browser::Limits;

/// Hands out what it has, and remembers what it was asked for.
#[derive(Default)]
struct Shelf {
    has: HashMap<&'static str, (&'static str, &'static str)>,
    asked: Vec<String>,
}

impl Supply for Shelf {
    fn get(&mut self, address: &str, _: Duration) -> Option<Resource> {
        self.asked.push(address.to_owned());
        let (kind, body) = self.has.get(address)?;
        Some(Resource { content_type: (*kind).to_owned(), body: bytes::Bytes::from_static(body.as_bytes()) })
    }
}

fn studio() -> Option<Studio> {
    let workshop = Workshop { time: Duration::from_secs(60), limits: Limits::default() };
    match Studio::open(workshop) {
        Ok(studio) => Some(studio),
        Err(BrowserError::Missing) => {
            println!("skipped: chromium is not installed");
            None
        }
        Err(error) => panic!("{error}"),
    }
}

const PAGE: &str = "http://www.example.gov.cn/a/t1.html";

fn take(studio: &mut Studio, html: &str, hint: Hint<'_>, shelf: &mut Shelf) -> Picture {
    let caption = [("网址", PAGE.to_owned()), ("抓取时间", "2026-11-22 10:00:00（北京时间）".to_owned())];
    let picture = studio.take(Subject { address: PAGE, html, hint, caption: &caption }, shelf).unwrap();
    assert!(picture.jpeg.len() > 5_000, "{} bytes", picture.jpeg.len());
    picture
}

#[test]
fn what_was_found_is_found_again() {
    let Some(mut studio) = studio() else { return };
    const BET: &str = "http://bet.example/";
    let to_bet = Hint { target: Some(BET), ..Hint::default() };
    let words = |words: &'static str| Hint { words: Some(words), ..Hint::default() };
    let selector = |selector: &'static str| Hint { selector: Some(selector), ..Hint::default() };
    let link = "<a href='http://bet.example'>澳门博彩</a>";
    let hidden = |concealment| Sight::Hidden(concealment);
    let mut check = |html: &str, hint: Hint<'_>, expected: Sight| {
        let html = format!("<!DOCTYPE html><title>题</title><h1>公告</h1><p>正文 正文</p>{html}");
        let picture = take(&mut studio, &html, hint, &mut Shelf::default());
        assert_eq!(picture.sight, expected, "{html}");
    };
    check(link, to_bet, Sight::Shown);
    check(&format!("<div style='height:9000px'></div>{link}"), to_bet, Sight::Shown);
    check("<p>前往澳<b>门博</b> 彩网站</p>", words("澳门博彩"), Sight::Shown);
    check("<img alt='澳门博彩' width=90 height=20>", words("澳门博彩"), Sight::Shown);
    check("<p id=x>x</p>", selector("#x"), Sight::Shown);
    check(link, selector("] no selector"), Sight::Absent);
    check(link, words("不在此处"), Sight::Absent);
    let script = "<script>document.write('<a href=http://bet.example/>x</a>')</script>";
    check(script, to_bet, hidden(Concealment::Script));
    check("<script id=x src=/s.js></script>", selector("#x"), hidden(Concealment::Script));
    // The path has moved on to somebody else, the address has not.
    let moved = Hint { selector: Some("h1"), target: Some(BET), words: None };
    check(&format!("<div style='display:none'>{link}</div>"), moved, hidden(Concealment::Display));
    check(&format!("<div style='visibility:hidden'>{link}</div>"), to_bet, hidden(Concealment::Visibility));
    check(&format!("<div style='opacity:0'>{link}</div>"), to_bet, hidden(Concealment::Opacity));
    check(&format!("<div style='font-size:0'>{link}</div>"), to_bet, hidden(Concealment::Size));
    let away = "<div style='position:absolute;left:-9999px'>";
    check(&format!("{away}{link}</div>"), to_bet, hidden(Concealment::Outside));
    check(
        &format!("<div style='height:1px;overflow:hidden'>{link}</div>"),
        to_bet,
        hidden(Concealment::Clipped),
    );
    let white = "<a href='http://bet.example' style='color:#fff'>澳门博彩</a>";
    check(white, to_bet, hidden(Concealment::Colour));
    let link = "<link rel=canonical href='http://bet.example/'>";
    let head = format!("<!DOCTYPE html><head><title>题</title>{link}</head><p>正文");
    let picture = take(&mut studio, &head, to_bet, &mut Shelf::default());
    assert_eq!(picture.sight, hidden(Concealment::Head));
}

#[test]
fn names_that_hide_the_methods_of_a_page_hide_nothing() {
    let Some(mut studio) = studio() else { return };
    let names =
        ["querySelectorAll", "querySelector", "createTreeWalker", "body", "documentElement", "scripts"];
    let images: String =
        names.iter().map(|name| format!("<img name={name}><form name={name}></form>")).collect();
    let html = format!(
        "<!DOCTYPE html>{images}<form><input name=parentElement><input name=getAttribute><p>身份证 \
         11010519491231002X</p><a href='http://bet.example/'>澳门博彩</a></form>"
    );
    let to_bet = Hint { target: Some("http://bet.example/"), ..Hint::default() };
    assert_eq!(take(&mut studio, &html, to_bet, &mut Shelf::default()).sight, Sight::Shown);
    let number = Hint { words: Some("11010519491231002X"), ..Hint::default() };
    assert_eq!(take(&mut studio, &html, number, &mut Shelf::default()).sight, Sight::Absent, "masked");
}

#[test]
fn a_page_gets_what_the_supply_has_and_runs_nothing() {
    let Some(mut studio) = studio() else { return };
    let html = "<!DOCTYPE html><meta http-equiv=refresh content='0;url=http://bet.example/'>\
                <link rel=stylesheet href=/s.css><script src=/s.js></script>\
                <script>document.write('<p>写出的文字')</script><noscript><p>无脚本文字</noscript>\
                <img src=/a.png onerror=\"document.body.append('出错文字')\"><p id=x>正文</p>\
                <iframe src=/frame.html></iframe><iframe src='http://bet.example/frame'></iframe>";
    let css = ("text/css", "@import '/t.css'; #x { display: none }");
    let mut shelf = Shelf { has: [("http://www.example.gov.cn/s.css", css)].into(), ..Shelf::default() };
    let hint = Hint { selector: Some("#x"), words: Some("正文"), ..Hint::default() };
    let picture = take(&mut studio, html, hint, &mut shelf);
    assert_eq!(picture.sight, Sight::Hidden(Concealment::Display), "by its style sheet");
    let asked = |address: &str| shelf.asked.iter().filter(|asked| *asked == address).count();
    for part in ["s.css", "t.css", "a.png"] {
        assert!(asked(&format!("http://www.example.gov.cn/{part}")) > 0, "{part}: {:?}", shelf.asked);
    }
    for part in ["s.js", "frame.html"] {
        assert_eq!(asked(&format!("http://www.example.gov.cn/{part}")), 0, "{part}: {:?}", shelf.asked);
    }
    for words in ["写出的文字", "无脚本文字", "出错文字"] {
        let hint = Hint { words: Some(words), ..Hint::default() };
        assert_ne!(take(&mut studio, html, hint, &mut shelf).sight, Sight::Shown, "{words}");
    }
}

#[test]
fn numbers_of_people_are_masked() {
    let Some(mut studio) = studio() else { return };
    let html = "<!DOCTYPE html><p>身份证 11010519491231002X</p><p>联系</p>";
    let words = |words| Hint { words: Some(words), ..Hint::default() };
    assert_eq!(
        take(&mut studio, html, words("11010519491231002X"), &mut Shelf::default()).sight,
        Sight::Absent
    );
    assert_eq!(take(&mut studio, html, words("联系"), &mut Shelf::default()).sight, Sight::Shown);
}

#[test]
fn after_a_page_that_is_too_much_comes_the_next_one() {
    let Some(mut studio) = studio() else { return };
    let brief = Workshop { time: Duration::from_millis(1), limits: Limits::default() };
    let workshop = std::mem::replace(studio.workshop(), brief);
    let subject = Subject { address: PAGE, html: "<p>正文", hint: Hint::default(), caption: &[] };
    let error = studio.take(subject, &mut Shelf::default()).unwrap_err();
    assert!(matches!(error, PictureError::Browser(BrowserError::TooSlow)), "{error}");
    *studio.workshop() = workshop;
    take(&mut studio, "<p>正文", Hint::default(), &mut Shelf::default());
}
