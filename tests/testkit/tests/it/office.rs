use std::{path::Path, process::Command};

use congvan_model::{DocumentType, Urgency};
use congvan_testkit::{
    Block, Letter, ScanOptions, SplitMix, Stationery, Topic, body, day, letter_pdf,
    long_scheme_pdf, scan_pdf,
};

pub(crate) fn letter() -> Letter {
    Letter {
        stationery: Stationery {
            parent: Some("UBND tỉnh H99".to_owned()),
            agency: "Sở Nội vụ".to_owned(),
            place: "H99".to_owned(),
        },
        notation: "35/SNV-CCHC".to_owned(),
        date: Some(day(2026, 1, 5)),
        kind: DocumentType::OfficialLetter,
        subject: "Đẩy mạnh cải cách hành chính những tháng cuối năm".to_owned(),
        addressees: vec!["Ủy ban nhân dân các xã, phường, đặc khu".to_owned()],
        blocks: body(Topic::Reform, DocumentType::Plan, 2, &mut SplitMix::new(7)),
        recipients: vec!["Như trên".to_owned(), "UBND tỉnh (b/c)".to_owned()],
        authority: vec!["KT. GIÁM ĐỐC".to_owned(), "PHÓ GIÁM ĐỐC".to_owned()],
        signer: "Phạm Văn D".to_owned(),
        urgency: Urgency::Express,
    }
}

fn run(tool: &str, arguments: &[&str]) -> String {
    let output = Command::new(tool)
        .args(arguments)
        .output()
        .unwrap_or_else(|error| panic!("{tool} must be installed: {error}"));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success(),
        "{tool}: {text}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    text
}

fn save(dir: &Path, name: &str, bytes: &[u8]) -> String {
    let path = dir.join(name);
    std::fs::write(&path, bytes).expect("write");
    path.to_string_lossy().into_owned()
}

#[test]
fn the_text_of_a_letter_extracts_as_it_was_typed() {
    let dir = tempfile::tempdir().expect("dir");
    let path = save(
        dir.path(),
        "letter.pdf",
        &letter_pdf(&letter()).expect("pdf"),
    );
    run("qpdf", &["--check", &path]);
    let text = run("pdftotext", &["-layout", &path, "-"]);
    for wanted in [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "SỞ NỘI VỤ",
        "Số: 35/SNV-CCHC",
        "H99, ngày 05 tháng 01 năm 2026",
        "HỎA TỐC",
        "Kính gửi: Ủy ban nhân dân các xã, phường, đặc khu",
        "Nơi nhận:",
        "PHÓ GIÁM ĐỐC",
        "Phạm Văn D",
    ] {
        assert!(text.contains(wanted), "{wanted} in:\n{text}");
    }
    // Justified lines keep their words apart and together.
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let typed = letter().blocks.iter().find_map(|block| match block {
        Block::Paragraph(text) => Some(text.clone()),
        Block::Heading(_) | Block::Table(..) => None,
    });
    assert!(words.contains(&typed.expect("a paragraph")), "{words}");
}

#[test]
fn the_same_letter_gives_the_same_bytes() {
    assert_eq!(
        letter_pdf(&letter()).expect("pdf"),
        letter_pdf(&letter()).expect("pdf")
    );
    let options = ScanOptions {
        dpi: 72,
        ..ScanOptions::default()
    };
    assert_eq!(
        scan_pdf(&letter(), &options).expect("pdf"),
        scan_pdf(&letter(), &options).expect("pdf")
    );
}

#[test]
fn a_scan_is_a_sound_pdf_of_pictures_without_text() {
    let dir = tempfile::tempdir().expect("dir");
    let bytes = scan_pdf(
        &letter(),
        &ScanOptions {
            pages: 4,
            ..ScanOptions::default()
        },
    );
    let path = save(dir.path(), "scan.pdf", &bytes.expect("pdf"));
    run("qpdf", &["--check", &path]);
    assert_eq!(run("pdftotext", &[&path, "-"]).trim(), "");
    let images = run("pdfimages", &["-list", &path]);
    assert_eq!(
        images.lines().filter(|line| line.contains("jpeg")).count(),
        4,
        "{images}"
    );
    assert!(images.contains(" 200 "), "200 dots per inch in:\n{images}");
}

#[test]
fn the_long_scheme_has_exactly_two_hundred_pages() {
    let dir = tempfile::tempdir().expect("dir");
    let bytes = long_scheme_pdf(&letter(), 200).expect("pdf");
    let path = save(dir.path(), "long.pdf", &bytes);
    let info = run("pdfinfo", &[&path]);
    assert!(info.contains("Pages:           200"), "{info}");
}
