//! Which part of the page a block belongs to.
//!
//! Names of elements, ids and classes mark regions, but templates name things as they like: long running text is
//! never navigation, and a footer without a name is known by what stands in it.

use crate::page::dom::{Element, attribute};
use crate::page::{Block, Region};

/// What an element is marked as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::page) enum Mark {
    Navigation,
    Main,
    Footer,
}

/// What is known of a block besides its text.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Traits {
    /// How the nearest marked element around it is marked.
    pub(super) mark: Option<Mark>,
    /// Bytes of link text.
    pub(super) linked: usize,
    /// Whether it holds a date.
    pub(super) dated: bool,
}

/// Words that stand in footers.
const FOOTER_WORDS: [&str; 10] =
    ["主办", "承办", "版权所有", "备案", "ICP备", "公网安备", "标识码", "网站地图", "技术支持", "Copyright"];
/// How many blocks from the end a footer without a name is looked for.
const FOOTER_BLOCKS: usize = 15;
/// Bytes from which a block is running text and no part of a footer or menu: some 70 Chinese characters.
const RUNNING_TEXT: usize = 200;
/// Bytes of a menu entry at most: 8 Chinese characters.
const MENU_ENTRY: usize = 24;
/// Menu entries in a row that make a menu.
const MENU_RUN: usize = 4;

/// What the name, id and classes of an element say.
pub(super) fn mark(element: &Element) -> Option<Mark> {
    match element.name() {
        "header" | "nav" => return Some(Mark::Navigation),
        "main" | "article" => return Some(Mark::Main),
        "footer" => return Some(Mark::Footer),
        "body" | "html" | "li" | "p" | "td" | "tr" | "a" => return None,
        _ => {}
    }
    let named = |name| attribute(element, name).into_iter().flat_map(str::split_ascii_whitespace);
    named("id").chain(named("class")).find_map(word_mark)
}

fn word_mark(word: &str) -> Option<Mark> {
    if word.eq_ignore_ascii_case("head") || word.eq_ignore_ascii_case("top") {
        return Some(Mark::Navigation);
    }
    // The start of any part: `footer`, `foot_bg`, `main-nav`; not `carnaval`.
    word.split(['-', '_']).find_map(|part| {
        let begins = |prefix: &str| {
            part.as_bytes()
                .get(..prefix.len())
                .is_some_and(|head| head.eq_ignore_ascii_case(prefix.as_bytes()))
        };
        // Every element of a page comes by here: the first letter turns most away.
        match part.as_bytes().first()?.to_ascii_lowercase() {
            b'n' if begins("nav") => Some(Mark::Navigation),
            b'm' if begins("menu") => Some(Mark::Navigation),
            b'h' if begins("header") => Some(Mark::Navigation),
            b't' if begins("topbar") => Some(Mark::Navigation),
            b'd' if begins("dqwz") => Some(Mark::Navigation),
            b'c' if begins("crumb") => Some(Mark::Navigation),
            b'c' if begins("copyright") => Some(Mark::Footer),
            b'f' if begins("foot") => Some(Mark::Footer),
            b'b' if begins("bottom") => Some(Mark::Footer),
            _ => None,
        }
    })
}

/// Gives every block its region.
pub(super) fn assign(visible: &str, blocks: &mut [Block], traits: &[Traits]) {
    for (block, traits) in blocks.iter_mut().zip(traits) {
        let length = block.end - block.start;
        let is_running = length >= RUNNING_TEXT && traits.linked * 3 < length;
        block.region = match traits.mark {
            Some(Mark::Navigation) if !is_running && !traits.dated => Region::Navigation,
            Some(Mark::Footer) => Region::Footer,
            _ => Region::Main,
        };
    }
    mark_menus(blocks, traits);
    mark_footer(visible, blocks, traits);
}

/// Runs of short blocks that are nothing but links are menus, whatever they are called.
fn mark_menus(blocks: &mut [Block], traits: &[Traits]) {
    let mut run = 0;
    for at in 0..=blocks.len() {
        let is_entry = blocks.get(at).is_some_and(|block| {
            let length = block.end - block.start;
            length <= MENU_ENTRY
                && traits[at].linked * 10 >= length * 9
                && traits[at].mark != Some(Mark::Main)
        });
        if is_entry {
            run += 1;
            continue;
        }
        if run >= MENU_RUN {
            for block in &mut blocks[at - run..at] {
                if block.region == Region::Main {
                    block.region = Region::Navigation;
                }
            }
        }
        run = 0;
    }
}

/// From the first block with a footer's words near the end on, all is footer.
fn mark_footer(visible: &str, blocks: &mut [Block], traits: &[Traits]) {
    let mut first = blocks.len();
    for at in (blocks.len().saturating_sub(FOOTER_BLOCKS)..blocks.len()).rev() {
        let block = &blocks[at];
        let text = &visible[block.start..block.end];
        if text.len() >= RUNNING_TEXT * 2 || traits[at].dated {
            break;
        }
        let has_words = FOOTER_WORDS.iter().any(|word| text.contains(word));
        if text.len() >= RUNNING_TEXT && !has_words {
            break;
        }
        if has_words {
            first = at;
        }
    }
    // A page that is all footer is a page with something else wrong; leave it readable.
    if first > 0 {
        for block in &mut blocks[first..] {
            block.region = Region::Footer;
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::page::Region::{self, Footer, Main, Navigation};
    use crate::page::tests::page;

    fn check(html: &str, regions: &[Region]) {
        let page = page(html);
        let found: Vec<_> = page.text.blocks.iter().map(|block| block.region).collect();
        assert_eq!(found, regions, "{html}");
    }

    #[test]
    fn regions() {
        check("<header>厅局</header><p>正文</p><footer>地址</footer>", &[Navigation, Main, Footer]);
        check("<div class='w1 main-nav'>首页</div><div id=Foot_bg>电话</div>", &[Navigation, Footer]);
        check("<div class=headline>要闻</div><div class=topic>专题</div>", &[Main, Main]);
        check("<p>正文</p><div>主办：某市人民政府</div><div>联系电话</div>", &[Main, Footer, Footer]);
        check("<p>备案管理办法</p>", &[Main]);
        let menu = "<ul><li><a href=1>要闻</a><li><a href=2>公开</a><li><a href=3>服务</a><li><a href=4>互动</a></ul>";
        check(&format!("{menu}<p>正文</p>"), &[Navigation, Navigation, Navigation, Navigation, Main]);
        check(&format!("<div class=top><p>{}</p></div>", "正文".repeat(60)), &[Main]);
        check("<div class=menu><li><a href=1>关于会议的通知</a><span>2026-01-02</span></div>", &[Main]);
    }
}
