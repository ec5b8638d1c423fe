//! The checker of the decree's format on letters whose faults are known, through the real worker.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
};

use congvan_format::{Finding, Page, RULES, Review, Rule, review};
use congvan_letters::{Half, Office, OnPage, Typed, clean, faulty, office_clean, office_faulty};
use congvan_testkit::{Letter, ScanOptions, Stationery, Topic, body, day, letter_pdf, scan_pdf};
use congvan_worker::RenderClient;

use crate::support::paths;

/// How many letters of each sort.
const LETTERS: usize = 100;

/// What came of two hundred letters.
struct Measured {
    table: String,
    /// Every miss and every false finding, in words.
    wrong: Vec<String>,
    /// Rules that no letter breaks.
    unplanted: usize,
    missed: usize,
    falsely: usize,
}

/// What became of a rule's faults.
#[derive(Default)]
struct Tally {
    planted: usize,
    found: usize,
    falsely: usize,
}

async fn findings(render: &RenderClient, bytes: Vec<u8>) -> Review {
    let pages = render.typeset(Arc::new(bytes)).await.expect("a PDF");
    review(&pages)
}

fn id(rule: &Rule) -> String {
    format!("{:?}.{:?}", rule.part, rule.aspect)
}

/// What was found in letters whose faults are known.
struct Score {
    tallies: BTreeMap<String, Tally>,
    wrong: Vec<String>,
    letters: usize,
}

impl Score {
    fn new() -> Self {
        let rules = RULES.iter();
        Self {
            tallies: rules.map(|rule| (id(rule), Tally::default())).collect(),
            wrong: Vec::new(),
            letters: 0,
        }
    }

    /// One letter more: each fault is to be found on its page, and nothing else.
    fn judge(&mut self, label: &str, review: Review, faults: &[(&'static Rule, u32)]) {
        self.letters += 1;
        let Review::Text {
            findings,
            unchecked,
            empty,
        } = review
        else {
            panic!("{label} was taken for an image");
        };
        assert_eq!((unchecked, empty), (vec![], vec![]), "{label}");
        for (rule, page) in faults {
            let tally = self.tallies.entry(id(rule)).or_default();
            tally.planted += 1;
            let is_found = findings
                .iter()
                .any(|finding| finding.rule == *rule && finding.page == *page);
            if is_found {
                tally.found += 1;
            } else {
                let (rule, page) = (id(rule), page + 1);
                self.wrong
                    .push(format!("{label}: {rule} on page {page} not found"));
            }
        }
        let is_planted = |it: &&Finding| faults.iter().any(|(rule, _)| *rule == it.rule);
        for finding in findings.iter().filter(|it| !is_planted(it)) {
            self.tallies.entry(id(finding.rule)).or_default().falsely += 1;
            self.wrong
                .push(format!("{label}: falsely {}", told(finding)));
        }
    }

    fn measured(self) -> Measured {
        let mut table = format!("{:<28} planted  found  false\n", "rule");
        for (id, tally) in &self.tallies {
            let Tally {
                planted,
                found,
                falsely,
            } = tally;
            writeln!(table, "{id:<28} {planted:>7} {found:>6} {falsely:>6}").expect("a string");
        }
        let tallies = self.tallies.values();
        let sum = |of: fn(&Tally) -> usize| tallies.clone().map(of).sum::<usize>();
        let (planted, found, falsely) = (sum(|t| t.planted), sum(|t| t.found), sum(|t| t.falsely));
        let all = format!("{} rules, {} letters", RULES.len(), self.letters);
        writeln!(table, "{all:<28} {planted:>7} {found:>6} {falsely:>6}").expect("a string");
        Measured {
            table,
            unplanted: tallies.clone().filter(|tally| tally.planted == 0).count(),
            wrong: self.wrong,
            missed: planted - found,
            falsely,
        }
    }
}

/// A hundred clean letters and a hundred with faults; the table, and what went wrong in words.
async fn measure(half: Half) -> Measured {
    let render = RenderClient::new(paths());
    let mut score = Score::new();
    let sorts: [fn(Half, usize) -> anyhow::Result<Typed>; 2] = [clean, faulty];
    for (sort, make) in ["clean", "faulty"].into_iter().zip(sorts) {
        for number in 0..LETTERS {
            let Typed {
                bytes,
                name,
                faults,
                pages,
            } = make(half, number).expect("a letter");
            keep(&format!("{sort}-{number:03}.pdf"), &bytes);
            let label = format!("{sort} {number} ({name}, {pages} pages)");
            let faults: Vec<_> = faults.iter().map(|it| (it.rule, it.page)).collect();
            score.judge(&label, findings(&render, bytes).await, &faults);
        }
    }
    score.measured()
}

/// Leaves a letter where whoever looks for the reason of a finding wants it.
fn keep(name: &str, bytes: &[u8]) {
    if let Some(folder) = std::env::var_os("CONGVAN_LETTERS_OUT") {
        std::fs::write(std::path::Path::new(&folder).join(name), bytes).expect("written");
    }
}

/// Converts files by LibreOffice, whose profile is in that folder, too.
fn convert(folder: &Path, to: &str, files: &[PathBuf]) {
    let done = Command::new("soffice")
        .arg(format!(
            "-env:UserInstallation=file://{}/profile",
            folder.display()
        ))
        .args(["--headless", "--convert-to", to, "--outdir"])
        .arg(folder)
        .args(files)
        .output()
        .expect("soffice: run `cargo xtask setup`");
    assert!(done.status.success(), "{done:?}");
}

/// Letters as LibreOffice Writer prints them, every other one by way of Word's format.
fn printed(letters: &[Office]) -> Vec<Vec<u8>> {
    let folder = tempfile::tempdir().expect("a folder");
    let file = |number: usize, end: &str| folder.path().join(format!("{number}.{end}"));
    let (mut own, mut words) = (Vec::new(), Vec::new());
    for (number, letter) in letters.iter().enumerate() {
        std::fs::write(file(number, "fodt"), &letter.text).expect("written");
        if number % 2 == 0 {
            own.push(file(number, "fodt"));
        } else {
            words.push(number);
        }
    }
    let as_written: Vec<PathBuf> = words.iter().map(|number| file(*number, "fodt")).collect();
    convert(folder.path(), "docx:MS Word 2007 XML", &as_written);
    own.extend(words.iter().map(|number| file(*number, "docx")));
    convert(folder.path(), "pdf", &own);
    (0..letters.len())
        .map(|number| std::fs::read(file(number, "pdf")).expect("printed"))
        .collect()
}

/// Letters that an office program lays out: twenty clean ones, and one with a fault of every rule.
#[tokio::test]
async fn in_letters_that_libreoffice_prints_every_planted_fault_is_found_and_nothing_else() {
    const CLEAN: usize = 20;
    let render = RenderClient::new(paths());
    let clean = (0..CLEAN).map(|number| office_clean(Half::Develop, number));
    let faulty = (0..RULES.len()).map(|number| office_faulty(Half::Develop, number));
    let letters: Vec<Office> = clean
        .chain(faulty)
        .collect::<Result<_, _>>()
        .expect("letters");
    let mut score = Score::new();
    for (number, (letter, bytes)) in letters.iter().zip(printed(&letters)).enumerate() {
        keep(&format!("office-{number:03}.pdf"), &bytes);
        let mut pages = render.typeset(Arc::new(bytes)).await.expect("a PDF");
        // The empty paragraph that must follow a table may fall on a page of its own.
        let words = |page: &Page| page.lines.iter().flat_map(|line| &line.words).count();
        while pages.last().is_some_and(|page| words(page) < 2) {
            pages.pop();
        }
        let last = u32::try_from(pages.len() - 1).expect("a letter");
        let page = |on| match on {
            OnPage::First => 0,
            OnPage::Second => 1,
            OnPage::Last => last,
        };
        let faults: Vec<_> = letter
            .faults
            .iter()
            .map(|(rule, on)| (*rule, page(*on)))
            .collect();
        let label = format!("office {number} ({}, {} pages)", letter.name, last + 1);
        score.judge(&label, review(&pages), &faults);
    }
    let Measured {
        table,
        wrong,
        unplanted,
        ..
    } = score.measured();
    println!("{table}");
    assert!(wrong.is_empty(), "{}\n{table}", wrong.join("\n"));
    assert_eq!(unplanted, 0, "every rule is broken by some letter\n{table}");
}

fn told(finding: &Finding) -> String {
    format!(
        "{} on page {}: {:?}, wanted {:?}, at {:?}",
        id(finding.rule),
        finding.page + 1,
        finding.measured,
        finding.wanted,
        finding.area
    )
}

#[tokio::test]
async fn every_planted_fault_of_the_format_is_found_and_nothing_else_is() {
    let Measured {
        table,
        wrong,
        unplanted,
        ..
    } = measure(Half::Develop).await;
    println!("{table}");
    assert!(wrong.is_empty(), "{}\n{table}", wrong.join("\n"));
    assert_eq!(unplanted, 0, "every rule is broken by some letter\n{table}");
}

/// Letters of other offices, which the rules were not made on: a floor, so that no rule is fitted.
#[tokio::test]
async fn of_letters_held_out_nearly_every_fault_is_found_and_nearly_nothing_else() {
    let Measured {
        table,
        wrong,
        missed,
        falsely,
        ..
    } = measure(Half::HeldOut).await;
    println!("{table}");
    let words = wrong.join("\n");
    assert!(missed <= 3, "{words}\n{table}");
    assert!(falsely <= 10, "{words}\n{table}");
}

fn letter() -> Letter {
    Letter {
        stationery: Stationery {
            parent: Some("UBND tỉnh H99".to_owned()),
            agency: "Sở Nội vụ".to_owned(),
            place: "H99".to_owned(),
        },
        notation: "35/SNV-CCHC".to_owned(),
        date: Some(day(2026, 1, 5)),
        kind: congvan_model::DocumentType::OfficialLetter,
        subject: "Đẩy mạnh cải cách hành chính những tháng cuối năm".to_owned(),
        addressees: vec!["Ủy ban nhân dân các xã, phường, đặc khu".to_owned()],
        blocks: body(
            Topic::Reform,
            congvan_model::DocumentType::Plan,
            2,
            &mut congvan_testkit::SplitMix::new(7),
        ),
        recipients: vec!["Như trên".to_owned()],
        authority: vec!["GIÁM ĐỐC".to_owned()],
        signer: "Phạm Văn D".to_owned(),
        urgency: congvan_model::Urgency::Normal,
    }
}

#[tokio::test]
async fn a_scan_is_told_to_be_an_image_and_never_called_clean() {
    let render = RenderClient::new(paths());
    let options = ScanOptions {
        dpi: 100,
        ..ScanOptions::default()
    };
    let scan = scan_pdf(&letter(), &options).expect("a scan");
    let review = findings(&render, scan).await;
    assert_eq!(review, Review::Image);
    assert!(!review.is_clean());
}

/// A page on which nothing stands; without a table of its objects, which are then looked for.
const EMPTY: &[u8] = b"%PDF-1.4
1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj
2 0 obj <</Type/Pages/Count 1/Kids[3 0 R]>> endobj
3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>> endobj
trailer <</Root 1 0 R>>
%%EOF
";

#[tokio::test]
async fn an_empty_page_is_said_to_be_empty_and_not_to_be_an_image() {
    let render = RenderClient::new(paths());
    let typed = clean(Half::Develop, 5).expect("a letter").bytes;
    let mut pages = render.typeset(Arc::new(typed)).await.expect("a PDF");
    let last = u32::try_from(pages.len()).expect("few pages");
    let blank = render.typeset(Arc::new(EMPTY.to_vec())).await;
    pages.extend(blank.expect("a PDF"));
    let said = review(&pages);
    let Review::Text {
        findings,
        unchecked,
        empty,
    } = &said
    else {
        panic!("the letter was taken for an image");
    };
    assert_eq!((unchecked.len(), empty.as_slice()), (0, [last].as_slice()));
    assert!(findings.iter().all(|finding| finding.page < last));
    assert!(!said.is_clean());
}

#[tokio::test]
async fn in_a_letter_of_another_setter_only_its_one_fault_is_found() {
    let render = RenderClient::new(paths());
    let typed = letter_pdf(&letter()).expect("a letter");
    let Review::Text { findings, .. } = findings(&render, typed).await else {
        panic!("it has text");
    };
    let parts: Vec<String> = findings.iter().map(|finding| id(finding.rule)).collect();
    // It draws 60 pt under every agency's name, and this name is no longer than that.
    assert_eq!(parts, ["Agency.Line"], "{findings:#?}");
}
