//! Files made to hurt whoever reads them: each has its verdict, what is said stays short, and the next file is read.
//! They go through the editor's check and, all at once, through a scan.

use std::{
    fs,
    io::Write,
    path::Path,
    process::{Command, Output},
};

use flate2::{Compression, write::DeflateEncoder};

use crate::scans::Scratch;

/// Bytes of output for one hostile file. A person reads that much.
const OUTPUT: usize = 64 << 10;

/// A file that hurts.
struct Hostile {
    name: &'static str,
    bytes: Vec<u8>,
    /// What is said of it: why it was not read, or what stands in it. Empty: nothing.
    says: &'static str,
}

/// An archive of these files, deflated. Each is given as a piece and how often it is repeated, as some are larger than
/// the memory that a test should take.
fn zip(files: &[(&str, &[u8], usize)]) -> Vec<u8> {
    let (mut body, mut table) = (Vec::new(), Vec::new());
    for (name, piece, times) in files {
        let packed = deflated(piece, *times);
        let offset = (body.len() as u32).to_le_bytes();
        let unpacked = (piece.len() * times) as u32;
        let sizes = [(packed.len() as u32).to_le_bytes(), unpacked.to_le_bytes()].concat();
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

/// A piece as often as wanted, deflated. From the second time on its block is the same, and is copied.
fn deflated(piece: &[u8], times: usize) -> Vec<u8> {
    let mut packer = DeflateEncoder::new(Vec::new(), Compression::fast());
    let mut ends = Vec::new();
    for _ in 0..times.min(2) {
        packer.write_all(piece).and_then(|()| packer.flush()).expect("in memory");
        ends.push(packer.get_ref().len());
    }
    let written = packer.finish().expect("in memory");
    let (blocks, end) = written.split_at(*ends.last().expect("at least one"));
    let copied = blocks[ends[0]..].repeat(times.saturating_sub(2));
    [blocks, &copied, end].concat()
}

const WORD: &str = "<w:document xmlns:w=\"w\"><w:body><w:p><w:r><w:t>认真布署";

/// A Word file of 200 MB that is 200 kB long.
fn bomb() -> Vec<u8> {
    let megabyte = vec![b'A'; 1 << 20];
    zip(&[
        ("[Content_Types].xml", b"<Types/>", 1),
        ("word/document.xml", &[WORD.as_bytes(), &megabyte].concat(), 200),
    ])
}

/// A Word file whose entities stand for a thousand million words.
fn entities() -> Vec<u8> {
    let mut document = "<!DOCTYPE d [<!ENTITY a0 \"布署\">".to_owned();
    for level in 1..10 {
        let ten = format!("&a{};", level - 1).repeat(10);
        document.push_str(&format!("<!ENTITY a{level} \"{ten}\">"));
    }
    document.push_str(&format!("]>{WORD}&a9;</w:t></w:r></w:p></w:body></w:document>"));
    zip(&[("[Content_Types].xml", b"<Types/>", 1), ("word/document.xml", document.as_bytes(), 1)])
}

/// A sheet that claims every cell there can be, again and again, and puts words into the last one.
fn cells() -> Vec<u8> {
    let book = b"<workbook xmlns:r=\"r\"><sheets><sheet name=\"A\" r:id=\"a\"/></sheets></workbook>";
    let rels = b"<r><Relationship Id=\"a\" Target=\"worksheets/sheet1.xml\"/></r>";
    let row = b"<dimension ref=\"A1:XFD1048576\"/><row><c r=\"XFD1\"><v>1</v></c></row>";
    zip(&[
        ("[Content_Types].xml", b"<Types/>", 1),
        ("xl/workbook.xml", book, 1),
        ("xl/_rels/workbook.xml.rels", rels, 1),
        ("xl/worksheets/sheet1.xml", row, 100_000),
    ])
}

/// A PDF whose pages, fonts and forms are their own children.
fn loops() -> Vec<u8> {
    let mut pdf = b"%PDF-1.5\n".to_vec();
    for object in [
        "1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj\n",
        "2 0 obj << /Type /Pages /Kids [2 0 R 3 0 R] /Resources << /XObject << /X 4 0 R >> >> >> endobj\n",
        "3 0 obj << /Type /Page /Parent 2 0 R /Contents 5 0 R >> endobj\n",
        "4 0 obj << /Subtype /Form /Resources << /XObject << /X 4 0 R >> >> >>\nstream\n",
    ] {
        pdf.extend(object.bytes());
    }
    pdf.extend(b"/X Do ".repeat(2_000));
    pdf.extend(b"\nendstream endobj\n5 0 obj << >>\nstream\n/X Do\nendstream endobj\n");
    pdf.extend(b"trailer << /Root 1 0 R >>\nstartxref\n0\n%%EOF");
    pdf
}

/// All of them; the text without a break has so many characters.
fn hostile(unbroken: usize) -> Vec<Hostile> {
    let deep =
        (0..40).fold(zip(&[("a.txt", "布署".as_bytes(), 1)]), |inner, _| zip(&[("x.zip", &inner, 1)]));
    let marks = format!("六{}合彩", "\u{200B}".repeat(350_000));
    let unbroken = format!("{}布署", "甲".repeat(unbroken));
    vec![
        Hostile { name: "unbroken.txt", bytes: unbroken.into_bytes(), says: "【布署】" },
        Hostile { name: "marks.txt", bytes: marks.into_bytes(), says: "【六" },
        Hostile { name: "entities.docx", bytes: entities(), says: "【布署】" },
        Hostile {
            name: "bomb.docx", bytes: bomb(), says: "解压后内容过大，只读取了前一部分"
        },
        Hostile {
            name: "loops.pdf", bytes: loops(), says: "文档结构异常复杂，只读取了前一部分"
        },
        Hostile { name: "deep.zip", bytes: deep, says: "压缩包嵌套过深，内层未读取" },
        Hostile { name: "cells.xlsx", bytes: cells(), says: "" },
    ]
}

fn check_text(file: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sitewarden"));
    command.arg("check-text").arg(file).env_remove("SITEWARDEN_LOG");
    command.output().expect("the program starts")
}

#[test]
fn the_editor_is_told_what_became_of_them() {
    let folder = tempfile::tempdir().expect("a scratch folder");
    for Hostile { name, bytes, says } in hostile(3_400_000) {
        let file = folder.path().join(name);
        fs::write(&file, bytes).expect("writable");
        let output = check_text(&file);
        let shown = String::from_utf8(output.stdout).expect("UTF-8");
        assert_eq!(output.status.code(), Some(0), "{name}: {}", String::from_utf8_lossy(&output.stderr));
        assert!(shown.contains(says), "{name}: {shown}");
        assert!(shown.len() < OUTPUT, "{name}: {} bytes", shown.len());
    }
}

#[test]
fn a_scan_reads_on_behind_them() {
    let folder = tempfile::tempdir().expect("a scratch folder");
    let mut links = String::new();
    let files = hostile(400_000);
    for Hostile { name, bytes, .. } in &files {
        fs::write(folder.path().join(name), bytes).expect("writable");
        links.push_str(&format!("<a href=\"/{name}\">{name}</a>"));
    }
    fs::write(folder.path().join("last.txt"), "做好秸杆禁烧工作。").expect("writable");
    let page = format!(
        "<!DOCTYPE html><meta charset=\"utf-8\"><title>示例</title><p>{links}<a href=\"/last.txt\">末</a></p>"
    );
    fs::write(folder.path().join("index.html"), page).expect("writable");
    let report = Scratch::new().scan(folder.path());
    assert_eq!(report.could_not_run, []);
    assert_eq!(report.coverage.attachments, files.len() as u64 + 1);
    let limited: u64 = report.coverage.attachments_limited.values().sum();
    assert_eq!(limited, 3, "{:?}", report.coverage.attachments_limited);
    let evidence: Vec<&str> =
        report.findings.iter().map(|reported| reported.finding.evidence.as_str()).collect();
    for words in ["【秸杆", "【布署】"] {
        assert!(evidence.iter().any(|evidence| evidence.contains(words)), "{words}: {evidence:#?}");
    }
    assert!(evidence.iter().all(|evidence| evidence.len() < 1_000), "{evidence:#?}");
}
