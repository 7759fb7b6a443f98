//! What a report says of a dark link.

use super::contact::Contact;
use super::head::Saying;
use super::listed::Hijack;
use super::reach::Advert;
use super::reflected::Reflection;
use super::rule::{Judgement, Rule, hosts};
use super::suspect::{Kept, Part, Suspect};
use crate::address::Address;
use crate::checks::crimes::{Word, named};
use crate::checks::stranger::Stranger;
use crate::facts::{Echo, ListingFile};
use crate::page::{Carrier, Hiding, Position};
use crate::script::Manner;

/// Hosts that are named.
const HOSTS: usize = 5;

/// The same for the same plant, wherever it stands: the strangers it leads to.
pub(super) fn identity(judgement: &Judgement<'_>) -> String {
    let hosts: Vec<&str> = hosts(&judgement.suspects).into_iter().take(HOSTS).collect();
    hosts.join("、")
}

/// Rule, way of hiding, target, words and place.
pub(super) fn evidence(judgement: &Judgement<'_>, writer: Option<Manner>, offset: Option<u64>) -> String {
    let Some(first) = judgement.suspects.first() else { return String::new() };
    let mut factors = vec![kept(first), leads(judgement)];
    if let Some(writer) = writer {
        factors.push("由脚本写入页面".to_owned());
        factors.extend(writer.wrappings.said());
    }
    factors.extend(first.target.oddities());
    if !judgement.words.is_empty() {
        factors.push(named(&judgement.words));
    }
    if judgement.rule == Rule::HiddenLures {
        factors.push("链接文字为推广用语".to_owned());
    }
    if !first.text.is_empty() {
        factors.push(format!("链接文字“{}”", first.text));
    }
    if let Some(offset) = offset {
        factors.push(format!("位于源码第 {offset} 字节"));
    }
    format!("[{}] {}", judgement.rule.id(), factors.join("；"))
}

/// What a field of the head says to search engines.
pub(super) fn in_head(saying: &Saying) -> String {
    let said = match saying.rule {
        Rule::CodedHead | Rule::CodedWords => "的中文以数字实体书写，避开人工检查",
        Rule::RivalTitle => "与页面的另一标题不同",
        _ => "仅供搜索引擎读取",
    };
    let words = if saying.words.is_empty() { String::new() } else { format!("，{}", named(&saying.words)) };
    format!("[{}] 页面标签 {} {said}{words}：“{}”", saying.rule.id(), saying.name, clip(&saying.value))
}

/// A way to reach a stranger, out of sight.
pub(super) fn contact(rule: Rule, contact: &Contact) -> String {
    let (hidden_by, text) = (hiding(contact.hidden_by, contact.veiled_by.as_ref()), &contact.text);
    format!("[{}] 隐藏的文字含联系方式“{text}”；隐藏方式：{hidden_by}", rule.id())
}

/// The same for the same hijack of robots.txt or a sitemap: the strangers, or the words of the site's own addresses.
pub(super) fn listed_identity(hijack: &Hijack<'_>) -> String {
    let hosts = strangers(hijack);
    if hosts.is_empty() {
        let words: Vec<&str> = hijack.words.iter().map(|word| word.text.as_str()).take(HOSTS).collect();
        return format!("sitemap {}", words.join("、"));
    }
    hosts
}

/// The strangers that a file names; empty where it names none.
fn strangers(hijack: &Hijack<'_>) -> String {
    let hosts: Vec<&str> =
        hijack.strangers.iter().map(|stranger| stranger.host.as_str()).take(HOSTS).collect();
    hosts.join("、")
}

/// Rule, file, what it names, words and place.
pub(super) fn listed(hijack: &Hijack<'_>) -> String {
    let says = match hijack.file {
        ListingFile::Robots => "robots.txt 的 Sitemap 行",
        ListingFile::Index => "网站地图索引",
        ListingFile::Sitemap => "网站地图",
    };
    let count: u64 = hijack.named.iter().map(|named| named.times).sum();
    let hosts = strangers(hijack);
    let mut factors = vec![match hosts.is_empty() {
        true => format!("{says}引导搜索引擎收录本站 {count} 个可疑地址"),
        false => format!("{says}引导搜索引擎收录未登记的网站 {hosts}（{count} 个地址）"),
    }];
    factors.extend(hijack.strangers.first().into_iter().flat_map(|stranger| stranger.oddities()));
    factors.extend(in_address(&hijack.words));
    if let Some(first) = hijack.named.first() {
        let (address, offset) = (clip(&first.mention.address), first.mention.offset);
        factors.push(format!("如“{address}”，位于文件第 {offset} 字节"));
    }
    format!("[{}] {}", hijack.rule.id(), factors.join("；"))
}

/// Where a QR code leads.
pub(super) fn coded(rule: Rule, target: &Stranger, words: &[Word]) -> String {
    let mut factors = vec![format!("图片中的二维码指向未登记的网站 {}", target.host)];
    factors.extend(target.oddities());
    factors.extend(in_address(words));
    format!("[{}] {}", rule.id(), factors.join("；"))
}

/// What a drawing shows.
pub(super) fn drawn(rule: Rule, words: &[Word]) -> String {
    format!("[{}] 矢量图形（SVG）内的文字{}，检查正文时容易遗漏", rule.id(), named(words))
}

/// What a text offers, and how to reach those who do.
pub(super) fn advertised(rule: Rule, place: &str, advert: &Advert) -> String {
    format!("[{}] {place}{}，近旁留有{}", rule.id(), named(&advert.words), ways(advert))
}

/// A page that nobody of the site made.
pub(super) fn stray(rule: Rule, words: &[Word], advert: Option<&Advert>) -> String {
    let ways = advert.map(|advert| format!("，近旁留有{}", ways(advert))).unwrap_or_default();
    let id = rule.id();
    format!("[{id}] 上传目录中的网页，没有本站名称和指向本站的链接，{}{ways}", named(words))
}

/// What an address of the site carries.
pub(super) fn reflected(reflection: &Reflection) -> String {
    let mut factors = vec!["链接指向本站的搜索或提示页，地址参数中带有推广内容，会以本站名义显示".to_owned()];
    factors.extend(in_address(&reflection.words));
    if let Some(way) = reflection.ways.first() {
        factors.push(format!("地址中留有联系方式“{way}”"));
    }
    format!("[{}] {}", reflection.rule.id(), factors.join("；"))
}

/// That the search of the site shows back whatever it is asked for.
pub(super) fn echoed(rule: Rule, echo: &Echo) -> String {
    let place = if echo.in_title { "页面标题" } else { "页面正文" };
    format!(
        "[{}] 站内搜索页可被用于反射推广：{place}原样显示任意搜索词，且未声明禁止搜索引擎收录（noindex）",
        rule.id()
    )
}

/// What to do about that.
pub(super) const ECHOED_ADVICE: &str = "请为站内搜索结果页声明 noindex 或在 robots.txt 中禁止收录，标题和正文不要原样显示搜索词，并限制搜索词长度、过滤广告用语和联系方式。";

/// The words of crimes that an address holds, where it holds any.
fn in_address(words: &[Word]) -> Option<String> {
    (!words.is_empty()).then(|| format!("地址中{}", named(words)))
}

/// Ways that are named.
const WAYS: usize = 3;

fn ways(advert: &Advert) -> String {
    let named: Vec<&str> = advert.ways.iter().map(String::as_str).take(WAYS).collect();
    format!("联系方式或网址“{}”", named.join("、"))
}

/// Characters of a field that are quoted.
const QUOTED: usize = 40;

fn clip(text: &str) -> String {
    text.chars().take(QUOTED).collect()
}

fn leads(judgement: &Judgement<'_>) -> String {
    let hosts = hosts(&judgement.suspects);
    let named: Vec<&str> = hosts.iter().copied().take(HOSTS).collect();
    let more = if hosts.len() > named.len() { " 等" } else { "" };
    format!("{} 处指向未登记的网站 {}{more}", judgement.suspects.len(), named.join("、"))
}

/// How it is kept from sight.
fn kept(suspect: &Suspect) -> String {
    match suspect.sight {
        Kept::Visible => match suspect.part {
            Part::Anchor | Part::Frame => "页面可见的链接",
            Part::Base => "base 元素改变了全页链接的指向",
            Part::Refresh => "页面自动跳转",
            Part::Relation => "仅供搜索引擎读取的声明",
            Part::Form => "表单提交到站外",
            Part::Hint => "浏览器预先连接的声明",
            Part::Manifest => "可安装应用的清单（manifest）",
        }
        .to_owned(),
        Kept::Hidden(hidden) => format!("隐藏方式：{}", hiding(hidden.by, suspect.veiled_by.as_ref())),
        Kept::Displaced(position) => match position {
            Position::BeforeDocument => "位于 <html> 之前",
            Position::Head => "位于 <head> 内",
            Position::AfterDocument => "位于文档结束之后",
            Position::Body => "位于正文内",
        }
        .to_owned(),
        Kept::Announced => match suspect.part {
            Part::Refresh => "响应头 Refresh 使页面自动跳转",
            _ => "响应头 Link 声明，仅供搜索引擎读取",
        }
        .to_owned(),
        Kept::Concealed(carrier) => match carrier {
            Carrier::Comment => "位于 HTML 注释内",
            Carrier::Noscript => "位于 noscript 内，仅供不运行脚本的爬虫读取",
            Carrier::Fallback => "位于 noframes 等旧式替代内容内",
            Carrier::Inert => "位于 template、textarea 等不呈现的容器内",
            Carrier::Drawing => "位于 svg、math 图形内",
        }
        .to_owned(),
    }
}

/// By what something is hidden, and by which script where that has a file of its own.
fn hiding(by: Hiding, script: Option<&Address>) -> String {
    let way = way(by);
    script.map_or_else(|| way.to_owned(), |script| format!("{way}（脚本文件 {script}）"))
}

fn way(hiding: Hiding) -> &'static str {
    match hiding {
        Hiding::Display => "不显示（display）",
        Hiding::Visibility => "不可见（visibility）",
        Hiding::ZeroBox => "容器尺寸为零",
        Hiding::Offscreen => "移出屏幕",
        Hiding::Indent => "文字缩进到屏幕外",
        Hiding::Clip => "裁剪为空",
        Hiding::Opacity => "完全透明",
        Hiding::Tiny => "字号过小",
        Hiding::SameColour => "文字与背景同色",
        Hiding::Covered => "被其他内容遮盖",
        Hiding::Marquee => "极小或极快的滚动字幕",
        Hiding::PushedAway => "推到页面极下方",
        Hiding::Semantic => "元素处于隐藏或折叠状态",
        Hiding::Collapsed => "变形或内容不呈现",
        Hiding::Empty => "链接没有可见内容",
        Hiding::Scripted => "由脚本隐藏或移除",
    }
}
