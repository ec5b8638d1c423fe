//! Stamp and words of the agency's signature find blank paper on letters as offices write them.

use std::{fs, process::Command};

use congvan_core::StackOrigin;
use congvan_letters::{Format, Half, sample};
use serde_json::Value;

use crate::{
    office::{Office, checkout},
    registering::{clerk, confirm_all, desk_of, office, sealed},
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
    let (_, report) = sealed(&office, &desk, LETTERS.len()).await;
    desk.everything_sent().await;
    let items = report["items"].as_array().unwrap();
    for (item, number) in items.iter().zip(LETTERS) {
        let judged = judged(&office, item);
        println!("letter {number}: {judged}");
        for part in ["stamp", "words"] {
            assert_eq!(judged[part]["ink"], 0, "letter {number}, {part}: {judged}");
        }
        let side = |index: usize| judged["stamp"]["box"][index].as_f64().unwrap();
        let (width, height) = (side(2) - side(0), side(3) - side(1));
        // In its true size, or as little smaller as the head of the page wants it.
        let scale = width / 50.0;
        assert!((0.68..=1.02).contains(&scale), "letter {number}: {judged}");
        assert!(
            (height - 35.0 * scale).abs() < 1.0,
            "letter {number}: {judged}"
        );
        assert!(side(1) <= 100.0, "letter {number}: {judged}");
    }
}
