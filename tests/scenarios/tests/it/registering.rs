//! Letters become entries of the book: two desks offline, a death in the middle, second thoughts, the
//! agency's signature with one PIN, the book on paper and as a table.

use std::{collections::BTreeSet, fs, path::PathBuf, process::Command, sync::Arc};

use congvan_core::{Desk, StackOrigin};
use congvan_province::Clock;
use congvan_testkit::{CLERK, LEADER, Pki, SignerKind};
use serde_json::{Value, json};

use crate::{
    face::Face,
    host::Host,
    keyring::Keyring,
    looks::Verdict,
    office::{Office, checkout},
};

const AGENCY: &str = "UBND xã Bình Minh Đông";

/// An office whose clerk has the agency's certificate on the token. Nothing is read by Tesseract:
/// these stories begin where the reading has ended.
pub(crate) fn office() -> (Office, Pki) {
    let pki = Pki::new(Clock::system().now()).unwrap();
    let identity = pki.signer_named(AGENCY, SignerKind::Good).unwrap();
    let office = Office::open_for(&pki, (&CLERK, identity), |_| {});
    fs::write(office.file("libtesseract.so.5"), "not a library").unwrap();
    (office, pki)
}

pub(crate) async fn clerk(office: &Office) -> Face {
    let desk = office.desk();
    desk.log_in(&CLERK).await.unwrap();
    desk.everything_pulled().await;
    desk
}

pub(crate) fn desk_of(face: &Face) -> &Arc<Desk> {
    match face {
        Face::Here(desk) => desk,
        Face::There(_) => panic!("the desk is in another process"),
    }
}

/// A page of A4 with a line of text, as small as a PDF can be.
fn tiny(words: &str) -> Vec<u8> {
    page_of(&format!("BT /F1 12 Tf 100 400 Td ({words}) Tj ET"))
}

/// A page of A4 that draws this, with Helvetica as `F1`.
pub(crate) fn page_of(content: &str) -> Vec<u8> {
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Count 1/Kids[3 0 R]>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595.28 841.89]/Contents 4 0 R\
         /Resources<</Font<</F1 5 0 R>>>>>>"
            .to_owned(),
        format!(
            "<</Length {}>>\nstream\n{content}\nendstream",
            content.len()
        ),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_owned(),
    ];
    let mut pdf = b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n".to_vec();
    let mut offsets = Vec::new();
    for (number, object) in (1..).zip(&objects) {
        offsets.push(pdf.len());
        pdf.extend_from_slice(format!("{number} 0 obj\n{object}\nendobj\n").as_bytes());
    }
    let start = pdf.len();
    pdf.extend_from_slice(b"xref\n0 6\n0000000000 65535 f \n");
    for offset in offsets {
        pdf.extend_from_slice(format!("{offset:010} 00000 n \n").as_bytes());
    }
    let end = format!("trailer\n<</Size 6/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n");
    pdf.extend_from_slice(end.as_bytes());
    pdf
}

fn papers(office: &Office, desk: &str, count: usize) -> Vec<PathBuf> {
    let folder = office.file(&format!("scans-{desk}"));
    fs::create_dir(&folder).unwrap();
    (0..count)
        .map(|number| {
            let path = folder.join(format!("{number:03}.pdf"));
            fs::write(&path, tiny(&format!("Letter {desk} {number}"))).unwrap();
            path
        })
        .collect()
}

async fn letters(face: &Face, states: &[&str]) -> Vec<Value> {
    let query = json!({ "states": states, "offset": 0, "limit": 500 });
    let list = face.ask("intake_list", query).await;
    list["letters"].as_array().unwrap().clone()
}

fn fields(desk: &str, number: usize) -> Value {
    json!({
        "issuer": "Sở Nội vụ", "issuer_code": null,
        "notation": format!("{}/ZKT-{desk}", number + 1), "issued_on": "2026-11-02", "kind": "CV",
        "subject": format!("V/v báo cáo số {number} của {desk}"), "urgency": "normal",
        "signer_position": "Giám đốc", "signer_name": "Phạm Văn D", "due": "",
    })
}

/// Waits for the letters and confirms all of them with fields of their own.
pub(crate) async fn confirm_all(face: &Face, desk: &str, count: usize) {
    // Part by part: each part has the patience of one wait.
    for part in 1..=count.div_ceil(20) {
        let enough = (part * 20).min(count);
        face.until("the next letters wait for a person", async |face| {
            let query = json!({ "states": ["READY"], "offset": 0, "limit": 1 });
            let list = face.ask("intake_list", query).await;
            let ready = list["counts"]["ready"].as_u64().unwrap();
            (ready >= enough as u64).then_some(())
        })
        .await;
    }
    let ready = letters(face, &["READY"]).await;
    assert_eq!(ready.len(), count);
    for (number, letter) in ready.iter().enumerate() {
        let edit = json!({
            "letter": letter["id"], "fields": fields(desk, number), "despite_duplicate": true,
        });
        face.ask("intake_confirm", edit).await;
    }
}

/// So many confirmed letters on a desk of this process.
async fn confirmed(office: &Office, face: &Face, (desk, count): (&str, usize)) {
    let paths = papers(office, desk, count);
    let added = desk_of(face).intake_add(paths, StackOrigin::Dropped).await;
    assert!(added.unwrap().files.iter().all(|file| file.is_safe()));
    confirm_all(face, desk, count).await;
}

/// Registers everything that is confirmed, as the options propose it.
pub(crate) async fn register(face: &Face) -> Value {
    let options = face.ask("register_options", json!({})).await;
    let order = json!({ "letters": [], "defaults": options["defaults"] });
    face.ask("intake_register", order).await
}

/// Registers everything that is confirmed, waits for the numbers and signs all scans with one PIN. What
/// signs them, and the batch's report.
pub(crate) async fn sealed(office: &Office, face: &Face, count: usize) -> (Value, Value) {
    assert_eq!(register(face).await["failed"], 0);
    face.everything_sent().await;
    let ready = json!({ "ready": count, "waiting": 0 });
    face.until("all have their numbers", async |face| {
        (face.ask("seal_queue", json!({})).await == ready).then_some(())
    })
    .await;
    let (module, token) = face.token().await;
    let order = json!({
        "module": module, "token_serial": token["serial"],
        "certificate": token["certificates"][0]["sha256"],
    });
    let report = face.batch("seal_sign", order.clone(), office.pin()).await;
    assert_eq!(
        (&report["stage"], &report["signed"]),
        (&json!("FINISHED"), &json!(count)),
        "{report}"
    );
    (order, report)
}

async fn book(face: &Face, year: &Value) -> Value {
    let query = json!({
        "book": "den", "year": year, "from": "", "to": "", "text": "ZKT-", "offset": 0, "limit": 500,
    });
    face.ask("book_entries", query).await
}

async fn this_year(face: &Face) -> Value {
    let options = face.ask("register_options", json!({})).await;
    options["books"][0]["year"].clone()
}

fn numbers(book: &Value) -> Vec<u64> {
    let entries = book["entries"].as_array().unwrap();
    entries
        .iter()
        .filter_map(|entry| entry["number"].as_u64())
        .collect()
}

#[tokio::test]
async fn two_desks_offline_register_two_hundred_letters_each_and_end_with_one_row_of_numbers() {
    const EACH: usize = 200;
    let (mut office, _pki) = office();
    let (leased, plain) = (clerk(&office).await, clerk(&office).await);
    confirmed(&office, &leased, ("A", EACH)).await;
    confirmed(&office, &plain, ("B", EACH)).await;
    let year = this_year(&leased).await;
    this_year(&plain).await;
    let of_book = json!({ "book": "den", "year": year });
    let taken = leased.ask("lease_take", of_book.clone()).await;
    let first = taken["leased"]["next"].as_u64().unwrap();
    let held = plain.call("lease_take", of_book.clone()).await;
    held.unwrap_err().is_told("BOOK_HELD");
    for desk in [&leased, &plain] {
        desk.ask("sync_pause", json!({ "until": null })).await;
    }
    office.cut();

    let report = register(&leased).await;
    let told = |name: &str| report[name].as_u64().unwrap();
    assert_eq!(
        (told("numbered"), told("provisional"), told("failed")),
        (50, 150, 0)
    );
    let report = register(&plain).await;
    assert_eq!(
        (&report["provisional"], &report["failed"]),
        (&json!(200), &json!(0))
    );
    // Done again nothing is left to do.
    assert_eq!(register(&plain).await["letters"], json!([]));
    let here = book(&leased, &year).await;
    assert_eq!(here["total"], EACH);
    assert_eq!(numbers(&here), (first..first + 50).collect::<Vec<_>>());

    office.connect();
    // The rest of the book goes back first, so that nothing has to wait for it.
    let back = leased.ask("lease_return", of_book).await;
    assert_eq!(back["leased"], Value::Null);
    for desk in [&leased, &plain] {
        desk.ask("sync_resume", json!({})).await;
        desk.everything_sent().await;
    }
    let all = first..first + 2 * EACH as u64;
    for desk in [&leased, &plain] {
        let found = desk
            .until("the whole book is here", async |desk| {
                let found = numbers(&book(desk, &year).await);
                (found.len() == 2 * EACH).then_some(found)
            })
            .await;
        assert_eq!(found, all.clone().collect::<Vec<_>>());
    }
    let report = office.province().check_numbers().unwrap();
    assert_eq!(report.violations, Vec::<String>::new());
    assert_eq!((report.promised, report.void), (0, 0));
    let waiting = plain.ask("seal_queue", json!({})).await;
    assert_eq!(waiting, json!({ "ready": EACH, "waiting": 0 }));
    // Each went to the leader, once.
    let leader = office.desk();
    leader.log_in(&LEADER).await.unwrap();
    leader.everything_pulled().await;
    let page = json!({
        "view": "incoming_all", "search": "ZKT-A", "after": null, "limit": 200,
    });
    let rows = leader.ask("documents_list", page).await;
    let rows = rows["rows"].as_array().unwrap();
    assert_eq!(rows.len(), EACH);
    assert!(
        rows.iter().all(|row| row["state"] == "presented"),
        "{}",
        rows[0]
    );
}

#[tokio::test]
async fn registering_fifty_letters_killed_twice_in_the_middle_loses_and_doubles_none() {
    const COUNT: usize = 50;
    let (office, _pki) = office();
    let keyring = Keyring::open(&office);
    let host = Host::start(&office, &keyring);
    host.face.log_in(&CLERK).await.unwrap();
    host.face.everything_pulled().await;
    for number in 0..COUNT {
        let bytes = tiny(&format!("Letter K {number}"));
        host.drop_file(&format!("{number:03}.pdf"), bytes).await;
    }
    confirm_all(&host.face, "K", COUNT).await;
    let options = host.face.ask("register_options", json!({})).await;
    let order = json!({ "letters": [], "defaults": options["defaults"] });
    host.kill();
    // In the journal and not in the database; then in the middle of what is left.
    for point in ["number.journalled:20", "number.journalled:11"] {
        let mut host = Host::start_to_die(&office, &keyring, point);
        let refused = host.face.call("intake_register", order.clone()).await;
        assert_eq!(refused.unwrap_err().code, "HOST_GONE");
        host.is_dead();
    }
    let host = Host::start(&office, &keyring);
    let desk = &host.face;
    let registered = letters(desk, &["REGISTERED"]).await.len();
    // The one that the journal had before the database did is registered too.
    assert_eq!(registered, 31);
    let report = desk.ask("intake_register", order).await;
    assert_eq!(
        report["letters"].as_array().unwrap().len(),
        COUNT - registered
    );
    assert_eq!(report["failed"], 0);
    desk.everything_sent().await;
    let year = options["books"][0]["year"].clone();
    let found = desk
        .until("the whole book is here", async |desk| {
            let found = book(desk, &year).await;
            (numbers(&found).len() == COUNT).then_some(found)
        })
        .await;
    let entries = found["entries"].as_array().unwrap();
    let notations: BTreeSet<&str> = entries
        .iter()
        .map(|entry| entry["notation"].as_str().unwrap())
        .collect();
    assert_eq!((entries.len(), notations.len()), (COUNT, COUNT));
    assert_eq!(
        office.province().check_numbers().unwrap().violations,
        Vec::<String>::new()
    );
    let queue = desk.ask("seal_queue", json!({})).await;
    assert_eq!(queue, json!({ "ready": COUNT, "waiting": 0 }));
}

#[tokio::test]
async fn who_is_no_clerk_is_told_before_anything_is_registered() {
    let (office, _pki) = office();
    let desk = office.desk();
    desk.log_in(&LEADER).await.unwrap();
    desk.everything_pulled().await;
    confirmed(&office, &desk, ("L", 2)).await;
    let options = desk.ask("register_options", json!({})).await;
    let order = json!({ "letters": [], "defaults": options["defaults"] });
    let refused = desk.call("intake_register", order).await;
    refused.unwrap_err().is_told("NOT_CLERK");
    assert_eq!(letters(&desk, &["CONFIRMED"]).await.len(), 2);
    let status = desk.ask("sync_status", json!({})).await;
    assert_eq!(
        (&status["unsent"], &status["needs_attention"]),
        (&json!(0), &json!(0))
    );
}

#[tokio::test]
async fn a_letter_is_registered_in_its_field_of_activity_and_the_book_is_narrowed_to_it() {
    let (office, _pki) = office();
    let desk = clerk(&office).await;
    confirmed(&office, &desk, ("L", 2)).await;
    let ready = letters(&desk, &["CONFIRMED"]).await;
    let letter = json!({ "letter": ready[0]["id"] });
    desk.ask("intake_reopen", letter.clone()).await;
    let detail = desk.ask("intake_letter", letter).await;
    let field = &detail["activities"][0];
    let mut fields = detail["fields"].clone();
    fields["activity"] = json!("khong-co");
    let edit = |fields: &Value| json!({ "letter": ready[0]["id"], "fields": fields, "despite_duplicate": true });
    let refused = desk.call("intake_confirm", edit(&fields)).await;
    refused.unwrap_err().is_told("INTAKE_FIELD");
    fields["activity"] = field["code"].clone();
    desk.ask("intake_confirm", edit(&fields)).await;
    let year = this_year(&desk).await;
    let narrowed = async || {
        let query = json!({
            "book": "den", "year": year, "from": "", "to": "", "text": "", "offset": 0,
            "activity": field["code"], "limit": 500,
        });
        let page = desk.ask("book_entries", query).await;
        page["entries"].as_array().unwrap().clone()
    };
    // While it waits for its number, and as the server has it.
    desk.ask("sync_pause", json!({ "until": null })).await;
    assert_eq!(register(&desk).await["failed"], 0);
    let waiting = narrowed().await;
    assert_eq!(waiting.len(), 1, "{waiting:?}");
    assert_eq!(waiting[0]["number"], Value::Null);
    desk.ask("sync_resume", json!({})).await;
    desk.everything_sent().await;
    let entry = desk
        .until("it has its number", async |_| {
            let entries = narrowed().await;
            let entry = entries.into_iter().next()?;
            entry["number"].is_u64().then_some(entry)
        })
        .await;
    assert_eq!(entry["activity"], field["name"]);
    assert_eq!(book(&desk, &year).await["total"], 2);
}

#[tokio::test]
async fn a_registration_is_undone_until_it_is_sent_and_withdrawn_with_a_reason_after() {
    let (office, _pki) = office();
    let desk = clerk(&office).await;
    confirmed(&office, &desk, ("U", 2)).await;
    desk.ask("sync_pause", json!({ "until": null })).await;
    let report = register(&desk).await;
    let document = |place: usize| report["letters"][place]["document"].clone();
    let undo = |document: Value, reason: &str| json!({ "document": document, "reason": reason });
    assert_eq!(letters(&desk, &["REGISTERED"]).await[0]["can_undo"], true);
    desk.ask("registration_undo", undo(document(0), "")).await;
    assert_eq!(letters(&desk, &["CONFIRMED"]).await.len(), 1);
    desk.ask("sync_resume", json!({})).await;
    desk.everything_sent().await;
    let refused = desk
        .call("registration_undo", undo(document(1), "Nhầm"))
        .await;
    refused.unwrap_err().is_told("ALREADY_SENT");
    let refused = desk
        .call("registration_withdraw", undo(document(1), " "))
        .await;
    refused.unwrap_err().is_told("REASON_MISSING");
    desk.arrives(document(1).as_str().unwrap()).await;
    desk.ask(
        "registration_withdraw",
        undo(document(1), "Gửi nhầm địa chỉ"),
    )
    .await;
    desk.everything_sent().await;
    let year = this_year(&desk).await;
    let found = desk
        .until("the void stands in the book", async |desk| {
            let found = book(desk, &year).await;
            let entry = &found["entries"][0];
            (entry["document"].is_null() && entry["is_void"] == true).then(|| entry.clone())
        })
        .await;
    assert_eq!(found["note"], "Gửi nhầm địa chỉ");
    assert_eq!(found["issuer"], "Sở Nội vụ");
    let report = office.province().check_numbers().unwrap();
    assert_eq!((report.violations.len(), report.void), (0, 1));
}

#[tokio::test]
async fn ten_scans_get_stamp_and_the_agencys_signature_with_one_pin_and_the_book_comes_out_whole() {
    const COUNT: usize = 10;
    let (office, pki) = office();
    let desk = clerk(&office).await;
    confirmed(&office, &desk, ("S", COUNT)).await;
    let (order, report) = sealed(&office, &desk, COUNT).await;
    assert_eq!(office.card_calls("C_Login"), 1);
    desk.everything_sent().await;
    assert!(desk.acts("rejected").await.is_empty());
    let empty = json!({ "ready": 0, "waiting": 0 });
    assert_eq!(desk.ask("seal_queue", json!({})).await, empty);
    let refused = desk.call("seal_sign", order).await;
    refused.unwrap_err().is_told("NOTHING_TO_SIGN");
    for item in report["items"].as_array().unwrap() {
        let document = item["document"].as_str().unwrap();
        let states = office.signed(document);
        assert_eq!(states.len(), 1, "the server has validated and linked it");
        let revisions = office.revisions(document);
        let before = office.blob(&revisions[0].sha256.to_hex());
        let after = office.blob(&states[0]);
        assert!(after.starts_with(&before), "nothing was rewritten");
    }
    judged(&office, &pki, &report["items"][0]);
    let year = this_year(&desk).await;
    let entries = book(&desk, &year).await["entries"]
        .as_array()
        .unwrap()
        .clone();
    assert_eq!(entries.len(), COUNT);
    exported(&office, &desk, (&year, &entries)).await;
}

/// What independent validators say, and what stands on the first page.
fn judged(office: &Office, pki: &Pki, item: &Value) {
    let sha256 = item["sha256"].as_str().unwrap();
    let verdict = Verdict::of(office, pki, sha256);
    let signatures = verdict.0["signatures"].as_array().unwrap();
    assert_eq!(signatures.len(), 1, "{}", verdict.0);
    assert_eq!(signatures[0]["name"], AGENCY);
    let signed = office.file("sealed.pdf");
    fs::write(&signed, office.blob(sha256)).unwrap();
    output(Command::new("qpdf").arg("--check").arg(&signed));
    let text = Command::new("pdftotext")
        .args(["-layout", "-l", "1"])
        .arg(&signed)
        .arg("-")
        .output();
    let text = String::from_utf8(text.unwrap().stdout).unwrap();
    for words in ["SAO Y", AGENCY, "+07:00", "ĐẾN"] {
        assert!(text.contains(words), "{words} in {text}");
    }
}

pub(crate) fn output(command: &mut Command) -> String {
    let done = command.output().unwrap();
    assert!(done.status.success(), "{done:?}");
    String::from_utf8(done.stdout).unwrap()
}

/// The book as PDF and as a table says what the screen says, column by column.
async fn exported(office: &Office, desk: &Face, (year, entries): (&Value, &[Value])) {
    let query = json!({
        "book": "den", "year": year, "from": "", "to": "", "text": "ZKT-", "offset": 0, "limit": 1,
    });
    for (format, name) in [("PDF", "book.pdf"), ("XLSX", "book.xlsx")] {
        let export = json!({ "query": query, "format": format });
        let export = desk.ask("book_export", export).await;
        let (_, bytes) = desk_of(desk)
            .export_take(export["id"].as_str().unwrap())
            .unwrap();
        fs::write(office.file(name), bytes).unwrap();
    }
    let pdf = office.file("book.pdf");
    output(Command::new("qpdf").arg("--check").arg(&pdf));
    let text = output(Command::new("pdftotext").arg("-layout").arg(&pdf).arg("-"));
    for words in [
        "SỔ ĐĂNG KÝ VĂN BẢN ĐẾN",
        "Số đến",
        "Trang 1/1",
        "UBND XÃ BÌNH MINH ĐÔNG",
    ] {
        assert!(text.contains(words), "{words} in {text}");
    }
    for entry in entries {
        for words in [
            entry["notation"].as_str().unwrap(),
            &entry["number"].to_string(),
        ] {
            assert!(text.contains(words), "{words} in {text}");
        }
    }
    let info = output(Command::new("pdfinfo").arg(&pdf));
    assert!(
        info.contains("841.89 x 595.276") || info.contains("841.89 x 595.28"),
        "{info}"
    );
    let script = "import json,sys,openpyxl\n\
        sheet=openpyxl.load_workbook(sys.argv[1]).worksheets[0]\n\
        rows=[[str(c) if c is not None else '' for c in row] for row in sheet.iter_rows(values_only=True)]\n\
        print(json.dumps(rows))";
    let rows = output(
        Command::new(checkout("target/tools/venv/bin/python"))
            .args(["-c", script])
            .arg(office.file("book.xlsx")),
    );
    let rows: Vec<Vec<String>> = serde_json::from_str(&rows).unwrap();
    let head = rows.iter().position(|row| row[1] == "Số đến").unwrap();
    let lines = &rows[head + 1..];
    assert_eq!(lines.len(), entries.len());
    for (row, entry) in lines.iter().zip(entries) {
        let text = |name: &str| entry[name].as_str().unwrap().to_owned();
        assert!(row[0].starts_with(&text("arrived_on")), "{row:?}");
        assert_eq!(row[1], entry["number"].to_string());
        assert_eq!((&row[2], &row[3]), (&text("issuer"), &text("notation")));
        assert!(row[4].starts_with(&text("issued_on")), "{row:?}");
        assert_eq!((&row[5], &row[6]), (&text("subject"), &text("receivers")));
        assert_eq!(row[6], "Chủ tịch Nguyễn Văn A");
        assert!(row[7].starts_with(&text("passed_on")) && !row[7].is_empty());
        assert_eq!(row[9], text("note"));
    }
}
