//! The check of a letter's format, on letters whose faults are known.

use std::{fs, path::Path};

use congvan_letters::{Half, clean, faulty, sample};
use serde_json::Value;

use crate::program::{cli, run};

fn written(folder: &Path, name: &str, bytes: &[u8]) -> String {
    let path = folder.join(name);
    fs::write(&path, bytes).unwrap();
    path.display().to_string()
}

#[test]
fn a_letter_as_the_decree_asks_ends_with_zero_and_one_with_faults_with_one() {
    let folder = tempfile::tempdir().unwrap();
    let good = written(
        folder.path(),
        "tot.pdf",
        &clean(Half::Develop, 1).unwrap().bytes,
    );
    let ran = run(cli().args(["format", &good]));
    assert_eq!(ran.code, 0, "{ran}");
    assert!(ran.text.contains("Không thấy sai thể thức"), "{ran}");

    let typed = faulty(Half::Develop, 5).unwrap();
    let bad = written(folder.path(), "sai.pdf", &typed.bytes);
    let ran = run(cli().args(["--json", "format", &good, &bad]));
    assert_eq!(ran.code, 1, "{ran}");
    let lines = ran.lines("format");
    assert_eq!(lines[0]["clean"], true);
    assert_eq!(lines[1]["clean"], false);
    let fault = &typed.faults[0];
    let wanted = serde_json::to_value(fault.rule.part).unwrap();
    let findings = lines[1]["findings"].as_array().unwrap();
    let found = findings.iter().find(|it| it["part"] == wanted).unwrap();
    assert_eq!(found["page"], fault.page + 1);
    assert_eq!(found["clause"], fault.rule.clause);
    assert!(found["remedy"].as_str().is_some_and(|it| !it.is_empty()));
}

#[test]
fn an_image_is_told_to_be_one_and_is_not_called_good() {
    let folder = tempfile::tempdir().unwrap();
    let scan = sample(Half::Develop, 0).unwrap();
    let path = written(folder.path(), "quet.pdf", &scan.bytes);
    let ran = run(cli().args(["format", &path]));
    assert_eq!(ran.code, 4, "{ran}");
    assert!(ran.text.contains("là ảnh chụp"), "{ran}");
    let line = run(cli().args(["--json", "format", &path])).lines("format");
    assert_eq!(line[0]["source"], "image");
    assert_eq!(line[0]["clean"], false);
}

#[test]
fn what_is_no_pdf_is_a_fault_of_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = written(folder.path(), "gi-do.pdf", b"day khong phai PDF");
    let ran = run(cli().args(["--json", "format", &path]));
    assert_eq!(ran.code, 1);
    assert_eq!(ran.lines("format")[0]["code"], Value::from("PDF_CORRUPT"));
}
