//! What is told of scanned letters: drawn ones, whose text is known.

use std::{fs, path::Path};

use congvan_letters::{Half, Sample, sample};
use congvan_model::{DocumentType, Urgency};
use congvan_testkit::{Letter, Stationery, letter_pdf};
use serde_json::Value;

use crate::program::{Ran, cli, run};

/// A letter of the half to develop on, in a file.
fn letter(number: usize, folder: &Path) -> (Sample, String) {
    let sample = sample(Half::Develop, number).unwrap();
    let path = folder.join(format!("{number}.{}", sample.format.extension()));
    fs::write(&path, &sample.bytes).unwrap();
    (sample, path.display().to_string())
}

fn intake(paths: &[&str]) -> Ran {
    run(cli().args(["--json", "intake"]).args(paths))
}

fn assert_read(line: &Value, sample: &Sample) {
    let truth = &sample.truth;
    assert_eq!(line["notation"]["value"], truth.notation, "{line}");
    let (day, month, year) = truth.date;
    assert_eq!(
        line["date"]["value"],
        format!("{year:04}-{month:02}-{day:02}"),
        "{line}"
    );
    assert_eq!(line["printed_agency"], truth.agency, "{line}");
    let place = &line["notation"]["places"][0];
    assert_eq!(place["page"], 1);
    assert!(
        place["x"].as_f64().unwrap() < 0.4 && place["y"].as_f64().unwrap() < 0.25,
        "the number stands at the top left: {place}"
    );
    assert!(line["notation"]["confidence"].as_f64().unwrap() > 0.5);
}

#[test]
fn a_directory_gives_the_agencies_spelling_and_its_code_where_one_is_meant() {
    let folder = tempfile::tempdir().unwrap();
    let (sample, path) = letter(0, folder.path());
    let printed = &sample.truth.agency;
    let spelled = format!("{} của Danh bạ", printed.to_lowercase());
    let entry = |id: u8, code: &str, name: &str, alias: &str| serde_json::json!({ "id": id, "code": code, "name": name, "aliases": [alias] });
    let file = folder.path().join("danh-ba.json");
    let ask = |agencies: Vec<Value>| {
        let page = serde_json::json!({ "agencies": agencies, "cursor": "a-2", "more": false });
        fs::write(&file, page.to_string()).unwrap();
        let ran = run(cli()
            .args(["--json", "intake", "--directory"])
            .arg(&file)
            .arg(&path));
        ran.well().lines("letter").remove(0)
    };
    let one = ask(vec![
        entry(1, "H10.5", printed, ""),
        entry(2, "H10.6", &spelled, ""),
    ]);
    assert_eq!(one["agency"]["value"], *printed, "{one}");
    assert_eq!(one["agency_code"], "H10.5");
    let two = ask(vec![
        entry(1, "H10.5", printed, ""),
        entry(2, "H20.5", printed, ""),
    ]);
    assert_eq!(two["agency"]["value"], *printed);
    assert_eq!(two["agency_code"], Value::Null, "two have the name: {two}");
}

#[test]
fn scans_of_every_format_are_read_with_confidence_and_place() {
    let folder = tempfile::tempdir().unwrap();
    // PDF of two pages, PNG, TIFF by fax, photograph.
    let letters = [0, 3, 4, 6].map(|number| letter(number, folder.path()));
    let paths = letters.each_ref().map(|(_, path)| path.as_str());
    let lines = intake(&paths).well().lines("letter");
    for (line, (sample, path)) in lines.iter().zip(&letters) {
        assert_eq!(line["file"], *path, "in the order given");
        assert_eq!(line["source"], "ocr");
        assert_eq!(line["pages"], sample.pages);
        assert_read(line, sample);
    }
    assert_eq!(
        lines[1]["meets_the_decree"], false,
        "a grey scan is not what the decree wants"
    );
}

#[test]
fn a_pdf_with_text_is_read_without_ocr() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("text.pdf");
    let letter = Letter {
        stationery: Stationery {
            parent: Some("UBND tỉnh Hưng Thịnh".to_owned()),
            agency: "Sở Nội vụ".to_owned(),
            place: "Hưng Thịnh".to_owned(),
        },
        notation: "125/SNV-CCHC".to_owned(),
        date: Some(congvan_testkit::day(2026, 3, 5)),
        kind: DocumentType::OfficialLetter,
        subject: "Rà soát thủ tục hành chính năm 2026".to_owned(),
        urgency: Urgency::Normal,
        addressees: vec!["Ủy ban nhân dân các xã, phường".to_owned()],
        blocks: Vec::new(),
        recipients: vec!["Như trên".to_owned()],
        authority: vec!["KT. GIÁM ĐỐC".to_owned(), "PHÓ GIÁM ĐỐC".to_owned()],
        signer: "Nguyễn Văn A".to_owned(),
    };
    fs::write(&file, letter_pdf(&letter).unwrap()).unwrap();
    // No Tesseract: it must not even be asked.
    let ran = run(cli()
        .env("CONGVAN_TESSERACT", "/nowhere.so")
        .args(["--json", "intake"])
        .arg(&file));
    let line = ran.well().line("letter");
    assert_eq!(line["source"], "text");
    assert_eq!(line["notation"]["value"], "125/SNV-CCHC");
    assert_eq!(line["date"]["value"], "2026-03-05");
    assert_eq!(line["printed_agency"], "SỞ NỘI VỤ");
    assert_eq!(line["kind"]["value"], "Công văn");
    assert_eq!(
        line["subject"]["value"],
        "Rà soát thủ tục hành chính năm 2026"
    );
    assert_eq!(
        line["addressees"][0]["value"],
        "Ủy ban nhân dân các xã, phường"
    );
    assert_eq!(line["position"]["value"], "PHÓ GIÁM ĐỐC");
}

#[test]
fn one_broken_file_does_not_keep_the_others_from_being_read() {
    let folder = tempfile::tempdir().unwrap();
    let (sample, good) = letter(3, folder.path());
    let broken = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        path.display().to_string()
    };
    let cut = sample.bytes.get(..sample.bytes.len() / 3).unwrap();
    let files = [
        broken("empty.pdf", b""),
        broken("a.tif", b"II*\0\xff\xff\xff\x7f"),
        broken("b.jpg", b"\xff\xd8\xff\xe0"),
        broken("c.png", cut),
        good,
    ];
    let ran = intake(&files.each_ref().map(String::as_str));
    assert_eq!(ran.code, 1, "{ran}");
    let lines = ran.lines("letter");
    assert_eq!(lines.len(), 5);
    for line in &lines[..4] {
        assert!(
            line["code"].is_string() && line["remedy"].is_string(),
            "{line}"
        );
    }
    assert_read(&lines[4], &sample);
}

#[test]
fn of_a_secret_letter_nothing_is_told_but_its_stamp() {
    let folder = tempfile::tempdir().unwrap();
    // In colour, with a red stamp.
    let number = 44;
    let (sample, path) = letter(number, folder.path());
    let line = intake(&[&path]).well().line("letter");
    assert_eq!(line["secret"]["value"].as_str(), sample.truth.secret);
    assert!(sample.truth.secret.is_some());
    for field in ["agency", "notation", "subject", "signer"] {
        assert!(line[field].is_null(), "{line}");
    }
    let told = run(cli().args(["intake", "--words"]).arg(&path))
        .well()
        .text;
    assert!(
        told.contains("Văn bản mật") && !told.contains(&sample.truth.notation),
        "{told}"
    );
}

#[test]
fn without_tesseract_a_scan_says_what_to_install() {
    let folder = tempfile::tempdir().unwrap();
    let (_, path) = letter(3, folder.path());
    let ran = run(cli()
        .env("CONGVAN_TESSERACT", "/nowhere.so")
        .arg("intake")
        .arg(&path));
    assert_eq!(ran.code, 5, "{ran}");
    assert!(
        ran.complaint.contains("OCR_MISSING") && ran.complaint.contains("tesseract-ocr-vie"),
        "{ran}"
    );
}
