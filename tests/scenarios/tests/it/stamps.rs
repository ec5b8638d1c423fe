//! Stamp and words of the agency's signature find blank paper on letters as offices write them.

use std::{fs, process::Command};

use congvan_core::StackOrigin;
use congvan_letters::{Format, Half, sample};
use serde_json::{Value, json};

use crate::{
    face::Face,
    office::{Office, checkout},
    registering::{clerk, confirm_all, desk_of, office, register},
};

/// Letters of several layouts whose first pages have room for both.
const LETTERS: [usize; 3] = [0, 1, 2];

/// What another program sees under stamp and words.
fn judged(office: &Office, item: &Value) -> Value {
    let document = item["document"].as_str().unwrap();
    let came = office.revisions(document)[0].sha256.to_hex();
    let [before, after] = [&came, item["sha256"].as_str().unwrap()].map(|sha256| {
        let file = office.file(&format!("{sha256}.pdf"));
        fs::write(&file, office.blob(sha256)).unwrap();
        file
    });
    let python = checkout("target/tools/venv/bin/python");
    assert!(python.is_file(), "no Python: run `cargo xtask setup`");
    let judged = Command::new(python)
        .arg(checkout("tests/scenarios/tests/it/under.py"))
        .args([before, after])
        .output()
        .unwrap();
    assert!(judged.status.success(), "{judged:?}");
    serde_json::from_slice(&judged.stdout).unwrap()
}

async fn sealed(office: &Office, desk: &Face, count: usize) -> Vec<Value> {
    assert_eq!(register(desk).await["failed"], 0);
    desk.everything_sent().await;
    let ready = json!({ "ready": count, "waiting": 0 });
    desk.until("all have their numbers", async |desk| {
        (desk.ask("seal_queue", json!({})).await == ready).then_some(())
    })
    .await;
    let (module, token) = desk.token().await;
    let order = json!({
        "module": module, "token_serial": token["serial"],
        "certificate": token["certificates"][0]["sha256"],
    });
    let report = desk.batch("seal_sign", order, office.pin()).await;
    assert_eq!(report["signed"], json!(count), "{report}");
    desk.everything_sent().await;
    report["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn no_dot_of_print_lies_under_the_stamp_or_the_words_of_a_copy() {
    let (office, _pki) = office();
    let desk = clerk(&office).await;
    let paths: Vec<_> = LETTERS
        .iter()
        .map(|number| {
            let sample = sample(Half::Develop, *number).unwrap();
            assert_eq!(sample.format, Format::Pdf, "{number} is {}", sample.layout);
            let path = office.file(&format!("letter-{number}.pdf"));
            fs::write(&path, &sample.bytes).unwrap();
            path
        })
        .collect();
    let added = desk_of(&desk).intake_add(paths, StackOrigin::Dropped).await;
    assert!(added.unwrap().files.iter().all(|file| file.is_safe()));
    confirm_all(&desk, "G", LETTERS.len()).await;
    let items = sealed(&office, &desk, LETTERS.len()).await;
    assert_eq!(items.len(), LETTERS.len());
    for (item, number) in items.iter().zip(LETTERS) {
        let judged = judged(&office, item);
        println!("letter {number}: {judged}");
        for part in ["stamp", "words"] {
            assert_eq!(judged[part]["ink"], 0, "letter {number}, {part}: {judged}");
        }
        let side = |index: usize| judged["stamp"]["box"][index].as_f64().unwrap();
        let (width, height) = (side(2) - side(0), side(3) - side(1));
        assert!((width - 50.0).abs() < 1.0, "letter {number}: {judged}");
        assert!((height - 35.0).abs() < 1.0, "letter {number}: {judged}");
    }
}
