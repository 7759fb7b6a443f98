use std::io::Write;

use flate2::Compression;
use flate2::write::{DeflateEncoder, ZlibEncoder};

use super::{Document, Hint, Limits, text};

/// An archive of these files, deflated.
fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut body, mut table) = (Vec::new(), Vec::new());
    for (name, content) in files {
        let mut packer = DeflateEncoder::new(Vec::new(), Compression::fast());
        packer.write_all(content).expect("in memory");
        let packed = packer.finish().expect("in memory");
        let offset = (body.len() as u32).to_le_bytes();
        let sizes = [(packed.len() as u32).to_le_bytes(), (content.len() as u32).to_le_bytes()].concat();
        let name_length = (name.len() as u16).to_le_bytes();
        let common =
            [&[20, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0][..], &sizes, &name_length, &[0; 2]].concat();
        body.extend([b"PK\x03\x04", common.as_slice(), name.as_bytes(), &packed].concat());
        table.extend([b"PK\x01\x02\x14\0", common.as_slice(), &[0; 10], &offset, name.as_bytes()].concat());
    }
    let count = (files.len() as u16).to_le_bytes();
    let (offset, length) = ((body.len() as u32).to_le_bytes(), (table.len() as u32).to_le_bytes());
    body.extend(table);
    body.extend([b"PK\x05\x06\0\0\0\0", &count[..], &count, &length, &offset, &[0; 2]].concat());
    body
}

fn read(bytes: &[u8]) -> Document {
    text(bytes, Hint::default(), Limits::default())
}

/// Why some of it was not read; empty where all of it was.
fn why(document: &Document) -> &str {
    document.limited.as_ref().map_or("", |limited| &limited.why)
}

/// What is read, a part a line.
#[track_caller]
fn check(bytes: &[u8], expected: &[&str]) {
    let document = read(bytes);
    let parts: Vec<String> = document
        .parts
        .iter()
        .map(|part| format!("{}: {}", part.place, part.text.replace('\n', "/").replace('\t', "|")))
        .collect();
    assert_eq!(parts, expected, "{:?}", document.limited);
}

fn docx(document: &str) -> Vec<u8> {
    zip(&[("[Content_Types].xml", b"<Types/>"), ("word/document.xml", document.as_bytes())])
}

#[test]
fn word_shows_what_it_hides() {
    let document = "<w:document xmlns:w=\"w\"><w:body>\
        <w:p><w:pPr><w:rPr><w:vanish/></w:rPr></w:pPr><w:r><w:t>认真布</w:t></w:r><w:r><w:t>署&amp;落实</w:t></w:r></w:p>\
        <w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>暗文</w:t></w:r>\
        <w:ins><w:r><w:t>新增</w:t></w:r></w:ins><w:del><w:r><w:delText>旧文</w:delText></w:r></w:del></w:p>\
        <mc:Fallback xmlns:mc=\"m\"><w:p><w:r><w:t>重复</w:t></w:r></w:p></mc:Fallback>\
        <wp:docPr xmlns:wp=\"p\" id=\"1\" descr=\"照片\"/></w:body></w:document>";
    let bytes = zip(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("word/document.xml", document.as_bytes()),
        ("word/header1.xml", "<w:hdr xmlns:w=\"w\"><w:p><w:r><w:t>眉</w:t></w:r></w:p></w:hdr>".as_bytes()),
        ("word/comments.xml", "<c xmlns:w=\"w\"><w:p><w:r><w:t>请改</w:t></w:r></w:p></c>".as_bytes()),
        ("docProps/core.xml", "<p><dc:title xmlns:dc=\"d\">标题</dc:title><x>无</x></p>".as_bytes()),
    ]);
    check(
        &bytes,
        &[
            "正文: 认真布署&落实/新增",
            "隐藏文字: 暗文",
            "修订删除: 旧文",
            "图片说明: 照片",
            "页眉: 眉",
            "批注: 请改",
            "文档属性: 标题",
        ],
    );
}

#[test]
fn cells_of_tables_are_apart() {
    let cell = |text: &str| format!("<w:tc><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>");
    let row = |cells: [&str; 3]| format!("<w:tr>{}</w:tr>", cells.map(cell).concat());
    let rows = row(["姓名", "", "电话"]) + &row(["", "甲", ""]);
    let document =
        format!("<w:document xmlns:w=\"w\"><w:p><w:r><w:t>表</w:t></w:r></w:p>{rows}</w:document>");
    check(&docx(&document), &["正文: 表/姓名||电话/|甲"]);
}

#[test]
fn sheets_show_what_they_hide() {
    let sheet = "<worksheet><cols><col min=\"2\" max=\"2\" hidden=\"1\"/></cols><sheetData>\
        <row><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" t=\"s\"><v>1</v></c><c r=\"C1\"><v>7</v></c></row>\
        <row hidden=\"1\"><c r=\"A2\" t=\"inlineStr\"><is><t>内联</t></is></c></row></sheetData>\
        <headerFooter><oddHeader>页眉</oddHeader></headerFooter></worksheet>";
    let bytes = zip(&[
        ("[Content_Types].xml", b"<Types/>"),
        (
            "xl/workbook.xml",
            "<workbook xmlns:r=\"r\"><sheets><sheet name=\"甲\" r:id=\"a\"/>\
             <sheet name=\"乙\" state=\"veryHidden\" r:id=\"b\"/></sheets></workbook>"
                .as_bytes(),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            b"<r><Relationship Id=\"a\" Target=\"worksheets/sheet1.xml\"/>\
              <Relationship Id=\"b\" Target=\"/xl/worksheets/sheet2.xml\"/></r>",
        ),
        (
            "xl/sharedStrings.xml",
            "<sst><si><t>姓</t><rPh><t>X</t></rPh><t>名</t></si><si><t>密</t></si></sst>".as_bytes(),
        ),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
        ("xl/worksheets/sheet2.xml", b"<worksheet><row><c t=\"str\"><v>9</v></c></row></worksheet>"),
    ]);
    check(
        &bytes,
        &[
            "工作表名称: 甲/乙",
            "第1张工作表“甲”: 姓名||7",
            "第1张工作表“甲”（隐藏的行列）: |密/内联",
            "第1张工作表“甲”（页眉页脚）: 页眉",
            "第2张工作表“乙”（隐藏）: 9",
        ],
    );
}

#[test]
fn slides_notes_ofd_and_odt() {
    let slide = |show: &str, text: &str| {
        format!("<p:sld xmlns:p=\"p\" xmlns:a=\"a\"{show}><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:sld>")
    };
    let (one, ten) = (slide("", "甲"), slide(" show=\"0\"", "乙"));
    let bytes = zip(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("ppt/slides/slide10.xml", ten.as_bytes()),
        ("ppt/slides/slide2.xml", one.as_bytes()),
        ("ppt/notesSlides/notesSlide1.xml", one.as_bytes()),
    ]);
    check(&bytes, &["第2张幻灯片: 甲", "第10张幻灯片（隐藏）: 乙", "第1张备注: 甲"]);

    let page = "<ofd:Page xmlns:ofd=\"o\"><ofd:TextObject><ofd:TextCode>布</ofd:TextCode>\
                <ofd:TextCode>署</ofd:TextCode></ofd:TextObject></ofd:Page>";
    let root = "<ofd:OFD xmlns:ofd=\"o\"><ofd:Title>通知</ofd:Title></ofd:OFD>";
    let bytes = zip(&[("OFD.xml", root.as_bytes()), ("Doc_0/Pages/Page_0/Content.xml", page.as_bytes())]);
    check(&bytes, &["第1页: 布署", "文档属性: 通知"]);

    let content = "<d xmlns:text=\"t\" xmlns:office=\"o\"><text:deletion><text:p>删</text:p></text:deletion>\
                   <text:p>甲<text:span>乙</text:span><office:annotation><text:p>注</text:p></office:annotation></text:p></d>";
    check(
        &zip(&[("mimetype", b""), ("content.xml", content.as_bytes())]),
        &["正文: 甲乙", "批注: 注", "修订删除: 删"],
    );
}

#[test]
fn plain_text_pages_and_archives() {
    check("布署\r\n工作".as_bytes(), &["正文: 布署/工作"]);
    check(&encoding_rs::GBK.encode("关于认真布署有关工作的通知").0, &["正文: 关于认真布署有关工作的通知"]);
    check(
        "<!DOCTYPE html><html><title>题</title><body><p>布<b>署</b></p><script>x</script>".as_bytes(),
        &["页面标题: 题", "正文: 布署"],
    );
    let inner = zip(&[("b.txt", "内".as_bytes())]);
    check(
        &zip(&[("a.txt", "外".as_bytes()), ("x.zip", &inner)]),
        &["a.txt：正文: 外", "x.zip：b.txt：正文: 内"],
    );
    let deep = (0..5).fold(inner, |inner, _| zip(&[("x.zip", &inner)]));
    assert_eq!(why(&read(&deep)), "压缩包嵌套过深，内层未读取");
}

#[test]
fn a_bomb_is_read_up_to_the_limit() {
    let limits = Limits { unpacked_bytes: 1 << 20, text_bytes: 10_000, ..Limits::default() };
    let open = "<w:document xmlns:w=\"w\"><w:p><w:r><w:t>布署";
    let document = format!("{open}{}", "A".repeat(8 << 20));
    let seen = text(&docx(&document), Hint::default(), limits);
    assert!(seen.parts[0].text.starts_with("布署") && seen.parts[0].text.len() <= 10_000);
    assert_eq!(why(&seen), "解压后内容过大，只读取了前一部分");

    let long = "甲".repeat(4 << 20);
    let seen = text(long.as_bytes(), Hint::default(), limits);
    assert_eq!(why(&seen), "文字过多，只读取了前一部分");
    assert!(seen.parts[0].text.len() <= 10_000);
}

/// An OLE file of these streams.
fn ole(streams: &[(&str, &[u8])]) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create(std::io::Cursor::new(Vec::new())).expect("in memory");
    for (name, content) in streams {
        file.create_stream(name).expect("a new stream").write_all(content).expect("in memory");
    }
    file.into_inner().into_inner()
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

#[test]
fn old_word_documents_are_put_together_from_their_pieces() {
    let text = utf16("布署\r\u{13}PAGE\u{14}7\u{15}批注");
    let units = (text.len() / 2) as u32;
    let mut main = vec![0; 0x400];
    main[0x0b] = 2; // The table is `1Table`.
    main[0x4c..0x50].copy_from_slice(&(units - 2).to_le_bytes());
    main[0x5c..0x60].copy_from_slice(&2_u32.to_le_bytes());
    main[0x1a6..0x1aa].copy_from_slice(&21_u32.to_le_bytes());
    main.extend(text);
    main.resize(5_000, 0);
    let table = [&[2, 16, 0, 0, 0, 0, 0, 0, 0][..], &units.to_le_bytes(), &[0, 0, 0, 4, 0, 0, 0, 0]].concat();
    check(&ole(&[("WordDocument", &main), ("1Table", &table)]), &["正文: 布署/7", "批注: 批注"]);
    main[0x0b] = 3; // And it is locked.
    let locked = read(&ole(&[("WordDocument", &main), ("1Table", &table)]));
    assert_eq!(why(&locked), "文档已加密，无法读取");
}

#[test]
fn old_sheets_share_strings_over_records() {
    let record =
        |kind: u16, body: &[u8]| [&kind.to_le_bytes()[..], &(body.len() as u16).to_le_bytes(), body].concat();
    let strings = record(0xfc, &[&[1, 0, 0, 0, 1, 0, 0, 0, 2, 0, 1][..], &utf16("布")].concat());
    let more = record(0x3c, &[&[1][..], &utf16("署")].concat());
    let name = utf16("甲");
    let before = 4 + 8 + name.len() + strings.len() + more.len();
    let sheet = record(0x85, &[&(before as u32).to_le_bytes()[..], &[1, 0, 1, 1], &name].concat());
    let cell = record(0xfd, &[0; 10]);
    let book = [sheet, strings, more, record(0x809, &[0; 16]), cell].concat();
    check(&ole(&[("Workbook", &book)]), &["工作表名称: 甲", "第1张工作表“甲”（隐藏）: 布署"]);
}

#[test]
fn old_slides_are_atoms_in_containers() {
    let words = utf16("布署");
    let atom = [&[0, 0, 0xa0, 0x0f][..], &(words.len() as u32).to_le_bytes(), &words].concat();
    let slides = [&[0x0f, 0, 0xe8, 3][..], &(atom.len() as u32).to_le_bytes(), &atom].concat();
    check(&ole(&[("PowerPoint Document", &slides)]), &["幻灯片: 布署"]);
}

/// A file of these objects, as a printer driver would write them.
fn pdf(objects: &[(u32, Vec<u8>)]) -> Vec<u8> {
    let mut body = b"%PDF-1.5\n".to_vec();
    for (number, object) in objects {
        body.extend(format!("{number} 0 obj\n").bytes());
        body.extend(object);
        body.extend(b"\nendobj\n");
    }
    body.extend(b"trailer << /Root 1 0 R >>\nstartxref\n0\n%%EOF");
    body
}

fn stream(content: &[u8]) -> Vec<u8> {
    let mut packer = ZlibEncoder::new(Vec::new(), Compression::fast());
    packer.write_all(content).expect("in memory");
    let packed = packer.finish().expect("in memory");
    let head = format!("<< /Filter /FlateDecode /Length {} >>\nstream\n", packed.len());
    [head.as_bytes(), &packed, b"\nendstream"].concat()
}

/// A page that shows `content` in this font.
fn page(font: &str, content: &[u8], more: Vec<(u32, Vec<u8>)>) -> Vec<u8> {
    let mut objects = vec![
        (1, b"<< /Type /Catalog /Pages 2 0 R >>".to_vec()),
        (2, b"<< /Type /Pages /Kids [3 0 R 2 0 R] /Resources << /Font << /F1 5 0 R >> >> >>".to_vec()),
        (3, b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R >>".to_vec()),
        (4, stream(content)),
        (5, font.as_bytes().to_vec()),
    ];
    objects.extend(more);
    pdf(&objects)
}

#[test]
fn pdf_by_the_table_of_its_font() {
    let table = "1 begincodespacerange <0000> <ffff> endcodespacerange\n\
                 2 beginbfchar <0001> <5e03> <0002> <7f72> endbfchar\n\
                 1 beginbfrange <0010> <0012> <4e00> endbfrange";
    let content = b"BT /F1 12 Tf 1 0 0 1 50 700 Tm [<0001> -20 <0002>] TJ 0 -20 Td <00100011> Tj ET";
    let more = vec![(6, stream(table.as_bytes()))];
    let bytes = page("<< /Type /Font /Subtype /Type0 /ToUnicode 6 0 R >>", content, more);
    check(&bytes, &["第1页: 布署一丁"]);
}

#[test]
fn pdf_by_the_encoding_of_its_font() {
    let gbk = encoding_rs::GBK.encode("布署").0.into_owned();
    let content = [b"BT /F1 12 Tf (", &gbk[..], b") Tj T* (2026) Tj ET"].concat();
    check(
        &page("<< /Type /Font /Subtype /Type0 /Encoding /GBK-EUC-H >>", &content, vec![]),
        &["第1页: 布署2026"],
    );
    let content = b"BT /F1 12 Tf <5e037f72> Tj ET";
    check(
        &page("<< /Type /Font /Subtype /Type0 /Encoding /UniGB-UCS2-H >>", content, vec![]),
        &["第1页: 布署"],
    );
    let unknown = read(&page("<< /Type /Font /Subtype /Type0 /Encoding /Identity-H >>", content, vec![]));
    assert!(unknown.limited.expect("nothing explains the codes").why.contains("文字对照表"));
}

#[test]
fn cells_on_a_line_of_a_pdf_are_apart() {
    let font = "<< /Type /Font /Subtype /Type0 /Encoding /UniGB-UCS2-H >>";
    let content =
        b"BT /F1 10 Tf 50 700 Td <5e037f72> Tj 22 0 Td <5de54f5c> Tj 80 0 Td <7532> Tj <4e59> Tj ET";
    check(&page(font, content, vec![]), &["第1页: 布署工作|甲乙"]);
}

#[test]
fn hostile_pdfs_end() {
    let nested = [b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog /A ".to_vec(), vec![b'['; 20_000]].concat();
    let many: Vec<u8> = [b"%PDF-1.4\n".to_vec(), b"1 0 obj [ ".repeat(20_000)].concat();
    // A font that is itself, in a tree of pages that holds itself.
    check(&page("5 0 R", b"BT /F1 1 Tf (x) Tj ET", vec![]), &["第1页: x"]);
    let form = b"<< /Subtype /Form /Resources << /XObject << /X 6 0 R >> >> >>\nstream\n/X Do /X Do /X Do\nendstream".to_vec();
    let forms = page(
        "<< >>",
        b"/X Do",
        vec![
            (6, form.clone()),
            (2, b"<< /Type /Pages /Kids [3 0 R] /Resources << /XObject << /X 6 0 R >> >> >>".to_vec()),
        ],
    );
    let limits = Limits { steps: 300_000, ..Limits::default() };
    for bytes in [nested, many, forms] {
        assert!(text(&bytes, Hint::default(), limits).limited.is_some());
    }
}

#[test]
fn any_bytes_make_a_document() {
    let whole = [
        docx("<w:document xmlns:w=\"w\"><w:p><w:r><w:t>布署</w:t></w:r></w:p></w:document>"),
        page("<< /Subtype /Type0 /Encoding /GBK-EUC-H >>", b"BT /F1 12 Tf (ab) Tj ET", vec![]),
    ];
    for bytes in whole {
        for end in 0..bytes.len() {
            read(&bytes[..end]);
            let mut bent = bytes.clone();
            bent[end] ^= 0x55;
            read(&bent);
        }
    }
}
