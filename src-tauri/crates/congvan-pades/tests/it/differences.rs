//! pyHanko and we judge every fixture alike, or src-tauri/docs/differences.md says why not. A
//! difference that it does not explain fails, and so does an explanation that nothing needs.

use std::collections::{BTreeMap, BTreeSet};

use congvan_pades::{Doubt, PdfError, SignatureKind, Status, ValidationReport, validate};
use serde_json::Value;

use crate::{
    archive::at,
    fixtures::{Family, archives, encrypted, foreign, forgeries, forms, letters, options},
    keys::pki,
    oracles::{pyhanko_archive, pyhanko_at},
};

const TABLE: &str = include_str!("../../../../docs/differences.md");

/// File, signature, our word and theirs.
type Difference = (String, String, String, String);

/// The rows of the table: file, signature, ours, pyHanko's, and a reason that is not empty.
fn explained() -> BTreeSet<Difference> {
    let rows = TABLE.lines().filter(|line| line.starts_with("| `"));
    rows.map(|row| {
        let cells: Vec<&str> = row
            .split('|')
            .map(|cell| cell.trim().trim_matches('`'))
            .collect();
        let [_, file, signature, ours, theirs, why, _] = cells.as_slice() else {
            panic!("not five cells: {row}")
        };
        assert!(why.len() > 20, "no reason: {row}");
        let text = |cell: &&str| (*cell).to_owned();
        (text(file), text(signature), text(ours), text(theirs))
    })
    .collect()
}

/// Our word on each signature, without regard to revocation; `none` is for a file without any.
fn ours(report: &Result<ValidationReport, PdfError>) -> BTreeMap<String, &'static str> {
    let Ok(report) = report else {
        return BTreeMap::new();
    };
    let words = report.signatures.iter().map(|one| {
        let word = match &one.status {
            Status::Valid => "passed",
            Status::Invalid(_) => "failed",
            Status::CouldNotCheck(doubts) if doubts.iter().all(is_about_revocation) => "passed",
            Status::CouldNotCheck(_) => "doubtful",
        };
        (one.field.clone(), word)
    });
    words.collect()
}

fn is_about_revocation(doubt: &Doubt) -> bool {
    matches!(
        doubt,
        Doubt::RevocationUnknown | Doubt::RevokedNoProof { .. } | Doubt::AuthorityRevoked { .. }
    )
}

/// pyHanko's word on each signature.
fn theirs(verdict: &Value) -> BTreeMap<String, &'static str> {
    let signatures = verdict["signatures"].as_array().unwrap();
    let words = signatures.iter().map(|one| {
        let is_sound = one["intact"] == true && one["valid"] == true;
        let word = match (one["ok"] == true, is_sound && one["trusted"] == false) {
            (true, _) => "passed",
            (false, true) => "doubtful",
            (false, false) => "failed",
        };
        (one["field"].as_str().unwrap().to_owned(), word)
    });
    words.collect()
}

fn differences(family: &Family) -> BTreeSet<Difference> {
    let mut found = BTreeSet::new();
    for ((name, pdf), verdict) in family
        .files
        .iter()
        .zip(pyhanko_at(&family.files, Some(family.moment)))
    {
        let report = validate(pdf, &pki().trust(), at(family.moment));
        let (ours, theirs) = (ours(&report), theirs(&verdict));
        let fields: BTreeSet<&String> = ours.keys().chain(theirs.keys()).collect();
        for field in fields {
            let word = |all: &BTreeMap<String, &str>| {
                all.get(field).map_or("unseen", |word| *word).to_owned()
            };
            let (ours, theirs) = (word(&ours), word(&theirs));
            // Who does not see a signature does not believe it.
            let same = ours == theirs
                || (ours == "unseen" && theirs == "failed")
                || (ours == "failed" && theirs == "unseen");
            if !same {
                found.insert((name.clone(), field.clone(), ours, theirs));
            }
        }
    }
    found
}

/// The first signature with revocation required, all of it from the file: by clause 5.5 of EN 319
/// 102-1, and where a time stamp is over the evidence, by clause 5.6 for the long term.
fn long_term(family: &Family) -> BTreeSet<Difference> {
    let mut found = BTreeSet::new();
    let has_store = |pdf: &[u8]| pdf.windows(5).any(|word| word == b"/DSS ");
    let files: Vec<_> = family
        .files
        .iter()
        .filter(|(_, pdf)| has_store(pdf))
        .cloned()
        .collect();
    assert!(!files.is_empty());
    for ((name, pdf), verdict) in files.iter().zip(pyhanko_archive(&files, family.moment)) {
        let report = validate(pdf, &pki().trust(), at(family.moment)).unwrap();
        let first = report.signatures.first().unwrap();
        let ours = first.status.indication().trim_start_matches("TOTAL-");
        let last = report.signatures.last().unwrap();
        let is_archived =
            last.kind == SignatureKind::DocumentTimeStamp && !report.changed_after_last;
        for (clause, key) in [("5.5", "timed"), ("5.6", "indication")] {
            let theirs = verdict[key].as_str().unwrap_or("ERROR");
            if ours != theirs && (clause == "5.5" || is_archived) {
                let what = format!("{}, clause {clause}", first.field);
                found.insert((name.clone(), what, ours.to_owned(), theirs.to_owned()));
            }
        }
    }
    found
}

fn check(family: &Family, found: &BTreeSet<Difference>, is_long_term: bool) {
    let prefix = format!("{}-", family.name);
    let explained: BTreeSet<Difference> = explained()
        .into_iter()
        .filter(|(file, field, ..)| {
            file.starts_with(&prefix) && field.contains(", clause 5.") == is_long_term
        })
        .collect();
    let unexplained: Vec<_> = found.difference(&explained).collect();
    let needless: Vec<_> = explained.difference(found).collect();
    assert!(
        unexplained.is_empty() && needless.is_empty(),
        "not explained: {unexplained:#?}\nnot needed: {needless:#?}"
    );
    println!(
        "{}: {} files, {} differences, all explained",
        family.name,
        family.files.len(),
        found.len()
    );
}

#[test]
fn pyhanko_agrees_on_every_form_of_input() {
    let family = forms();
    check(&family, &differences(&family), false);
}

#[test]
fn pyhanko_agrees_on_every_kind_of_encryption() {
    let family = encrypted();
    check(&family, &differences(&family), false);
    check(&family, &long_term(&family), true);
}

#[test]
fn pyhanko_agrees_on_the_letters_of_offices() {
    let family = letters();
    check(&family, &differences(&family), false);
}

#[test]
fn pyhanko_agrees_on_certifications_locks_and_forms() {
    let family = options();
    check(&family, &differences(&family), false);
}

#[test]
fn pyhanko_agrees_on_forgeries() {
    let family = forgeries();
    check(&family, &differences(&family), false);
}

#[test]
fn pyhanko_agrees_on_what_was_completed_for_the_long_term() {
    let family = archives();
    check(&family, &differences(&family), false);
    check(&family, &long_term(&family), true);
}

#[test]
fn pyhanko_agrees_on_what_it_signed_itself() {
    let family = foreign();
    check(&family, &differences(&family), false);
    check(&family, &long_term(&family), true);
}

#[test]
fn every_explanation_is_about_a_family_that_is_compared() {
    for (file, ..) in explained() {
        let known = [
            "form-",
            "encrypted-",
            "letter-",
            "option-",
            "forged-",
            "archive-",
            "foreign-",
        ];
        assert!(
            known.iter().any(|family| file.starts_with(family)),
            "{file}"
        );
    }
}
