//! The checker of the decree's format on letters whose faults are known, through the real worker.

use std::{collections::BTreeMap, fmt::Write as _, sync::Arc};

use congvan_format::{Finding, RULES, Review, Rule, review};
use congvan_letters::{Half, Typed, clean, faulty};
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

/// A hundred clean letters and a hundred with faults; the table, and what went wrong in words.
async fn measure(half: Half) -> Measured {
    let render = RenderClient::new(paths());
    let mut tallies: BTreeMap<String, Tally> = RULES
        .iter()
        .map(|rule| (id(rule), Tally::default()))
        .collect();
    let mut wrong = Vec::new();
    let mut letters = 0;
    let sorts: [fn(Half, usize) -> anyhow::Result<Typed>; 2] = [clean, faulty];
    for (sort, make) in ["clean", "faulty"].into_iter().zip(sorts) {
        for number in 0..LETTERS {
            let Typed {
                bytes,
                name,
                faults,
                pages,
            } = make(half, number).expect("a letter");
            letters += 1;
            if let Some(folder) = std::env::var_os("CONGVAN_LETTERS_OUT") {
                let path = std::path::Path::new(&folder).join(format!("{sort}-{number:03}.pdf"));
                std::fs::write(path, &bytes).expect("written");
            }
            let Review::Text {
                findings,
                unchecked,
            } = findings(&render, bytes).await
            else {
                panic!("{sort} {number} {name} was taken for an image");
            };
            assert_eq!(unchecked, Vec::<u32>::new(), "{sort} {number} {name}");
            let label = format!("{sort} {number} ({name}, {pages} pages)");
            let planted: Vec<&Rule> = faults.iter().map(|fault| fault.rule).collect();
            for fault in &faults {
                let tally = tallies.entry(id(fault.rule)).or_default();
                tally.planted += 1;
                let is_found = findings
                    .iter()
                    .any(|finding| finding.rule == fault.rule && finding.page == fault.page);
                if is_found {
                    tally.found += 1;
                } else {
                    wrong.push(format!(
                        "{label}: {} on page {} not found",
                        id(fault.rule),
                        fault.page + 1
                    ));
                }
            }
            for finding in findings.iter().filter(|it| !planted.contains(&it.rule)) {
                tallies.entry(id(finding.rule)).or_default().falsely += 1;
                wrong.push(format!("{label}: falsely {}", told(finding)));
            }
        }
    }
    let mut table = format!("{:<28} planted  found  false\n", "rule");
    for (id, tally) in &tallies {
        let Tally {
            planted,
            found,
            falsely,
        } = tally;
        writeln!(table, "{id:<28} {planted:>7} {found:>6} {falsely:>6}").expect("a string");
    }
    let sum = |of: fn(&Tally) -> usize| tallies.values().map(of).sum::<usize>();
    let (planted, found, falsely) = (sum(|t| t.planted), sum(|t| t.found), sum(|t| t.falsely));
    let all = format!("{} rules, {letters} letters", RULES.len());
    writeln!(table, "{all:<28} {planted:>7} {found:>6} {falsely:>6}").expect("a string");
    let unplanted = tallies.values().filter(|tally| tally.planted == 0).count();
    Measured {
        table,
        wrong,
        unplanted,
        missed: planted - found,
        falsely,
    }
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
