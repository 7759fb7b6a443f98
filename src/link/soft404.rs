//! Error pages that answer 200.
//!
//! Two ways to tell them: by their words ([`phrases`]), and by comparison with what the same folder answers for a name
//! that cannot exist ([`probe_path`], [`matches_probe`]). Neither is asked about the home page, nor about pages that
//! scripts fill: their shells are all alike.

use xxhash_rust::xxh3::xxh3_128;

use crate::facts::{ContentKeys, Probe};

/// Main text up to which a title may speak for the page: error pages with links to elsewhere have this much.
const TITLE_CHARS: u32 = 600;

/// Main text up to which a plain sentence in it may. An article that mentions missing pages is longer.
const TEXT_CHARS: u32 = 200;

/// Main text up to which even a vague word may.
const VAGUE_CHARS: u32 = 60;

/// Main text from which a simhash means anything: below it, one word changes half a dozen bits.
const SIMHASH_CHARS: u32 = 200;

/// Bits in which the simhashes of one page filled twice may differ.
const SIMHASH_BITS: u32 = 3;

/// Sentences that only an error page would say, in what it says of itself.
const PLAIN: &[&str] = &[
    "页面不存在",
    "网页不存在",
    "页面未找到",
    "页面没有找到",
    "没有找到页面",
    "没有找到您要访问的",
    "找不到页面",
    "找不到网页",
    "找不到该页",
    "找不到您要",
    "找不到您访问",
    "无法找到该页",
    "无法找到该网页",
    "无法找到您",
    "您访问的页面",
    "您请求的页面",
    "您要访问的页面",
    "您要查看的页面",
    "您查看的页面",
    "您浏览的页面",
    "您所访问的",
    "你访问的页面",
    "访问的页面不",
    "访问的内容不存在",
    "文章不存在",
    "信息不存在",
    "内容不存在",
    "栏目不存在",
    "文件不存在",
    "记录不存在",
    "页面已删除",
    "页面已被删除",
    "页面丢失",
    "文章已删除",
    "文章已被删除",
    "信息已删除",
    "信息已被删除",
    "内容已被删除",
    "内容已删除",
    "页面出错",
    "访问出错",
    "该页面无法显示",
    "网站已关闭",
    "网站已停用",
    "网站已停止",
    "站点已关闭",
    "站点不存在",
    "域名出售",
    "域名转让",
    "域名已过期",
    "域名已到期",
    "此域名可",
    "该域名正在出售",
    "page not found",
    "file not found",
    "404 not found",
    "404 - not found",
    "404 error",
    "error 404",
    "http 404",
    "404错误",
    "404页面",
    "404提示",
    "404 - ",
    "domain is for sale",
    "this domain may be for sale",
    "domain has expired",
];

/// Words that also stand in ordinary sentences.
const VAGUE: &[&str] =
    &["找不到", "不存在", "已删除", "已被删除", "已关闭", "已下线", "已过期", "not found", "出错了"];

/// Words of reports about such pages, rather than of the pages.
const REPORTS: &[&str] = &["通报", "公告", "关于", "整治", "治理", "查处", "注销", "清理", "记者", "会议"];

/// The phrase by which this page says that it is none. `main_chars` is the length of the main text, of which
/// `main_text` may be the beginning.
pub fn phrases(title: &str, main_text: &str, main_chars: u32) -> Option<&'static str> {
    if main_chars > TITLE_CHARS {
        return None;
    }
    let title = title.to_lowercase();
    let is_report = REPORTS.iter().any(|word| title.contains(word));
    if is_report {
        return None;
    }
    if let Some(phrase) = find(PLAIN, &title).or_else(|| number_404(&title)) {
        return Some(phrase);
    }
    if main_chars > TEXT_CHARS {
        return None;
    }
    let text: String = main_text.chars().take(TEXT_CHARS as usize).collect::<String>().to_lowercase();
    if REPORTS.iter().any(|word| text.contains(word)) {
        return None;
    }
    find(PLAIN, &text).or_else(|| {
        if main_chars <= VAGUE_CHARS { find(VAGUE, &text).or_else(|| number_404(&text)) } else { None }
    })
}

fn find(phrases: &'static [&'static str], text: &str) -> Option<&'static str> {
    phrases.iter().copied().find(|phrase| text.contains(phrase))
}

/// What is counted by hundreds.
const UNITS: &[char] = &[
    '号', '路', '线', '国', '省', '县', '道', '乡', '个', '名', '人', '万', '亿', '元', '件', '家', '户',
    '室', '年', '月', '日', '次', '项', '公', '里', '%', '％', '岁', '.',
];

/// A 404 that is a status and no road, document or room.
fn number_404(text: &str) -> Option<&'static str> {
    let is_status = |at: usize| {
        let (before, after) = (&text[..at], &text[at + 3..]);
        // Roads and rooms: G404, A404, 404A.
        let is_joined = before.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '.')
            || after.starts_with(|c: char| c.is_ascii_alphanumeric());
        let is_counted =
            before.trim_end().ends_with(['第', '〕', '道']) || after.trim_start().starts_with(UNITS);
        !is_joined && !is_counted
    };
    text.match_indices("404").any(|(at, _)| is_status(at)).then_some("404")
}

/// A page to be held against a probe.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    /// The address that was asked for.
    pub asked: &'a str,
    /// The address that answered.
    pub landed: &'a str,
    /// Title.
    pub title: &'a str,
    /// Content keys.
    pub content: &'a ContentKeys,
}

/// Whether a page that answered 200 is the one that stands for missing pages.
pub fn matches_probe(page: Seen<'_>, probe: &Probe) -> bool {
    // Whoever links the error page, or the home page that stands in for it, gets what they asked for.
    if probe.status != 200 || page.asked == probe.landed {
        return false;
    }
    if page.landed == probe.landed {
        return true;
    }
    let (one, other) = (page.content, &probe.content);
    if one.digest != 0 && one.digest == other.digest {
        return true;
    }
    let has_enough = one.main_chars.min(other.main_chars) >= SIMHASH_CHARS;
    let is_near = (one.simhash ^ other.simhash).count_ones() <= SIMHASH_BITS;
    // Pages cut from one pattern, e.g. of two years' statistics, are near, too, but bear their own titles.
    has_enough && is_near && page.title == probe.title
}

/// The path of a page that cannot exist: in `directory` (with its slash), with `extension` where that is not empty.
/// Nobody without `salt` can guess it; with it, it is always the same.
pub fn probe_path(directory: &str, extension: &str, salt: &str) -> String {
    let name = xxh3_128(format!("{salt}\0{directory}\0{extension}").as_bytes());
    let dot = if extension.is_empty() { "" } else { "." };
    format!("{directory}{name:032x}{dot}{extension}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn error_pages_speak_for_themselves() {
        let check = |title: &str, text: &str, expected: Option<&str>| {
            assert_eq!(phrases(title, text, text.chars().count() as u32), expected, "{title:?} {text:?}");
        };
        check("404 Not Found", "", Some("404 not found"));
        check("404", "返回首页", Some("404"));
        check("某厅-404提示页", "", Some("404提示"));
        check("", "您访问的页面不存在，5秒后跳转首页", Some("页面不存在"));
        check("某市人民政府", "抱歉，找不到了", Some("找不到"));
        check("提示信息", "该信息已被删除", Some("信息已被删除"));
        check("example.com", "该域名正在出售，欢迎联系", Some("该域名正在出售"));
        check("网站提示", "该网站已关闭", Some("网站已关闭"));
        check("页面不存在", &"推荐阅读".repeat(100), Some("页面不存在"));
        check("Error", "HTTP Status 404 – 未找到", Some("404"));
    }

    #[test]
    fn articles_about_errors_are_articles() {
        let check = |title: &str, text: &str| {
            assert_eq!(phrases(title, text, text.chars().count() as u32), None, "{title:?} {text:?}");
        };
        check("国道404线改造完成", "全长404公里");
        check("关于注销网站的公告", "该网站已关闭");
        check("关于部分政府网站页面不存在问题的通报", "……");
        check("通知", "违规内容已删除，责任人已作出检查。有关情况通报如下");
        check("政务动态", "404名志愿者参加了活动");
        check("要闻", &format!("{}页面不存在", "今天召开了会议，部署工作。".repeat(30)));
        check("页面不存在", &"长文".repeat(400));
        check("", "");
        check("某局〔2024〕404号", "");
        check("404室调整为会议室", "");
    }

    fn probe(status: u16, landed: &str, content: ContentKeys) -> Probe {
        let asked = "http://x.gov.cn/a/q.html".to_owned();
        Probe {
            authority: String::new(),
            directory: String::new(),
            status,
            asked,
            landed: landed.to_owned(),
            title: "首页".to_owned(),
            content,
        }
    }

    #[test]
    fn pages_are_held_against_the_probe() {
        let asked = "http://x.gov.cn/a/1.html";
        let own = "http://x.gov.cn/a/q.html";
        let home = "http://x.gov.cn/";
        let keys = |digest: u128, simhash: u64, main_chars: u32| ContentKeys { digest, simhash, main_chars };
        let check = |landed: &str, title: &str, content: ContentKeys, probe: &Probe, expected: bool| {
            let page = Seen { asked, landed, title, content: &content };
            assert_eq!(matches_probe(page, probe), expected, "{page:?} {probe:?}");
        };
        let long = keys(1, 0b1111, 900);
        check(asked, "首页", long, &probe(200, own, long), true);
        check(asked, "首页", long, &probe(404, own, long), false);
        check(asked, "首页", keys(2, 0b1000, 900), &probe(200, own, long), true);
        check(asked, "别的", keys(2, 0b1000, 900), &probe(200, own, long), false);
        check(asked, "首页", keys(2, 0, 900), &probe(200, own, long), false);
        check(asked, "首页", keys(2, 0b1111, 90), &probe(200, own, long), false);
        check(asked, "首页", keys(0, 0, 0), &probe(200, own, keys(0, 0, 0)), false);
        check(home, "首页", keys(2, 0, 0), &probe(200, home, long), true);
        let linked = Seen { asked: home, landed: home, title: "首页", content: &long };
        assert!(!matches_probe(linked, &probe(200, home, long)));
    }

    #[test]
    fn probe_names_are_settled_by_the_salt() {
        let path = probe_path("/a/", "html", "s");
        assert!(path.starts_with("/a/") && path.ends_with(".html") && path.len() == 40, "{path}");
        assert_eq!(path, probe_path("/a/", "html", "s"));
        assert_ne!(path, probe_path("/a/", "html", "t"));
        assert_ne!(probe_path("/a/", "", "s")[3..], probe_path("/b/", "", "s")[3..]);
        assert!(!probe_path("/", "", "s").contains('.'));
    }
}
