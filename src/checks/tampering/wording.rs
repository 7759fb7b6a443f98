//! What is said of a change, in Chinese, and what identifies it from scan to scan.

use crate::baseline::{Change, Gains, Judged, Repainted, Review, Use, Whole};

/// Hosts, words and pictures that are named; a report is no list of spam.
const NAMED: usize = 5;
/// Characters of a text before or after the change that are quoted.
const QUOTED: usize = 40;

/// What identifies a change: its kind and what came from outside, never how much of the page it is.
pub(super) fn identity(one: &Judged<'_>) -> String {
    let Judged { delta, judgement, .. } = one;
    let mut parts = vec![kind(judgement.change).to_owned()];
    parts.extend(judgement.strangers.values().flatten().take(NAMED).cloned());
    match judgement.change {
        Change::Phrase => parts.extend(delta.words.iter().take(NAMED).map(|word| word.words.clone())),
        Change::Media => {
            parts.extend(judgement.pictures.iter().take(NAMED).map(|picture| picture.address.clone()))
        }
        _ => {}
    }
    parts.join(" ")
}

fn kind(change: Change) -> &'static str {
    match change {
        Change::Benign => "benign",
        Change::Style => "style",
        Change::Media => "media",
        Change::Rebuilt => "rebuilt",
        Change::Renamed => "renamed",
        Change::Inject => "inject",
        Change::Replace => "replace",
        Change::Phrase => "phrase",
    }
}

/// What is said of one page.
pub(super) fn of_page(one: &Judged<'_>) -> String {
    let review = one.review;
    let basis = if review.is_approved {
        "经认可的基线"
    } else {
        "上次的页面（基线未经人工认可）"
    };
    let looks = match (review.is_confirmed(), review.looks.len()) {
        (true, looks) => format!("已复核 {looks} 次"),
        (false, 0) => "未经复核".to_owned(),
        (false, _) => "复核时页面无法访问".to_owned(),
    };
    format!(
        "{}：与{basis}相比，{}（{looks}）；{}",
        one.judgement.change.chinese(),
        shown(one),
        originals(review)
    )
}

/// What is said of the site as a whole.
pub(super) fn of_site(whole: Whole, pages: usize, compared: u64, one: &Judged<'_>) -> String {
    let meaning = match whole {
        Whole::Redesigned => "单位名称、导航和外部主机均未改变，应为网站改版，请确认后认可新的基线",
        Whole::Moved => "单位名称未变、没有陌生主机，但导航多已更换，疑为网站改版，请确认",
        Whole::Renamed => {
            "标题一并换成另一个单位名称，导航和外部主机均未改变，应为机构改革或单位更名，请确认后认可新的基线"
        }
        Whole::Attacked => "不像网站改版，疑似全站被篡改",
    };
    format!(
        "比对的 {compared} 个页面中有 {pages} 个发生同样的变化（{}）：{meaning}。如该页面：{}；{}",
        one.judgement.change.chinese(),
        shown(one),
        originals(one.review)
    )
}

/// What changed, the telling things first.
fn shown(one: &Judged<'_>) -> String {
    let Judged { review, delta, judgement } = one;
    let mut parts = Vec::new();
    if !delta.words.is_empty() {
        let words = delta.words.iter().map(|word| format!("“{}”（{}）", word.words, word.about));
        parts.push(format!("新出现{}", list(words)));
    }
    parts.extend(hosts("新增陌生主机", &judgement.strangers));
    for field in delta.head.iter().filter(|field| field.name == "title") {
        parts.push(format!("标题由“{}”变为“{}”", quoted(&field.before), quoted(&field.after)));
    }
    if delta.is_nameless {
        parts.push(format!("标题中不再有“{}”", list(review.before.names.iter().map(|name| quoted(name)))));
    }
    if delta.text < 1.0 {
        let (before, after) = (quoted(&review.before.opening), quoted(&review.after.opening));
        parts.push(format!("正文相似度 {:.2}，由“{before}”变为“{after}”", delta.text));
    }
    if delta.form < 1.0 {
        parts.push(format!("结构相似度 {:.2}", delta.form));
    }
    if delta.menu < 1.0 {
        parts.push(format!("导航保留 {:.0}%", delta.menu * 100.0));
    }
    if !judgement.pictures.is_empty() {
        parts.push(format!("标识图片变化：{}", list(judgement.pictures.iter().map(repainted))));
    }
    if parts.is_empty() {
        parts.push("样式有变化".to_owned());
    }
    parts.join("；")
}

fn repainted(picture: &Repainted) -> String {
    let Repainted { address, distance } = picture;
    match distance {
        Some(distance) => format!("{address}（画面差异 {distance}/64）"),
        None => address.clone(),
    }
}

fn hosts(what: &str, gains: &Gains) -> Vec<String> {
    let of_use = |(used, hosts): (&Use, &Vec<String>)| {
        format!("{what}（{}）：{}", used.chinese(), list(hosts.iter().cloned()))
    };
    gains.iter().map(of_use).collect()
}

/// The originals, by which anybody can see that this is so.
fn originals(review: &Review) -> String {
    format!("变化前原件 SHA-256 {}，变化后原件 SHA-256 {}", review.before.body, review.after.body)
}

fn list(things: impl ExactSizeIterator<Item = String>) -> String {
    let all = things.len();
    let named: Vec<String> = things.take(NAMED).collect();
    let rest = if all > NAMED { format!(" 等 {all} 个") } else { String::new() };
    format!("{}{rest}", named.join("、"))
}

/// The beginning of a text of the page.
fn quoted(text: &str) -> String {
    match text.char_indices().nth(QUOTED) {
        Some((end, _)) => format!("{}……", &text[..end]),
        None => text.to_owned(),
    }
}
