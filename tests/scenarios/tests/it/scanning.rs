//! Scans from their sources into the inbox: a scanner that fails in the middle, a folder on a share
//! that comes and goes, and sheets that separate what was scanned in one go.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use congvan_core::ExportedFile;
use congvan_model::{DocumentType, Urgency};
use congvan_testkit::{
    CLERK, Letter, ScanOptions, ScannerFault, ScannerSimulator, SplitMix, Stationery, Topic, body,
    day, letter_pdf, scan_jpegs,
};
use serde_json::{Value, json};

use crate::{face::Face, office::Office};

/// As coarse as what is to be read of it here allows.
const DPI: u16 = 100;

fn letter(number: u32, blocks: usize) -> Letter {
    Letter {
        stationery: Stationery {
            parent: Some("UBND tỉnh H99".to_owned()),
            agency: "Sở Nội vụ".to_owned(),
            place: "H99".to_owned(),
        },
        notation: format!("{number}/SNV-CCHC"),
        date: Some(day(2026, 1, 5)),
        kind: DocumentType::OfficialLetter,
        subject: "Đẩy mạnh cải cách hành chính những tháng cuối năm".to_owned(),
        addressees: vec!["Ủy ban nhân dân các xã, phường, đặc khu".to_owned()],
        blocks: body(
            Topic::Reform,
            DocumentType::OfficialLetter,
            blocks,
            &mut SplitMix::new(u64::from(number)),
        ),
        recipients: vec!["Như trên".to_owned()],
        authority: vec!["GIÁM ĐỐC".to_owned()],
        signer: "Phạm Văn D".to_owned(),
        urgency: Urgency::Normal,
    }
}

/// So many pages as a scanner hands them over.
fn pages(number: u32, count: usize) -> Vec<Vec<u8>> {
    let options = ScanOptions {
        seed: u64::from(number),
        dpi: DPI,
        pages: count,
        ..ScanOptions::default()
    };
    let mut pages = scan_jpegs(&letter(number, 2), &options).unwrap();
    pages.truncate(count);
    pages
}

async fn clerk(office: &Office) -> Face {
    let desk = office.desk();
    desk.log_in(&CLERK).await.unwrap();
    desk
}

async fn letters(desk: &Face) -> Vec<Value> {
    let all = json!({ "states": [], "offset": 0, "limit": 100 });
    let page = desk.ask("intake_list", all).await;
    page["letters"].as_array().unwrap().clone()
}

/// Waits until the inbox has letters of so many pages each, in whatever order.
async fn has_letters(desk: &Face, wanted: &[u64]) {
    desk.until(&format!("letters of {wanted:?} pages"), async |desk| {
        let mut pages: Vec<u64> = letters(desk)
            .await
            .iter()
            .map(|letter| letter["pages"].as_u64().unwrap())
            .collect();
        pages.sort_unstable();
        (pages == wanted).then_some(())
    })
    .await;
}

async fn sources(desk: &Face) -> Value {
    desk.ask("scan_sources", json!({})).await
}

/// Writes the scanner down, as a person does; its id.
async fn add_scanner(desk: &Face, simulator: &ScannerSimulator) -> Value {
    let here = desk
        .ask("scanner_add", json!({ "address": simulator.url() }))
        .await;
    let scanner = &here["scanners"][0];
    assert_eq!(scanner["name"], "Máy quét kiểm thử");
    assert_eq!(scanner["code"], Value::Null);
    assert_eq!(scanner["resolutions"], json!([100, 200, 300]));
    scanner["id"].clone()
}

async fn scan(desk: &Face, scanner: &Value) {
    let order = json!({ "scanner": scanner, "feeder": true, "duplex": false, "resolution": DPI });
    desk.ask("scan_start", order).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scanner_unplugged_after_page_7_of_12_leaves_7_pages_and_the_rest_can_follow() {
    let office = Office::open();
    let desk = clerk(&office).await;
    let simulator = ScannerSimulator::start().unwrap();
    let scanner = add_scanner(&desk, &simulator).await;
    let mut stack = pages(35, 12);
    simulator.load(stack.clone());
    simulator.fault(ScannerFault::UnpluggedAfter(7));
    scan(&desk, &scanner).await;
    let job = desk
        .until("the scan has ended", async |desk| {
            let job = sources(desk).await["job"].clone();
            (!job["code"].is_null()).then_some(job)
        })
        .await;
    assert_eq!(job["code"], "SCANNER_UNREACHABLE");
    assert_eq!(job["pages"], 7);
    has_letters(&desk, &[7]).await;

    // The report is closed, the plug is in again, and the other five follow as a stack of their own.
    desk.ask("scan_cancel", json!({})).await;
    assert_eq!(sources(&desk).await["job"], Value::Null);
    simulator.fault(ScannerFault::None);
    simulator.load(stack.split_off(7));
    scan(&desk, &scanner).await;
    has_letters(&desk, &[5, 7]).await;
    desk.until("the scan is over", async |desk| {
        sources(desk).await["job"].is_null().then_some(())
    })
    .await;

    // Nothing to scan is no scan: no empty stack appears.
    scan(&desk, &scanner).await;
    desk.until("the scan has ended", async |desk| {
        (sources(desk).await["job"]["code"] == "SCANNER_EMPTY").then_some(())
    })
    .await;
    assert_eq!(letters(&desk).await.len(), 2);
    let wrong = desk
        .call("scanner_add", json!({ "address": "không phải địa chỉ" }))
        .await;
    wrong.unwrap_err().is_told("SCANNER_ADDRESS");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_on_a_share_that_comes_and_goes_gives_every_file_once_and_no_half_file() {
    let office = Office::open();
    let desk = clerk(&office).await;
    let (share, away) = (office.file("share"), office.file("away"));
    fs::create_dir(&share).unwrap();
    let refused = desk
        .call("scan_folder_set", json!({ "folder": office.file("none") }))
        .await;
    refused.unwrap_err().is_told("FOLDER_UNREACHABLE");
    let set = desk
        .ask("scan_folder_set", json!({ "folder": share }))
        .await;
    assert_eq!(set["folder"], json!(share));

    // A file of which only half is there yet is older than one that is whole.
    let first = letter_pdf(&letter(1, 1)).unwrap();
    fs::write(share.join("một.pdf"), &first[..first.len() / 2]).unwrap();
    fs::write(share.join("hai.pdf"), letter_pdf(&letter(2, 1)).unwrap()).unwrap();
    is_put_away(&desk, &share, "hai.pdf").await;
    assert!(
        share.join("một.pdf").exists(),
        "half a file is left alone: {} of {} bytes, ends {:?}",
        fs::metadata(taken(&share, "một.pdf")).unwrap().len(),
        first.len(),
        String::from_utf8_lossy(&first[first.len() / 2 - 300..first.len() / 2]),
    );
    fs::write(share.join("một.pdf"), &first).unwrap();
    is_put_away(&desk, &share, "một.pdf").await;
    desk.until("two letters", async |desk| {
        (letters(desk).await.len() == 2).then_some(())
    })
    .await;
    assert_eq!(fs::read(taken(&share, "một.pdf")).unwrap(), first);

    fs::rename(&share, &away).unwrap();
    folder_says(&desk, json!("FOLDER_UNREACHABLE")).await;
    fs::write(away.join("ba.pdf"), letter_pdf(&letter(3, 1)).unwrap()).unwrap();
    // The same bytes under another name.
    fs::write(away.join("một nữa.pdf"), &first).unwrap();
    fs::rename(&away, &share).unwrap();
    folder_says(&desk, Value::Null).await;
    is_put_away(&desk, &share, "ba.pdf").await;
    is_put_away(&desk, &share, "một nữa.pdf").await;
    desk.until("three letters", async |desk| {
        (letters(desk).await.len() == 3).then_some(())
    })
    .await;
    let all = json!({ "states": [], "offset": 0, "limit": 100 });
    let page = desk.ask("intake_list", all).await;
    let codes: Vec<&Value> = page["stacks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|stack| &stack["code"])
        .collect();
    assert_eq!(codes, ["INTAKE_SAME_FILE"]);
}

fn taken(share: &Path, name: &str) -> PathBuf {
    share.join("Đã nhận").join(name)
}

async fn is_put_away(desk: &Face, share: &Path, name: &str) {
    desk.until(&format!("{name} is taken in"), async |_| {
        let moved = taken(share, name).exists() && !share.join(name).exists();
        moved.then_some(())
    })
    .await;
}

async fn folder_says(desk: &Face, code: Value) {
    desk.until(&format!("the folder says {code}"), async |desk| {
        (sources(desk).await["folder_code"] == code).then_some(())
    })
    .await;
}

/// Prints a page as an office printer and scanner do: turned a little, or upside down.
fn printed_and_scanned(pdf: &Path, page: usize, turned: &str) -> Vec<u8> {
    let stem = pdf.with_file_name(format!("sheet-{page}"));
    let number = page.to_string();
    let run = |program: &str, arguments: &[&str]| {
        let output = Command::new(program).args(arguments).output();
        let output = output.unwrap_or_else(|error| panic!("{program}: {error}"));
        let words = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{program}: {words}");
    };
    let (pdf, stem) = (pdf.to_str().unwrap(), stem.to_str().unwrap());
    let (png, jpeg) = (format!("{stem}.png"), format!("{stem}.jpg"));
    run(
        "pdftoppm",
        &[
            "-png",
            "-r",
            "100",
            "-f",
            &number,
            "-l",
            &number,
            "-singlefile",
            pdf,
            stem,
        ],
    );
    run(
        "convert",
        &[
            &png,
            "-background",
            "white",
            "-rotate",
            turned,
            "-gravity",
            "center",
            "-extent",
            "827x1169",
            "-attenuate",
            "0.3",
            "+noise",
            "Gaussian",
            "-density",
            "100",
            "-units",
            "PixelsPerInch",
            "-quality",
            "60",
            &jpeg,
        ],
    );
    fs::read(jpeg).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn printed_sheets_cut_what_is_scanned_in_one_go_whichever_way_they_go_in() {
    let office = Office::open();
    let desk = clerk(&office).await;
    let departments = ["Phòng Kinh tế, Hạ tầng và Đô thị", "Văn phòng Đảng ủy"];
    let made = desk
        .ask("scan_separators", json!({ "departments": departments }))
        .await;
    assert_eq!(made["media_type"], "application/pdf");
    let Face::Here(core) = &desk else {
        unreachable!("a desk of this process")
    };
    let id = made["id"].as_str().unwrap();
    let (ExportedFile { name, .. }, pdf) = core.export_take(id).unwrap();
    assert_eq!(made["name"], name.as_str());
    assert!(core.export_take(id).is_none(), "given once");

    let sheets = office.file("sheets.pdf");
    fs::write(&sheets, pdf).unwrap();
    let text = Command::new("pdftotext")
        .args([&sheets, Path::new("-")])
        .output()
        .unwrap();
    let text = String::from_utf8(text.stdout).unwrap();
    for words in ["PHIẾU TÁCH VĂN BẢN", "Văn phòng Đảng ủy"] {
        assert!(text.contains(words), "{words} in {text}");
    }
    let simulator = ScannerSimulator::start().unwrap();
    let scanner = add_scanner(&desk, &simulator).await;
    let stack = [
        vec![printed_and_scanned(&sheets, 1, "1.3")],
        pages(11, 2),
        vec![printed_and_scanned(&sheets, 2, "179")],
        pages(12, 1),
    ];
    simulator.load(stack.concat());
    scan(&desk, &scanner).await;
    has_letters(&desk, &[1, 2]).await;
    for letter in letters(&desk).await {
        let detail = desk
            .ask("intake_letter", json!({ "letter": letter["id"] }))
            .await;
        let department = if letter["pages"] == 2 {
            departments[0]
        } else {
            departments[1]
        };
        assert_eq!(detail["department"], department);
    }
}
