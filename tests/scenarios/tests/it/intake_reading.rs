//! Scans are read in the background; what people correct is learned; of a secret letter nothing stays.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
};

use congvan_core::{Desk, StackOrigin};
use congvan_letters::{Half, Sample, Truth, sample};
use congvan_model::{fold, nfc};
use congvan_testkit::LEADER;
use serde_json::{Value, json};

use crate::{face::Face, host::Host, keyring::Keyring, office::Office};

/// Letters of one page that are drawn quickly.
const NOTICE: usize = 53;
const SCHEME: usize = 64;
/// With the stamp "TUYỆT MẬT".
const SECRET: usize = 44;

fn letter(number: usize) -> Sample {
    sample(Half::Develop, number).unwrap()
}

/// A file of the stage with these bytes, and `%` and a mark behind them: another file with the same
/// pages.
fn file(office: &Office, name: &str, (bytes, mark): (&[u8], &str)) -> PathBuf {
    let path = office.file(name);
    let mut all = bytes.to_vec();
    if !mark.is_empty() {
        all.extend_from_slice(format!("\n%{mark}\n").as_bytes());
    }
    fs::write(&path, all).unwrap();
    path
}

fn desk_of(face: &Face) -> &Arc<Desk> {
    match face {
        Face::Here(desk) => desk,
        Face::There(_) => panic!("the desk is in another process"),
    }
}

async fn drop_on(face: &Face, paths: Vec<PathBuf>) {
    let added = desk_of(face).intake_add(paths, StackOrigin::Dropped).await;
    assert!(added.unwrap().files.iter().all(|file| file.is_safe()));
}

async fn cards(face: &Face) -> Vec<Value> {
    let query = json!({ "states": [], "offset": 0, "limit": 500 });
    let list = face.ask("intake_list", query).await;
    list["letters"].as_array().unwrap().clone()
}

/// Waits until so many letters are there and none is being read; in the order of the inbox.
async fn all_read(face: &Face, count: usize) -> Vec<Value> {
    face.until("every letter is read", async |face| {
        let cards = cards(face).await;
        let waits = |card: &Value| card["state"] == "READING";
        (cards.len() == count && !cards.iter().any(waits)).then_some(cards)
    })
    .await
}

async fn detail(face: &Face, card: &Value) -> Value {
    let args = json!({ "letter": card["id"] });
    face.ask("intake_letter", args).await
}

/// What the clerk would see is what stands on the paper.
fn same_as(fields: &Value, truth: &Truth) {
    let text = |name: &str| fields[name].as_str().unwrap().to_owned();
    let (day, month, year) = truth.date;
    assert_eq!(text("notation"), truth.notation);
    assert_eq!(text("issued_on"), format!("{year:04}-{month:02}-{day:02}"));
    assert_eq!(fold(&text("issuer")), fold(&truth.agency));
    assert_eq!(fold(&text("subject")), fold(&truth.subject));
    assert_eq!(text("kind"), truth.kind.abbreviation());
}

#[tokio::test]
async fn letters_are_read_in_the_background_and_each_field_says_how_sure_it_is_and_where() {
    let office = Office::open();
    let desk = office.leader().await;
    let letters = [letter(NOTICE), letter(SCHEME)];
    let paths = letters.iter().enumerate();
    let paths = paths
        .map(|(place, one)| file(&office, &format!("{place}.pdf"), (&one.bytes, "")))
        .collect();
    drop_on(&desk, paths).await;
    for (card, letter) in all_read(&desk, 2).await.iter().zip(&letters) {
        let detail = detail(&desk, card).await;
        assert_eq!(card["state"], "READY", "{detail}");
        same_as(&detail["fields"], &letter.truth);
        for reading in detail["readings"].as_array().unwrap() {
            let name = reading["field"].as_str().unwrap();
            if !["notation", "issued_on", "issuer", "subject"].contains(&name) {
                continue;
            }
            assert!(reading["confidence"].as_f64().unwrap() > 0.5, "{reading}");
            let place = &reading["places"][0];
            let share = |side: &str| place[side].as_f64().unwrap();
            assert!((0.0..1.0).contains(&share("x")) && (0.0..0.5).contains(&share("y")));
            assert!(share("w") > 0.01 && share("h") > 0.001, "{place}");
        }
    }
    words_lie_under_the_picture(&desk, &letters[0].truth).await;
}

/// Once the rest was read, the page on the screen has words to select, and the original none.
async fn words_lie_under_the_picture(desk: &Face, truth: &Truth) {
    let card = cards(desk).await[0].clone();
    let letter = card["id"].as_str().unwrap().parse().unwrap();
    let (pdf, _) = desk_of(desk).letter_pdf(letter).await.unwrap();
    let text = desk
        .until("the words of the first letter", async |face| {
            let text = desk_of(face).page_text(pdf, 0).await.unwrap();
            let lines: Vec<String> = text.lines.into_iter().map(|line| line.text).collect();
            (!lines.is_empty()).then(|| nfc(&lines.join(" ")))
        })
        .await;
    assert!(text.contains(&truth.notation), "{text}");
    let subject: Vec<String> = fold(&truth.subject)
        .split_whitespace()
        .map(str::to_owned)
        .collect();
    let found = fold(&text);
    let hits = subject.iter().filter(|word| found.contains(*word)).count();
    assert!(hits * 10 >= subject.len() * 9, "{subject:?} in {text}");
}

#[tokio::test]
async fn without_tesseract_scans_say_so_and_everything_else_works() {
    let office = Office::open();
    // Beside the worker, so it is the one that is loaded; and it is none.
    fs::write(office.file("libtesseract.so.5"), "not a library").unwrap();
    let desk = office.leader().await;
    let scan = letter(NOTICE);
    let rows = desk.rows("incoming_all", "").await;
    let document = desk.document(rows[0]["id"].as_str().unwrap()).await;
    let born_digital = office.blob(document["files"][0]["head"].as_str().unwrap());
    let paths = vec![
        file(&office, "scan.pdf", (&scan.bytes, "")),
        file(&office, "text.pdf", (&born_digital, "")),
    ];
    drop_on(&desk, paths).await;
    let cards = all_read(&desk, 2).await;
    assert_eq!(cards[0]["code"], "OCR_MISSING");
    assert_eq!(cards[0]["state"], "READY", "a person can fill it in");
    assert_eq!(cards[1]["code"], Value::Null, "a text PDF needs no OCR");
    assert_eq!(cards[1]["notation"], document["row"]["notation"]);
    // The office's own copy of it is in the list of what is probably the same.
    let found = detail(&desk, &cards[1]).await;
    let same = found["duplicates"].as_array().unwrap();
    let id = &document["row"]["id"];
    assert!(same.iter().any(|one| one["document"] == *id), "{found}");
    let issuer = fold(cards[1]["issuer"].as_str().unwrap());
    let offered = desk.ask("agencies_find", json!({ "text": issuer, "limit": 5 }));
    assert_eq!(offered.await[0]["code"], document["issuer_code"]);
    // A person writes it.
    let mut fields = detail(&desk, &cards[0]).await["fields"].clone();
    for (name, value) in [
        ("issuer", scan.truth.agency.as_str()),
        ("notation", scan.truth.notation.as_str()),
        ("issued_on", "2026-08-25"),
        ("kind", "TB"),
        ("subject", scan.truth.subject.as_str()),
        ("signer_position", "Trưởng phòng"),
        ("signer_name", scan.truth.signer.as_str()),
    ] {
        fields[name] = json!(value);
    }
    let edit = json!({ "letter": cards[0]["id"], "fields": fields, "despite_duplicate": false });
    desk.ask("intake_confirm", edit).await;
}

/// The process that reads for a desk of this office, by its id.
fn ocr_worker(office: &Office) -> Option<u32> {
    let state = format!("CONGVAN_SHIM_STATE={}", office.file("card").display());
    let has = |id: &u32, file: &str, wanted: &str| {
        let text = fs::read(format!("/proc/{id}/{file}")).unwrap_or_default();
        text.split(|byte| *byte == 0)
            .any(|word| word == wanted.as_bytes())
    };
    fs::read_dir("/proc")
        .unwrap()
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<u32>().ok())
        .find(|id| has(id, "cmdline", "ocr") && has(id, "environ", &state))
}

#[tokio::test]
async fn a_reading_process_that_is_killed_costs_nothing() {
    let office = Office::open();
    let desk = office.leader().await;
    let letter = letter(NOTICE);
    drop_on(&desk, vec![file(&office, "a.pdf", (&letter.bytes, ""))]).await;
    let id = desk
        .until("a process reads", async |_| {
            // A process makes no event here.
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            desk.sync_now().await;
            ocr_worker(&office)
        })
        .await;
    let killed = std::process::Command::new("kill")
        .args(["-KILL", &id.to_string()])
        .status();
    assert!(killed.unwrap().success());
    let cards = all_read(&desk, 1).await;
    assert_eq!(cards[0]["code"], Value::Null);
    same_as(&detail(&desk, &cards[0]).await["fields"], &letter.truth);
}

/// Every file below a folder.
fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files_below(&path));
        } else {
            found.push(path);
        }
    }
    found
}

fn contains(bytes: &[u8], wanted: &str) -> bool {
    let wide: Vec<u8> = wanted.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let inside = |part: &[u8]| bytes.windows(part.len()).any(|window| window == part);
    inside(wanted.as_bytes()) || inside(&wide)
}

#[tokio::test]
async fn of_a_secret_letter_only_the_name_of_its_file_stays() {
    let office = Office::open();
    let keyring = Keyring::open(&office);
    let log = office.file("host.log");
    let host = Host::start_logging(&office, &keyring, &log);
    let desk = &host.face;
    desk.log_in(&LEADER).await.unwrap();
    desk.everything_pulled().await;
    let secret = letter(SECRET);
    assert!(secret.truth.secret.is_some(), "its stamp is drawn");
    let folder = office.file("host");
    let large = |folder: &Path| {
        let all = files_below(folder).into_iter();
        let size = |path: &Path| fs::metadata(path).map_or(0, |meta| meta.len());
        let blobs = all.filter(|path| path.to_string_lossy().contains("blob"));
        blobs.map(|path| size(&path)).sum::<u64>()
    };
    let before = large(&folder);
    assert!(before > 0, "the documents of the office are here");
    host.drop_file("mat.pdf", secret.bytes.clone()).await;
    let cards = all_read(desk, 1).await;
    assert_eq!(cards[0]["state"], "SECRET", "{cards:?}");
    assert_eq!(cards[0]["name"], "mat.pdf");
    for field in ["notation", "subject", "issuer"] {
        assert_eq!(cards[0][field], "", "{field}");
    }
    assert_eq!(cards[0]["cover"], Value::Null);
    assert_eq!(large(&folder), before, "its bytes are gone");
    // Nor does it come back, as words or as bytes, after the desk was closed and opened again.
    let before_words = words_of(&secret.truth);
    desk.sync_now().await;
    desk.everything_pulled().await;
    // Its words one by one may stand on pages of other letters; as it says them they are nowhere.
    let said = format!("\"{}\"", secret.truth.subject);
    let any = json!({
        "direction": "", "kind": "", "issuer": "", "year": "", "state": "", "urgency": "",
    });
    let asked = json!({
        "text": said, "narrow": any, "order": "newest", "skip": 0, "limit": 20,
    });
    let found = desk.ask("search_find", asked).await;
    assert_eq!(found["rows"], json!([]), "{found}");
    let hits = desk.rows("incoming_all", &secret.truth.subject).await;
    for hit in &hits {
        assert_ne!(hit["subject"], secret.truth.subject, "{hit}");
        assert_ne!(hit["notation"], secret.truth.notation, "{hit}");
    }
    host.kill();
    assert!(fs::metadata(&log).unwrap().len() > 1_000, "much is logged");
    let places = [folder, office.file("province"), log];
    for path in places.iter().flat_map(|place| match place.is_dir() {
        true => files_below(place),
        false => vec![place.clone()],
    }) {
        let bytes = fs::read(&path).unwrap();
        for word in &before_words {
            assert!(!contains(&bytes, word), "{word} in {}", path.display());
        }
        let picture = secret.bytes.get(2_000..2_200).unwrap();
        let inside = bytes.windows(picture.len()).any(|part| part == picture);
        assert!(!inside, "its picture in {}", path.display());
    }
}

/// What nobody but this letter says.
fn words_of(truth: &Truth) -> Vec<String> {
    vec![
        truth.notation.clone(),
        truth.subject.clone(),
        fold(&truth.subject),
    ]
}

#[tokio::test]
async fn a_letter_that_is_there_already_is_told_and_a_correction_is_learned_for_the_next() {
    let office = Office::open();
    let desk = office.leader().await;
    let notice = letter(NOTICE);
    drop_on(&desk, vec![file(&office, "1.pdf", (&notice.bytes, ""))]).await;
    let first = all_read(&desk, 1).await.remove(0);
    assert_eq!(first["duplicate"], false);
    let mut fields = detail(&desk, &first).await["fields"].clone();
    let ours = "Phòng Kinh tế phường Thử Nghiệm";
    fields["issuer"] = json!(ours);
    for (name, value) in [
        ("signer_position", "Trưởng phòng"),
        ("signer_name", "Võ Văn Em"),
    ] {
        fields[name] = json!(value);
    }
    let edit = json!({ "letter": first["id"], "fields": fields, "despite_duplicate": false });
    desk.ask("intake_confirm", edit).await;

    drop_on(
        &desk,
        vec![file(&office, "2.pdf", (&notice.bytes, "again"))],
    )
    .await;
    let second = all_read(&desk, 2).await.remove(1);
    assert_eq!(second["issuer"], ours, "as the clerk wrote it");
    assert_eq!(second["duplicate"], true);
    let same = detail(&desk, &second).await["duplicates"].clone();
    assert_eq!(same[0]["letter"], first["id"]);
    assert_eq!(same[0]["reason"], "NOTATION");
    let offered = desk.ask("agencies_find", json!({ "text": "thu nghiem", "limit": 5 }));
    let offered = offered.await;
    assert_eq!(offered[0]["name"], ours);
    assert_eq!(offered[0]["symbol"], "PKT");
}

#[tokio::test]
async fn a_desk_that_dies_while_it_reads_goes_on_where_it_stopped() {
    let office = Office::open();
    let keyring = Keyring::open(&office);
    let mut host = Host::start_to_die(&office, &keyring, "intake.read:1");
    host.face.log_in(&LEADER).await.unwrap();
    host.face.everything_pulled().await;
    let letters = [letter(NOTICE), letter(SCHEME)];
    for (place, letter) in letters.iter().enumerate() {
        let name = format!("{place}.pdf");
        host.drop_file(&name, letter.bytes.clone()).await;
    }
    host.is_dead();
    let host = Host::start(&office, &keyring);
    for (card, letter) in all_read(&host.face, 2).await.iter().zip(&letters) {
        same_as(&detail(&host.face, card).await["fields"], &letter.truth);
    }
}

#[tokio::test]
async fn a_head_inside_a_stack_proposes_a_cut_and_a_person_cuts() {
    let office = Office::open();
    let desk = office.leader().await;
    let letters = [letter(NOTICE), letter(SCHEME)];
    let stack = office.file("stack.pdf");
    let parts = [0, 1].map(|at| file(&office, &format!("{at}.pdf"), (&letters[at].bytes, "")));
    let joined = Command::new("qpdf")
        .args(["--empty", "--pages"])
        .args(parts)
        .arg("--")
        .arg(&stack)
        .status();
    assert!(joined.unwrap().success());
    drop_on(&desk, vec![stack]).await;
    let query = json!({ "states": [], "offset": 0, "limit": 500 });
    let asked = desk
        .until("a cut is proposed", async |desk| {
            let list = desk.ask("intake_list", query.clone()).await;
            list["stacks"].get(0).cloned()
        })
        .await;
    assert_eq!(
        asked["split"]["begins"],
        json!([letters[0].pages]),
        "{asked}"
    );
    assert_eq!(cards(&desk).await.len(), 1, "nothing is cut by itself");
    let cut = json!({ "act": "SETTLE_SPLIT", "stack": asked["id"], "accept": true });
    desk.ask("intake_pages", cut).await;
    for (card, letter) in all_read(&desk, 2).await.iter().zip(&letters) {
        same_as(&detail(&desk, card).await["fields"], &letter.truth);
    }
    let list = desk.ask("intake_list", query).await;
    assert_eq!(list["stacks"], json!([]), "{list}");
}
