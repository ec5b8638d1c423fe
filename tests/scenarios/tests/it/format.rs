//! A letter's format at the desk: a draft is checked before it goes anywhere, with the line down.

use std::fs;

use congvan_ipc::dto::DraftFileDto;
use congvan_letters::{Half, Typed, clean, faulty};
use congvan_testkit::{
    CLERK, OFFICIAL, ScanOptions, SplitMix, Stationery, Topic, body, day, letter_pdf, scan_pdf,
};
use serde_json::{Value, json};

use crate::{face::Face, handling::desk_of, office::Office};

/// The hash of a PDF that is kept at this desk.
pub(crate) async fn kept(office: &Office, desk: &Face, name: &str, bytes: &[u8]) -> Value {
    let path = office.file(name);
    fs::write(&path, bytes).unwrap();
    let Face::Here(core) = desk else {
        panic!("the desk is in this process");
    };
    let file = core.keep_draft_file(path).await.unwrap();
    json!(DraftFileDto::from(file).sha256)
}

/// The whole check of a file, portion by portion; and how far each portion was.
async fn checked(desk: &Face, sha256: &Value) -> (Value, Vec<u64>) {
    let mut far = Vec::new();
    loop {
        let check = desk
            .ask("document_format", json!({ "sha256": sha256 }))
            .await;
        far.push(check["done"].as_u64().unwrap());
        assert_eq!(&check["sha256"], sha256);
        if !check["review"].is_null() {
            assert_eq!(check["done"], check["pages"]);
            return (check["review"].clone(), far);
        }
    }
}

#[tokio::test]
async fn a_draft_is_checked_offline_and_each_planted_fault_has_its_clause_and_its_place() {
    let mut office = Office::open();
    let desk = desk_of(&office, &OFFICIAL).await;
    office.cut();
    for number in [3, 17, 31, 45] {
        let Typed { bytes, faults, .. } = faulty(Half::Develop, number).unwrap();
        let sha256 = kept(&office, &desk, &format!("sai-{number}.pdf"), &bytes).await;
        let (review, far) = checked(&desk, &sha256).await;
        assert!(far.is_sorted(), "{far:?}");
        assert_eq!(
            (&review["checked"], &review["unchecked"]),
            (&json!(true), &json!([]))
        );
        let findings = review["findings"].as_array().unwrap();
        for fault in &faults {
            let rule = |finding: &&Value| {
                finding["part"] == json!(fault.rule.part)
                    && finding["aspect"] == json!(fault.rule.aspect)
                    && finding["page"] == fault.page
            };
            let found = findings.iter().find(rule);
            let found = found.unwrap_or_else(|| panic!("{:?} of {findings:?}", fault.rule));
            assert_eq!(found["clause"], fault.rule.clause);
        }
        for place in findings.iter().map(|finding| &finding["place"]) {
            let side = |name: &str| place[name].as_f64().unwrap();
            assert!(
                place.is_null() || (side("x") + side("w") <= 1.0 && side("y") + side("h") <= 1.0),
                "{place}"
            );
        }
    }
    let Typed { bytes, .. } = clean(Half::Develop, 5).unwrap();
    let sha256 = kept(&office, &desk, "dung.pdf", &bytes).await;
    let (review, _) = checked(&desk, &sha256).await;
    assert_eq!(
        review,
        json!({ "checked": true, "unchecked": [], "empty": [], "findings": [] })
    );
}

#[tokio::test]
async fn a_scan_is_not_called_clean_and_a_book_is_not_checked() {
    let office = Office::open();
    let desk = desk_of(&office, &CLERK).await;
    let options = ScanOptions {
        dpi: 100,
        ..ScanOptions::default()
    };
    let scan = scan_pdf(&letter(), &options).unwrap();
    let sha256 = kept(&office, &desk, "quet.pdf", &scan).await;
    let (review, _) = checked(&desk, &sha256).await;
    assert_eq!(review["checked"], false);

    let book = kept(&office, &desk, "sach.pdf", &blank_pdf(201)).await;
    let refused = desk
        .call("document_format", json!({ "sha256": book }))
        .await;
    let refused = refused.unwrap_err();
    assert_eq!(refused.args["limit"], "200");
    refused.is_told("TOO_MANY_PAGES");

    let foreign = json!({ "sha256": "0".repeat(64) });
    let missing = desk.call("document_format", foreign).await;
    assert_eq!(missing.unwrap_err().code, "FILE_NOT_HERE");
}

fn letter() -> congvan_testkit::Letter {
    congvan_testkit::Letter {
        stationery: Stationery {
            parent: Some("UBND tỉnh H99".to_owned()),
            agency: "Sở Nội vụ".to_owned(),
            place: "H99".to_owned(),
        },
        notation: "35/SNV-CCHC".to_owned(),
        date: Some(day(2026, 1, 5)),
        kind: congvan_model::DocumentType::OfficialLetter,
        subject: "Đẩy mạnh cải cách hành chính".to_owned(),
        addressees: vec!["Ủy ban nhân dân các xã".to_owned()],
        blocks: body(
            Topic::Reform,
            congvan_model::DocumentType::Plan,
            1,
            &mut SplitMix::new(7),
        ),
        recipients: vec!["Như trên".to_owned()],
        authority: vec!["GIÁM ĐỐC".to_owned()],
        signer: "Phạm Văn D".to_owned(),
        urgency: congvan_model::Urgency::Normal,
    }
}

/// Empty pages.
fn blank_pdf(pages: usize) -> Vec<u8> {
    let kids: String = (0..pages)
        .map(|page| format!("{} 0 R ", page + 3))
        .collect();
    let mut objects = vec![
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        format!("<</Type/Pages/Count {pages}/Kids[{kids}]>>"),
    ];
    let page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>";
    objects.extend((0..pages).map(|_| page.to_owned()));
    pdf_of(&objects)
}

/// A file of these objects, the first its catalogue.
fn pdf_of(objects: &[String]) -> Vec<u8> {
    let mut text = String::from("%PDF-1.7\n");
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (number, object) in (1..).zip(objects) {
        table += &format!("{:010} 00000 n \n", text.len());
        text += &format!("{number} 0 obj\n{object}\nendobj\n");
    }
    let (start, size) = (text.len(), objects.len() + 1);
    text += &format!("{table}trailer\n<</Size {size}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n");
    text.into_bytes()
}

/// Asks until two files are compared: what came of it, and how far it was each time before.
async fn compared(desk: &Face, old: &Value, new: &Value) -> (Value, Vec<u64>) {
    let mut steps = Vec::new();
    loop {
        let args = json!({ "old": old, "new": new });
        let check = desk.ask("texts_compare", args).await;
        if check["comparison"] != Value::Null {
            assert_eq!(check["done"], check["pages"]);
            return (check["comparison"].clone(), steps);
        }
        steps.push(check["done"].as_u64().unwrap());
    }
}

/// The same letter with another paragraph and another day.
fn revised() -> congvan_testkit::Letter {
    let mut letter = letter();
    letter.date = Some(day(2026, 1, 6));
    letter.subject = "Đẩy mạnh cải cách hành chính năm 2026".to_owned();
    letter
}

#[tokio::test]
async fn the_words_of_two_versions_are_compared_offline_and_each_change_lies_on_its_page() {
    let mut office = Office::open();
    let desk = desk_of(&office, &OFFICIAL).await;
    office.cut();
    let old = kept(&office, &desk, "mot.pdf", &letter_pdf(&letter()).unwrap()).await;
    let new = kept(&office, &desk, "hai.pdf", &letter_pdf(&revised()).unwrap()).await;
    let compare = async |old: &Value, new: &Value| compared(&desk, old, new).await.0;
    let found = compare(&old, &new).await;
    assert_eq!(
        (&found["old_wordless"], &found["new_wordless"]),
        (&json!(0), &json!(0))
    );
    let changes = found["changes"].as_array().unwrap();
    let words = |side: &str| -> Vec<&str> {
        let told = changes.iter().map(|change| change[side].as_str().unwrap());
        told.filter(|text| !text.is_empty()).collect()
    };
    assert_eq!(words("old_text"), ["05"], "{changes:#?}");
    assert_eq!(words("new_text"), ["06", "năm 2026"], "{changes:#?}");
    for side in ["old", "new"] {
        for hit in changes
            .iter()
            .flat_map(|change| change[side].as_array().unwrap())
        {
            assert_eq!(hit["page"], 0);
            assert!(!hit["boxes"].as_array().unwrap().is_empty());
        }
    }
    assert_eq!(compare(&old, &old).await["changes"], json!([]));

    let book = kept(&office, &desk, "sach.pdf", &blank_pdf(1_001)).await;
    let refused = desk.call("texts_compare", json!({ "old": old, "new": book }));
    refused.await.unwrap_err().is_told("TOO_MANY_PAGES");
    let empty = kept(&office, &desk, "trang.pdf", &blank_pdf(2)).await;
    let found = compare(&old, &empty).await;
    assert_eq!(found["new_wordless"], 2);
    assert_eq!(found["changes"].as_array().unwrap().len(), 1);
}

/// A plan of so many pages of words, the one with other words on one of them.
fn plan(pages: usize, changed: usize) -> Vec<u8> {
    let mut objects = Vec::new();
    let kids: String = (0..pages)
        .map(|page| format!("{} 0 R ", 4 + 2 * page))
        .collect();
    objects.push("<</Type/Catalog/Pages 2 0 R>>".to_owned());
    objects.push(format!("<</Type/Pages/Kids[{kids}]/Count {pages}>>"));
    objects.push("<</Type/Font/Subtype/Type1/BaseFont/Times-Roman>>".to_owned());
    for page in 0..pages {
        let lines: String = (0..40)
            .map(|line| {
                let word = if page == changed && line == 7 {
                    "hai"
                } else {
                    "ba"
                };
                let y = 780 - 18 * line;
                format!("BT /F1 11 Tf 85 {y} Td (Muc {page} dong {line} giao {word} phong) Tj ET\n")
            })
            .collect();
        objects.push(format!(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 3 0 R>>>>\
             /Contents {} 0 R>>",
            5 + 2 * page
        ));
        objects.push(format!(
            "<</Length {}>>stream\n{lines}endstream",
            lines.len()
        ));
    }
    pdf_of(&objects)
}

#[tokio::test]
async fn three_hundred_pages_are_compared_in_portions_and_go_on_after_they_were_left() {
    const PAGES: u64 = 300;
    let mut office = Office::open();
    let desk = desk_of(&office, &OFFICIAL).await;
    office.cut();
    let plan = |changed| plan(PAGES.try_into().unwrap(), changed);
    let old = kept(&office, &desk, "ke-hoach-1.pdf", &plan(usize::MAX)).await;
    let new = kept(&office, &desk, "ke-hoach-2.pdf", &plan(211)).await;
    // Asked once and left; whoever asks again goes on where it was.
    let args = json!({ "old": old, "new": new });
    let left = desk.ask("texts_compare", args).await;
    assert_eq!(left["pages"], json!(2 * PAGES));
    let before = left["done"].as_u64().unwrap();
    let (found, steps) = compared(&desk, &old, &new).await;
    let all: Vec<u64> = [vec![before], steps].concat();
    assert!(all.is_sorted() && all.len() > 1, "{all:?}");
    assert!(
        all.iter().all(|done| *done > 0 && *done <= 2 * PAGES),
        "{all:?}"
    );
    let changes = found["changes"].as_array().unwrap();
    assert_eq!(changes.len(), 1, "{changes:?}");
    assert_eq!(
        (&changes[0]["old_text"], &changes[0]["new_text"]),
        (&json!("ba"), &json!("hai"))
    );
    assert_eq!(changes[0]["new"][0]["page"], 211);
}
