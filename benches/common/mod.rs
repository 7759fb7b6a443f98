//! Pages like those of the benchmark site: some 23 KB, 70 links, 8 pictures, 30 paragraphs.

const HAN: &str = "关于印发全省政府网站与政务新媒体检查指标的通知各市州人民政府省政府各部门为进一步加强网站内容保障请认真贯彻执行";

/// The `number`th page of a site; the same number gives the same page.
pub(crate) fn page(number: u64) -> String {
    let mut dice = Dice(number + 1);
    let han: Vec<char> = HAN.chars().collect();
    let navigation: String =
        (0..30).map(|column| format!("<li><a href=\"/col/{column}.html\">栏目{column}</a></li>")).collect();
    let pictures: String =
        (0..8).map(|_| format!("<img src=\"/img/{}.png\" alt=\"\">", dice.below(200))).collect();
    let text: String = (0..30)
        .map(|_| {
            let words: String = (0..200).map(|_| han[dice.below(han.len())]).collect();
            format!("<p>{words}</p>")
        })
        .collect();
    let rows: String = (0..30)
        .map(|_| {
            let (target, month, day) = (dice.below(5000), dice.below(9) + 1, dice.below(10));
            format!(
                "<li><a href=\"/art/{target}.html\" title=\"文章{target}\">关于第{target}号文件的公告</a>\
                 <span>2026-0{month}-1{day}</span></li>"
            )
        })
        .collect();
    format!(
        "<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>第{number}页</title>\
         <meta name=\"SiteName\" content=\"测试厅\"><link rel=\"stylesheet\" href=\"/site.css\"></head>\
         <body><ul>{navigation}</ul>{pictures}{text}<ul>{rows}</ul>\
         <a href=\"/art/{}.html\">下一篇</a></body></html>",
        number + 1
    )
}

/// Numbers that look like chance and are the same every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end
    }
}
